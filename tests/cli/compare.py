#!/usr/bin/env python3
"""Holds `compare --format json` against its schema and, where SciPy is, against SciPy.

    compare.py DB JSON [SECOND_DB]
"""

import json
import os
import sqlite3
import sys

SCHEMA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../report/compare.schema.json")
TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "null": type(None),
    "integer": int,
    "number": (int, float),
}


def is_type(value, name):
    return isinstance(value, TYPES[name]) and (name in ("boolean",) or not isinstance(value, bool))


def validate(value, schema, at="$"):
    """As much of JSON Schema as compare.schema.json uses."""
    if "enum" in schema:
        assert value in schema["enum"], (at, value)
    if "type" in schema:
        names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        assert any(is_type(value, n) for n in names), (at, value, names)
    if isinstance(value, dict):
        assert set(schema.get("required", [])) <= set(value), (at, set(schema["required"]) - set(value))
        properties, more = schema.get("properties", {}), schema.get("additionalProperties", True)
        for key, inner in value.items():
            assert key in properties or more, (at, key)
            validate(inner, properties.get(key, more if isinstance(more, dict) else {}), f"{at}.{key}")
    if isinstance(value, list):
        for i, inner in enumerate(value):
            validate(inner, schema.get("items", {}), f"{at}[{i}]")


def times(db, metric, origin, factors):
    """[(seconds, censored)] of the trials with these levels, in the order of the run."""
    rows = sqlite3.connect(db).execute(
        """SELECT v.lo_ns, v.hi_ns, v.censored, a.factors, s.name, c.product, c.version
           FROM metric v JOIN trial t USING (trial_id) JOIN arm a USING (arm_id)
           JOIN study s ON s.study_id = t.study_id JOIN cluster c ON c.cluster_id = t.cluster_id
           WHERE v.metric = ? AND v.origin = ? AND v.observer = '' AND NOT t.warmup
             AND t.outcome IN ('recovered', 'no_reelection', 'no_rejoin')
           ORDER BY t.study_id, t.position""",
        (metric, origin),
    )
    found = []
    for lo, hi, censored, text, study, product, version in rows:
        levels = dict(json.loads(text), study=study, product=product, version=version)
        if all(levels.get(k) == v for k, v in factors.items() if k != "file"):
            found.append((lo / 1e9 if censored > 0 else (lo + hi) / 2e9, censored > 0))
    return found


def near(what, got, want):
    assert got is not None and abs(got - want) <= 1e-9 * max(1, abs(want)), (what, got, want)


def check(comparison, dbs):
    import numpy
    from scipy import stats

    groups = {}
    for g in comparison["groups"]:
        db = dbs[g["factors"].get("file", "A")]
        groups[g["label"]] = times(db, comparison["metric"], comparison["origin"], g["factors"])
        assert len(groups[g["label"]]) == g["n"], g
        assert sum(c for _, c in groups[g["label"]]) == g["censored"], g
    assert comparison["censored"] == any(g["censored"] for g in comparison["groups"])
    if comparison["censored"]:
        return 0
    values = {k: [s for s, _ in v] for k, v in groups.items()}
    for g in comparison["groups"]:
        near("median", g["median"], numpy.quantile(values[g["label"]], 0.5))
        tau = stats.kendalltau(values[g["label"]], range(g["n"])).statistic
        near("tau", g["trend_tau"], tau)
    if comparison["test"] == "Kruskal-Wallis":
        test = stats.kruskal(*values.values())
        near("H", comparison["statistic"], test.statistic)
        near("p", comparison["p"], test.pvalue)
    for pair in comparison["pairs"]:
        a, b = values[pair["a"]], values[pair["b"]]
        method = "exact" if pair["exact"] else "asymptotic"
        test = stats.mannwhitneyu(a, b, method=method)
        near("U", pair["statistic"], test.statistic)
        near("p", pair["p"], test.pvalue)
        near("superiority", pair["superiority"], 1 - test.statistic / (len(a) * len(b)))
        near("shift", pair["shift"], numpy.median(numpy.subtract.outer(b, a)))
        assert pair["shift_lo"] is None or pair["shift_lo"] <= pair["shift"] <= pair["shift_hi"], pair
        assert pair["bound_lo"] <= pair["shift"] <= pair["bound_hi"], pair
    holm(comparison["pairs"])
    return len(comparison["pairs"])


def holm(pairs):
    least, ordered = 0, sorted(pairs, key=lambda pair: pair["p"])
    for i, pair in enumerate(ordered):
        least = max(least, min(1, pair["p"] * (len(ordered) - i)))
        near("p_holm", pair["p_holm"], least)
        if pair["verdict"] in ("shown", "not_shown"):
            assert (pair["verdict"] == "shown") == (pair["p_holm"] < 0.05), pair


def main():
    db, path = sys.argv[1:3]
    dbs = {"A": db, "B": sys.argv[3] if len(sys.argv) > 3 else None}
    with open(path, encoding="utf-8") as f:
        report = json.load(f)
    with open(SCHEMA, encoding="utf-8") as f:
        validate(report, json.load(f))
    try:
        import scipy  # noqa: F401
    except ImportError:
        print("python3-scipy is missing: only the schema was checked")
        return
    n = sum(check(c, dbs) for c in report["comparisons"])
    assert n or not any(c["pairs"] and not c["censored"] for c in report["comparisons"])


main()
