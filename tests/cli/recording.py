"""A recording, as the checks beside this read it."""
import contextlib
import pathlib
import sqlite3

MIGRATIONS = pathlib.Path(__file__).parent / "../../schema/migrations"


def opened(path):
    """A copy in memory, brought up to the present format."""
    db = sqlite3.connect(":memory:")
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as recording:
        recording.backup(db)
    (version,) = db.execute("PRAGMA user_version").fetchone()
    for migration in sorted(MIGRATIONS.glob("*.sql")):
        if int(migration.stem) > version:
            db.executescript(migration.read_text(encoding="utf-8"))
    return db
