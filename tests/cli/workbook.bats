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
