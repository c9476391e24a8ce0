#!/usr/bin/env python3
"""Tampers with a sealed recording, over and over, and asks whether verify finds it.

    tamper.py SEALED.sqlite [-n 1200] [--seed 1]

The tables and columns are the schema's own: each column of each is changed at least four times (one bit, or NULL), and
gets something behind a NUL where it is a text, and a value of another type or NULL (STRICT and NOT NULL are taken off for a while);
from each table rows are removed and to each rows are added; trials are swapped; all seals are removed. Constraints are off: they are no protection.
"""

import argparse
import multiprocessing
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile

SEALED = None


def connect(path):
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA foreign_keys = OFF")
    db.execute("PRAGMA ignore_check_constraints = ON")
    db.execute("PRAGMA synchronous = OFF")
    return db


def tables(db):
    return [r[0] for r in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY 1")]


def columns(db, table):
    """(name, type, is_key) of those that hold something of their own."""
    return [(name, kind, key) for _, name, kind, _, _, key, hidden in db.execute(f"PRAGMA table_xinfo({table})")
            if hidden == 0]


def flip(rng, v, kind):
    """One bit of v, or something instead of NULL."""
    if v is None:
        return {"INTEGER": 1, "TEXT": "x", "BLOB": b"x"}[kind]
    if isinstance(v, int):
        return v ^ 1 << rng.randrange(0, 40 if abs(v) > 2**20 else 8)
    if not v:
        return v + ("x" if isinstance(v, str) else b"x")
    data = bytearray(v.encode() if isinstance(v, str) else v)
    while True:
        i, bit = rng.randrange(len(data)), rng.randrange(7 if isinstance(v, str) else 8)
        out = bytearray(data)
        out[i] ^= 1 << bit
        if isinstance(v, bytes):
            return bytes(out)
        try:
            text = out.decode()
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text


def key_of(db, table):
    keys = [name for name, _, key in sorted(columns(db, table), key=lambda c: c[2]) if key]
    return keys or ["rowid"]


def pick(db, rng, table):
    keys = key_of(db, table)
    n = db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    row = db.execute(f"SELECT {', '.join(keys)} FROM {table} LIMIT 1 OFFSET {rng.randrange(n)}").fetchone()
    return " AND ".join(f"{k} = ?" for k in keys), row


def change(db, rng, table, column, kind):
    where, key = pick(db, rng, table)
    old = db.execute(f"SELECT {column} FROM {table} WHERE {where}", key).fetchone()[0]
    new = None if old is not None and rng.random() < 0.2 else flip(rng, old, kind)
    db.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", (new, *key))
    return f"{table}.{column}: {old!r:.60} -> {new!r:.60}"


def hide(db, rng, table, column):
    """More text, behind a NUL."""
    where, key = pick(db, rng, table)
    old = db.execute(f"SELECT {column} FROM {table} WHERE {where}", key).fetchone()[0]
    db.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", (f"{old or ''}\0hidden", *key))
    return f"{table}.{column}: {old!r:.60} has more text, behind a NUL"


def retype(db, rng, table, column, kind):
    """What reads as the same integer and is none; another type, or NULL where there is none."""
    where, key = pick(db, rng, table)
    old = db.execute(f"SELECT {column} FROM {table} WHERE {where}", key).fetchone()[0]
    if kind == "INTEGER" and old is not None:
        news = [f"{old}x", old + 0.5 if 0 <= old < 2**50 else f"{old}.5x", str(old).encode(), None]
    else:
        news = [1, "1x", b"1"] + [None] * (old is not None)
    new = rng.choice([n for n in news if type(n) is not type(old)])
    db.execute(f"UPDATE {table} SET {column} = ? WHERE {where}", (new, *key))
    return f"{table}.{column}: {old!r} -> {new!r}"


def word_table(db, table, change):
    """Words the table otherwise; returns how it was worded."""
    db.execute("PRAGMA writable_schema = ON")
    was = db.execute("SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?", (table,)).fetchone()[0]
    db.execute("UPDATE sqlite_schema SET sql = ? WHERE type = 'table' AND name = ?", (change(was), table))
    db.execute("PRAGMA writable_schema = RESET")
    return was


def remove(db, rng, table):
    where, key = pick(db, rng, table)
    db.execute(f"DELETE FROM {table} WHERE {where}", key)
    return f"{table}: row {key} removed"


def add(db, rng, table):
    where, key = pick(db, rng, table)
    names = [c[0] for c in columns(db, table)]
    row = dict(zip(names, db.execute(f"SELECT {', '.join(names)} FROM {table} WHERE {where}", key).fetchone()))
    keys = key_of(db, table)
    last = keys[-1]
    if isinstance(row[last], int) and len(keys) == 1:
        row[last] = db.execute(f"SELECT max({last}) + 1 FROM {table}").fetchone()[0]
        for name in ("uuid", "digest", "label"):
            if name in row:
                row[name] = str(row[name]) + "x"
        if "ordinal" in row and table != "seal":
            row["ordinal"] += 50
        if table == "node":
            row["name"] += "x"
    else:
        row[last] = row[last] + (1000 if isinstance(row[last], int) else "x")
    db.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})", list(row.values()))
    return f"{table}: row {key} once more, as {row[last]}"


def swap(db, with_seal):
    """Everything of trial 1 is trial 2's, and the other way round."""
    for table in tables(db):
        names = [c[0] for c in columns(db, table)]
        if "trial_id" in names and (with_seal or table != "seal"):
            db.execute(f"UPDATE {table} SET trial_id = trial_id + 1000 WHERE trial_id IN (1, 2)")
            db.execute(f"UPDATE {table} SET trial_id = 1003 - trial_id WHERE trial_id > 1000")
    for table, key in (("sample", "sample_key"), ("write_probe", "write_key")):
        db.execute(f"UPDATE {table} SET {key} = {key} + (1000 << 42) WHERE {key} >> 42 IN (1, 2)")
        db.execute(f"UPDATE {table} SET {key} = (1003 - ({key} >> 42) << 42) | ({key} & ((1 << 42) - 1))"
                   f" WHERE {key} >> 42 > 1000")
    return f"trials 1 and 2 swapped, {'with' if with_seal else 'without'} their seals"


def unseal(db, without_sign_offs):
    """As if nobody had ever sealed it."""
    db.execute("DELETE FROM seal")
    db.execute("DELETE FROM study_seal")
    db.execute("UPDATE study SET sealed = 0")
    if without_sign_offs:
        db.execute("DELETE FROM sign_off")
    return f"seals removed and sealed set to 0, {'with' if without_sign_offs else 'without'} the sign-offs"


def tamper(db, rng, task):
    what, table, *rest = task
    if what == "unseal":
        return unseal(db, table)
    if what == "change":
        return change(db, rng, table, *rest)
    if what == "swap":
        return swap(db, table)
    if what in ("hide", "retype"):
        return (hide if what == "hide" else retype)(db, rng, table, *rest)
    return remove(db, rng, table) if what == "remove" else add(db, rng, table)


def attempt(job):
    """(task, what was done, verify's exit code, its words); None: the file would not have it."""
    task, seed = job
    for nth in range(6):  # a key that is there already
        result = attempt_once(task, seed + nth)
        if result:
            return result
    return None


def attempt_once(task, seed):
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as tmp:
        path = os.path.join(tmp, "t.sqlite")
        shutil.copy(SEALED, path)
        db = connect(path)
        strict = None
        if task[0] == "retype":
            strict = word_table(db, task[1], lambda sql: re.sub(r"\) STRICT(, )?", ") ", sql)
                                .replace(" NOT NULL", "").replace(" TEXT", " BLOB"))
        triggers = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        db.execute("BEGIN")
        for name, _ in triggers:
            db.execute(f"DROP TRIGGER {name}")
        try:
            done = tamper(db, rng, task)
        except (sqlite3.IntegrityError, OverflowError):
            return None
        for _, sql in triggers:
            db.execute(sql)
        db.execute("COMMIT")
        if strict:
            word_table(db, task[1], lambda _: strict)
        db.close()
        run = subprocess.run(["rejoin-report", "verify", path], capture_output=True, text=True)
        return task, done, run.returncode, run.stdout + run.stderr


def main():
    global SEALED
    p = argparse.ArgumentParser()
    p.add_argument("db")
    p.add_argument("-n", type=int, default=1200)
    p.add_argument("--seed", type=int, default=1)
    args = p.parse_args()
    SEALED = args.db
    rng = random.Random(args.seed)
    db = connect(args.db)
    each, odd, empty = [], [], []
    for table in tables(db):
        if not db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]:
            empty.append(table)
            continue
        each += [("change", table, name, kind) for name, kind, _ in columns(db, table)]
        odd += [("hide", table, name) for name, kind, _ in columns(db, table) if kind == "TEXT"]
        keys = key_of(db, table)
        odd += [("retype", table, name, kind) for name, kind, _ in columns(db, table) if keys != [name]]
        each += [("remove", table), ("add", table)]
    db.close()
    assert not empty, f"nothing to tamper with in {empty}"
    tasks = [("swap", True), ("swap", False), ("unseal", True), ("unseal", False)] + each * 4 + odd
    tasks += [rng.choice(each) for _ in range(max(0, args.n + 200 - len(tasks)))]
    jobs = [(task, rng.randrange(2**60)) for task in tasks]
    tried, missed, crashed, n_unreadable = {}, [], [], 0
    with multiprocessing.Pool(2) as pool:
        for result in pool.imap_unordered(attempt, jobs, chunksize=8):
            if not result:
                continue
            task, done, code, words = result
            tried[task] = tried.get(task, 0) + 1
            n_unreadable += code == 3
            if code == 0:
                missed.append(done)
            elif code not in (1, 3):
                crashed.append((done, code, words))
    never = [t for t in tasks[:4] + each + odd if t not in tried]
    print(f"{sum(tried.values())} tamperings of {len({t[1] for t in each})} tables, "
          f"{len({t[1:3] for t in each if t[0] == 'change'})} columns: {len(missed)} missed; {n_unreadable} made the file unreadable")
    for done in missed[:40]:
        print("missed:", done)
    for crash in crashed[:10]:
        print("crashed:", *crash)
    print("never possible:", never) if never else None
    sys.exit(bool(missed or crashed or never or sum(tried.values()) < args.n))


if __name__ == "__main__":
    main()
