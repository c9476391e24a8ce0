#!/usr/bin/env bats
# rejoin-report: summary and workbook on synthetic drills (make-drill.py). What is expected stands in
# tests/cases/report; "UPDATE=1 bats tests/cli/report.bats" writes it anew.

load report_common.bash

setup_file() {
    cd "$BATS_TEST_DIRNAME/../.." || exit 1
    drill full.sqlite --trials 12 --censored 1 --incidents 1
    drill mixed.sqlite --sizes 3,5 --faults stop,kill --trials 5 --failed 1 --aborted 1
}

setup() {
    cd "$BATS_TEST_DIRNAME/../.." || exit 1
    full=$BATS_FILE_TMPDIR/full.sqlite
    mixed=$BATS_FILE_TMPDIR/mixed.sqlite
    tmp=$BATS_TEST_TMPDIR
}

@test "help of the program and of each verb" {
    expects help.txt rejoin-report --help
    expects help-summary.txt rejoin-report summary --help
    expects help-compare.txt rejoin-report compare --help
    expects help-gate.txt rejoin-report gate --help
    expects help-workbook.txt rejoin-report workbook --help
}

@test "losses survived: the worst choice counts, luck is told apart" {
    drill losses.sqlite --sizes 3,4 --faults kill --trials 3 --warmup 0
    db=$BATS_FILE_TMPDIR/losses.sqlite
    # three masters lose one each; four lose two: once both voters, once one that had no vote
    sqlite3 -bail "$db" "
        INSERT INTO loss (trial_id, round, taken, n_lost, voters_before, left_out, predicted, worst, survived)
        SELECT trial_id, 1, '[]', master_eligible - 2, '[]', '[]',
               master_eligible = 3 OR nth = 1, master_eligible = 3, CASE WHEN nth < 3 THEN master_eligible = 3 OR nth = 1 END
        FROM (SELECT trial_id, master_eligible, row_number() OVER (PARTITION BY master_eligible ORDER BY trial_id) nth
              FROM v_trial)"
    rejoin-report summary "$db" > "$tmp/out"
    grep -E '^3 masters +1 +1 +- +-$' "$tmp/out"
    grep -E '^4 masters +0 \(2 with luck\) +0 +- +-$' "$tmp/out"
    rejoin-report summary "$db" --format json > "$tmp/json"
    python - "$tmp/json" << 'END'
import json, sys
three, four = json.load(open(sys.argv[1]))["tolerance"]
assert three["size"] == 3 and three["at_once"] == {"survived": 1, "predicted": 1, "survived_with_luck": 1}
assert four["at_once"] == {"survived": 0, "predicted": 0, "survived_with_luck": 2}
assert four["one_after_another"]["survived"] == -1
END
    rejoin-report workbook "$db" -o "$tmp/losses.xlsx"
    python - "$tmp/losses.xlsx" << 'END'
import openpyxl, sys
rows = list(openpyxl.load_workbook(sys.argv[1])["Tolerance"].iter_rows(values_only=True))
assert any(r[1:4] == (4, "0 (2 with luck)", 0) for r in rows), rows
# of three losses one is not known: it counts in neither
assert any(r[1:10] == (4, "at once", "kill", 2, 2, 1, 1, 0, 1) for r in rows), rows
END
}

@test "recovery after a lost quorum is a metric like the others" {
    drill recovery.sqlite --sizes 3 --trials 6 --warmup 0
    db=$BATS_FILE_TMPDIR/recovery.sqlite
    sqlite3 -bail "$db" "INSERT INTO metric SELECT trial_id, 'recovery', 'start_issued', '',
        trial_id * 1000000000, trial_id * 1000000000 + 2000000, 0 FROM trial"
    rejoin-report summary "$db" --metric recovery > "$tmp/out"
    grep -E '^recovery +3 +stop +6 +0 +1\.001 ' "$tmp/out"
    rejoin-report summary "$db" --format json > "$tmp/json"
    python -c 'import json, sys
assert [r["n"] for r in json.load(sys.stdin)["rows"] if r["metric"] == "recovery"] == [6]' < "$tmp/json"
    rejoin-report page "$db" -o "$tmp/page.html" --metric recovery
    grep -q 'Recovery \[s\]' "$tmp/page.html"
    rejoin-report summary --help | grep -q 'shutdown, recovery'
}

@test "no figures of what no trial measured: no empty tables, but a line" {
    rejoin-report summary "$full" --metric write_gap,recovery > "$tmp/out"
    grep -q '^No trial measured write_gap, recovery\.$' "$tmp/out"
    [ "$(grep -c '^seconds' "$tmp/out")" -eq 0 ]
    [ "$(grep -c '^±' "$tmp/out")" -eq 0 ]
}

@test "the witness: how the polls differ from the nodes' own logs" {
    drill logs.sqlite --sizes 3 --trials 4 --warmup 0 --nodes 3 --logs
    rejoin-report summary "$BATS_FILE_TMPDIR/logs.sqlite" > "$tmp/out"
    grep -E "^witness    polled later than the nodes' own log lines by median 4\\.[0-9] ms .*, n = 8$" "$tmp/out"
    # as plain SQL has it, and in the workbook
    rejoin-report summary "$BATS_FILE_TMPDIR/logs.sqlite" --format json | python -c '
import json, sqlite3, statistics, sys
seen = json.load(sys.stdin)["studies"][0]["witness"]
db = sqlite3.connect(sys.argv[1])
diffs = [d for d, in db.execute("SELECT diff_s FROM v_witness")]
assert seen["n"] == len(diffs) and seen["early"] == 0, seen
assert abs(seen["median_s"] - statistics.median(diffs)) < 1e-9, seen
' "$BATS_FILE_TMPDIR/logs.sqlite"
    rejoin-report workbook "$BATS_FILE_TMPDIR/logs.sqlite" -o "$tmp/logs.xlsx"
    python tests/cli/workbook.py "$BATS_FILE_TMPDIR/logs.sqlite" "$tmp/logs.xlsx"
    # a poll that saw it too early is told
    sqlite3 "$BATS_FILE_TMPDIR/logs.sqlite" "UPDATE log_event SET lo_ns = lo_ns + 100000000, hi_ns = hi_ns + 100000000
        WHERE trial_id = 1"
    rejoin-report summary "$BATS_FILE_TMPDIR/logs.sqlite" | tr -s ' \n' ' ' | grep -F '; 2 BEFORE the line can have been written'
}

@test "the witness of a real drill is the view's, with lines missing, doubled and not placed too" {
    cp data/recorded/demo.sqlite "$tmp/demo.sqlite"
    for change in "SELECT 1" "DELETE FROM log_event WHERE line % 7 = 3" \
        "INSERT INTO log_event SELECT trial_id, node_id, line + 1000, kind, utc_us, lo_ns, hi_ns, term, state_version,
             master, about, n_checks, ago_ms, text FROM log_event WHERE kind = 'applied' AND line % 5 = 2" \
        "UPDATE log_event SET lo_ns = NULL, hi_ns = NULL WHERE line % 3 = 0"; do
        sqlite3 "$tmp/demo.sqlite" "$change" > "$tmp/changed"
        rejoin-report summary "$tmp/demo.sqlite" --format json > "$tmp/demo.json"
        python -c '
import json, sqlite3, statistics, sys
seen = json.load(open(sys.argv[2]))["studies"][0]["witness"]
rows = list(sqlite3.connect(sys.argv[1]).execute("SELECT diff_s, is_early FROM v_witness"))
diffs = [d for d, _ in rows]
assert seen["n"] == len(rows) > 10 and seen["early"] == sum(e for _, e in rows), (seen, len(rows))
for key, want in (("min_s", min(diffs)), ("median_s", statistics.median(diffs)), ("max_s", max(diffs))):
    assert abs(seen[key] - want) < 1e-9, (seen, key, want)
' "$tmp/demo.sqlite" "$tmp/demo.json"
    done
}

@test "summary as table, Markdown, CSV and JSON" {
    expects table.txt rejoin-report summary "$full"
    expects table.md rejoin-report summary "$full" --format md
    expects table.csv rejoin-report summary "$full" --format csv
    expects table.json rejoin-report summary "$full" --format json
}

@test "from another instant of the fault" {
    expects from.csv rejoin-report summary "$full" --from process_gone --metric shutdown,rejoin --format csv
    rejoin-report summary "$full" --from fault_done --format json > "$tmp/json"
    grep -q '"from": "fault_done"' "$tmp/json"
    rejoin-report summary "$full" --from http_refused | grep -q 'count from http_refused'
    rejoin-report workbook "$full" --from process_gone -o "$tmp/a.xlsx"
    refuses 2 "--from: unknown instant 'gone'" rejoin-report summary "$full" --from gone
    refuses 2 "did you mean 'process_gone'?" rejoin-report workbook "$full" --from proces_gone -o "$tmp/b.xlsx"
}

@test "write probe and noop: lost writes, false changes, never thrown together with a fault" {
    drill client.sqlite --sizes 3 --faults noop,stop --trials 2 --lost-writes 1
    expects client.txt rejoin-report summary "$BATS_FILE_TMPDIR/client.sqlite" --by size --metric reelection
    rejoin-report summary "$BATS_FILE_TMPDIR/client.sqlite" --format json > "$tmp/json"
    grep -q '"lost_writes": 1' "$tmp/json"
    grep -q '"false_changes": 0' "$tmp/json"
}

@test "several factors, failed and aborted trials" {
    expects mixed.txt rejoin-report summary "$mixed"
    expects by-fault.txt rejoin-report summary "$mixed" --by fault --metric detection,reelection
    expects warmup.txt rejoin-report summary "$mixed" --by size --metric rejoin --include-warmup
}

@test "a summary fits 100 columns; wider tables are folded, and no column is lost" {
    drill wide.sqlite --trials 120 --sizes 3,5 --faults stop,kill --censored 2 --no-reelection 2 --failed 1 --aborted 1 \
        --lost-writes 3 --logs --nodes 5
    rejoin-report summary "$BATS_FILE_TMPDIR/wide.sqlite" > "$tmp/wide.txt"
    rejoin-report summary "$BATS_FILE_TMPDIR/wide.sqlite" --format md > "$tmp/wide.md"
    # characters, not bytes
    python - "$tmp/wide.md" tests/cases/report/table.txt tests/cases/report/mixed.txt "$tmp/wide.txt" << 'END'
import re, sys
for name in sys.argv[2:]:
    lines = open(name, encoding="utf-8").read().split("\n")
    assert max(map(len, lines)) <= 100, name
split = lambda line: re.split(r"  +", line.strip())
cells = lambda line: [c.strip() for c in line.strip("|\n").split(" | ")]
md = [cells(l.replace("\\", "")) for l in open(sys.argv[1], encoding="utf-8") if l.startswith("|") and "---" not in l]
heads = [r for r in md if r[0] == "seconds"]
folded = [split(l) for l in lines if l.startswith("seconds ")]
assert len(heads) == 2 and len(folded) >= 4, (heads, folded)
keys = heads[0][:3]
assert all(f[:3] == keys for f in folded) and not any(f[3] == "95 % CI" for f in folded), folded
assert [c for f in folded for c in f[3:]] == heads[0][3:] + heads[1][3:], folded
row = lambda rows: [c for r in rows if r[:3] == ["reelection", "3", "stop"] for c in r[3:]]
assert row(md) == row([split(l) for l in lines]), (row(md), row([split(l) for l in lines]))
END
}

@test "two studies of one name are kept apart, odd names stay harmless" {
    drill odd.sqlite --odd-names --studies 2 --trials 2 --sizes 3 --nodes 3
    expects odd.txt rejoin-report summary "$BATS_FILE_TMPDIR/odd.sqlite" --metric rejoin
    expects odd.md rejoin-report summary "$BATS_FILE_TMPDIR/odd.sqlite" --metric rejoin --format md
    expects odd.csv rejoin-report summary "$BATS_FILE_TMPDIR/odd.sqlite" --metric rejoin --format csv
}

@test "a factor of the plan's own" {
    drill heap.sqlite --heap 256m,1g --trials 2 --sizes 3
    run rejoin-report summary "$BATS_FILE_TMPDIR/heap.sqlite" --format csv --metric rejoin
    [[ ${lines[0]} == master_eligible,fault,heap,metric,* ]]
    [[ ${lines[1]} == 3,stop,256m,rejoin,s,2,0,* ]]
}

@test "nothing recorded yet" {
    drill empty.sqlite --empty
    expects empty.txt rejoin-report summary "$BATS_FILE_TMPDIR/empty.sqlite"
    drill no-study.sqlite --no-study
    expects no-study.txt rejoin-report summary "$BATS_FILE_TMPDIR/no-study.sqlite"
    expects no-study.json rejoin-report summary "$BATS_FILE_TMPDIR/no-study.sqlite" --format json
}

@test "unknown factors, metrics and formats get a hint" {
    refuses 2 "unknown factor 'sizes'; did you mean 'size'?" rejoin-report summary "$full" --by sizes
    refuses 2 "unknown factor 'weather'" rejoin-report summary "$full" --by size,weather
    refuses 2 "did you mean 'reelection'?" rejoin-report summary "$full" --metric re-election
    refuses 2 "'masterless' is measured per node" rejoin-report summary "$full" --metric masterless
    refuses 2 "'xml' is none of table, md, csv, json" rejoin-report summary "$full" --format xml
    refuses 2 "unknown verb 'summaryy'; did you mean 'summary'?" rejoin-report summaryy "$full"
    refuses 2 "missing argument" rejoin-report summary
    refuses 2 "workbook needs -o FILE.xlsx" rejoin-report workbook "$full"
    refuses 2 "is the recording itself" rejoin-report workbook "$full" -o "$full"
}

@test "files that are no recording" {
    refuses 3 "no such file" rejoin-report summary "$tmp/none.sqlite"
    refuses 3 "folder" rejoin-report summary "$tmp"
    echo "plain text, long enough to be no SQLite header at all" > "$tmp/text"
    refuses 3 "$tmp/text" rejoin-report summary "$tmp/text"
    : > "$tmp/nothing"
    refuses 3 "$tmp/nothing" rejoin-report summary "$tmp/nothing"
    cp "$full" "$tmp/other" && sql "$tmp/other" "PRAGMA application_id = 7"
    refuses 3 "$tmp/other" rejoin-report summary "$tmp/other"
    cp "$full" "$tmp/newer" && sql "$tmp/newer" "PRAGMA user_version = 99"
    refuses 3 "newer" rejoin-report summary "$tmp/newer"
    head -c 20000 "$full" > "$tmp/short"
    refuses 3 "$tmp/short" rejoin-report summary "$tmp/short"
    refuses 3 "$tmp/short" rejoin-report workbook "$tmp/short" -o "$tmp/short.xlsx"
    [ ! -e "$tmp/short.xlsx" ]
}

sql() {
    python -c 'import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute(sys.argv[2])' "$@"
}

@test "a workbook that cannot be written leaves nothing" {
    refuses 3 "cannot write $tmp/none/a.xlsx" rejoin-report workbook "$full" -o "$tmp/none/a.xlsx"
    mkdir "$tmp/folder"
    refuses 3 "cannot write $tmp/folder" rejoin-report workbook "$full" -o "$tmp/folder"
    [ -z "$(ls "$tmp/folder")" ]
    [ "$(cd "$tmp" && ls)" = "$(printf 'err\nfolder\nout')" ]
    refuses 3 "cannot write /proc/a.xlsx" rejoin-report workbook "$full" -o /proc/a.xlsx
    # shellcheck disable=SC2016 # the inner shell's
    refuses 3 "standard output" sh -c 'rejoin-report summary "$1" > /dev/full' sh "$full"
}

@test "no space: one line, the old workbook stays, nothing beside it" {
    mkdir "$tmp/small"
    mount -t tmpfs -o size=64k none "$tmp/small" 2> /dev/null || skip "cannot mount a small file system"
    echo old > "$tmp/small/a.xlsx"
    refuses 3 "cannot write $tmp/small/a.xlsx" rejoin-report workbook "$full" -o "$tmp/small/a.xlsx" || bad=1
    left=$(cd "$tmp/small" && ls) content=$(cat "$tmp/small/a.xlsx")
    umount "$tmp/small"
    [ -z "${bad:-}" ]
    [ "$left" = a.xlsx ]
    [ "$content" = old ]
}

@test "the recording is not changed, a read-only one is fine" {
    cp "$full" "$tmp/ro.sqlite" && chmod 444 "$tmp/ro.sqlite"
    before=$(sha256sum < "$tmp/ro.sqlite")
    rejoin-report summary "$tmp/ro.sqlite" > "$tmp/out"
    rejoin-report workbook "$tmp/ro.sqlite" -o "$tmp/a.xlsx"
    [ "$before" = "$(sha256sum < "$tmp/ro.sqlite")" ]
    [ "$(cd "$tmp" && ls)" = "$(printf 'a.xlsx\nout\nro.sqlite')" ]
}

# workbooks CHECK: calls CHECK NAME for each kind of drill
workbooks() {
    local name
    drill odd.sqlite --odd-names --studies 2 --trials 4 --sizes 3,5 --heap 256m,1g
    drill one.sqlite --trials 1 --warmup 0 --sizes 3
    drill limits.sqlite --trials 3 --no-reelection 3
    drill many.sqlite --trials 120 --sizes 3,4 --censored 3
    drill empty.sqlite --empty
    drill no-study.sqlite --no-study
    drill arms.sqlite --trials 2 --warmup 0 --sizes 3 --heap "$(seq -s, 200)"
    for name in full mixed odd one limits many empty no-study arms; do
        rejoin-report workbook "$BATS_FILE_TMPDIR/$name.sqlite" -o "$tmp/a.xlsx"
        "$1" "$name"
    done
}

same_bytes() {
    rejoin-report workbook "$BATS_FILE_TMPDIR/$1.sqlite" -o "$tmp/b.xlsx"
    cmp "$tmp/a.xlsx" "$tmp/b.xlsx"
}

same_numbers() {
    python tests/cli/workbook.py "$BATS_FILE_TMPDIR/$1.sqlite" "$tmp/a.xlsx"
}

@test "workbook: the same bytes" { workbooks same_bytes; }

# bats test_tags=slow
@test "workbook: the numbers that plain Python computes" {
    python -c 'import openpyxl' || skip "python3-openpyxl is missing"
    workbooks same_numbers
}
