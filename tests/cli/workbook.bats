#!/usr/bin/env bats
# rejoin-report workbook: formulas as LibreOffice calculates them, --raw, --trial, --where.

setup_file() {
    cd "$BATS_TEST_DIRNAME/../.." || exit 1
    python tests/cli/make-drill.py "$BATS_FILE_TMPDIR/a.sqlite" --sizes 3,4 --faults stop,kill --trials 21 \
        --censored 2 --failed 1 --aborted 1 --incidents 2 --samples 20 --nodes 4
}

setup() {
    cd "$BATS_TEST_DIRNAME/../.." || exit 1
    db=$BATS_FILE_TMPDIR/a.sqlite
    tmp=$BATS_TEST_TMPDIR
}

# openpyxl is Debian's: another python3 earlier in PATH does not have it.
python() {
    /usr/bin/python3 "$@"
}

# bats test_tags=slow
@test "every formula gives the value written beside it" {
    command -v soffice || skip "LibreOffice is missing"
    rejoin-report workbook "$db" -o "$tmp/a.xlsx"
    python tests/cli/workbook.py "$db" "$tmp/a.xlsx"
    python tests/cli/recalculate.py "$tmp/a.xlsx" "$tmp"
}

# bats test_tags=slow
@test "the timeline shows the trial asked for" {
    rejoin-report workbook "$db" -o "$tmp/a.xlsx" --trial 7
    python - "$tmp/a.xlsx" << 'END'
import openpyxl, sys
rows = list(openpyxl.load_workbook(sys.argv[1])["Timeline"].iter_rows(values_only=True))
assert any(r[0] == "trial" and r[1].startswith("7 of ") for r in rows), rows[:5]
END
    run rejoin-report workbook "$db" -o "$tmp/b.xlsx" --trial 4711
    [ "$status" -eq 2 ]
    [[ "$output" == *"there is no trial 4711"* ]]
    [ ! -e "$tmp/b.xlsx" ]
}

@test "what was chosen is all there is, on every sheet" {
    rejoin-report workbook "$db" -o "$tmp/a.xlsx" --where size=4,fault=kill --metric rejoin
    python - "$tmp/a.xlsx" << 'END'
import openpyxl, sys
book = openpyxl.load_workbook(sys.argv[1], data_only=True)
trials = list(book["Trials"].iter_rows(min_row=4, values_only=True))
size, fault = trials[0].index("master-eligible"), trials[0].index("fault")
assert len(trials) > 20 and all(r[size] == 4 and r[fault] == "kill" for r in trials[1:])
changes = list(book["Master changes"].iter_rows(min_row=4, values_only=True))
assert changes and all(r[2] == 4 and r[3] == "kill" for r in changes)
heads = [str(c) for r in book["Summary"].iter_rows(values_only=True) if r[0] == "group" for c in r]
assert any(h.startswith("rejoin") for h in heads) and not any(h.startswith("re-election") for h in heads), heads
END
}

# bats test_tags=slow
@test "--raw: every poll in a second file" {
    rejoin-report workbook "$db" -o "$tmp/a.xlsx" --raw
    cp "$tmp/a-raw.xlsx" "$tmp/first.xlsx"
    rejoin-report workbook "$db" -o "$tmp/a.xlsx" --raw
    cmp "$tmp/a-raw.xlsx" "$tmp/first.xlsx"
    python - "$db" "$tmp/a-raw.xlsx" << 'END'
import math, openpyxl, sqlite3, sys
book = openpyxl.load_workbook(sys.argv[2], read_only=True)
assert book.sheetnames == ["About", "Samples", "Snapshots"], book.sheetnames
got = list(book["Samples"].iter_rows(min_row=2, values_only=True))
query = """SELECT trial_id, observer, (s.due_ns - f) / 1e9, (s.sent_ns - f) / 1e9, (s.done_ns - s.sent_ns) / 1e9, s.outcome,
                  s.snapshot_id
           FROM (SELECT s.*, (SELECT min(issued_ns) FROM step p WHERE p.trial_id = s.trial_id) f FROM v_sample s) s
           JOIN trial t USING (trial_id)
           ORDER BY t.study_id, t.position, trial_id, due_ns, observer"""
want = list(sqlite3.connect(sys.argv[1]).execute(query))
assert len(got) == len(want) > 1000, (len(got), len(want))
for a, b in zip(got, want):
    assert all(x == y or math.isclose(x, y, abs_tol=1e-9) for x, y in zip(a, b)), (a, b)
END
    cp "$db" "$tmp/c-raw.xlsx"
    run rejoin-report workbook "$tmp/c-raw.xlsx" -o "$tmp/c.xlsx" --raw
    [ "$status" -eq 2 ]
    [ "$(head -c 6 "$tmp/c-raw.xlsx")" = SQLite ]
}

@test "paper gets the first rows of a long list, and says so" {
    rejoin-report workbook "$db" -o "$tmp/a.xlsx"
    python - "$tmp/a.xlsx" << 'PY'
import openpyxl, re, sys
book = openpyxl.load_workbook(sys.argv[1])
n_long = 0
for name in ("Trials", "Master changes", "Log events", "Snapshots", "Figures"):
    sheet = book[name]
    head = int(re.match(r"\$(\d+):", sheet.print_title_rows).group(1))
    rows, said, area = sheet.max_row - head, sheet.oddHeader.center.text, "".join(sheet.print_area or "")
    if rows > 500:
        n_long += 1
        assert said == f"Printed: the first 500 of {rows:,} rows", said
        assert int(re.search(r"\$(\d+)$", area).group(1)) == head + 500, area
    else:
        assert not said and not area, (name, said, area)
assert n_long, "no list of the drill is long"
PY
}

@test "200 groups of few trials: named by their factor, not the same line 200 times" {
    python tests/cli/make-drill.py "$tmp/arms.sqlite" --trials 2 --warmup 0 --sizes 3 --heap "$(seq -s, 200)"
    rejoin-report workbook "$tmp/arms.sqlite" -o "$tmp/a.xlsx"
    python - "$tmp/a.xlsx" << 'PY'
import openpyxl, sys
book = openpyxl.load_workbook(sys.argv[1])
compare = [[c for c in r if c is not None] for r in book["Compare"].iter_rows(values_only=True)]
assert len(compare) < 30, len(compare)
assert ["So many groups are not compared in pairs: see all at once below, or choose some with --where."] in compare
assert ["1000 left out: n ≥ 10 needed"] in compare, compare[-3:]
labels = [r for r in book["Phases"].iter_rows(values_only=True) if "3 master-eligible, stop, heap 7" in r]
assert labels, "no heap 7 among the phases"
assert book["Summary"].print_title_rows, "page 2 of the summary has no heads"
PY
    python tests/cli/workbook_cells.py "$tmp/a.xlsx" Phases Contested
    # few trials of few groups: one sentence for each metric
    python tests/cli/make-drill.py "$tmp/few.sqlite" --trials 3 --warmup 0 --sizes 3,4,5
    rejoin-report workbook "$tmp/few.sqlite" -o "$tmp/a.xlsx"
    python - "$tmp/a.xlsx" << 'PY'
import openpyxl, sys
words = [r[0] for r in openpyxl.load_workbook(sys.argv[1])["Compare"].iter_rows(values_only=True)
         if r[0] and "too few trials" in str(r[0])]
assert words[0] == "Re-election: too few trials to tell any two of 3 apart; no fewer than 5 of each can.", words
assert len(words) == 5, words
PY
}

@test "no text is cut off by the cell beside it" {
    rejoin-report workbook data/recorded/demo.sqlite -o "$tmp/a.xlsx"
    python tests/cli/workbook_cells.py "$tmp/a.xlsx"
    # a setting that all clusters agree on is one row, and names them
    python - "$tmp/a.xlsx" << 'PY'
import openpyxl, sys
rows = [r for r in openpyxl.load_workbook(sys.argv[1])["Study"].iter_rows(values_only=True) if r[0] == "discovery.seed_hosts"]
assert len(rows) == 1 and rows[0][2:5] == ("node", "3-masters, 4-masters, 5-masters", "n1, n2, n3, n4, n5"), rows
# a node that was taken is a voter, but no member: by its name all the same
voters = {v for r in openpyxl.load_workbook(sys.argv[1])["Snapshots"].iter_rows(values_only=True) if isinstance(r[0], int)
          for v in r[7].split(", ")}
assert voters == {"n1", "n2", "n3", "n4", "n5"}, voters
PY
}

@test "Timeline says how its trial was chosen, and that none reached re-election" {
    python tests/cli/make-drill.py "$tmp/none.sqlite" --sizes 3,4 --trials 3 --no-reelection 3
    rejoin-report workbook "$tmp/none.sqlite" -o "$tmp/a.xlsx"
    rejoin-report workbook "$tmp/none.sqlite" -o "$tmp/b.xlsx" --trial 1
    rejoin-report workbook data/recorded/demo.sqlite -o "$tmp/c.xlsx"
    python - "$tmp/a.xlsx" "$tmp/b.xlsx" "$tmp/c.xlsx" << 'PY'
import openpyxl, sys
a, b, c = [{r[0]: r[1] for r in openpyxl.load_workbook(f)["Timeline"].iter_rows(max_row=12, values_only=True)} for f in sys.argv[1:]]
assert a["chosen"].startswith("the first measured trial; none reached re-election"), a
assert a["trial"].endswith("; no_reelection") and a["re-election"].startswith("> "), a
assert b["chosen"] == "by --trial" and b["trial"].endswith("; recovered, warm-up"), b
assert c["chosen"].startswith("its re-election is the median of 3 master-eligible, stop ("), c
PY
}

@test "where all trials ran into a limit, Survival says so and the figures lead there" {
    python tests/cli/make-drill.py "$tmp/all.sqlite" --sizes 3,4 --trials 4 --censored 4
    rejoin-report workbook "$tmp/all.sqlite" -o "$tmp/a.xlsx"
    python - "$tmp/a.xlsx" << 'PY'
import openpyxl, re, sys
book, values = openpyxl.load_workbook(sys.argv[1]), openpyxl.load_workbook(sys.argv[1], data_only=True)
rows = {(r[0], r[1]): r for r in values["Survival"].iter_rows(min_row=5, values_only=True)}
for group in (1, 2):
    assert rows["rejoin", group][3:7] == (4, 0, 4, 1) and rows["rejoin", group][10] > 100, rows
n = 0
for sheet in ("Summary", "Figures"):
    for row in book[sheet].iter_rows():
        if isinstance(row[0].value, int): # of a group
            for cell in row:
                value = str(values[sheet][cell.coordinate].value)
                if value.startswith("> "):
                    at = re.fullmatch(r'="> "&FIXED\(Survival!\$K\$(\d+),3,TRUE\)', cell.value).group(1)
                    assert f"> {values['Survival'][f'K{at}'].value:.3f}" == value, (cell.coordinate, value)
                    n += 1
assert n > 20, n
PY
}

@test "one trial: classes no finer than the instrument, no empty chart" {
    python tests/cli/make-drill.py "$tmp/one.sqlite" --sizes 3 --trials 1 --warmup 0
    rejoin-report workbook "$tmp/one.sqlite" -o "$tmp/a.xlsx"
    unzip -q "$tmp/a.xlsx" -d "$tmp/a"
    cat "$tmp"/a/xl/charts/chart*.xml > "$tmp/charts"
    grep -q 'classes of 0.005 s' "$tmp/charts"
    grep -q 'share of trials within a time' "$tmp/charts"
    [ "$(grep -c 'the tail: ' "$tmp/charts")" -eq 0 ]
}

@test "what stands in place of a figure is explained, and can be read on every mark" {
    python tests/cli/make-drill.py "$tmp/few.sqlite" --sizes 3,4 --trials 6 --no-reelection 3 --failed 1
    rejoin-report workbook "$tmp/few.sqlite" -o "$tmp/a.xlsx"
    python - "$tmp/a.xlsx" << 'PY'
import openpyxl, re, sys
def luminance(rgb):
    parts = [c / 255 for c in bytes.fromhex(rgb[-6:])]
    parts = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
def contrast(a, b):
    a, b = sorted((luminance(a), luminance(b)))
    return (b + 0.05) / (a + 0.05)
book, n, seen = openpyxl.load_workbook(sys.argv[1], data_only=True), 0, set()
for name in ("Summary", "Figures", "Trials"):
    sheet = book[name]
    marks = [r.dxf.fill.bgColor.rgb for rules in sheet.conditional_formatting for r in rules.rules]
    assert marks, name
    for row in sheet.iter_rows():
        for cell in row:
            color = cell.font.color and cell.font.color.rgb
            if cell.value is not None and isinstance(color, str) and cell.fill.fill_type is None:
                worst = min(contrast(color, mark) for mark in marks)
                assert worst >= 4.5, (name, cell.coordinate, color, worst)
                n += 1
assert n > 50, n
keys = [r[0] for r in book["Summary"].iter_rows(values_only=True) if r[0]]
keys = [re.sub(r"\d.*", "", str(k)) for k in keys[keys.index("How to read it") :]]
for row in book["Summary"].iter_rows(values_only=True):
    if isinstance(row[0], int):
        seen |= {re.sub(r"\d.*", "", v) for v in row[9:] if isinstance(v, str)}
assert "–" in seen and seen <= set(keys), (seen, keys)
PY
}

@test "names of more than 100 characters are read in full, on every sheet" {
    local heap
    heap=256m-$(printf 'and-a-setting-with-a-long-name-%.0s' {1..4})
    python tests/cli/make-drill.py "$tmp/long.sqlite" --trials 6 --sizes 3,4 --long-names --logs --failed 1 \
        --heap "$heap,512m" --studies 2
    rejoin-report workbook "$tmp/long.sqlite" -o "$tmp/a.xlsx"
    python tests/cli/workbook_cells.py "$tmp/a.xlsx" Summary Figures Compare Phases Trials Timeline "Master changes" \
        Snapshots "Log events" Nodes
    python - "$tmp/a.xlsx" << 'PY'
import openpyxl, sys
book = openpyxl.load_workbook(sys.argv[1])
for name in ("Summary", "Figures", "Compare", "Trials", "Master changes", "Log events", "Nodes"):
    sheet = book[name]
    wide = {k: d.width for k, d in sheet.column_dimensions.items() if d.width > (92 if k == "L" else 60)}
    assert not wide, (name, wide)
    wrapped = [c for row in sheet.iter_rows() for c in row if len(str(c.value)) > 100 and c.alignment.wrap_text]
    assert wrapped, name
    # LibreOffice makes no row higher by itself
    low = [c.coordinate for c in wrapped if c.coordinate not in sheet.merged_cells and (sheet.row_dimensions[c.row].height or 15) < 15 * len(c.value) / 70]
    assert not low, (name, low)
PY
}

@test "nothing recorded: every table says so, and no room is kept for charts" {
    python tests/cli/make-drill.py "$tmp/empty.sqlite" --empty
    rejoin-report workbook "$tmp/empty.sqlite" -o "$tmp/a.xlsx"
    python - "$tmp/a.xlsx" << 'PY'
import openpyxl, sys
book = openpyxl.load_workbook(sys.argv[1])
for name in ("Figures", "Trials", "Master changes", "Snapshots", "Log events", "Phases"):
    assert [c.value for c in book[name]["A"]][-1] == "none", name
assert book["Phases"].max_row < 20, book["Phases"].max_row
PY
}

@test "no note is cut off on the pages that repeat the first columns" {
    rejoin-report workbook "$db" -o "$tmp/a.xlsx"
    python - "$tmp/a.xlsx" << 'PY'
import openpyxl, re, sys
book, n = openpyxl.load_workbook(sys.argv[1]), 0
for sheet in book:
    if sheet.print_title_cols:
        last = openpyxl.utils.column_index_from_string(re.search("[A-Z]+$", sheet.print_title_cols.replace("$", "")).group())
        head = int(sheet.print_title_rows.replace("$", "").split(":")[0])
        notes = [c.value for row in sheet.iter_rows(min_row=2, max_row=head - 1, max_col=last) for c in row if c.value]
        assert not notes, (sheet.title, notes)
        n += 1
assert n >= 2, n
PY
}
