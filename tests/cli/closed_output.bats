#!/usr/bin/env bats
# A reader that goes away does not end a drill: what cannot be printed is not printed, and every node comes back.
load sim_common.bash

setup() {
    sim=$BATS_TEST_TMPDIR/sim
    sim_start "$sim"
}

teardown() { sim_end; }

# A pipe whose reader is gone; $1 is the descriptor.
open_closed_pipe() {
    mkfifo pipe
    exec {hold}<> pipe
    eval "exec $1> pipe"
    exec {hold}>&-
    rm pipe
}

# all_ended_well FILE OUTCOME N: the recording says so, and nothing is left undone
all_ended_well() {
    [ "$(sqlite3 "$1" "SELECT group_concat(DISTINCT outcome), count(*) FROM v_trial")" = "$2|$3" ]
    [ "$(sqlite3 "$1" "SELECT count(*) FROM step WHERE undoes_step_id IS NULL AND undone_ns IS NULL")" = 0 ]
    all_up
}

is_stopping() { [ "$(sqlite3 d.sqlite "SELECT count(*) FROM step WHERE action = 'stop'" 2> /dev/null)" = 1 ]; }

@test "a run whose output is read to its first line alone ends with its own exit code" {
    set +o pipefail
    rejoin-collector run "$sim/plan.yml" --yes --set trials=2 --db d.sqlite 2>&1 | head -n1
    [ "${PIPESTATUS[0]}" -eq 0 ]
    all_ended_well d.sqlite recovered 2
}

@test "^C with nobody left to read: the node comes back, exit 4" {
    touch "$sim/start-waits"
    open_closed_pipe 8
    rejoin-collector run "$sim/plan.yml" --yes --db d.sqlite > /dev/null 2>&8 3>&- 8>&- &
    pid=$!
    wait_for start_waits
    kill -INT "$pid"
    rm "$sim/start-waits"
    status=0
    wait "$pid" || status=$?
    [ "$status" -eq 4 ]
    all_ended_well d.sqlite aborted 1
}

@test "heal with nobody left to read tells of the nodes all the same; a standard output that is full is said" {
    rejoin-collector run "$sim/plan.yml" --yes --db d.sqlite
    open_closed_pipe 8
    rejoin-collector heal d.sqlite >&8
    run bash -c 'rejoin-collector heal d.sqlite > /dev/full'
    [ "$status" -eq 0 ]
    [ "$output" = "rejoin-collector: warning: cannot write to standard output" ]
}

@test "no file and no connection gets the number of a closed standard stream" {
    echo 1 > "$sim/stop-takes"
    python3 -c 'import os, sys; os.closerange(0, 3); os.execvp(sys.argv[1], sys.argv[1:])' \
        rejoin-collector run "$sim/plan.yml" --yes --db d.sqlite 3>&- &
    pid=$!
    wait_for is_stopping
    for fd in 0 1 2; do
        [ "$(readlink "/proc/$pid/fd/$fd")" = /dev/null ]
    done
    wait "$pid"
    all_ended_well d.sqlite recovered 1
}
