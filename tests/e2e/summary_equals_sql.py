#!/usr/bin/env python3
"""summary_equals_sql.py DB SUMMARY.json: the summary's figures are those of plain SQL and of statistics
computed here, from v_metric."""
import json
import sqlite3
import statistics
import sys

ORIGIN = {
    "detection": "fault_issued",
    "reelection": "fault_issued",
    "agreement": "fault_issued",
    "downtime": "fault_issued",
    "shutdown": "fault_issued",
    "boot": "start_issued",
    "recovery": "start_issued",
    "rejoin": "start_issued",
    "rejoin_all": "start_issued",
    "redundancy": "start_issued",
    "spread": None,
    "dual_master": None,
    "write_gap": None,
}


def close(a, b):
    return a is not None and b is not None and abs(a - b) <= 1e-9


def main(db, summary):
    con = sqlite3.connect(f"file:{db}?mode=ro", uri=True)
    rows = json.load(open(summary, encoding="utf-8"))["rows"]
    assert rows, "no rows"
    for row in rows:
        f = row["factors"]
        values = [
            v
            for (v,) in con.execute(
                "SELECT value_s FROM v_metric WHERE metric = ? AND origin IS ? AND observer IS NULL"
                " AND warmup = 0 AND censored <= 0 AND master_eligible = ? AND fault = ? ORDER BY value_s",
                (row["metric"], ORIGIN[row["metric"]], f["master_eligible"], f["fault"]),
            )
        ]
        assert row["unit"] == "s"
        assert row["n"] == len(values) + row["censored"], row
        if row["censored"]:
            continue
        assert close(row["min"], values[0]) and close(row["max"], values[-1]), row
        assert close(row["mean"], statistics.fmean(values)), row
        assert close(row["p50"], statistics.median(values)), row
        if len(values) > 1:
            assert close(row["sd"], statistics.stdev(values)), row
        for name, needed in (("p25", 4), ("p75", 4), ("p90", 10), ("p95", 20), ("p99", 100)):
            assert (row[name] is None) == (len(values) < needed), (name, row)
    print(f"{len(rows)} rows agree")


main(*sys.argv[1:])
