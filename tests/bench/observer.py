#!/usr/bin/env python3
"""observer COLLECTOR [-n N] [--block N] [-o TABLE]: does polling change the elections it times?

Runs tests/bench/observer.yml at several fast periods in turns (blocks in random order, the same
seed for each period of a block), on fresh clusters of five real nodes. Elections are read from the
nodes' own logs, which need no polls:
  elected   fault issued -> first survivor logs that it is elected
  applied   fault issued -> first survivor applies a state that names a new master
"none" polls a node once in six seconds and never sooner than a second after the fault.
Compared with "none": medians, their difference with a 95 % interval (bootstrap), and the two-sided
p of the Mann-Whitney statistic by permutation.
"""

import argparse
import datetime
import glob
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

PERIODS = {
    "5ms": ["poll.fast=5ms"],
    "20ms": ["poll.fast=20ms"],
    "100ms": ["poll.fast=100ms"],
    "none": ["poll.fast=6s", "poll.timeout=6s", "poll.idle=2s"],
}
HERE = os.path.dirname(os.path.abspath(__file__))
STAMP = re.compile(r"^\[(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d),(\d{3})\]")
ELECTED = re.compile(r"elected-as-(cluster-manager|master)")
APPLIED = re.compile(
    r"ClusterApplierService.*(cluster-manager|master) node changed .*current \[\{"
)
RESAMPLES = 10000


def open_logs(db, kept):
    """Keeps the logs of the nodes open: they can still be read when their folder is gone."""
    try:
        with sqlite3.connect("file:%s?mode=ro" % db, uri=True) as connection:
            dirs = [r[0] for r in connection.execute("SELECT work_dir FROM session")]
    except sqlite3.Error:
        return
    for folder in dirs:
        for path in glob.glob(folder + "/**/logs/*.log", recursive=True):
            if path not in kept:
                kept[path] = open(path, encoding="utf-8", errors="replace")


def events(kept):
    """(UTC in us, which, log) of every line that counts."""
    found = []
    for path, log in kept.items():
        for line in log:
            stamp = STAMP.match(line)
            kind = "elected" if ELECTED.search(line) else "applied" if APPLIED.search(line) else None
            if stamp and kind:
                day = datetime.datetime.fromisoformat(stamp[1] + "+00:00")
                found.append((int(day.timestamp()) * 10**6 + int(stamp[2]) * 1000, kind, path))
        log.close()
    return sorted(found)


def trials(db):
    """(fault issued in UTC us, end, terms) of every recovered trial."""
    with sqlite3.connect("file:%s?mode=ro" % db, uri=True) as connection:
        return connection.execute(
            """SELECT e.start_utc_us + (p.issued_ns - e.start_mono_ns) / 1000,
                      e.start_utc_us + (t.end_ns - e.start_mono_ns) / 1000,
                      t.term_after - t.term_before
               FROM trial t JOIN session e USING (session_id)
               JOIN step p ON p.trial_id = t.trial_id AND p.action = 'kill'
               WHERE t.outcome = 'recovered' ORDER BY t.position"""
        ).fetchall()


def run_block(args, period, block, folder):
    """One cluster and its trials: [(elected s, applied s, terms)], and how many failed."""
    db = os.path.join(folder, "%s-%d.sqlite" % (period, block))
    command = [args.collector, "run", os.path.join(HERE, "observer.yml"), "--db", db, "--yes"]
    for setting in PERIODS[period] + ["trials=%d" % args.block, "order.seed=%d" % block]:
        command += ["--set", setting]
    kept = {}
    with open(db + ".log", "w", encoding="utf-8") as log:
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            while child.poll() is None:
                if os.path.exists(db):
                    open_logs(db, kept)
                time.sleep(0.5)
        finally:
            if child.poll() is None:
                child.terminate()
                child.wait()
    if child.returncode > 1:
        with open(db + ".log", encoding="utf-8") as log:
            sys.exit("observer: the collector ended with %d:\n%s" % (child.returncode, log.read()))
    lines = events(kept)
    result = []
    for fault, end, terms in trials(db):
        first = {}
        for at, kind, _ in lines:
            if fault <= at <= end:
                first.setdefault(kind, (at - fault) / 1e6)
        if len(first) == 2:
            result.append((first["elected"], first["applied"], terms))
    return result, args.block - len(result)


def median(v):
    v = sorted(v)
    return (v[(len(v) - 1) // 2] + v[len(v) // 2]) / 2


def u_statistic(a, b):
    return sum((x > y) + 0.5 * (x == y) for x in a for y in b)


def p_value(rng, a, b):
    """Two-sided, by permutation of the Mann-Whitney statistic."""
    mean = len(a) * len(b) / 2
    seen = abs(u_statistic(a, b) - mean)
    pool, hits = a + b, 0
    for _ in range(RESAMPLES // 5):
        rng.shuffle(pool)
        hits += abs(u_statistic(pool[: len(a)], pool[len(a) :]) - mean) >= seen
    return (hits + 1) / (RESAMPLES // 5 + 1)


def difference(rng, a, b):
    """Of the medians, with its 95 % percentile bootstrap interval."""
    spread = sorted(
        median(rng.choices(a, k=len(a))) - median(rng.choices(b, k=len(b)))
        for _ in range(RESAMPLES)
    )
    return median(a) - median(b), spread[RESAMPLES // 40], spread[-RESAMPLES // 40]


def table(results, missing):
    rng = random.Random(1)
    lines = ["%-8s %-8s %3s %7s %8s %8s %8s %10s %22s %6s" % (
        "period", "instant", "n", "missing", "min_s", "median_s", "max_s", "terms_mean",
        "minus_none_s (95 %)", "p")]
    for k, instant in enumerate(("elected", "applied")):
        none = [r[k] for r in results["none"]]
        for period, rows in results.items():
            v = [r[k] for r in rows]
            if not v:
                continue
            text, p = "-", "-"
            if period != "none" and none:
                text = "%+.3f (%+.3f, %+.3f)" % difference(rng, v, none)
                p = "%.3f" % p_value(rng, v, none)
            lines.append("%-8s %-8s %3d %7d %8.3f %8.3f %8.3f %10.2f %22s %6s" % (
                period, instant, len(v), missing[period], min(v), median(v), max(v),
                sum(r[2] for r in rows) / len(rows), text, p))
    return "\n".join(lines) + "\n"


def run_blocks(args, results, missing):
    rng = random.Random(1)
    with tempfile.TemporaryDirectory(prefix="rejoin-observer-") as folder:
        for block in range(1, (args.n + args.block - 1) // args.block + 1):
            order = list(PERIODS)
            rng.shuffle(order)
            for period in order:
                rows, n_missing = run_block(args, period, block, folder)
                results[period] += rows
                missing[period] += n_missing
                print("block %d, %s: elected after %s s" % (
                    block, period, " ".join("%.3f" % r[0] for r in rows)),
                    file=sys.stderr, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("collector")
    parser.add_argument("-n", type=int, default=10, help="trials of each period")
    parser.add_argument("--block", type=int, default=5, help="trials of one cluster")
    parser.add_argument("-o", help="file that gets the table, too")
    args = parser.parse_args()
    results = {period: [] for period in PERIODS}
    missing = dict.fromkeys(PERIODS, 0)
    # the running block is lost, what came before it is shown
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        run_blocks(args, results, missing)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
    text = table(results, missing)
    if args.o:
        with open(args.o, "w", encoding="utf-8") as out:
            out.write(text)
    sys.stdout.write(text)
    return 0 if not any(missing.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
