#!/usr/bin/env python3
"""report_pandas.py summary|workbook|page DB [OUT]: what the reports tell, by pandas and XlsxWriter.

The baseline of `make bench-report`: how one would make these tables from the views of a recording without
rejoin-report. Per group of master_eligible and fault and per metric: n, censored, minimum, quantiles (Kaplan
and Meier's where trials are censored), maximum, mean, standard deviation, and the median's 95 % interval. The
workbook has these, all trials with their metrics, all master changes and all log events with the polled change
they go with; the page has the figures and the distributions as SVG.
"""

import sqlite3
import sys

import numpy as np
import pandas as pd

ORDERS = {"p25": 0.25, "p50": 0.5, "p75": 0.75, "p90": 0.9, "p95": 0.95, "p99": 0.99}
METRICS = """SELECT trial_id, master_eligible, fault, metric, lo_ns, hi_ns, value_s, censored FROM v_metric
WHERE observer IS NULL AND coalesce(origin, 'fault_issued') IN ('fault_issued', 'start_issued') AND NOT warmup
  AND outcome IN ('recovered', 'no_reelection', 'no_rejoin')"""
HEADLINE = ("reelection", "agreement", "rejoin", "redundancy", "downtime")


def kaplan_meier(times, ended, order):
    at, place = np.unique(times[ended], return_inverse=True)
    events = np.bincount(place)
    at_risk = len(times) - np.searchsorted(np.sort(times), at)
    below = np.flatnonzero(np.cumprod(1 - events / at_risk) <= 1 - order + 1.5e-8)
    return at[below[0]] if len(below) else np.inf


def interval(values, order):
    from scipy.stats import binom

    n = len(values)
    lo, hi = binom.ppf([0.025, 0.975], n, order)
    return (values[int(lo) - 1], values[int(hi)]) if 1 <= lo and hi < n else (np.nan, np.nan)


def figures(rows):
    times = rows.value_s.where(rows.censored != 1, rows.lo_ns / 1e9).to_numpy()
    ended = (rows.censored != 1).to_numpy()
    out = {"n": len(rows), "censored": int((~ended).sum()), "min": times.min()}
    for name, order in ORDERS.items():
        out[name] = np.quantile(times, order) if ended.all() else kaplan_meier(times, ended, order)
    out["p50_ci_lo"], out["p50_ci_hi"] = interval(np.sort(times), 0.5)
    if ended.all():
        out |= {"max": times.max(), "mean": times.mean(), "sd": times.std(ddof=1)}
    return pd.Series(out)


def load(db):
    metrics = pd.read_sql(METRICS, db)
    return metrics, metrics.groupby(["metric", "master_eligible", "fault"]).apply(figures).unstack()


def summary(db):
    trials = pd.read_sql("SELECT * FROM v_trial", db)
    metrics, table = load(db)
    witness = pd.read_sql("SELECT diff_s, is_early FROM v_witness", db)
    print(trials.groupby(["master_eligible", "fault", "outcome"]).size().unstack(fill_value=0).to_string())
    print("log witness: median %.4f s, n = %d" % (witness.diff_s.median(), len(witness)))
    print(table.to_string())


def write_distributions(book, writer, metrics):
    """The observed times of each group in order, and an ECDF chart of them."""
    for metric in ("reelection", "rejoin"):
        rows = metrics[(metrics.metric == metric) & (metrics.censored != 1)]
        sheet = book.add_worksheet(metric)
        chart = book.add_chart({"type": "scatter", "subtype": "straight"})
        for i, (key, group) in enumerate(rows.groupby(["master_eligible", "fault"])):
            v = np.sort(group.value_s.to_numpy())
            sheet.write(0, 2 * i, "%s %s" % key)
            sheet.write_column(1, 2 * i, v)
            sheet.write_column(1, 2 * i + 1, np.arange(1, len(v) + 1) / len(v))
            chart.add_series({"categories": [metric, 1, 2 * i, len(v), 2 * i],
                              "values": [metric, 1, 2 * i + 1, len(v), 2 * i + 1], "name": "%s %s" % key})
        sheet.insert_chart("N2", chart)


def workbook(db, out):
    metrics, table = load(db)
    trials = pd.read_sql("SELECT * FROM v_trial", db)
    wide = metrics.pivot(index="trial_id", columns="metric", values="value_s")
    half = metrics.assign(half=(metrics.hi_ns - metrics.lo_ns) / 2e9).pivot(index="trial_id", columns="metric",
                                                                         values="half")
    changes = pd.read_sql("SELECT * FROM v_master_change ORDER BY trial_id, hi_ns", db)
    events = pd.read_sql("SELECT * FROM v_log_event ORDER BY trial_id, lo_ns", db)
    witness = pd.read_sql("SELECT trial_id, observer AS node, line, diff_s, diff_error_s FROM v_witness", db)
    events = events.merge(witness, how="left", on=["trial_id", "node", "line"])
    snapshots = pd.read_sql("SELECT snapshot_id, master_name, term, version, n_members, body FROM snapshot", db)
    counts = trials.groupby(["master_eligible", "fault", "outcome"]).size().unstack(fill_value=0)
    with pd.ExcelWriter(out, engine="xlsxwriter") as writer:
        counts.to_excel(writer, "Summary")
        table.to_excel(writer, "Figures")
        write_distributions(writer.book, writer, metrics)
        trials.join(wide, "trial_id").join(half, "trial_id", rsuffix=" ±").to_excel(writer, "Trials", index=False)
        changes.to_excel(writer, "Master changes", index=False)
        events.to_excel(writer, "Log events", index=False)
        snapshots.to_excel(writer, "Snapshots", index=False)


def svg(rows):
    paths = []
    top = rows.value_s.max()
    for _, group in rows.groupby(["master_eligible", "fault"]):
        v = np.sort(group.value_s.to_numpy())
        y = np.arange(1, len(v) + 1) / len(v)
        paths.append('<path fill="none" stroke="black" d="M%s"/>' % "L".join(
            "%.1f %.1f" % (600 * a / top, 300 - 300 * b) for a, b in zip(v, y)))
    return '<svg width="600" height="300">%s</svg>' % "".join(paths)


def page(db, out):
    metrics, table = load(db)
    trials = pd.read_sql("SELECT * FROM v_trial", db)
    seen = metrics[metrics.censored != 1]
    parts = ["<!DOCTYPE html><html><body>",
             trials.groupby(["master_eligible", "fault", "outcome"]).size().unstack(fill_value=0).to_html(),
             table.to_html()]
    parts += ["<h2>%s</h2>%s" % (m, svg(seen[seen.metric == m])) for m in HEADLINE]
    with open(out, "w", encoding="utf-8") as f:
        f.write("\n".join(parts + ["</body></html>"]))


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    connection = sqlite3.connect("file:%s?mode=ro" % sys.argv[2], uri=True)
    {"summary": summary, "workbook": workbook, "page": page}[sys.argv[1]](connection, *sys.argv[3:])
