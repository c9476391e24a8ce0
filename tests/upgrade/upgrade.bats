#!/usr/bin/env bats
# Files of every released format live on: reports read them and touch nothing, the collector brings them up to the
# present format and keeps a copy.

setup() {
    here=$BATS_TEST_DIRNAME
    present=$(find "$here/../../schema/migrations" -name '*.sql' | wc -l)
    cd "$BATS_TEST_TMPDIR" || exit 1
    cp "$here"/format* .
}

sql() { sqlite3 -readonly "$@"; }

# every row of a file, in the columns that format 1 had; rows of session and trial are changed by heal
rows() {
    python3 - "$1" "$here/../../schema/migrations/0001.sql" "${@:2}" << 'END'
import sqlite3, sys
first = sqlite3.connect(":memory:")
first.executescript(open(sys.argv[2]).read())
db = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
n = 0
for (table,) in first.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").fetchall():
    columns = [c for (c,) in first.execute("SELECT name FROM pragma_table_xinfo(?)", (table,))]
    if table not in sys.argv[3:]:
        for row in db.execute(f"SELECT {', '.join(columns)} FROM {table} ORDER BY 1, 2, 3"):
            print(table, row)
            n += 1
assert n > 500, n
END
}

@test "reports read older formats and change no byte of them" {
    sha256sum format* > before
    for file in format*.sqlite; do
        cp "$file" plain
        [ "$(sql "$file" 'PRAGMA user_version')" -lt "$present" ]
        run rejoin-report summary "$file"
        echo "$output"
        [ "$status" -eq 0 ]
        rejoin-report workbook "$file" -o "$file.xlsx"
        rejoin-report summary "$file" --format json > "$file.json"
    done
    sha256sum -c --quiet before
    # the figures are those of plain SQL on the old file
    /usr/bin/python3 "$here/../e2e/summary_equals_sql.py" format1.sqlite format1.sqlite.json
    [[ $(rejoin-report summary format1.sqlite) == *"9 recorded, 9 planned: 9 recovered"* ]]
    [[ $(rejoin-report summary format1-interrupted.sqlite) == *"2 recorded, 3 planned: 1 recovered, 1 unfinished"* ]]
}

@test "an older format on a read-only medium" {
    mkdir medium && cp format1.sqlite medium
    if ((EUID)); then
        chmod a-w medium medium/*
        run rejoin-report summary medium/format1.sqlite
        chmod u+w medium
    else
        unshare -m true 2> /dev/null || skip "no mount name spaces here"
        run unshare -m sh -c 'mount --bind medium medium && mount -o remount,ro,bind medium &&
            ! touch medium/x 2> /dev/null && rejoin-report summary medium/format1.sqlite'
    fi
    echo "$output"
    [ "$status" -eq 0 ]
    [[ $output == *"9 recorded, 9 planned: 9 recovered"* ]]
}

@test "the plan of an older recording still has its hash: it can be resumed" {
    sql format1-interrupted.sqlite 'SELECT plan_text FROM study' > plan.yml
    hash=$(sql format1-interrupted.sqlite 'SELECT plan_sha256 FROM study')
    [ "${#hash}" -eq 64 ]
    run rejoin-collector check plan.yml
    [[ $output == *"SHA-256 $hash"* ]]
}

@test "the collector brings a whole file up, once, and keeps it as it was" {
    rows format1.sqlite > before
    run rejoin-collector heal format1.sqlite
    echo "$output"
    [ "$status" -eq 0 ]
    [[ $output == *"format1.sqlite was of an older format and is brought up to format $present; as it was: format1.sqlite.format1.bak"* ]]
    [[ $output == *"nothing to heal"* ]]
    [ "$(sql format1.sqlite 'PRAGMA user_version; PRAGMA integrity_check; PRAGMA foreign_key_check')" = \
        "$(printf '%d\nok' "$present")" ]
    [ "$(sql format1.sqlite.format1.bak 'PRAGMA user_version; PRAGMA integrity_check')" = "$(printf '1\nok')" ]
    rows format1.sqlite | diff before -
    rows format1.sqlite.format1.bak | diff before -
    # the tables and views are those of a new file
    schema() { sql "$1" "SELECT type, name FROM sqlite_schema ORDER BY 1, 2"; }
    python3 "$here/../cli/make-drill.py" new.sqlite --trials 1
    diff <(schema new.sqlite) <(schema format1.sqlite)
    run rejoin-collector heal format1.sqlite
    [ "$output" = "nothing to heal" ]
    [ "$(find . -name 'format1.sqlite*' | wc -l)" -eq 2 ]
}

@test "an interrupted file is healed: its open step is undone, its session was killed" {
    rows format1-interrupted.sqlite session trial step > before
    run rejoin-collector heal format1-interrupted.sqlite
    echo "$output"
    [ "$status" -eq 0 ]
    [ "$(find . -name 'format1-interrupted.sqlite*' | sort)" = \
        "$(printf './format1-interrupted.sqlite\n./format1-interrupted.sqlite.format1.bak')" ]
    [ "$(sql format1-interrupted.sqlite "SELECT ended_by FROM session")" = killed ]
    [ "$(sql format1-interrupted.sqlite "SELECT group_concat(outcome) FROM trial")" = recovered,aborted ]
    [ "$(sql format1-interrupted.sqlite "SELECT count(*) FROM step WHERE action = 'kill' AND undone_ns IS NULL")" -eq 0 ]
    rows format1-interrupted.sqlite session trial step | diff before -
    # what the log beside it held is in the copy too
    [ "$(sql format1-interrupted.sqlite.format1.bak "SELECT count(*) FROM step WHERE action = 'kill' AND undone_ns IS NULL")" -eq 1 ]
    rows format1-interrupted.sqlite.format1.bak session trial step | diff before -
}

@test "no room for the copy: one line, and the file is as it was" {
    ((EUID == 0)) && unshare -m true 2> /dev/null || skip "mounting a small disk needs root"
    mkdir disk
    # shellcheck disable=SC2016
    run unshare -m sh -c '
        mount -t tmpfs -o size=1000k none disk || exit 77
        cp format1.sqlite disk && sha256sum disk/* > before
        rejoin-collector heal disk/format1.sqlite
        status=$?
        ls disk && sha256sum -c --quiet before || exit 99
        exit $status'
    echo "$output"
    [ "$status" -ne 77 ] || skip "no tmpfs here"
    [ "$status" -eq 3 ]
    [[ $output == *"error: disk/format1.sqlite: backup copy of format 1: no space left on the device"* ]]
    [[ $output != *.bak* ]]
}

@test "a format that is yet to come is refused, by both" {
    python3 "$here/../cli/make-drill.py" next.sqlite --trials 1
    sqlite3 next.sqlite "PRAGMA user_version = $((present + 1))"
    before=$(sha256sum next.sqlite)
    for command in "rejoin-report summary" "rejoin-collector heal"; do
        run $command next.sqlite
        [ "$status" -eq 3 ]
        [[ $output == *"next.sqlite: made by a newer rejoin (format $((present + 1)); this one reads up to $present)" ]]
    done
    [ "$(sha256sum next.sqlite)" = "$before" ]
}
