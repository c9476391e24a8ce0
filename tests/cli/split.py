#!/usr/bin/env python3
"""split.py DB OUT HALF: OUT is every other trial of DB, as a study of its own name and uuid."""
import contextlib
import shutil
import sqlite3
import sys

path, out, half = sys.argv[1], sys.argv[2], int(sys.argv[3])
shutil.copyfile(path, out)
with contextlib.closing(sqlite3.connect(out)) as db:
    gone = f"(SELECT trial_id FROM trial WHERE trial_id % 2 <> {half})"
    tables = [n for (n,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    for table in tables:
        columns = [r[1] for r in db.execute(f"PRAGMA table_xinfo({table})")]
        if table != "trial" and "trial_id" in columns:
            db.execute(f"DELETE FROM {table} WHERE trial_id IN {gone}")
    db.execute(f"DELETE FROM trial WHERE trial_id IN {gone}")
    db.execute("UPDATE study SET uuid = ? || uuid", (f"{half}-",))
    db.commit()
