#!/usr/bin/env bats
# The recorded drill in data/: what a newcomer opens first. Reports never change it.

setup() {
    cd "$BATS_TEST_DIRNAME/../.." || exit 1
    db=data/recorded/demo.sqlite
}

@test "summary and workbook of the recorded drill, which stays as it is" {
    before=$(sha256sum "$db")
    run rejoin-report summary "$db"
    echo "$output"
    [ "$status" -eq 0 ]
    [[ $output == *"9 recorded, 9 planned: 9 recovered"* ]]
    rejoin-report summary "$db" --format json > "$BATS_TEST_TMPDIR/summary.json"
    /usr/bin/python3 tests/e2e/summary_equals_sql.py "$db" "$BATS_TEST_TMPDIR/summary.json"
    rejoin-report workbook "$db" -o "$BATS_TEST_TMPDIR/demo.xlsx"
    /usr/bin/python3 tests/cli/workbook.py "$db" "$BATS_TEST_TMPDIR/demo.xlsx"
    [ "$(sha256sum "$db")" = "$before" ]
    [ "$(ls data/recorded)" = demo.sqlite ]
}

@test "it is of the present format, is sealed and holds" {
    [ "$(sqlite3 -readonly "$db" 'PRAGMA user_version')" -eq "$(find schema/migrations -name '0*.sql' | wc -l)" ]
    run rejoin-report verify "$db"
    echo "$output"
    [ "$status" -eq 0 ]
    [[ $output == *"9 of 9 trials sealed"* ]]
}

@test "what the collector promises of every recording holds for it" {
    sql() { sqlite3 -readonly "$db" "$1"; }
    [ "$(sql 'PRAGMA integrity_check')" = ok ]
    [ -z "$(sql 'PRAGMA foreign_key_check')" ]
    [ "$(sql 'SELECT count(*) FROM sample')" -eq "$(sql 'SELECT sum(sent) FROM poll_count')" ]
    [ "$(sql "SELECT count(*) FROM step WHERE action IN ('stop', 'kill') AND undone_ns IS NULL")" -eq 0 ]
    [ "$(sql "SELECT group_concat(master_eligible || 'x' || n) FROM (SELECT master_eligible, count(*) n
        FROM v_trial GROUP BY 1)")" = 3x3,4x3,5x3 ]
}
