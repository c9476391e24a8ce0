#!/usr/bin/env python3
"""report_pandas.py summary|workbook|page DB [OUT]: what the reports tell, by pandas and XlsxWriter.

The baseline of `make bench-report`: how one would make these tables from the views of a recording without
rejoin-report. Per group of master_eligible and fault and per metric: n, censored, minimum, quantiles (Kaplan
and Meier's where trials are censored), maximum, mean, standard deviation, and the median's 95 % interval. The
All three compare the sizes within each fault: Kruskal and Wallis's test (log-rank where trials are censored), of
each pair Mann and Whitney's test, the shift of Hodges and Lehmann with its interval, and superiority; and look for
drift (Kendall). The workbook has these, all trials with their metrics, all master changes and all log events with
the polled change they go with; the page has the figures, the contested and failed shares, and the distributions
as SVG.
"""

import sqlite3
import sys

import numpy as np
import pandas as pd

ORDERS = {"p25": 0.25, "p50": 0.5, "p75": 0.75, "p90": 0.9, "p95": 0.95, "p99": 0.99}
METRICS = """SELECT trial_id, position, master_eligible, fault, metric, lo_ns, hi_ns, value_s, censored FROM v_metric
JOIN (SELECT trial_id, position FROM v_trial) USING (trial_id) WHERE observer IS NULL AND coalesce(origin, 'fault_issued') IN ('fault_issued', 'start_issued') AND NOT warmup
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


def logrank(groups):
    """groups: (times, ended) of each."""
    from scipy.stats import chi2

    at = np.unique(np.concatenate([t[e] for t, e in groups]))
    risk = np.array([len(t) - np.searchsorted(np.sort(t), at) for t, _ in groups])
    events = np.array([np.bincount(np.searchsorted(at, t[e]), minlength=len(at)) for t, e in groups])
    n, d = risk.sum(0), events.sum(0)
    expected = (risk * d / n).sum(1)
    scale = np.where(n > 1, d * (n - d) / np.maximum(n - 1, 1), 0)
    share = risk / n
    v = np.diag((share * scale).sum(1)) - (share * scale) @ share.T
    z = (events.sum(1) - expected)[:-1]
    statistic = z @ np.linalg.solve(v[:-1, :-1], z)
    return statistic, chi2.sf(statistic, len(groups) - 1)


def pair_row(x, y):
    from scipy.stats import mannwhitneyu, norm

    test = mannwhitneyu(x, y)
    d = np.sort(np.subtract.outer(y, x), axis=None)
    sd = np.sqrt(len(d) / 12 * (len(x) + len(y) + 1))
    c = max(1, int(len(d) / 2 + norm.ppf(0.025) * sd + 0.5))
    return {"p": test.pvalue, "superiority": 1 - test.statistic / len(d), "shift": np.median(d), "lo": d[c - 1],
            "hi": d[-c]}


def compare(metrics):
    from scipy.stats import kendalltau, kruskal

    rows, drift = [], []
    for (metric, fault), part in metrics[metrics.metric.isin(HEADLINE)].groupby(["metric", "fault"]):
        groups = {}
        for size, g in part.sort_values("position").groupby("master_eligible"):
            times, ended = g.value_s.where(g.censored != 1, g.lo_ns / 1e9).to_numpy(), (g.censored != 1).to_numpy()
            groups[size] = (times, ended)
            drift.append({"metric": metric, "fault": fault, "size": size,
                          "p": kendalltau(np.arange(len(times)), np.where(ended, times, np.inf)).pvalue})
        censored = (part.censored == 1).any()
        over = logrank(list(groups.values())) if censored else kruskal(*[t for t, _ in groups.values()])
        rows.append({"metric": metric, "fault": fault, "sizes": "all", "statistic": over[0], "p": over[1]})
        for a in groups:
            for b in groups:
                if a < b:
                    row = ({"p": logrank([groups[a], groups[b]])[1]} if censored
                           else pair_row(groups[a][0], groups[b][0]))
                    rows.append({"metric": metric, "fault": fault, "sizes": "%d-%d" % (a, b)} | row)
    return pd.DataFrame(rows), pd.DataFrame(drift)


def shares(trials):
    """Contested elections and failed trials, with Clopper and Pearson's limits."""
    from scipy.stats import beta

    rows = []
    for key, g in trials[trials.warmup == 0].groupby(["master_eligible", "fault"]):
        for name, k in (("contested", (g.terms > 1).sum()), ("failed", (g.outcome != "recovered").sum())):
            n = len(g)
            rows.append(key + (name, k / n, beta.ppf(0.025, k, n - k + 1), beta.ppf(0.975, k + 1, n - k)))
    return pd.DataFrame(rows, columns=["size", "fault", "what", "share", "lo", "hi"])


def instrument(db):
    """Losses survived, polls counted by node, and how far the polls are from the nodes' own log lines."""
    losses = pd.read_sql("SELECT a.master_eligible, a.fault, l.n_lost, l.survived FROM loss l JOIN trial USING (trial_id)"
                         " JOIN arm a USING (arm_id)", db)
    polls = pd.read_sql("SELECT c.label, n.name, p.* FROM poll_count p JOIN node n USING (node_id)"
                        " JOIN cluster c USING (cluster_id)", db)
    witness = pd.read_sql("SELECT diff_s, is_early FROM v_witness", db)
    return (losses.groupby(["master_eligible", "fault", "n_lost"]).survived.agg(["sum", "count"]),
            polls.groupby(["label", "name"])[["due", "sent", "skipped", "ok", "net_error", "timeout"]].sum(),
            witness.diff_s.describe().to_frame())


def summary(db):
    trials = pd.read_sql("SELECT * FROM v_trial", db)
    metrics, table = load(db)
    print(trials.groupby(["master_eligible", "fault", "outcome"]).size().unstack(fill_value=0).to_string())
    losses, _, witness = instrument(db)
    print(losses.to_string(), witness.to_string())
    print(table.to_string())
    print("\n".join(t.to_string() for t in (*compare(metrics), shares(trials))))


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
        for name, frame in zip(("Compare", "Drift"), compare(metrics)):
            frame.to_excel(writer, name, index=False)
        shares(trials).to_excel(writer, "Contested", index=False)
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
             table.to_html(), *(t.to_html() for t in (*compare(metrics), shares(trials), *instrument(db)))]
    parts += ["<h2>%s</h2>%s" % (m, svg(seen[seen.metric == m])) for m in HEADLINE]
    with open(out, "w", encoding="utf-8") as f:
        f.write("\n".join(parts + ["</body></html>"]))


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    connection = sqlite3.connect("file:%s?mode=ro" % sys.argv[2], uri=True)
    {"summary": summary, "workbook": workbook, "page": page}[sys.argv[1]](connection, *sys.argv[3:])
