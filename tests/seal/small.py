#!/usr/bin/env python3
"""Makes a small recording of real trials in which every table has rows, and lets the collector seal it.

    small.py FORMAT1.sqlite OUT.sqlite

Two trials of tests/upgrade/format1.sqlite, which has no seals yet, and rows for the tables that it was recorded without. `heal` seals a study that
its collector did not close. Then a key of openssl's making signs the head, and two people sign off.
"""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from canonical import Study  # noqa: E402

KEPT = 2


def shorten(db):
    db.execute("DELETE FROM sample WHERE sample_key >> 42 > ?", (KEPT,))
    for table in ("step", "loss", "poll_count", "write_probe", "write_count", "health_change", "master_change", "metric",
                  "log_event", "log_chunk", "incident", "trial"):
        db.execute(f"DELETE FROM {table} WHERE trial_id > ?", (KEPT,))
    db.execute("DELETE FROM snapshot WHERE snapshot_id NOT IN (SELECT snapshot_id FROM sample WHERE outcome = 0)")
    ids = [r[0] for r in db.execute("SELECT snapshot_id FROM snapshot ORDER BY 1")]
    for new, old in enumerate(ids, 1):
        db.execute("UPDATE snapshot SET snapshot_id = ? WHERE snapshot_id = ?", (new, old))
        db.execute("UPDATE sample SET snapshot_id = ? WHERE snapshot_id = ?", (new, old))
    for table in ("step", "incident"):
        for new, (old,) in enumerate(db.execute(f"SELECT {table}_id FROM {table} ORDER BY 1").fetchall(), 1):
            db.execute(f"UPDATE {table} SET {table}_id = ? WHERE {table}_id = ?", (new, old))
            if table == "step":
                db.execute("UPDATE step SET undoes_step_id = ? WHERE undoes_step_id = ?", (new, old))


def fill(db):
    """What real drills of today have beside."""
    for trial, cluster, study in db.execute("SELECT trial_id, cluster_id, study_id FROM trial").fetchall():
        nodes = db.execute("SELECT node_id, name FROM node WHERE cluster_id = ? ORDER BY 1", (cluster,)).fetchall()
        victim = db.execute("SELECT name FROM node JOIN step USING (node_id) WHERE trial_id = ? AND action = 'stop'",
                            (trial,)).fetchone()[0]
        db.execute("DELETE FROM loss WHERE trial_id = ?", (trial,))
        db.execute("INSERT INTO loss VALUES (?, 1, ?, 1, '[]', '[]', 1, 1, 1, '[]', ?, ?, 'a', 'b')",
                   (trial, f'["{victim}"]', *db.execute("SELECT lo_ns, hi_ns FROM metric WHERE trial_id = ? AND"
                    " metric = 'reelection' AND origin = 'fault_issued'", (trial,)).fetchone()))
        for i in range(4):
            db.execute("INSERT INTO write_probe (write_key, number, late_us, took_us, outcome) VALUES (?, ?, 7, 900, ?)",
                       (trial << 42 | (i + 1) * 50000 << 7 | i % 3, i + 1, 1 + i % 3))
        db.execute("INSERT INTO write_count VALUES (?, 5, 4, 1, 0, 2, 1, 1, 0, 0)", (trial,))
        for node, name in nodes[:2]:
            db.execute("DELETE FROM log_event WHERE trial_id = ? AND node_id = ?", (trial, node))
            db.execute("DELETE FROM log_chunk WHERE trial_id = ? AND node_id = ?", (trial, node))
            for line in (1, 2):
                db.execute("INSERT INTO log_event VALUES (?, ?, ?, 'applied', 1, 5, 6, 7, 8, ?, 'x', 9, 10, 'words')",
                           (trial, node, line, name))
            db.execute("INSERT INTO log_chunk VALUES (?, ?, 2, 12, x'789c')", (trial, node))
        db.execute("INSERT INTO incident (study_id, trial_id, kind, n, detail, at_ns) VALUES (?, ?, 'late_poll', 1, 'd', 5)",
                   (study, trial))
    db.execute("INSERT INTO incident (study_id, kind, n, detail, at_ns) VALUES (1, 'index_left', 1, 'd', 5)")
    for cluster, node in db.execute("SELECT cluster_id, node_id FROM node").fetchall():
        db.execute("INSERT OR IGNORE INTO effective_setting VALUES (?, ?, 'discovery.x', '1s', 'default')", (cluster, node))
    # nothing may be NULL where a column can hold something: a change from something must be found
    for table in ("study", "session", "cluster", "node", "trial"):
        for (column, kind) in db.execute("SELECT name, type FROM pragma_table_info(?)", (table,)).fetchall():
            if table == "trial" and column in ("diagnosis", "reason"):
                db.execute(f"UPDATE trial SET {column} = 'z'")
            elif table in ("study", "session") and kind == "TEXT":
                db.execute(f"UPDATE {table} SET {column} = 'z' WHERE {column} IS NULL")


def sign(path, key):
    db = sqlite3.connect(path)
    study = Study(db, 1)
    head = db.execute("SELECT head FROM study_seal").fetchone()[0]
    with tempfile.TemporaryDirectory() as tmp:
        message, signature = os.path.join(tmp, "m"), os.path.join(tmp, "s")
        with open(message, "wb") as f:
            f.write(b"rejoin seal head" + head)
        subprocess.run(["openssl", "pkeyutl", "-sign", "-rawin", "-inkey", key, "-in", message, "-out", signature],
                       check=True)
        public = subprocess.run(["openssl", "pkey", "-in", key, "-pubout", "-outform", "DER"], check=True,
                                capture_output=True).stdout[-32:]
        db.execute("UPDATE study_seal SET public_key = ?, signature = ?", (public, open(signature, "rb").read()))
    for name, decision in (("A. Nyquist", "accepted"), ("B. Bode", None)):
        db.execute("INSERT INTO sign_off (study_id, name, decision, comment, signed_utc_us, account, host, tool_version,"
                   " head) VALUES (1, ?, ?, 'c', 9, 'ops', 'h', '0', ?)", (name, decision, head))
    db.execute("DROP TRIGGER sign_off_stays")
    for i, link in enumerate(list(study.sign_off_links()), 1):
        db.execute("UPDATE sign_off SET hash = ? WHERE sign_off_id = ?", (link, i))
        db.execute("UPDATE study_seal SET last_sign_off = ?", (link,))
    sql = sqlite3.connect(":memory:")
    here = os.path.dirname(os.path.abspath(__file__))
    for name in sorted(os.listdir(os.path.join(here, "../../schema/migrations"))):
        sql.executescript(open(os.path.join(here, "../../schema/migrations", name), encoding="utf-8").read())
    db.execute(sql.execute("SELECT sql FROM sqlite_schema WHERE name = 'sign_off_stays'").fetchone()[0])
    db.commit()
    db.close()


def main():
    demo, out, key = sys.argv[1:]
    shutil.copy(demo, out)
    heal = ["rejoin-collector", "heal", out]
    subprocess.run(heal, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # to the present format
    db = sqlite3.connect(out)
    shorten(db)
    fill(db)
    db.execute("UPDATE study SET sealed = 1, rto_ns = 5000000000")
    db.commit()
    db.execute("VACUUM")
    db.close()
    subprocess.run(heal, check=True, stdout=subprocess.DEVNULL)
    sign(out, key)


if __name__ == "__main__":
    main()
