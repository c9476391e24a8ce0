#!/usr/bin/env bats
# rejoin-report compare on synthetic drills. What is expected stands in tests/cases/report;
# "UPDATE=1 bats tests/cli/compare.bats" writes it anew.

load report_common.bash

setup_file() {
    cd "$BATS_TEST_DIRNAME/../.." || exit 1
    drill full.sqlite --trials 30 --censored 1
    drill mixed.sqlite --sizes 3,5 --faults stop,kill --trials 12 --failed 1
    drill again.sqlite --trials 30 --seed 7
}

setup() {
    cd "$BATS_TEST_DIRNAME/../.." || exit 1
    full=$BATS_FILE_TMPDIR/full.sqlite
    mixed=$BATS_FILE_TMPDIR/mixed.sqlite
    tmp=$BATS_TEST_TMPDIR
    two_studies='What is compared was run in two studies, not in turns: a change of the machine meanwhile would look like a difference.'
    cp "$BATS_FILE_TMPDIR/again.sqlite" "$tmp/again.sqlite"
}

@test "sizes as table, Markdown, CSV and JSON" {
    expects compare.txt rejoin-report compare "$full"
    expects compare.md rejoin-report compare "$full" --format md
    expects compare.csv rejoin-report compare "$full" --format csv --metric reelection,rejoin,spread
    rejoin-report compare "$full" --format json > "$tmp/json"
    python tests/cli/compare.py "$full" "$tmp/json"
}

@test "faults make strata; another factor is compared" {
    expects compare-mixed.txt rejoin-report compare "$mixed"
    expects compare-fault.txt rejoin-report compare "$mixed" --by fault --metric reelection
    rejoin-report compare "$mixed" --where size=5 --format json > "$tmp/json"
    python tests/cli/compare.py "$mixed" "$tmp/json"
    grep -q '"chosen": "masters 5"' "$tmp/json"
}

@test "two files: what else differs comes first" {
    sqlite3 "$tmp/again.sqlite" "UPDATE cluster SET version = '9.2.0', n_nodes = 7;
        UPDATE session SET n_cpu = 8;
        UPDATE study SET plan_json = '{\"poll\":{\"fast\":\"20ms\"}}';
        INSERT INTO effective_setting SELECT cluster_id, min(node_id), 'cluster.election.max_timeout', '20s', 'node'
            FROM node GROUP BY 1;
        DELETE FROM metric WHERE trial_id % 7 = 0"
    cp "$full" "$tmp/full.sqlite"
    cd "$tmp"
    expects=$OLDPWD/tests/cases/report
    rejoin-report compare full.sqlite again.sqlite --metric reelection > out
    [ -z "${UPDATE:-}" ] || cp out "$expects/compare-files.txt"
    diff -u "$expects/compare-files.txt" out
    # the differences stand before the first figure
    [ "$(grep -n 'poll.fast  *-  *20ms' out | cut -d: -f1)" -lt "$(grep -n -m1 '^seconds' out | cut -d: -f1)" ]
    rejoin-report compare full.sqlite again.sqlite --format json > files.json
    cd "$OLDPWD"
    python tests/cli/compare.py "$tmp/full.sqlite" "$tmp/files.json" "$tmp/again.sqlite"
}

@test "two files with other sizes: that is one of the differences" {
    drill three.sqlite --sizes 3 --trials 8
    drill five.sqlite --sizes 5 --trials 8 --seed 9
    rejoin-report compare "$BATS_FILE_TMPDIR/three.sqlite" "$BATS_FILE_TMPDIR/five.sqlite" > "$tmp/out"
    grep -F 'The master_eligible differs as well, and cannot be told apart from the file: A 3, B 5.' "$tmp/out"
    grep -E '^reelection +A +B +8, 8 ' "$tmp/out"
    tr -s ' \n' ' ' < "$tmp/out" | grep -F "$two_studies"
}

@test "studies of one file are compared with what differs" {
    drill two.sqlite --sizes 3 --trials 8 --studies 2
    sqlite3 "$BATS_FILE_TMPDIR/two.sqlite" "UPDATE cluster SET version = '9.2.0' WHERE study_id = 2"
    rejoin-report compare "$BATS_FILE_TMPDIR/two.sqlite" --by study > "$tmp/out"
    grep -E '^version +8.19.0 +9.2.0$' "$tmp/out"
    grep -E '^reelection +three-four-five' "$tmp/out"
    # a day apart: alike in all that is recorded is not alike
    tr -s ' \n' ' ' < "$tmp/out" | grep -F "$two_studies"
    rejoin-report summary "$BATS_FILE_TMPDIR/two.sqlite" | tr -s ' \n' ' ' | grep -F "$two_studies"
    rejoin-report page "$BATS_FILE_TMPDIR/two.sqlite" -o "$tmp/page.html"
    grep -F "<b>Order</b> $two_studies" "$tmp/page.html"
    rejoin-report workbook "$BATS_FILE_TMPDIR/two.sqlite" -o "$tmp/book.xlsx"
    python - "$tmp/book.xlsx" "$two_studies" << 'PY'
import openpyxl, sys
lines = [r[0] for r in openpyxl.load_workbook(sys.argv[1])["Compare"].iter_rows(values_only=True)]
assert any(str(line).startswith(sys.argv[2]) for line in lines), lines
PY
}

@test "nothing to compare is said" {
    drill one.sqlite --sizes 3 --trials 3
    rejoin-report compare "$BATS_FILE_TMPDIR/one.sqlite" > "$tmp/out"
    grep -F 'There is nothing to compare' "$tmp/out"
    drill empty.sqlite --empty
    rejoin-report compare "$BATS_FILE_TMPDIR/empty.sqlite" > "$tmp/out"
    grep -F 'There is nothing to compare' "$tmp/out"
    rejoin-report compare "$BATS_FILE_TMPDIR/empty.sqlite" --format json > "$tmp/json"
    python tests/cli/compare.py "$BATS_FILE_TMPDIR/empty.sqlite" "$tmp/json"
}

@test "a drift and a run one after the other are told" {
    drill drift.sqlite --sizes 3,5 --trials 30 --warmup 0
    # the later, the longer by 100 ms a trial; and the schedule turned: first all of 3, then all of 5
    sqlite3 "$BATS_FILE_TMPDIR/drift.sqlite" "
        UPDATE metric SET lo_ns = lo_ns + trial_id * 100000000, hi_ns = hi_ns + trial_id * 100000000
            WHERE metric = 'reelection';
        UPDATE trial SET position = position + 1000 WHERE arm_id = 2"
    rejoin-report compare "$BATS_FILE_TMPDIR/drift.sqlite" --metric reelection > "$tmp/out"
    tr -s ' \n' ' ' < "$tmp/out" > "$tmp/words"
    grep -E " \* Re-election: with 3 master-eligible nodes the later trials were longer \(Kendall's tau \+0\.[0-9]+, p < 0.001; 30 trials\)\. " "$tmp/words"
    grep -F 'What is compared was run one after the other: a change of the machine' "$tmp/words"
    # in turns there is no such line
    rejoin-report compare "$full" > "$tmp/out"
    [ "$(grep -c 'one after the other' "$tmp/out")" -eq 0 ]
}

# Most trials of 5 are the shorter ones, two in five never end.
@test "where curves cross no set-up is called the longer one, anywhere" {
    drill cross.sqlite --sizes 3,5 --trials 120 --warmup 0
    local cross=$BATS_FILE_TMPDIR/cross.sqlite of5="arm_id = (SELECT max(arm_id) FROM arm)"
    sqlite3 "$cross" "
        UPDATE metric SET lo_ns = 1000000000 + trial_id * 2000000, hi_ns = 1005000000 + trial_id * 2000000
            WHERE metric = 'reelection';
        UPDATE metric SET lo_ns = 900000000 + trial_id * 400000, hi_ns = 905000000 + trial_id * 400000
            WHERE metric = 'reelection' AND trial_id IN (SELECT trial_id FROM trial WHERE $of5);
        UPDATE metric SET lo_ns = 120000000000, hi_ns = NULL, censored = 1
            WHERE metric = 'reelection' AND trial_id IN (SELECT trial_id FROM trial WHERE $of5 ORDER BY trial_id LIMIT 48);
        UPDATE trial SET outcome = 'no_reelection' WHERE trial_id IN (SELECT trial_id FROM metric WHERE censored = 1)"
    local sentence='Re-election: 3 and 5 master-eligible nodes differ, but neither is the longer one throughout (medians'
    for verb in compare summary; do
        rejoin-report $verb "$cross" --metric reelection | tr -s ' \n' ' ' > "$tmp/words"
        grep -F "$sentence" "$tmp/words"
        [ "$(grep -c 'longer with' "$tmp/words")" -eq 0 ]
    done
    rejoin-report compare "$cross" --metric reelection --format csv | tr -d '\r' > "$tmp/csv"
    grep -E ',shown,$' "$tmp/csv"
    rejoin-report compare "$cross" --metric reelection --format json > "$tmp/json"
    grep -F '"longer": null' "$tmp/json"
    python tests/cli/compare.py "$cross" "$tmp/json"
    rejoin-report page "$cross" --metric reelection -o "$tmp/page.html"
    grep -F "$sentence" "$tmp/page.html"
    grep -F '<b>shown, crossing</b>' "$tmp/page.html"
    rejoin-report workbook "$cross" --metric reelection -o "$tmp/book.xlsx"
    unzip -p "$tmp/book.xlsx" xl/sharedStrings.xml > "$tmp/strings"
    grep -F "$sentence" "$tmp/strings"
    grep -F 'shown, crossing' "$tmp/strings"
}

# Each of these compares something, and is quiet unless told to say so.
@test "what shows nothing is counted, with the reason" {
    local heaps
    heaps=$(seq -s, 21)
    drill pairless.sqlite --sizes "$(seq -s, 7)" --heap "$heaps" --nodes 7 --trials 2 --warmup 0
    rejoin-report compare "$BATS_FILE_TMPDIR/pairless.sqlite" --by heap > "$tmp/out"
    tr -s ' \n' ' ' < "$tmp/out" | grep -F \
        'Among all groups of a block no difference is shown in any of 14 blocks; too many groups for pairs.'
    grep -A1 '^compared' "$tmp/out" | grep -x '' # an empty line after the head
    [ "$(grep -c '^b - a' "$tmp/out")" -eq 0 ]   # notes only of columns that are there
    rejoin-report compare "$BATS_FILE_TMPDIR/pairless.sqlite" --by heap --format md > "$tmp/md"
    grep -F -- '- Among all groups of a block no difference is shown in any of 14 blocks' "$tmp/md"
    rejoin-report page "$BATS_FILE_TMPDIR/pairless.sqlite" --where size=3 -o "$tmp/page.html"
    grep -F 'So many groups are not compared in pairs.' "$tmp/page.html"
    drill few.sqlite --sizes 3,4 --heap "$heaps" --trials 3 --warmup 0
    rejoin-report compare "$BATS_FILE_TMPDIR/few.sqlite" > "$tmp/out"
    grep -F 'Of 42 pairs none shows a difference: all have too few trials to show one.' "$tmp/out"
}

@test "where no two of several can be told apart, that is one sentence a block" {
    drill three.sqlite --trials 3 --warmup 0
    rejoin-report compare "$BATS_FILE_TMPDIR/three.sqlite" > "$tmp/out"
    grep -xF '  * Re-election: too few trials to tell any two of 3 apart; no fewer than 5 of each can.' "$tmp/out"
    grep -xF '  * Rejoin: too few trials to tell any two of 3 apart; no fewer than 5 of each can.' "$tmp/out"
    [ "$(grep -c 'too few trials to tell' "$tmp/out")" -eq 2 ]
    # programs get the sentence of each pair
    rejoin-report compare "$BATS_FILE_TMPDIR/three.sqlite" --format json > "$tmp/json"
    grep -qF 'too few trials to tell 3 and 4 master-eligible nodes apart' "$tmp/json"
}

@test "no line of a table is wider than a terminal" {
    local demo=data/recorded/demo.sqlite
    rejoin-report compare "$full" > "$tmp/out"
    rejoin-report compare "$mixed" >> "$tmp/out"
    rejoin-report compare "$demo" "$full" > "$tmp/files" # with long values
    awk 'length($0) > 100 { print; bad = 1 } END { exit bad }' "$tmp/out" "$tmp/files"
    # a path goes on after a slash, or wherever it must
    local deep
    deep=$tmp/$(printf 'drills-%.0s' {1..8})/of/the/$(printf 'year%.0s' {1..40})
    mkdir -p "$deep"
    cp "$full" "$deep/東京 full.sqlite"
    (cd "$deep" && rejoin-report compare "$PWD/東京 full.sqlite" "$tmp/again.sqlite") > "$tmp/deep"
    /usr/bin/python3 - "$tmp/deep" <<'END'
import sys, unicodedata
for line in open(sys.argv[1]):
    assert sum(1 + (unicodedata.east_asian_width(c) == "W") for c in line.rstrip("\n")) <= 100, line
END
    tr -d ' \n' < "$tmp/deep" | grep -F "A$deep/東京full.sqlite:studythree-four-five,begun"
    grep -E '[^y]/$' "$tmp/deep"
    grep -E '^ {11}(year)+y$' "$tmp/deep" # 89 columns are left
    tr -s ' \n' ' ' < "$tmp/files" > "$tmp/words"
    grep -F '* kernel: A Linux' "$tmp/words"
    grep -E '^poll.fast +20ms +-$' "$tmp/files"
}

@test "wrong use gets one line" {
    refuses 2 "hold the same study, 'three-four-five'" rejoin-report compare "$full" "$full"
    refuses 2 "--by: two files are compared with each other" rejoin-report compare "$full" "$tmp/again.sqlite" --by size
    refuses 2 "unknown factor 'sizes'; did you mean 'size'?" rejoin-report compare "$full" --by sizes
    refuses 2 "did you mean 'reelection'?" rejoin-report compare "$full" --metric re-election
    refuses 3 "B: $tmp/none.sqlite" rejoin-report compare "$full" "$tmp/none.sqlite"
    refuses 3 "$tmp/none.sqlite" rejoin-report compare "$tmp/none.sqlite"
    refuses 2 "missing argument" rejoin-report compare
}
