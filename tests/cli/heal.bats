#!/usr/bin/env bats
# heal on nodes that are not the collector's own: what a killed collector left is put right, or named.
# shellcheck disable=SC2030,SC2031 # what a test changes is its own
bats_require_minimum_version 1.5.0
load sim_common.bash

setup() {
    sim=$BATS_TEST_TMPDIR/sim
    sim_start "$sim"
}

teardown() { sim_end; }

# A recording of a collector that was killed while n1 was down. killed FILE OPTION...
killed() {
    touch "$sim/start-waits"
    rejoin-collector run "$sim/plan.yml" --yes --db "$1" "${@:2}" > /dev/null 2>&1 3>&- &
    pid=$!
    wait_for start_waits
    kill -KILL "$pid"
    wait "$pid" 2> /dev/null || true
    wait_for start_ended # it sees that its caller is gone
    is_down n1
    rm "$sim/start-waits"
}

n_open() { sqlite3 "$1" "SELECT count(*) FROM step WHERE undoes_step_id IS NULL AND undone_ns IS NULL"; }

@test "a session that cannot be healed is named, and does not keep the nodes of another down" {
    local masked="n1 (stop): start n1: sim_service: exit 1: the unit is masked: start it by hand"
    killed first.sqlite
    # shellcheck disable=SC2154 # sim_start's
    first=$sim first_pid=$sim_pid
    sim=$BATS_TEST_TMPDIR/second
    sim_start "$sim"
    killed second.sqlite --set study.name=second
    rejoin-report merge both.sqlite first.sqlite second.sqlite
    touch "$first/start-fails" "$sim/start-fails"
    run rejoin-collector heal both.sqlite
    echo "$output"
    [ "$status" -eq 5 ]
    [ "$output" = "rejoin-collector: error: session 1: node $masked; session 2: node $masked" ]
    rm "$sim/start-fails"
    run --separate-stderr rejoin-collector heal both.sqlite
    kill "$first_pid"
    # shellcheck disable=SC2154 # bats's
    echo "$output" "$stderr"
    [ "$status" -eq 5 ]
    all_up
    [ "$output" = "session 2: node n1: stop undone" ]
    [ "$stderr" = "rejoin-collector: error: session 1: node $masked" ]
    [ "$(n_open both.sqlite)" = 1 ]
    # the second one is over and done with
    [ "$(sqlite3 both.sqlite "SELECT ended_by IS NULL FROM session ORDER BY session_id" | paste -sd ' ')" = '1 0' ]
}

@test "a limits.rejoin shorter than what a node has to stay is no reason to be called interrupted" {
    killed d.sqlite --set limits.rejoin=3s --set probe.write=50ms
    index=$(sqlite3 d.sqlite "SELECT 'rejoin-drill-' || substr(uuid, 1, 8) || '-1' FROM study")
    grep -q "PUT /$index?" "$sim/requests"
    # a node that does not start, and an index that does not go: both are told
    touch "$sim/start-fails" "$sim/no-index"
    run rejoin-collector heal d.sqlite
    echo "$output"
    [ "$status" -eq 5 ]
    [ "${#lines[@]}" -eq 1 ]
    [[ $output == *"start it by hand; cannot remove the index $index: HTTP status 503" ]]
    rm "$sim/start-fails" "$sim/no-index"
    run rejoin-collector heal d.sqlite
    echo "$output"
    [ "$status" -eq 0 ]
    [ "$output" = "session 1: node n1: stop undone" ]
    all_up
    # the index of the write probe and the mark went, too
    grep -q "DELETE /$index?" "$sim/requests"
    grep -q 'PUT /_cluster/settings {"persistent":{"cluster.metadata.rejoin.[-0-9a-f]*":null}}' "$sim/requests"
    [ "$(n_open d.sqlite)" = 0 ]
}

@test "in a merged file sessions have other numbers: the index of the write probe is found all the same" {
    /usr/bin/python3 "$BATS_TEST_DIRNAME/make-drill.py" first.sqlite --trials 1
    killed d.sqlite --set study.name=second --set probe.write=50ms
    index=$(grep -om 1 'PUT /rejoin-drill-[^?]*' "$sim/requests")
    rejoin-report merge both.sqlite first.sqlite d.sqlite
    run rejoin-collector heal both.sqlite
    echo "$output"
    [ "$status" -eq 0 ]
    [ "$output" = "session 2: node n1: stop undone" ]
    grep -q "DELETE ${index#PUT }?" "$sim/requests"
}

@test "a mark that was set without an answer does not stay" {
    touch "$sim/cut-put"
    run rejoin-collector run "$sim/plan.yml" --yes --db d.sqlite
    echo "$output"
    rm "$sim/cut-put"
    [ "$status" -eq 3 ]
    grep -q 'PUT /_cluster/settings {"persistent":{"cluster.metadata.rejoin.[-0-9a-f]*":"' "$sim/requests"
    all_up
    # another study's drill is not refused
    rejoin-collector run "$sim/plan.yml" --yes --db e.sqlite
}
