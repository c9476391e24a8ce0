#!/usr/bin/env python3
"""merge.py OUT DB...: OUT holds every row of each DB, and no other, with references to the same rows."""
import collections
import sys

from recording import opened


def names(db):
    """For each table: what stands for a row's number, the same in every file."""
    found = {"study": dict(db.execute("SELECT study_id, uuid FROM study"))}
    found["snapshot"] = dict(db.execute("SELECT snapshot_id, digest FROM snapshot"))
    of_study = {
        "session": "SELECT session_id, study_id FROM session",
        "cluster": "SELECT cluster_id, study_id FROM cluster",
        "arm": "SELECT arm_id, study_id FROM arm",
        "trial": "SELECT trial_id, study_id FROM trial",
        "incident": "SELECT incident_id, study_id FROM incident",
        "sign_off": "SELECT sign_off_id, study_id FROM sign_off",
        "node": "SELECT node_id, study_id FROM node JOIN cluster USING (cluster_id)",
        "step": "SELECT step_id, study_id FROM step JOIN session USING (session_id)",
    }
    for table, sql in of_study.items():
        counts = collections.Counter()
        found[table] = {}
        for number, study in db.execute(sql + " ORDER BY 1"):
            counts[study] += 1
            found[table][number] = (found["study"][study], counts[study])
    return found


def rows(db):
    """Every row of every table, with names instead of numbers."""
    found, known = collections.Counter(), names(db)
    for (table,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
        columns = [r[1] for r in db.execute(f"PRAGMA table_info({table})")]
        refers = {r[3]: r[2] for r in db.execute(f"PRAGMA foreign_key_list({table})")}
        refers.setdefault(f"{table}_id", table)
        for row in db.execute(f"SELECT {', '.join(columns)} FROM {table}"):
            named = []
            for column, value in zip(columns, row):
                if column in ("sample_key", "write_key"):
                    value = (known["trial"][value >> 42], value & (1 << 42) - 1)
                elif column in refers and value is not None:
                    value = known[refers[column]][value]
                named.append((column, value))
            found[table, tuple(named)] += 1
    return found


def main():
    out = rows(opened(sys.argv[1]))
    wanted = collections.Counter()
    for path in sys.argv[2:]:
        wanted |= rows(opened(path))  # a state in two files is one row
    assert out == wanted, (list((wanted - out).items())[:3], list((out - wanted).items())[:3])
    assert sum(out.values()) > 100
    print(sum(out.values()), "rows")


main()
