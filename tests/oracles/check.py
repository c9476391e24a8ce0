#!/usr/bin/env python3
"""check.py [--seed N] [--cases N] [--quick] BUILD: our statistics against SciPy's, lifelines' and R's.

Random data, new at each run: with and without ties, with none, some and only censored trials, from one
trial to twenty thousand, from nanoseconds to days. Every number that BUILD/oracle gives has to agree to
1e-9 relative (differences near 0: of what they are differences of), but for the place of a mode, which is
stated to within h/16. --seed repeats a run. --quick: a tenth of the cases, SciPy alone. What is not installed is said and
counted as skipped; SciPy must be there. Ends with the counts; exit 1 where a case differs.
"""

import argparse
import math
import os
import random
import shutil
import subprocess
import sys
import time

import numpy as np

import cases
import reference

HERE = os.path.dirname(os.path.abspath(__file__))
TOLERANCE = 1e-9
SHOWN = 5


def write(case):
    kind, args, arrays = case
    words = [kind] + [repr(float(a)) for a in args]
    for array in arrays:
        words.append("|")
        words.extend(repr(float(x)) for x in array)
    return " ".join(words)


def ask(command, lines):
    """Answers, one a line: lists of numbers."""
    out = subprocess.run(command, input="\n".join(lines) + "\n", text=True, stdout=subprocess.PIPE, check=True)
    answers = [[float(word) for word in line.split()] for line in out.stdout.split("\n")[:-1]]
    if len(answers) != len(lines):
        sys.exit("check.py: %s answered %d of %d cases" % (command[0], len(answers), len(lines)))
    return answers


def size_of(case, i):
    """What number i is small against where it is a difference; 0: a probability, or a number as it is."""
    kind, _, arrays = case
    if kind == "logrank" and i == 3:
        return sum(map(len, arrays)) / 2
    if kind in ("kruskal", "logrank"):
        return 1e-3 if i == 0 else 0
    if kind == "trend":
        return 1e-3 if i in (1, 3) else 0
    if kind == "figures" or (kind == "pair" and 4 <= i <= 6):
        return 1e-3 * max((abs(x) for array in arrays for x in array), default=0)
    return 0


def differs(ours, theirs, size):
    """How far two numbers are apart, 0 to inf; their None: they do not say."""
    if theirs is None:
        return 0
    if math.isnan(ours) or math.isnan(theirs):
        return 0 if math.isnan(ours) and math.isnan(theirs) else math.inf
    if ours == theirs:
        return 0
    if math.isinf(ours) or math.isinf(theirs):
        return math.inf
    return abs(ours - theirs) / max(size, abs(theirs), 1e-290)


class Score:
    def __init__(self):
        self.n = self.n_numbers = self.n_failed = 0
        self.worst = 0.0

    def add(self, case, ours, theirs):
        """True where they agree."""
        self.n += 1
        self.n_numbers += sum(t is not None for t in theirs)
        if len(ours) != len(theirs):
            self.n_failed += 1
            return False
        worst = max((differs(a, b, size_of(case, i)) for i, (a, b) in enumerate(zip(ours, theirs))), default=0)
        self.worst = max(self.worst, worst)
        self.n_failed += worst > TOLERANCE
        return worst <= TOLERANCE


class Table:
    def __init__(self):
        self.scores, self.shown = {}, 0

    def add(self, who, case, line, ours, theirs):
        if theirs is None:
            return
        score = self.scores.setdefault((case[0], who), Score())
        if score.add(case, ours, theirs) or self.shown >= SHOWN:
            return
        self.shown += 1
        print("DIFFERS from %s: %s" % (who, line[:2000]))
        print("  ours  ", " ".join(repr(x) for x in ours[:40]))
        print("  theirs", " ".join(repr(x) for x in theirs[:40]))

    def tell(self):
        for (kind, who), s in sorted(self.scores.items()):
            print("%-14s %-10s %6d cases %9d numbers, worst %.1e%s"
                  % (kind, who, s.n, s.n_numbers, s.worst, ", %d DIFFER" % s.n_failed if s.n_failed else ""))


def r_answers(all_cases, lines):
    """None where R does not say; a NaN of R's is compared with what it stands for with us."""
    script = os.path.join(HERE, "oracle.R")
    answers = ask(["Rscript", "--vanilla", script], lines)
    return [reference.from_r(case, a) if a else None for case, a in zip(all_cases, answers)]


def has_r():
    return shutil.which("Rscript") and subprocess.run(
        ["Rscript", "--vanilla", "-e", "library(survival)"], stderr=subprocess.DEVNULL, check=False).returncode == 0


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("build")
    p.add_argument("--seed", type=int, default=None)
    p.add_argument("--cases", type=int, default=200, help="of each kind")
    p.add_argument("--quick", action="store_true")
    args = p.parse_args()
    seed = args.seed if args.seed is not None else random.SystemRandom().randrange(10**9)
    n = args.cases // 10 if args.quick else args.cases
    print("seed %d: SEED=%d repeats it" % (seed, seed), flush=True)
    begin, skipped = time.time(), 0
    all_cases = cases.draw(np.random.default_rng(seed), n, args.quick)
    lines = [write(case) for case in all_cases]
    ours = ask([os.path.join(args.build, "oracle")], lines)
    table = Table()
    for case, line, is_ in zip(all_cases, lines, ours):
        table.add("SciPy", case, line, is_, reference.scipy_says(case, is_))
    if not args.quick and reference.has_lifelines():
        for case, line, is_ in zip(all_cases, lines, ours):
            table.add("lifelines", case, line, is_, reference.lifelines_says(case))
    else:
        skipped += 1
        print("lifelines: %s" % ("left out" if args.quick else "not installed (make check-oracles fetches it)"))
    if not args.quick and has_r():
        for case, line, is_, theirs in zip(all_cases, lines, ours, r_answers(all_cases, lines)):
            table.add("R", case, line, is_, theirs)
    else:
        skipped += 1
        print("R: %s" % ("left out" if args.quick else "not installed (r-base-core, r-cran-survival)"))
    table.tell()
    failed = sum(s.n_failed for s in table.scores.values())
    total = sum(s.n for s in table.scores.values())
    print("%d cases in %.0f s" % (len(all_cases), time.time() - begin))
    print("%d passed, %d failed, %d skipped" % (total - failed, failed, skipped))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
