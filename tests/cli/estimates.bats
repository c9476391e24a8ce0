#!/usr/bin/env bats
# rejoin-report: what is chosen (--where and its like), and what the figures of a summary are.

load report_common.bash

setup_file() {
    cd "$BATS_TEST_DIRNAME/../.." || exit 1
    drill full.sqlite --trials 12 --censored 1 --incidents 1
    drill faults.sqlite --sizes 3,4,5 --faults stop,kill --trials 3 --heap 256m,1g
}

setup() {
    cd "$BATS_TEST_DIRNAME/../.." || exit 1
    full=$BATS_FILE_TMPDIR/full.sqlite
    faults=$BATS_FILE_TMPDIR/faults.sqlite
    tmp=$BATS_TEST_TMPDIR
}

# chosen WHERE: the trials of the groups, and those that plain SQL finds (its WHERE is $2).
chosen() {
    local got want
    got=$(rejoin-report summary "$faults" --where "$1" --format json | python -c '
import json, sys
print(sum(g["trials"] for g in json.load(sys.stdin)["groups"]))')
    want=$(sqlite3 "$faults" "SELECT count(*) FROM v_trial WHERE warmup = 0 AND $2")
    echo "$1: $got, $want"
    [ "$got" -eq "$want" ] && [ "$got" -gt 0 ]
}

@test "--where: levels of any factor; the same factor again means either" {
    chosen size=4 "master_eligible = 4"
    chosen size=4,fault=kill "master_eligible = 4 AND fault = 'kill'"
    chosen size=3,size=5 "master_eligible <> 4"
    chosen size=3,5,fault=stop "master_eligible <> 4 AND fault = 'stop'"
    chosen heap=1g,target=master,product=elasticsearch "factors ->> 'heap' = '1g'"
    chosen cluster=5-masters "master_eligible = 5"
    chosen study=three-four-five 1
}

@test "--where: what is not there is told, with what there is" {
    refuses 2 "--where: unknown factor 'sizes'; did you mean 'size'?" rejoin-report summary "$full" --where sizes=3
    refuses 2 "--where: no trial has size=6; there are: 3, 4, 5" rejoin-report summary "$full" --where size=6
    refuses 2 "--where: no trial has fault=kil; there is only: stop" rejoin-report summary "$full" --where fault=kil
    refuses 2 "--where: 'size' is not factor=level" rejoin-report workbook "$full" --where size -o "$tmp/a.xlsx"
    refuses 2 "--where: empty: LEVELS is expected" rejoin-report summary "$full" --where ''
    refuses 2 "no trial has size=; there are" rejoin-report summary "$full" --where size=
    drill apart.sqlite --sizes 3,4 --faults stop,kill --trials 1 --warmup 0
    sqlite3 "$BATS_FILE_TMPDIR/apart.sqlite" "PRAGMA foreign_keys = OFF;
        DELETE FROM trial WHERE arm_id = 1; DELETE FROM arm WHERE arm_id = 1" 2> /dev/null || true
    refuses 2 "size=3,fault=stop: no trial has all of these" \
        rejoin-report summary "$BATS_FILE_TMPDIR/apart.sqlite" --where size=3,fault=stop
    drill arms.sqlite --sizes 3 --trials 1 --warmup 0 --nodes 3 --heap "$(seq -s, 1 200)"
    refuses 2 "no trial has heap=201; there are: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 188 more" \
        rejoin-report summary "$BATS_FILE_TMPDIR/arms.sqlite" --where heap=201
    drill none.sqlite --no-study
    refuses 2 "there are: none" rejoin-report summary "$BATS_FILE_TMPDIR/none.sqlite" --where size=3
}

@test "--where: a comma, = or backslash in a level follows a backslash" {
    drill names.sqlite --sizes 3 --trials 1 --warmup 0 --odd-names
    sqlite3 "$BATS_FILE_TMPDIR/names.sqlite" "UPDATE study SET name = 'a,b=c\\d'"
    rejoin-report summary "$BATS_FILE_TMPDIR/names.sqlite" --where 'study=a\,b\=c\\d' > "$tmp/out"
    grep -qF 'only       study a,b=c\d' "$tmp/out"
    rejoin-report summary "$BATS_FILE_TMPDIR/names.sqlite" --where 'study=a\,b=c\\d,size=3' > /dev/null
}

@test "--where: every output says what was chosen, and of how many trials" {
    rejoin-report summary "$faults" --where size=4,fault=kill > "$tmp/out"
    grep -qE '^trials +48 recorded, 48 planned, 8 chosen: 6 recovered; 2 warm-ups left out$' "$tmp/out"
    grep -qE '^only +masters 4, fault kill$' "$tmp/out"
    rejoin-report summary "$faults" --where size=4,fault=kill --format md | grep -qF -- '- only: masters 4, fault kill'
    rejoin-report summary "$faults" --where size=4,size=3 --format json | grep -qF '"where": "masters 4 or 3"'
    rejoin-report summary "$faults" --format json | grep -qF '"where": null'
}

@test "--where: one study of two, and the losses survived of the chosen trials alone" {
    drill two.sqlite --studies 2 --trials 2 --sizes 3,4 --faults kill --warmup 0
    two=$BATS_FILE_TMPDIR/two.sqlite
    sqlite3 -bail "$two" "INSERT INTO loss (trial_id, round, taken, n_lost, voters_before, left_out, predicted, worst,
        survived) SELECT trial_id, 1, '[]', 1, '[]', '[]', 1, 1, 1 FROM trial"
    [ "$(rejoin-report summary "$two" | grep -c '^study  *three')" -eq 2 ]
    rejoin-report summary "$two" --where size=3 --format json > "$tmp/json"
    python - "$tmp/json" << 'END'
import json, sys
said = json.load(open(sys.argv[1]))
assert len(said["studies"]) == 2
assert [t["size"] for t in said["tolerance"]] == [3, 3], said["tolerance"]
assert said["studies"][0]["trials"]["recorded"] == 4 and said["studies"][0]["trials"]["chosen"] == 2
END
    label=$(rejoin-report summary "$two" --format json | python -c '
import json, sys
print(json.load(sys.stdin)["groups"][-1]["factors"]["study"])')
    rejoin-report summary "$two" --where "study=$label" > "$tmp/out"
    [ "$(grep -c '^study  *three' "$tmp/out")" -eq 1 ]
    grep -qF "study      $label" "$tmp/out"
    # its sheets come from the same trials
    rejoin-report workbook "$two" --where "study=$label,size=4" -o "$tmp/a.xlsx"
}

# bats test_tags=slow
@test "the figures, their intervals and shares are those that plain Python computes; JSON fits its schema" {
    drill mixed.sqlite --sizes 3,5 --faults stop,kill --trials 5 --failed 1 --aborted 1
    drill odd.sqlite --odd-names --studies 2 --trials 4 --sizes 3,5 --heap 256m,1g
    drill one.sqlite --trials 1 --warmup 0 --sizes 3
    drill limits.sqlite --trials 3 --no-reelection 3
    drill all.sqlite --trials 8 --no-reelection 8 --sizes 3
    drill many.sqlite --trials 120 --sizes 3,4 --censored 3
    drill arms.sqlite --sizes 3 --trials 1 --warmup 0 --nodes 3 --heap "$(seq -s, 1 200)"
    drill empty.sqlite --empty
    drill no-study.sqlite --no-study
    # given up long before others ended, as where a plan was resumed with other limits
    drill early.sqlite --trials 30 --sizes 4,5 --censored 6
    sqlite3 "$BATS_FILE_TMPDIR/early.sqlite" "UPDATE metric SET lo_ns = 8000000000 + 300000000 * (trial_id % 9)
        WHERE censored = 1"
    for name in full mixed odd one limits all many arms empty no-study early; do
        echo "$name"
        rejoin-report summary "$BATS_FILE_TMPDIR/$name.sqlite" --format json > "$tmp/json"
        rejoin-report summary "$BATS_FILE_TMPDIR/$name.sqlite" --format csv > "$tmp/csv"
        python tests/cli/summary.py "$BATS_FILE_TMPDIR/$name.sqlite" "$tmp/json" "$tmp/csv"
    done
}

@test "trials that did not recover have a share: 100 % where none did, whatever failed is" {
    drill none.sqlite --sizes 3 --trials 8 --no-reelection 8 --warmup 0
    none=$BATS_FILE_TMPDIR/none.sqlite
    rejoin-report summary "$none" > "$tmp/out"
    cat "$tmp/out"
    grep -qE '^masters +fault +contested +share +95 % CI +not recovered +share +95 % CI' "$tmp/out"
    grep -qE '^ +3 +stop +- +- +- +8 of 8 +100 % +63–100 %' "$tmp/out"
    grep -qE '^masters +fault +trials +recovered +censored +not measured +aborted +contested$' "$tmp/out"
    rejoin-report summary "$none" --format md | grep -qF '| 8 of 8 | 100 % | 63–100 % |'
    rejoin-report summary "$none" --format csv | python -c '
import csv, sys
rows = list(csv.DictReader(sys.stdin))
assert list(rows[0])[-3:] == ["not_recovered", "not_recovered_lo", "not_recovered_hi"], list(rows[0])
assert {(r["not_recovered"], r["failed"], r["trials"]) for r in rows} == {("8", "0", "8")}
assert {(r["not_recovered_lo"][:6], r["not_recovered_hi"]) for r in rows} == {("0.6305", "1")}, rows[0]'
    # the same as the gate means by failed
    rejoin-report gate "$none" --require failed=8 > /dev/null
    # a trial that measured nothing is among them, even where no trial measured anything
    sqlite3 "$none" "UPDATE trial SET outcome = 'gate_failed'; DELETE FROM metric"
    rejoin-report summary "$none" | grep -qE '^ +3 +stop +- +- +- +8 of 8 +100 % +63–100 %$'
}

@test "the schema holds: a row that misses a field or names it wrongly does not fit" {
    rejoin-report summary "$full" --format json > "$tmp/json"
    python - "$tmp/json" << 'END'
import copy, json, sys, jsonschema
fits = jsonschema.Draft202012Validator(json.load(open("report/summary.schema.json"))).is_valid
said = json.load(open(sys.argv[1]))
assert fits(said)
for name, value in (("p95", "slow"), ("p50_ci_need", 6), ("n", -1), ("method", "mean"), ("metric", "re-election")):
    other = copy.deepcopy(said)
    other["rows"][0][name] = value
    assert not fits(other), name
for name in ("p50_ci_lo", "modes", "last"):
    other = copy.deepcopy(said)
    del other["rows"][0][name]
    assert not fits(other), name
END
}

@test "a quantile beyond the longest time, and why the others are blank" {
    drill beyond.sqlite --trials 8 --sizes 3 --censored 5 --warmup 0
    rejoin-report summary "$BATS_FILE_TMPDIR/beyond.sqlite" --metric rejoin > "$tmp/out"
    cat "$tmp/out"
    grep -qE '^rejoin +3 +stop +8 +5 .* > 17[0-9.]+ +> [0-9.]+ +> 17' "$tmp/out"
    grep -qF "Quantiles are then Kaplan-Meier's" "$tmp/out"
    grep -qF -- '-: p90 needs n >= 10, p95 20, its interval 59, p99 100.' "$tmp/out"
    drill few.sqlite --trials 3 --sizes 3 --warmup 0
    rejoin-report summary "$BATS_FILE_TMPDIR/few.sqlite" --metric rejoin > "$tmp/out"
    grep -qF "the median's interval 6, p75 4, p90 10" "$tmp/out"
    [ "$(grep -c Kaplan "$tmp/out")" -eq 0 ]
}

@test "humps and outliers are named" {
    drill humps.sqlite --trials 40 --sizes 3 --warmup 0
    sqlite3 "$BATS_FILE_TMPDIR/humps.sqlite" "
        UPDATE metric SET lo_ns = (CASE WHEN trial_id <= 24 THEN 250 ELSE 740 END + trial_id) * 1000000,
                          hi_ns = (CASE WHEN trial_id <= 24 THEN 250 ELSE 740 END + trial_id + 5) * 1000000
        WHERE metric = 'reelection';
        UPDATE metric SET lo_ns = 8000000000 + trial_id, hi_ns = 8000000000 + trial_id WHERE metric = 'rejoin';
        UPDATE metric SET lo_ns = 99000000000, hi_ns = 99000000000 WHERE metric = 'rejoin' AND trial_id = 7"
    rejoin-report summary "$BATS_FILE_TMPDIR/humps.sqlite" > "$tmp/out"
    cat "$tmp/out"
    grep -qE '^reelection .*2 humps: 0\.2[67] s \(60 %\), 0\.7[78] s \(40 %\)$' "$tmp/out"
    grep -qE '^rejoin .* 1: trial 7( |$)' "$tmp/out"
    rejoin-report summary "$BATS_FILE_TMPDIR/humps.sqlite" --format json --metric rejoin | python -c '
import json, sys
row = json.load(sys.stdin)["rows"][0]
assert row["outliers"]["trials"] == [{"trial": 7, "value": 99.0, "far_out": True}], row["outliers"]
assert row["n"] == 40 and row["max"] == 99'
}

@test "the same bytes whatever the locale, the time zone or the terminal's width" {
    for format in table md csv json; do
        rejoin-report summary "$full" --format $format > "$tmp/a"
        LC_ALL=de_DE.UTF-8 TZ=Asia/Tokyo COLUMNS=40 rejoin-report summary "$full" --format $format > "$tmp/b"
        cmp "$tmp/a" "$tmp/b"
    done
}

@test "CSV stays RFC 4180: a text that starts with = or holds quotes is what it is" {
    drill csv.sqlite --odd-names --studies 2 --trials 1 --warmup 0 --sizes 3
    rejoin-report summary "$BATS_FILE_TMPDIR/csv.sqlite" --format csv > "$tmp/csv"
    python - "$tmp/csv" "$BATS_FILE_TMPDIR/csv.sqlite" << 'END'
import csv, sqlite3, sys
data = open(sys.argv[1], newline="", encoding="utf-8").read()
assert data.replace("\r\n", "").find("\n") < 0 and data.endswith("\r\n")
names = {n for n, in sqlite3.connect(sys.argv[2]).execute("SELECT name FROM study")}
rows = list(csv.DictReader(data.splitlines()))
assert rows and all(r["study"].rsplit(" (", 1)[0] in names for r in rows), rows[0]["study"]
assert len({len(r) for r in csv.reader(data.splitlines())}) == 1
END
}

@test "names of factors are as clean as their levels, and two that look alike stay two" {
    drill raw.sqlite --trials 1 --warmup 0 --sizes 3,4
    raw=$BATS_FILE_TMPDIR/raw.sqlite
    sqlite3 "$raw" "UPDATE arm SET factors = json_set(factors, '$.\"' || char(27) || '[31mheap' || char(10) || 'x\"',
        'a' || char(10, 27) || master_eligible, '$.\"[31mheap x\"', master_eligible)"
    for format in table md csv json; do
        rejoin-report summary "$raw" --format $format > "$tmp/out"
        [ "$(grep -c $'\x1b' "$tmp/out")" -eq 0 ]
        grep -qF '[31mheap x' "$tmp/out"
    done
    rejoin-report summary "$raw" --format csv | head -1 | grep -qF ',[31mheap x,[31mheap x_,metric,'
    rejoin-report summary "$raw" > "$tmp/out"
    grep -qE '^masters +fault +\[31mheap x +\[31mheap x_ +trials' "$tmp/out"
    rejoin-report summary "$raw" --by '[31mheap x' > /dev/null
    refuses 2 "--by: unknown factor 'a?b'" rejoin-report summary "$raw" --by $'a\nb'
}

# on_terminal COLUMNS ARGUMENT...: summary on a terminal that shows UTF-8, unless the environment says otherwise
on_terminal() {
    local columns=$1
    shift
    env TERM="${TERM_IS:-xterm}" LC_ALL="${LOCALE_IS:-C.UTF-8}" \
        /usr/bin/python3 tests/cli/on_pty.py "$columns" rejoin-report summary "$@" > "$tmp/out"
}

@test "sparklines on a terminal that can show them, beside the figures where there is room" {
    on_terminal 200 "$full" --metric reelection
    cat "$tmp/out"
    grep -qE '^reelection +3 +stop +0\.605 .* 0\.14 ▂▂▂▂▄▆▇▇▇▇▇█████ 1\.62 +3: trials 4, 13, 25 ' "$tmp/out"
    on_terminal 80 "$full" --metric reelection
    grep -qE '^reelection +3 +stop +0\.14 ▂▂▂▂▄▆▇▇▇▇▇█████ 1\.62$' "$tmp/out"
    grep -qE '^reelection +3 +stop +0\.605 .* 1 hump$' "$tmp/out"
    # a trial that ran into its limit is never over
    on_terminal 200 "$full" --metric rejoin
    grep -q '▇▇ 10\.99' "$tmp/out"
    [ "$(grep -c '█' "$tmp/out")" -eq 0 ]
    # the rest is what a pipe gets
    rejoin-report summary "$full" --metric reelection > "$tmp/piped"
    on_terminal 80 "$full" --metric reelection
    [ "$(diff "$tmp/piped" "$tmp/out" | grep -c '^<')" -eq 0 ]
}

@test "no sparklines in a pipe, in Markdown, on a dumb terminal or without UTF-8" {
    LC_ALL=C.UTF-8 TERM=xterm rejoin-report summary "$full" > "$tmp/out"
    [ "$(grep -c '[▁▂▃▄▅▆▇█]' "$tmp/out")" -eq 0 ]
    TERM_IS=dumb on_terminal 200 "$full"
    [ "$(grep -c '[▁▂▃▄▅▆▇█]' "$tmp/out")" -eq 0 ]
    LOCALE_IS=C on_terminal 200 "$full"
    [ "$(LC_ALL=C.UTF-8 grep -c '[▁▂▃▄▅▆▇█]' "$tmp/out")" -eq 0 ]
    on_terminal 200 "$full" --format md
    [ "$(grep -c '[▁▂▃▄▅▆▇█]' "$tmp/out")" -eq 0 ]
    on_terminal 200 "$full" --format csv
    [ "$(grep -c '[▁▂▃▄▅▆▇█]' "$tmp/out")" -eq 0 ]
}

@test "findings come first, in the table, in Markdown and in JSON" {
    rejoin-report summary "$full" > "$tmp/out"
    grep -qE '^  \* With 3 master-eligible nodes a new master was seen 0\.60 s after the fault' "$tmp/out"
    grep -qF '  ! 3 of 36 trials did not rejoin within 180 s' "$tmp/out"
    [ "$(grep -n '^  \* ' "$tmp/out" | head -1 | cut -d: -f1)" -lt "$(grep -n '^masters' "$tmp/out" | head -1 | cut -d: -f1)" ]
    rejoin-report summary "$full" --format md | grep -qF -- '- **Caution:** 3 of 36 trials'
    rejoin-report summary "$full" --format json | python -c '
import json, sys
f = json.load(sys.stdin)["findings"]
assert {x["severity"] for x in f} == {"fact", "caution"} and f[0]["text"].startswith("With 3"), f'
}

@test "200 arms: a row for each, and no time that grows with their square" {
    drill arms.sqlite --sizes 3 --trials 1 --warmup 0 --nodes 3 --heap "$(seq -s, 1 200)"
    timeout 60 rejoin-report summary "$BATS_FILE_TMPDIR/arms.sqlite" > "$tmp/out"
    [ "$(grep -cE '^reelection +3 +stop +[0-9]+ +1 +0 ' "$tmp/out")" -eq 200 ]
    rejoin-report summary "$BATS_FILE_TMPDIR/arms.sqlite" --where heap=7,heap=150 > "$tmp/out"
    [ "$(grep -cE '^reelection +3 +stop +(7|150) +1 +0 ' "$tmp/out")" -eq 2 ]
}

# bats test_tags=slow
@test "one trial, one size, every trial censored, nothing recorded: each format is sensible" {
    drill one.sqlite --trials 1 --warmup 0 --sizes 3
    drill all.sqlite --trials 8 --no-reelection 8 --sizes 3 --warmup 0
    drill empty.sqlite --empty
    drill no-study.sqlite --no-study
    for name in one all empty no-study; do
        for format in table md csv json; do
            rejoin-report summary "$BATS_FILE_TMPDIR/$name.sqlite" --format $format > "$tmp/$name.$format" 2> "$tmp/err"
            [ ! -s "$tmp/err" ] && [ -s "$tmp/$name.$format" ]
            [ "$(grep -ciE '\bnan\b|\binf\b' "$tmp/$name.$format")" -eq 0 ]
        done
    done
    grep -qE '^reelection +3 +stop +1 +0 ' "$tmp/one.table"
    grep -qF "the median's interval 6" "$tmp/one.table"
    grep -qE '^reelection +3 +stop +8 +8 +> 120\.0 +> 120\.0 +> 120\.0$' "$tmp/all.table"
    grep -qF 'No trial has been measured yet' "$tmp/empty.table"
    grep -qF 'The recording holds no study.' "$tmp/no-study.table"
    [ "$(wc -l < "$tmp/no-study.csv")" -eq 1 ]
}
