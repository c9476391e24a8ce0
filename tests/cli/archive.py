#!/usr/bin/env python3
"""archive.py: in an unpacked archive: logs, plans, manifest and sums are what recording.sqlite says."""
import glob
import hashlib
import json
import sqlite3
import zlib


def read(path):
    with open(path, "rb") as f:
        return f.read()


def main():
    db = sqlite3.connect("file:recording.sqlite?mode=ro", uri=True)
    chunks = db.execute(
        "SELECT c.trial_id, n.ordinal, n.name, c.lines FROM log_chunk c JOIN node n USING (node_id)"
    ).fetchall()
    assert len(chunks) == len(glob.glob("logs/*/*.log")) > 0, len(chunks)
    for trial, ordinal, name, lines in chunks:
        assert read(f"logs/trial-{trial:05}/{ordinal:03}-{name}.log") == zlib.decompress(lines)
    for uuid, text, digest in db.execute("SELECT uuid, plan_text, plan_sha256 FROM study"):
        assert read(f"plans/{uuid}.yml").decode() == text
        assert hashlib.sha256(read(f"plans/{uuid}.json")).hexdigest() == digest
    manifest = json.loads(read("manifest.json"))
    trials = db.execute("SELECT uuid, (SELECT count(*) FROM trial t WHERE t.study_id = s.study_id) FROM study s")
    assert [(s["uuid"], s["trials"]) for s in manifest["studies"]] == trials.fetchall()
    for file in manifest["files"]:
        data = read(file["path"])
        assert (len(data), hashlib.sha256(data).hexdigest()) == (file["bytes"], file["sha256"]) and file["what"]
    listed = {line.split("  ")[1] for line in read("SHA256SUMS").decode().splitlines()}
    assert listed == {f["path"] for f in manifest["files"]} | {"manifest.json"}


main()
