#!/usr/bin/env python3
"""Computes a recording's seal from schema/SEAL.md: the columns are read from that page's tables.

    canonical.py DB     prints nothing and ends with 0 where every stored value is the one computed here
"""

import hashlib
import os
import re
import sqlite3
import struct
import sys

PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "schema", "SEAL.md")
# what a reference refers to, where the column's name alone does not tell
TABLE_OF = {"victim_node_id": "node", "old_master_node_id": "node", "new_master_node_id": "node",
            "undoes_step_id": "step"}
IN_STUDY = {
    "session": "SELECT session_id FROM session WHERE study_id = ? ORDER BY 1",
    "cluster": "SELECT cluster_id FROM cluster WHERE study_id = ? ORDER BY 1",
    "arm": "SELECT arm_id FROM arm WHERE study_id = ? ORDER BY 1",
    "trial": "SELECT trial_id FROM trial WHERE study_id = ? ORDER BY 1",
    "node": "SELECT node_id FROM node WHERE cluster_id IN (SELECT cluster_id FROM cluster WHERE study_id = ?) ORDER BY 1",
    "step": "SELECT step_id FROM step WHERE session_id IN (SELECT session_id FROM session WHERE study_id = ?) ORDER BY 1",
}


def sections(heading):
    """The table under a heading of the page: (section, order, [(column, is_reference)])."""
    text = open(PAGE, encoding="utf-8").read().split(f"\n## {heading}\n")[1].split("\n## ")[0]
    for name, order, columns in re.findall(r"^\| `(\w+)` \| ([^|]*) \| ([^|]*) \|$", text, re.M):
        yield name, order, [(c.replace("->", "").strip(), "->" in c) for c in columns.split(",")]


def u64(n):
    return struct.pack(">Q", n & (2**64 - 1))


def value(v):
    if v is None:
        return b"\x00"
    if isinstance(v, int):
        return b"\x01" + u64(v)
    if isinstance(v, str):
        v = v.encode()
        return b"\x02" + u64(len(v)) + v
    return b"\x03" + u64(len(v)) + bytes(v)


def section(name, rows):
    yield b"\x04" + u64(len(name)) + name.encode()
    for row in rows:
        yield b"\x05" + row
    yield b"\x06"


def leb128(n):
    n &= 2**64 - 1
    out = bytearray()
    while n >= 0x80:
        out.append(n & 0x7F | 0x80)
        n >>= 7
    out.append(n)
    return bytes(out)


def sha(*parts):
    h = hashlib.sha256()
    for part in parts:
        h.update(part)
    return h.digest()


class Study:
    def __init__(self, db, study_id):
        self.db, self.id = db, study_id
        self.uuid = db.execute("SELECT uuid FROM study WHERE study_id = ?", (study_id,)).fetchone()[0]
        self.places = {t: {r[0]: i + 1 for i, r in enumerate(db.execute(q, (study_id,)))}
                       for t, q in IN_STUDY.items()}

    def reference(self, column, v):
        if v is None:
            return value(None)
        table = TABLE_OF.get(column) or column.removesuffix("_id")
        place = self.places[table].get(v)
        return value(place) if place else b"\x07"

    def rows(self, table, columns, where, args, order):
        sql = f"SELECT {', '.join(c for c, _ in columns)} FROM {table} WHERE {where} ORDER BY {order}"
        for row in self.db.execute(sql, args):
            yield b"".join(self.reference(c, v) if ref else value(v) for (c, ref), v in zip(columns, row))

    def samples(self, trial, numbers):
        lo = trial << 42
        for key, late, took, outcome, snapshot in self.db.execute(
                "SELECT sample_key, late_us, took_us, outcome, snapshot_id FROM sample"
                " WHERE sample_key >= ? AND sample_key < ? ORDER BY sample_key", (lo, lo + (1 << 42))):
            number = 0 if snapshot is None else numbers.setdefault(snapshot, len(numbers) + 1)
            yield b"".join(map(leb128, (key & ((1 << 42) - 1), late, took, outcome, number)))

    def trial_bytes(self, trial):
        numbers, parts = {}, []
        for name, order, columns in sections("A trial"):
            if name == "sample":
                rows = self.samples(trial, numbers)
            elif name == "snapshot":
                rows = (value(self.db.execute("SELECT digest FROM snapshot WHERE snapshot_id = ?", (n,)).fetchone()[0])
                        for n in numbers)
            elif name == "write_probe":
                lo = trial << 42
                rows = self.rows(name, columns, "write_key >= ? AND write_key < ?", (lo, lo + (1 << 42)), order)
            elif name == "incident":
                rows = self.rows(name, columns, "trial_id = ? AND study_id = ?", (trial, self.id), "incident_id")
            else:
                rows = self.rows(name, columns, "trial_id = ?", (trial,),
                                 order if re.fullmatch(r"[\w, ]+_?\w+", order) and "the" not in order else "1")
            parts.extend(section(name, rows))
        return b"".join(parts)

    def trial_hash(self, trial):
        return sha(self.trial_bytes(trial))

    def hash(self):
        parts = []
        for name, order, columns in sections("A study"):
            where = "study_id = ?"
            if name in ("node", "effective_setting"):
                where = "cluster_id IN (SELECT cluster_id FROM cluster WHERE study_id = ?)"
            elif name == "step":
                where = "session_id IN (SELECT session_id FROM session WHERE study_id = ?)"
            elif name == "incident":
                where, order = "study_id = ? AND trial_id IS NULL", "incident_id"
            elif name == "study":
                order = "1"
            elif name == "arm":
                order = "arm_id"
            parts.extend(section(name, self.rows(name, columns, where, (self.id,), order)))
        return sha(*parts)

    def begin(self):
        return sha(value("rejoin seal 1"), value(self.uuid))

    def seals(self):
        """(trial_id, ordinal, hash, chain, sealed_utc_us) of every trial sealed, as computed; and the last chain."""
        chain = self.begin()
        for trial, position, ordinal, at in self.db.execute(
                "SELECT trial_id, position, ordinal, sealed_utc_us FROM seal JOIN trial USING (trial_id)"
                " WHERE study_id = ? ORDER BY trial_id", (self.id,)).fetchall():
            h = self.trial_hash(trial)
            chain = sha(chain, h, u64(ordinal), u64(position), u64(at))
            yield trial, ordinal, h, chain, at

    def head(self, chain, n_trials, closed_utc_us):
        return sha(chain, self.hash(), u64(n_trials), u64(closed_utc_us))

    def sign_off_links(self):
        link = self.begin()
        for row in self.db.execute(
                "SELECT name, decision, comment, signed_utc_us, account, host, tool_version, head FROM sign_off"
                " WHERE study_id = ? ORDER BY sign_off_id", (self.id,)):
            link = sha(link, *map(value, row))
            yield link


def main():
    db = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
    n_sealed = 0
    for (study_id,) in db.execute("SELECT study_id FROM study").fetchall():
        study = Study(db, study_id)
        chain = study.begin()
        for trial, ordinal, h, chain, at in study.seals():
            stored = db.execute("SELECT hash, chain FROM seal WHERE trial_id = ?", (trial,)).fetchone()
            assert stored == (h, chain), f"trial {trial}: stored {stored[0].hex()}, computed {h.hex()}"
            n_sealed += 1
        head, n, closed, last = db.execute(
            "SELECT head, n_trials, closed_utc_us, last_sign_off FROM study_seal WHERE study_id = ?",
            (study_id,)).fetchone()
        assert head == study.head(chain, n, closed), "the head differs"
        links = list(study.sign_off_links())
        assert [r[0] for r in db.execute("SELECT hash FROM sign_off WHERE study_id = ? ORDER BY sign_off_id",
                                         (study_id,))] == links
        assert last == (links[-1] if links else None)
    assert n_sealed > 0, "nothing is sealed"


if __name__ == "__main__":
    main()
