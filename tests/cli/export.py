#!/usr/bin/env python3
"""export.py DB DIR: every value in the exported files is the one in the view, and datapackage.json is true."""
import csv
import json
import sys

from recording import opened

SQL_TYPES = {"integer": "integer", "number": "real", "string": "text"}


def csv_rows(path):
    """Fields as (text, quoted): only the quotes tell an empty text from NULL, and csv hides them."""
    with open(path, newline="", encoding="utf-8") as f:
        text = f.read()
    with open(path, newline="", encoding="utf-8") as f:
        plain = list(csv.reader(f, strict=True))
    assert text.count("\r\n") >= len(plain)
    return plain


def as_csv(value):
    return "" if value is None else value if isinstance(value, str) else repr(value)


def same(got, value):
    if isinstance(value, float):
        return float(got) == value
    return got == as_csv(value)


def main():
    db = opened(sys.argv[1])
    db.text_factory = lambda b: b.decode("utf-8", "replace")
    folder = sys.argv[2]
    views = [n for (n,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'view' ORDER BY name")]
    with open(f"{folder}/datapackage.json", encoding="utf-8") as f:
        package = json.load(f)
    resources = {r["path"]: r for r in package["resources"]}
    assert sorted(resources) == sorted(f"{v}.{s}" for v in views for s in ("csv", "ndjson")), sorted(resources)
    n_values = 0
    for view in views:
        cursor = db.execute(f"SELECT * FROM {view}")
        names = [d[0] for d in cursor.description]
        rows = cursor.fetchall()
        lines = csv_rows(f"{folder}/{view}.csv")
        assert lines[0] == names, view
        assert len(lines) == len(rows) + 1, (view, len(lines), len(rows))
        with open(f"{folder}/{view}.ndjson", encoding="utf-8", newline="\n") as f:
            objects = [json.loads(line) for line in f.read().split("\n")[:-1]]
        assert len(objects) == len(rows), view
        for row, line, thing in zip(rows, lines[1:], objects):
            assert list(thing) == names, view
            assert list(thing.values()) == list(row), (view, thing, row)
            assert [type(v) for v in thing.values()] == [type(v) for v in row], (view, thing, row)
            assert all(same(got, value) for got, value in zip(line, row)), (view, line, row)
            n_values += len(row)
        for suffix in ("csv", "ndjson"):
            resource = resources[f"{view}.{suffix}"]
            fields = resource["schema"]["fields"]
            assert [f["name"] for f in fields] == names, view
            assert all(f.get("description") for f in fields), (view, fields)
            assert resource["rows"] == len(rows) and resource["description"], view
        for field in fields:
            column = field["name"]
            types = {t for (t,) in db.execute(f"SELECT DISTINCT typeof({column}) FROM {view}")} - {"null"}
            assert types <= {SQL_TYPES[field["type"]]}, (view, column, types, field)
    assert n_values > 1000, n_values
    print(n_values, "values")


main()
