#!/usr/bin/env python3
"""end_to_end.py [--seed N] [--recordings N] BUILD: what the reports print, against SciPy and lifelines.

Makes synthetic recordings of random shape (tests/cli/make-drill.py), runs `summary` and `compare` with --format
json on each, and computes the same figures from v_metric by SQL and reference.py: n, censored, quantiles with
their 95 % intervals, mean and standard deviation; the tests, shifts, superiorities and Holm's p of every pair.
Reports print twelve digits; they have to agree to 1e-9. Ends with the counts; exit 1 where a figure differs.
"""

import argparse
import json
import math
import os
import random
import sqlite3
import subprocess
import sys
import tempfile

import numpy as np

import reference

HERE = os.path.dirname(os.path.abspath(__file__))
DRILL = os.path.join(HERE, "..", "cli", "make-drill.py")
ORDERS = {"p25": 0.25, "p50": 0.5, "p75": 0.75, "p90": 0.9, "p95": 0.95, "p99": 0.99}
NEEDS = dict(zip(("min", "p25", "p50", "p75", "p90", "p95", "p99", "max"), reference.NEEDS))


class Count:
    def __init__(self):
        self.passed = self.failed = 0

    def same(self, what, ours, theirs):
        """ours None: not given; theirs not finite: cannot be."""
        if theirs is None or not math.isfinite(theirs):
            ok = ours is None
        else:
            ok = ours is not None and abs(ours - theirs) <= 1e-9 * abs(theirs) + 1e-15
        self.passed += ok
        self.failed += not ok
        if not ok and self.failed <= 10:
            print("DIFFERS: %s: ours %r, theirs %r" % (what, ours, theirs))


class Recording:
    def __init__(self, build, path, rng):
        faults = rng.choice(["stop", "stop,kill"])
        self.words = ["--sizes", rng.choice(["3,4", "3,4,5", "3"]), "--faults", faults,
                      "--trials", str(rng.choice([4, 7, 12, 30, 61, 120])), "--warmup", str(rng.randrange(3)),
                      "--censored", str(rng.choice([0, 0, 1, 3])), "--no-reelection", str(rng.choice([0, 0, 1])),
                      "--failed", str(rng.randrange(2)), "--seed", str(rng.randrange(10**6))]
        subprocess.run(["/usr/bin/python3", DRILL, path] + self.words, check=True)
        self.build, self.path = build, path
        self.db = sqlite3.connect("file:%s?mode=ro" % path, uri=True)

    def report(self, verb):
        out = subprocess.run([self.build + "/rejoin-report", verb, self.path, "--format", "json"],
                             stdout=subprocess.PIPE, check=True)
        return json.loads(out.stdout)

    def times(self, metric, origin, factors):
        """(times, marks) in the order of the run; marks: 1 where censored."""
        rows = self.db.execute(
            "SELECT CASE m.censored WHEN 1 THEN m.lo_ns / 1e9 ELSE m.value_s END, m.censored = 1"
            " FROM v_metric m JOIN trial t USING (trial_id) WHERE m.metric = ? AND m.observer IS NULL"
            " AND m.origin IS ? AND NOT m.warmup AND m.outcome IN ('recovered', 'no_reelection', 'no_rejoin')"
            " AND m.master_eligible = ? AND m.fault = ? ORDER BY t.position",
            (metric, origin, factors["master_eligible"], factors["fault"])).fetchall()
        return np.array([r[0] for r in rows]), np.array([float(r[1]) for r in rows])


def type_7(count, what, row, times):
    theirs = reference.figures([0], [times])
    for name, value in zip(list(NEEDS) + ["mean", "sd"], theirs):
        count.same("%s %s" % (what, name), row[name], value)
    for name, order in ORDERS.items():
        limits = reference.interval([0, order, 0.95], [times])
        count.same("%s %s_ci_lo" % (what, name), row[name + "_ci_lo"], limits[4])
        count.same("%s %s_ci_hi" % (what, name), row[name + "_ci_hi"], limits[5])


def kaplan_meier(count, what, row, times, marks):
    theirs = reference.survival_by_lifelines(list(ORDERS.values()), [times, marks])
    for i, (name, order) in enumerate(ORDERS.items()):
        at, lo, hi = theirs[3 * i:3 * i + 3]
        count.same("%s %s" % (what, name), row[name], at if len(times) >= NEEDS[name] else None)
        if row[name + "_ci_needs"] is None and row[name + "_ci_lo"] is not None:
            count.same("%s %s_ci_lo" % (what, name), row[name + "_ci_lo"], lo)
            count.same("%s %s_ci_hi" % (what, name), row[name + "_ci_hi"], hi)
    for name in ("max", "mean", "sd"):
        count.same("%s %s" % (what, name), row[name], None)


def check_summary(count, recording):
    for row in recording.report("summary")["rows"]:
        times, marks = recording.times(row["metric"], row["origin"] or None, row["factors"])
        what = "%s of %s (%s)" % (row["metric"], row["factors"], " ".join(recording.words))
        count.same(what + " n", row["n"], len(times))
        count.same(what + " censored", row["censored"], sum(marks))
        if not marks.any():
            type_7(count, what, row, times)
        elif reference.has_lifelines():
            kaplan_meier(count, what, row, times, marks)


def check_pairs(count, what, comparison, groups):
    ps = []
    for pair in comparison["pairs"]:
        (x, x_marks), (y, y_marks) = groups[pair["a"]], groups[pair["b"]]
        label = "%s %s-%s " % (what, pair["a"], pair["b"])
        if comparison["censored"]:
            test = reference.logrank_by_lifelines([x, x_marks, y, y_marks])
            if test is None:
                return
            count.same(label + "statistic", pair["statistic"], test[0])
            count.same(label + "p", pair["p"], test[2])
            ps.append(test[2])
        else:
            theirs = reference.pair([], [x, y])
            for name, i in (("statistic", 0), ("p", 1), ("superiority", 2), ("shift", 4), ("shift_lo", 5),
                            ("shift_hi", 6)):
                count.same(label + name, pair[name], float(theirs[i]))
            ps.append(theirs[1])
    if all(math.isfinite(p) for p in ps):
        for pair, p in zip(comparison["pairs"], reference.holm([], [ps])):
            count.same("%s %s-%s p_holm" % (what, pair["a"], pair["b"]), pair["p_holm"], p)


def check_compare(count, recording):
    for c in recording.report("compare")["comparisons"]:
        groups = {g["label"]: recording.times(c["metric"], c["origin"] or None, g["factors"]) for g in c["groups"]}
        what = "compare %s %s (%s)" % (c["metric"], c["stratum"], " ".join(recording.words))
        if c["censored"] and not reference.has_lifelines():
            continue
        if c["test"] == "Kruskal-Wallis":
            test = reference.kruskal([], [g[0] for g in groups.values()])
        elif c["test"] == "log-rank":
            test = reference.logrank_by_lifelines([part for g in groups.values() for part in g])
        else:
            test = None
        if test:
            count.same(what + " statistic", c["statistic"], test[0])
            count.same(what + " p", c["p"], test[2])
        check_pairs(count, what, c, groups)


def main():
    p = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    p.add_argument("build")
    p.add_argument("--seed", type=int, default=None)
    p.add_argument("--recordings", type=int, default=12)
    args = p.parse_args()
    seed = args.seed if args.seed is not None else random.SystemRandom().randrange(10**9)
    print("seed %d: SEED=%d repeats it" % (seed, seed), flush=True)
    rng, count = random.Random(seed), Count()
    with tempfile.TemporaryDirectory(prefix="rejoin-oracles-") as folder:
        for i in range(args.recordings):
            recording = Recording(args.build, os.path.join(folder, "%d.sqlite" % i), rng)
            check_summary(count, recording)
            check_compare(count, recording)
            recording.db.close()
    if not reference.has_lifelines():
        print("lifelines is not installed: censored figures are left out")
    print("%d figures of %d recordings: %d passed, %d failed, %d skipped"
          % (count.passed + count.failed, args.recordings, count.passed, count.failed,
             0 if reference.has_lifelines() else 1))
    return 1 if count.failed else 0


if __name__ == "__main__":
    sys.exit(main())
