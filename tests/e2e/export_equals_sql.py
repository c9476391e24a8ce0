#!/usr/bin/env python3
"""What a cluster holds of a recording equals its views: export_equals_sql.py DB URL."""
import json
import sqlite3
import sys
import urllib.request

path, url = sys.argv[1:]
db = sqlite3.connect(f"file:{path}?mode=ro", uri=True)


def ask(where, body=None):
    data = json.dumps(body).encode() if body else None
    request = urllib.request.Request(url + where, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


ask("/rejoin-*/_refresh")
for view in "trial metric master_change log_event witness step node incident sample".split():
    index = "rejoin-" + view.replace("_", "-")
    rows = db.execute(f"SELECT count(*) FROM v_{view}").fetchone()[0]
    count = ask(f"/{index}/_count")["count"]
    hits = ask(f"/{index}/_search?version=true&size=10000&_source=false")["hits"]["hits"]
    print(view, rows, count, {hit["_version"] for hit in hits})
    assert rows == count and {hit["_version"] for hit in hits} == {1}

ours = db.execute("SELECT count(*), avg(value_s) FROM v_metric WHERE metric = 'reelection' AND censored = 0").fetchone()
query = {"bool": {"filter": [{"term": {"metric": "reelection"}}, {"term": {"censored": 0}}]}}
value = {"field": "value_s"}
found = ask("/rejoin-metric/_search", {"size": 0, "query": query, "aggs": {
    "n": {"value_count": value}, "avg": {"avg": value}, "p50": {"percentiles": {**value, "percents": [50]}}}})
theirs = found["aggregations"]
values = sorted(v for (v,) in db.execute("SELECT value_s FROM v_metric WHERE metric = 'reelection' AND censored = 0"))
print("reelection", ours, values, theirs)
assert theirs["n"]["value"] == ours[0] > 0
assert abs(theirs["avg"]["value"] - ours[1]) < 1e-6 * ours[1]
# a t-digest interpolates, each version in its own way: between the median's neighbours
assert values[(len(values) - 1) // 2 - 1] <= theirs["p50"]["values"]["50.0"] <= values[len(values) // 2 + 1]

types = {name: field["type"] for name, field in ask("/rejoin-metric/_mapping")["rejoin-metric"]["mappings"]["properties"].items()}
print(types)
assert types["metric"] == "keyword" and types["value_s"] == "double" and types["lo_ns"] == "long" and types["@timestamp"] == "date"
