#!/usr/bin/env python3
"""Compares a workbook with the recording it was made from, by other means than ours.

    workbook.py DB XLSX      exit 0, or 1 with a line for each difference

Opens the workbook with openpyxl and computes every figure of its sheets Summary and Figures again
with plain Python from the view v_metric. What a formula must give is the value stored beside it;
tests/cli/recalculate.py has LibreOffice calculate it.
"""

import json
import math
import sqlite3
import statistics
import re
import sys
import zipfile

import openpyxl

SHEETS = ["Summary", "Figures", "Compare", "Re-election", "Rejoin", "Phases", "Tolerance", "Contested", "Trials"]
SHEETS += ["Timeline", "Master changes", "Snapshots", "Log events", "Nodes", "Study", "Survival", "Method"]
MAX_SERIES, MAX_CHART_TITLE, MAX_CELL, MAX_RULES = 255, 255, 32767, 20
DEFAULT_ORIGIN = {
    "reelection": "fault_issued",
    "agreement": "fault_issued",
    "detection": "fault_issued",
    "shutdown": "fault_issued",
    "downtime": "fault_issued",
    "rejoin": "start_issued",
    "rejoin_all": "start_issued",
    "redundancy": "start_issued",
    "boot": "start_issued",
    "recovery": "start_issued",
    "spread": None,
    "dual_master": None,
    "write_gap": None,
}
NAMES = {"re-election": "reelection", "rejoin of all": "rejoin_all", "two masters": "dual_master", "write gap": "write_gap"}
NEEDS = {"p25": 4, "median": 1, "p75": 4, "p90": 10, "p95": 20, "p99": 100}
SHARE = {"p25": 0.25, "median": 0.5, "p75": 0.75, "p90": 0.9, "p95": 0.95, "p99": 0.99}
MEASURED = ("recovered", "no_reelection", "no_rejoin")


def type7(values, share):
    place = (len(values) - 1) * share
    low, high = values[math.floor(place)], values[math.ceil(place)]
    return low + (place - math.floor(place)) * (high - low)


def kaplan_meier(trials, share):
    """Where the curve falls to 1 - share; the middle where it runs exactly there; None: it does not."""
    curve, left, on_it = 1.0, len(trials), None
    for time in sorted({t for t, _ in trials}):
        events = sum(t == time and not c for t, c in trials)
        if events:
            curve *= 1 - events / left
            if on_it is not None:
                return (on_it + time) / 2
            if abs(curve - (1 - share)) < 1e-8:
                on_it = time
            elif curve < 1 - share:
                return time
        left -= sum(t == time for t, _ in trials)
    return None if on_it is None else (on_it + max(t for t, _ in trials)) / 2


def figures(trials):
    """What the sheet must show for these (time, is censored); None is a blank cell."""
    values = sorted(t for t, c in trials if not c)
    n, censored = len(trials), len(trials) - len(values)
    first = values and all(t >= values[0] for t, _ in trials)
    out = {"n": n, "censored": censored, "min": values[0] if first else None}
    for name, need in NEEDS.items():
        out[name] = None
        if n >= need:
            out[name] = kaplan_meier(trials, SHARE[name]) if censored else type7(values, SHARE[name])
    whole = values and not censored
    out["max"] = values[-1] if whole else None
    out["mean"] = statistics.fmean(values) if whole else None
    out["sd"] = statistics.stdev(values) if whole and n >= 2 else None
    return out


class Check:
    def __init__(self, db, xlsx):
        self.db = sqlite3.connect(f"file:{db}?mode=ro", uri=True)
        self.xlsx = xlsx
        self.book = openpyxl.load_workbook(xlsx, data_only=True)
        self.formulas = openpyxl.load_workbook(xlsx)
        self.n_bad = 0
        self.n_good = 0

    def same(self, what, got, want):
        if isinstance(got, (int, float)) and isinstance(want, (int, float)):
            equal = math.isclose(got, want, rel_tol=1e-9, abs_tol=1e-9)
        else:
            equal = got == want
        self.n_good += equal
        self.n_bad += not equal
        if not equal:
            print(f"{what}: the workbook says {got!r}, the recording {want!r}")

    def groups(self):
        """{(level, ...): ids of trials} for the factors in the sheet's order."""
        query = """SELECT t.trial_id, t.study, t.study_uuid, t.fault, t.target, t.product, t.version,
                          t.master_eligible, t.factors FROM v_trial t WHERE NOT t.warmup"""
        names = [name for name, n in self.db.execute("SELECT name, count(*) FROM study GROUP BY name") if n > 1]
        out = {}
        for row in self.db.execute(query):
            level = dict(json.loads(row[8]), fault=row[3], target=row[4], product=row[5], version=row[6])
            level["study"] = f"{row[1]} ({row[2][:8]})" if row[1] in names else row[1]
            level["master-eligible"] = row[7]
            key = tuple(str(level.get(f, "-")) for f in self.factors)
            out.setdefault(key, []).append(row[0])
        return out

    def values(self, trials, metric, what="value_s"):
        marks = ",".join("?" * len(trials))
        query = f"""SELECT {what}, lo_ns, censored FROM v_metric
                    WHERE trial_id IN ({marks}) AND metric = ? AND origin IS ? AND observer IS NULL
                      AND outcome IN {MEASURED}"""
        rows = self.db.execute(query, [*trials, metric, DEFAULT_ORIGIN[metric]]).fetchall()
        return [(until / 1e9 if c == 1 else v, c == 1) for v, until, c in rows]

    def rows(self, name, first_head):
        """Heads and rows of the table whose heads begin with first_head."""
        rows = [[c for c in row] for row in self.book[name].iter_rows(values_only=True)]
        at = next(i for i, row in enumerate(rows) if row[0] == first_head)
        heads = [str(h).replace("\u00a0", " ") for h in rows[at] if h]
        body = []
        for cells in rows[at + 1 :]:
            if cells[0] is None:
                break
            body.append(dict(zip(heads, cells)))
        return heads, body

    def shown(self, what, got, want):
        """A figure that is not known is blank, or says why in a text."""
        self.same(what, None if isinstance(got, str) else got, want)

    def headline(self, body, groups):
        count = "SELECT sum(outcome NOT IN ('aborted')), sum(outcome = 'recovered'), sum(outcome IN"
        count += " ('no_reelection', 'no_rejoin')), sum(term_after - term_before > 1 AND outcome IN"
        count += f" {MEASURED}) FROM trial WHERE trial_id IN "
        for row in body:
            key = tuple(str(row[f]) for f in self.factors)
            trials = groups.get(key, [])
            marks = ",".join("?" * len(trials))
            want = self.db.execute(f"{count} ({marks})", trials).fetchone()
            for name, value in zip(("trials", "recovered", "censored", "contested"), want):
                self.same(f"headline {key} {name}", row[name], value or 0)
            for head, got in row.items():
                match = re.fullmatch(r"(.*) (median|p95|max) \[s\]", head)
                if match:
                    name, quantity = match.groups()
                    fig = figures(self.values(trials, NAMES.get(name, name)))
                    self.shown(f"headline {key} {head}", got, fig[quantity])

    def contested(self, groups):
        """Trials that did not recover, and those of them that measured nothing; shares are formulas of them."""
        heads, body = self.rows("Contested", "group")
        count = "SELECT count(*), sum(outcome <> 'recovered'), sum(outcome NOT IN"
        count += f" {MEASURED}) FROM trial WHERE outcome <> 'aborted' AND trial_id IN "
        for row in body:
            if not isinstance(row["group"], int):
                continue  # a note below the table
            key = tuple(str(row[f]) for f in self.factors)
            trials = groups.get(key, [])
            n, *want = self.db.execute(f"{count} ({','.join('?' * len(trials))})", trials).fetchone()
            self.same(f"contested {key} trials", row["trials"], n)
            for name, k in zip(("not recovered", "not measured"), want):
                self.same(f"contested {key} {name}", row[name], k or 0)
                if n:
                    self.same(f"contested {key} share {name}", row[f"share {name}"], (k or 0) / n)

    def figure_rows(self, body, groups):
        for row in body:
            key = tuple(str(row[f]) for f in self.factors)
            metric = NAMES.get(row["metric"], row["metric"])
            want = figures(self.values(groups.get(key, []), metric))
            ends = [figures(self.values(groups.get(key, []), metric, f"{end}_ns / 1e9"))["median"] for end in ("lo", "hi")]
            self.shown(f"figures {key} {metric} ±", row["± [s]"], None if None in ends else (ends[1] - ends[0]) / 2)
            for name, value in want.items():
                head = name if name in ("n", "censored") else f"{name} [s]"
                self.shown(f"figures {key} {metric} {name}", row[head], value)

    def trials(self):
        sheet = list(self.book["Trials"].iter_rows(values_only=True))[3:]
        heads = sheet[0]
        first = heads.index("re-election [s]") if "re-election [s]" in heads else None
        query = """SELECT value_s FROM v_metric WHERE metric = 'reelection'
                   AND origin = 'fault_issued' AND trial_id = ? AND censored < 1"""
        self.same("rows of Trials", len(sheet) - 1, self.one("SELECT count(*) FROM trial"))
        for row in sheet[1:]:
            trial = row[heads.index("trial")]
            want = self.db.execute(query, [trial]).fetchone()
            if first is not None and (want or not isinstance(row[first], str)):
                self.same(f"trial {trial} re-election", row[first], want[0] if want else None)

    def check_formulas(self):
        """Each has a value, and every figure of the headline is one."""
        for sheet in self.formulas:
            for row in sheet.iter_rows():
                for cell in row:
                    value = self.book[sheet.title][cell.coordinate].value
                    # the one text that is calculated: what lies beyond a curve's end
                    beyond = str(cell.value).startswith('="> "&FIXED(') and re.fullmatch(r"> \d+\.\d{3}", str(value))
                    number = isinstance(value, (int, float)) or beyond
                    if cell.data_type == "e" or (cell.data_type == "f" and not number):
                        self.same(f"{sheet.title}!{cell.coordinate}", value, "a value")
        traced = False
        for row in self.formulas["Summary"].iter_rows():
            if row[0].value == "group":
                heads, traced = [str(c.value) for c in row], True
            elif traced and row[0].value is None:
                break
            elif traced:
                first = heads.index("trials")
                plain = [c.coordinate for c in row[first:] if c.data_type == "n" and c.value is not None]
                self.same("figures of Summary that are no formulas", plain, [])

    def hazards(self):
        """What makes Excel offer a repair, or take a text for something else."""
        names = [n for n, in self.db.execute("SELECT name FROM node UNION SELECT name FROM study")]
        for sheet in self.formulas:
            self.same(f"{sheet.title}: length of its name", len(sheet.title) <= 31, True)
            rules = sum(len(r.rules) for r in sheet.conditional_formatting)
            self.same(f"{sheet.title}: rules", rules <= MAX_RULES, True)
            for row in sheet.iter_rows():
                for cell in row:
                    if isinstance(cell.value, str) and cell.data_type != "f":
                        bad = len(cell.value) > MAX_CELL or re.search("[\x00-\x08\x0b\x0c\x0e-\x1f]", cell.value)
                        self.same(f"{sheet.title}!{cell.coordinate}", bool(bad), False)
                    elif isinstance(cell.value, str) and cell.value in names:
                        self.same(f"{sheet.title}!{cell.coordinate}", "formula", "text")
        with zipfile.ZipFile(self.xlsx) as package:
            for name in package.namelist():
                if name.startswith("xl/charts/chart"):
                    xml = package.read(name).decode()
                    self.same(f"{name}: series", 0 < xml.count("<c:ser>") <= MAX_SERIES, True)
                    titles = re.findall("<a:t>([^<]*)</a:t>", xml)
                    self.same(f"{name}: titles", all(len(t) <= MAX_CHART_TITLE for t in titles), True)
                    self.same(f"{name}: numbers", bool(re.search(">(nan|inf|-inf|-nan)<", xml.lower())), False)

    def one(self, sql):
        return self.db.execute(sql).fetchone()[0]

    def run(self):
        self.same("sheets", self.book.sheetnames, SHEETS)
        self.hazards()
        changes = [r for r in self.book["Master changes"].iter_rows(values_only=True) if isinstance(r[0], int)]
        self.same("rows of Master changes", len(changes), self.one("SELECT count(*) FROM master_change"))
        n_lines = self.one("SELECT count(*) FROM log_event")
        lines = [r for r in self.book["Log events"].iter_rows(values_only=True) if isinstance(r[0], int)]
        self.same("rows of Log events", len(lines), n_lines)
        want = sorted(d for d, in self.db.execute("SELECT diff_s FROM v_witness"))
        self.same("lines with a polled change", sum(r[9] is not None for r in lines), len(want))
        for got, diff in zip(sorted(r[9] for r in lines if r[9] is not None), want):
            self.same("polled later by", got, diff)
        snapshots = [r for r in self.book["Snapshots"].iter_rows(values_only=True) if isinstance(r[0], int)]
        self.same("rows of Snapshots", len(snapshots), self.one("SELECT count(*) FROM snapshot"))
        nodes = [r for r in self.book["Nodes"].iter_rows(min_row=3, values_only=True) if r[0] != "none"]
        self.same("rows of Nodes", len(nodes), self.one("SELECT count(*) FROM node"))
        self.check_formulas()
        if self.one("SELECT count(*) FROM trial"):
            heads, headline = self.rows("Summary", "group")
            _, body = self.rows("Figures", "group")
            self.factors = heads[1 : heads.index("trials")]
            groups = self.groups()
            self.headline(headline, groups)
            self.figure_rows(body, groups)
            self.contested(groups)
            self.trials()
        print(f"{self.n_good} values agree, {self.n_bad} do not")
        return 1 if self.n_bad else 0


if __name__ == "__main__":
    sys.exit(Check(sys.argv[1], sys.argv[2]).run())
