#!/usr/bin/env bats
# A drill that is cut off in the middle of a fault, on real nodes: nothing stays down, nothing stays.
# shellcheck disable=SC2030,SC2031 # each test is a subshell of its own
load common.bash

start_run() {
    rejoin-collector run plan.yml --db drill.sqlite > run.log 2>&1 3>&- &
    collector=$!
    await fault_is_open drill.sqlite
}

@test "^C in a fault: exit 4, no process left; --resume finishes the plan" {
    plan kill 2
    start_run
    kill -INT "$collector"
    status=0
    wait "$collector" || status=$?
    cat run.log
    [ "$status" -eq 4 ]
    nothing_is_left
    [ "$(sql drill.sqlite "SELECT outcome FROM trial")" = aborted ]
    [ "$(sql drill.sqlite "SELECT ended_by FROM session")" = interrupted ]
    run rejoin-collector heal drill.sqlite
    [ "$status" -eq 0 ]
    [ "$output" = "nothing to heal" ]

    # a changed plan is not the same study
    run rejoin-collector run plan.yml --db drill.sqlite --resume --set trials=3
    echo "$output"
    [ "$status" -eq 2 ]
    run rejoin-collector run plan.yml --db drill.sqlite --resume
    echo "$output"
    [ "$status" -eq 0 ]
    nothing_is_left
    [ "$(sql drill.sqlite "SELECT group_concat(position || ' ' || outcome) FROM (SELECT * FROM trial ORDER BY trial_id)")" \
        = "1 aborted,1 recovered,2 recovered" ]
    [ "$(sql drill.sqlite "SELECT count(*) FROM study WHERE finished_utc_us IS NOT NULL")" -eq 1 ]
}

@test "SIGTERM while the cluster starts: exit 4, nothing left" {
    plan stop 1
    rejoin-collector run plan.yml --db drill.sqlite > run.log 2>&1 3>&- &
    collector=$!
    await has_servers
    kill -TERM "$collector"
    status=0
    wait "$collector" || status=$?
    cat run.log
    [ "$status" -eq 4 ]
    nothing_is_left
}

@test "kill -9 in a fault: the servers end by themselves, heal removes the rest, twice is harmless" {
    plan stop 2
    start_run
    # while it records, nobody else may
    run rejoin-collector heal drill.sqlite
    echo "$output"
    [ "$status" -eq 3 ]
    [[ "$output" == *"another collector"* ]]
    kill -KILL "$collector"
    wait "$collector" || true
    await has_no_servers
    # readable as it is
    rejoin-report summary drill.sqlite

    run rejoin-collector heal drill.sqlite
    echo "$output"
    [ "$status" -eq 0 ]
    nothing_is_left
    [ "$(sql drill.sqlite "SELECT outcome || ': ' || reason FROM trial")" = "aborted: the collector was killed" ]
    [ "$(sql drill.sqlite "SELECT count(*) FROM step WHERE undone_ns IS NULL")" -eq 0 ]
    [ "$(ls drill.sqlite*)" = drill.sqlite ]
    run rejoin-collector heal drill.sqlite
    [ "$status" -eq 0 ]
    [ "$output" = "nothing to heal" ]
}
