#!/usr/bin/env python3
"""Computes a summary again from v_metric and v_trial, by other means than ours.

    summary.py DB SUMMARY.json SUMMARY.csv      exit 0, or 1 with a line for each difference

The JSON must also fit report/summary.schema.json, and the CSV must say the same.
"""

import csv
import json
import math
import os
import sqlite3
import statistics
import sys

import jsonschema

HERE = os.path.dirname(os.path.abspath(__file__))
SCHEMA = os.path.join(HERE, "..", "..", "report", "summary.schema.json")
QUANTILES = {"p25": (0.25, 4), "p50": (0.5, 1), "p75": (0.75, 4), "p90": (0.9, 10), "p95": (0.95, 20), "p99": (0.99, 100)}
INTERVAL_NEEDS = {"p25": 11, "p50": 6, "p75": 11, "p90": 29, "p95": 59, "p99": 299}
MEASURED = ("recovered", "no_reelection", "no_rejoin")
FAILED = ("disturbed", "gate_failed", "instrument_error")
bad = []


def same(what, got, want):
    if isinstance(want, float) and isinstance(got, (int, float)):
        equal = math.isclose(got, want, rel_tol=1e-9, abs_tol=1e-9)
    else:
        equal = got == want
    if not equal:
        bad.append(f"{what}: the summary says {got!r}, the recording {want!r}")


def binomial_cdf(k, n, p):
    return math.fsum(math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(0, k + 1))


def order_interval(values, p):
    """The narrowest tails of at most 2.5 % each; where one side has none, the rest is the other's."""
    n = len(values)
    lower = [k for k in range(1, n + 1) if binomial_cdf(k - 1, n, p) <= 0.025]
    upper = [k for k in range(1, n + 1) if 1 - binomial_cdf(k - 1, n, p) <= 0.025]
    lo, hi = max(lower, default=0), min(upper, default=n + 1)
    if not lo:
        lo, rest = 1, 0.05 - binomial_cdf(0, n, p)
        hi = min(k for k in range(1, n + 1) if 1 - binomial_cdf(k - 1, n, p) <= rest)
    elif hi > n:
        hi, rest = n, 0.05 - (1 - binomial_cdf(n - 1, n, p))
        lo = max(k for k in range(1, n + 1) if binomial_cdf(k - 1, n, p) <= rest)
    return values[lo - 1], values[hi - 1]


def curves(trials):
    """[(time, S, lower, upper)] with log-log limits."""
    z = statistics.NormalDist().inv_cdf(0.975)
    out, s, green = [], 1.0, 0.0
    for time in sorted({t for t, c in trials if not c}):
        r = sum(t >= time for t, _ in trials)
        d = sum(t == time and not c for t, c in trials)
        s *= 1 - d / r
        green = math.inf if r == d else green + d / (r * (r - d))
        if s > 0:
            e = z * math.sqrt(green) / abs(math.log(s))
            out.append((time, s, s ** math.exp(e), s ** math.exp(-e)))
        else:
            out.append((time, 0.0, None, None))
    return out


def first_below(steps, which, level, last):
    for i, step in enumerate(steps):
        if step[which] is None or step[which] > level + 1e-8:
            continue
        flat = i
        while flat < len(steps) and steps[flat][which] is not None and steps[flat][which] >= level - 1e-8:
            flat += 1
        if flat == i:
            return step[0]
        return (step[0] + (steps[flat][0] if flat < len(steps) else last)) / 2
    return None


def type7(values, p):
    place = (len(values) - 1) * p
    low, high = values[math.floor(place)], values[math.ceil(place)]
    return low + (place - math.floor(place)) * (high - low)


def quantile(trials, p):
    """estimate, (lo, hi): None for what is not given."""
    values = sorted(t for t, _ in trials)
    if not any(c for _, c in trials):
        enough = 1 - p ** len(values) - (1 - p) ** len(values) >= 0.95
        return type7(values, p), order_interval(values, p) if enough else (None, None)
    steps, last = curves(trials), values[-1]
    found = [first_below(steps, which, 1 - p, last) for which in (1, 2, 3)]
    return found[0], (found[1], found[2]) if found[1] is not None else (None, None)


def share(k, n):
    """Clopper and Pearson, by bisection on the binomial distribution."""

    def solve(too_low):
        lo, hi = 0.0, 1.0
        for _ in range(80):
            mid = (lo + hi) / 2
            lo, hi = (mid, hi) if too_low(mid) else (lo, mid)
        return (lo + hi) / 2

    return (
        0.0 if k == 0 else solve(lambda p: 1 - binomial_cdf(k - 1, n, p) < 0.025),
        1.0 if k == n else solve(lambda p: binomial_cdf(k, n, p) > 0.025),
    )


class Recording:
    def __init__(self, path):
        self.db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        self.labels = [n for n, k in self.db.execute("SELECT name, count(*) FROM study GROUP BY name") if k > 1]

    def trials(self, factors):
        query = """SELECT trial_id, study, study_uuid, fault, target, product, version, master_eligible, factors,
                          outcome, terms FROM v_trial WHERE NOT warmup"""
        for row in self.db.execute(query):
            level = dict(json.loads(row[8]), fault=row[3], target=row[4], product=row[5], version=row[6])
            level["study"] = f"{row[1]} ({row[2][:8]})" if row[1] in self.labels else row[1]
            level["master_eligible"] = row[7]
            if all(level.get(f) == v for f, v in factors.items()):
                yield row[0], row[9], row[10]

    def values(self, ids, metric, origin, ends=False):
        marks = ",".join("?" * len(ids))
        query = f"""SELECT value_s, lo_ns, hi_ns, censored FROM v_metric WHERE trial_id IN ({marks}) AND metric = ?
                    AND origin IS ? AND observer IS NULL AND outcome IN {MEASURED}"""
        for value, lo, hi, censored in self.db.execute(query, [*ids, metric, origin]):
            yield (lo / 1e9 if censored == 1 else value), censored == 1, lo / 1e9, lo / 1e9 if hi is None else hi / 1e9


def check_figures(what, row, trials):
    n, censored = len(trials), sum(t[1] for t in trials)
    plain = [t[:2] for t in trials]
    for name, (p, need) in QUANTILES.items():
        value, (lo, hi) = quantile(plain, p) if n else (None, (None, None))
        given = n >= need
        same(f"{what} {name}", row[name], value if given else None)
        same(f"{what} {name}_needs", row[f"{name}_needs"], None if given else need)
        enough = n >= INTERVAL_NEEDS[name]
        same(f"{what} {name}_ci_lo", row[f"{name}_ci_lo"], lo if enough else None)
        same(f"{what} {name}_ci_hi", row[f"{name}_ci_hi"], hi if enough else None)
        same(f"{what} {name}_ci_needs", row[f"{name}_ci_needs"], None if enough else INTERVAL_NEEDS[name])
        for place, end in ((2, "lo"), (3, "hi")):
            want = quantile([(t[place], t[1]) for t in trials], p)[0] if given and value is not None else None
            same(f"{what} {name}_{end}", row[f"{name}_{end}"], want)
    seen = [t[0] for t in trials if not t[1]]
    whole = bool(seen) and not censored
    same(f"{what} max", row["max"], max(seen) if whole else None)
    same(f"{what} mean", row["mean"], statistics.fmean(seen) if whole else None)
    same(f"{what} sd", row["sd"], statistics.stdev(seen) if whole and n > 1 else None)
    same(f"{what} last", row["last"], max((t[0] for t in trials), default=None))
    same(f"{what} method", row["method"], "Kaplan-Meier" if censored else "type 7")


def check_outliers(what, row, trials):
    out = row["outliers"]
    if row["p25"] is None or row["p75"] is None:
        same(f"{what} fences", out["inner_lo"], None)
        return
    iqr = row["p75"] - row["p25"]
    fences = [(row["p25"] - k * iqr, row["p75"] + k * iqr) for k in (1.5, 3)]
    beyond = [sum(not lo <= t[0] <= hi for t in trials if not t[1]) for lo, hi in fences]
    same(f"{what} outside", out["outside"], beyond[0] - beyond[1])
    same(f"{what} far out", out["far_out"], beyond[1])
    same(f"{what} outliers", len(out["trials"]), beyond[0])


RECORD = ("objective", "hypothesis", "scope", "environment", "operator", "approver", "ticket", "remarks")
SIGNED = ("name", "decision", "signed_utc", "comment", "account", "host", "head")


def rto_counts(db, uuid, limit):
    """Of the trials that were measured, warm-ups left out, by when all agreed."""
    query = f"""SELECT lo_ns, hi_ns, censored FROM v_metric WHERE NOT warmup AND outcome IN {MEASURED}
                AND trial_id IN (SELECT trial_id FROM v_trial WHERE study_uuid = ?) AND metric = 'agreement' AND origin = 'fault_issued'"""
    rows = db.execute(query, (uuid,)).fetchall()
    kept = sum(censored <= 0 and hi <= limit for _, hi, censored in rows)
    missed = sum(lo > limit for lo, _, _ in rows)
    return {"limit_s": limit / 1e9, "n": len(rows), "kept": kept, "missed": missed, "undecided": len(rows) - kept - missed}


def check_record(db, said):
    """What was said of the studies, and who signed them off, as it is stored."""
    studies = db.execute("SELECT study_id, uuid, rto_ns FROM study ORDER BY study_id").fetchall()
    same("studies", [s["uuid"] for s in said["studies"]], [uuid for _, uuid, _ in studies])
    for study, (study_id, uuid, rto_ns) in zip(said["studies"], studies):
        stored = db.execute(f"SELECT {', '.join(RECORD)} FROM study WHERE study_id = ?", (study_id,)).fetchone()
        for name, value in zip(RECORD, stored):
            same(f"study {uuid} {name}", study[name], value)
        if rto_ns is None or said["from"] == "fault_issued" and said["where"] is None:
            same(f"study {uuid} rto", study["rto"], None if rto_ns is None else rto_counts(db, uuid, rto_ns))
        signed = db.execute("""SELECT name, decision, datetime(signed_utc_us / 1000000, 'unixepoch'), comment, account, host,
            lower(hex(head)) FROM sign_off WHERE study_id = ? ORDER BY sign_off_id""", (study_id,)).fetchall()
        same(f"study {uuid} sign-offs", study["sign_offs"], [dict(zip(SIGNED, row)) for row in signed])


def check_csv(path, rows):
    """The same figures: text for text where they are numbers, empty where null."""
    table = list(csv.DictReader(open(path, encoding="utf-8", newline="")))
    same("rows of the CSV", len(table), len(rows))
    key = lambda row, factors: (row["metric"], *(str("-" if v is None else v) for v in factors))
    wanted = {key(r, r["factors"].values()): r for r in rows}
    for line in table:
        row = wanted[key(line, [line[f] for f in rows[0]["factors"]])]
        for name, value in row.items():
            if name in ("factors", "outliers", "modes", "metric", "unit"):
                continue
            text = line[name]
            got = None if text == "" else text if isinstance(value, str) else float(text)
            same(f"CSV {row['metric']} {name}", got, float(value) if isinstance(value, (int, float)) else value)


def main(db, summary, table):
    recording, said = Recording(db), json.load(open(summary, encoding="utf-8"))
    for error in jsonschema.Draft202012Validator(json.load(open(SCHEMA, encoding="utf-8"))).iter_errors(said):
        bad.append(f"schema: {error.json_path}: {error.message}")
    check_record(recording.db, said)
    for group in said["groups"]:
        trials = list(recording.trials(group["factors"]))
        elections = [t for t in trials if t[1] in MEASURED and t[2] is not None]
        counted = [t for t in trials if t[1] not in ("aborted", "unfinished")]
        for name, of, hits in (
            ("contested", elections, sum(t[2] > 1 for t in elections)),
            ("failed", counted, sum(t[1] in FAILED for t in counted)),
            ("not_recovered", counted, sum(t[1] != "recovered" for t in counted)),
        ):
            lo, hi = share(hits, len(of)) if of else (0.0, 1.0)
            want = {"k": hits, "n": len(of), "share": hits / len(of) if of else None, "lo": lo, "hi": hi}
            for field, value in want.items():
                same(f"{group['factors']} {name} {field}", group[name][field], value)
    for row in said["rows"]:
        ids = [t[0] for t in recording.trials(row["factors"])]
        trials = list(recording.values(ids, row["metric"], row["origin"]))
        what = f"{row['factors']} {row['metric']}"
        same(f"{what} n", row["n"], len(trials))
        same(f"{what} censored", row["censored"], sum(t[1] for t in trials))
        check_figures(what, row, trials)
        check_outliers(what, row, trials)
    if said["rows"]:
        check_csv(table, said["rows"])
    print("\n".join(bad[:40]) or f"{len(said['rows'])} rows agree")
    return bool(bad)


sys.exit(main(*sys.argv[1:]))
