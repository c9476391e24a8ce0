#!/usr/bin/env bats
# run --resume on nodes that are not the collector's own: the same cluster is the same row, and its trials go on.
# shellcheck disable=SC2154,SC2030,SC2031 # sim_start's and bats's; what a test changes is its own
load sim_common.bash

setup() {
    sim_start "$BATS_TEST_TMPDIR/sim"
}

teardown() { sim_end; }

# record OPTION...: three trials into d.sqlite
record() {
    rejoin-collector run "$sim/plan.yml" --yes --db d.sqlite --set trials=3 --set probe.write=50ms "$@"
}

sql() { sqlite3 d.sqlite "$1"; }

# The first trial is done, the second is cut off.
interrupted() {
    rejoin-collector run "$sim/plan.yml" --yes --db d.sqlite --set trials=3 --set probe.write=50ms > /dev/null 2>&1 3>&- &
    pid=$!
    wait_for is_done
    wait_for is_down n1
    kill "-$1" "$pid"
    status=0
    wait "$pid" || status=$?
}

is_done() { [ "$(sqlite3 -readonly d.sqlite 'SELECT count(*) FROM trial WHERE outcome IS NOT NULL' 2> /dev/null || echo 0)" -ge 1 ]; }

whole() {
    [ "$(sql 'SELECT count(*) FROM cluster')" = 1 ]
    [ "$(sql 'SELECT count(*) FROM node')" = 3 ]
    [ "$(sql 'SELECT count(DISTINCT session_id) FROM trial')" = 2 ]
    [ "$(sql "SELECT count(DISTINCT position) FROM trial WHERE outcome = 'recovered'")" = 3 ]
    rejoin-report verify d.sqlite
}

@test "interrupted: it goes on with the trials that are left" {
    interrupted TERM
    [ "$status" -eq 4 ]
    record --resume
    whole
}

@test "killed: it heals first, then goes on" {
    interrupted KILL
    record --resume
    all_up
    whole
}

# refused WORDS: one line, exit code 3, and nothing was done to a node
refused() {
    run record --resume
    echo "$output"
    [ "$status" -eq 3 ]
    [[ ${lines[-1]} == *"$1"* ]]
    all_up
    [ "$(sql 'SELECT count(DISTINCT session_id) FROM trial')" = 1 ]
}

@test "other nodes than were recorded, or another version of them, are refused" {
    interrupted TERM
    echo 9.2.0 > "$sim/version"
    refused "node n1: its version is 9.2.0, but 8.19.0 was recorded: record into another file (--db)"
    rm "$sim/version"
    sql "UPDATE node SET name = 'n9' WHERE name = 'n3'"
    refused "cluster 3-masters: its node 3 is n3, but n9 was recorded"
}
