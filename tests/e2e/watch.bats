#!/usr/bin/env bats
# What others do to a cluster, recorded by somebody who does nothing to it.

load common.bash
load services.bash

setup_file() { services_start; }

teardown_file() { services_end; }

# watch ARGS...: in the background; its pid in $watcher
watch() {
    rejoin-collector watch --db watch.sqlite --every 20ms --settle 3s "$@" --hosts \
        "http://127.0.0.1:$((FIRST_PORT + 1)),http://127.0.0.1:$((FIRST_PORT + 2)),http://127.0.0.1:$((FIRST_PORT + 3))" 2> watch.log &
    watcher=$!
    await grep -q '^watching' watch.log
}

happened() { [[ $(grep -c '^something happens' watch.log) -eq $1 ]]; }

over() { [[ $(grep -c '^trial .*watched: recovered' watch.log) -eq $1 ]]; }

goes_on() { [[ $(grep -c '^watching on' watch.log) -eq $1 ]]; }

master() { get '/_cat/master?h=node' | tr -d ' \n'; }

is_gone() { ! "$SERVICE" status "$1"; }

# elected_but NODE: one of the others names one of the others
elected_but() {
    local i named
    for i in 1 2 3; do
        [[ n$i != "$1" ]] || continue
        named=$(curl -fsS "http://127.0.0.1:$((FIRST_PORT + i))/_cluster/state/master_node,nodes?local=true" |
            python3 -c 'import json, sys; s = json.load(sys.stdin); print(s["nodes"][s["master_node"]]["name"])') || continue
        [[ $named == "$1" ]] || return 0
    done
    return 1
}

# Nothing was written: no mark, no exclusion, no index.
untouched() {
    [[ $(get /_cluster/settings) == *'"persistent":{},"transient":{}'* ]]
    [[ -z $(get /_cat/indices) ]]
}

@test "a master that is killed and started again by others, and a node that is not the master" {
    local victim other status=0
    watch
    victim=$(master)
    kill -KILL "$("$SERVICE" status "$victim")"
    await happened 1
    await is_gone "$victim"
    await elected_but "$victim" # by those two: the third might be elected itself
    "$SERVICE" start "$victim"
    await over 1
    await goes_on 1

    other=$(for n in n1 n2 n3; do [[ $n == "$(master)" ]] || echo $n; done | head -1)
    "$SERVICE" stop "$other"
    await happened 2
    await is_gone "$other"
    "$SERVICE" start "$other"
    await over 2
    await goes_on 2

    kill -INT "$watcher"
    wait "$watcher" || status=$?
    cat watch.log
    [ "$status" -eq 0 ]
    untouched

    [ "$(sql watch.sqlite "SELECT group_concat(outcome) FROM v_trial WHERE fault = 'watched'")" = recovered,recovered,recovered ]
    [ "$(sql watch.sqlite "SELECT victim FROM v_trial WHERE position = 1")" = "$victim" ]
    [ "$(sql watch.sqlite "SELECT victim FROM v_trial WHERE position = 2")" = "$other" ]
    # the first was the master's: somebody else was elected, and how long that took is known within two polls
    [ "$(sql watch.sqlite "SELECT old_master = victim AND new_master <> old_master AND terms > 0
        FROM v_trial WHERE position = 1")" = 1 ]
    [ "$(sql watch.sqlite "SELECT count(*) FROM v_metric m JOIN v_trial t USING (trial_id) WHERE t.position = 1
        AND m.metric IN ('reelection', 'agreement', 'downtime') AND m.origin = 'fault_issued' AND m.censored < 1
        AND m.hi_ns > m.lo_ns")" -eq 3 ]
    [ "$(sql watch.sqlite "SELECT count(*) FROM v_metric m JOIN v_trial t USING (trial_id) WHERE t.position = 1
        AND m.metric = 'masterless' AND m.observer <> t.victim")" -eq 2 ]
    # the second left the master in place
    [ "$(sql watch.sqlite "SELECT old_master = new_master AND terms = 0 FROM v_trial WHERE position = 2")" = 1 ]
    [ "$(sql watch.sqlite "SELECT count(*) FROM v_metric m JOIN v_trial t USING (trial_id) WHERE t.position = 2
        AND m.metric = 'reelection'")" -eq 0 ]
    # nobody knows when either was started again
    [ "$(sql watch.sqlite "SELECT count(*) FROM metric WHERE origin = 'start_issued'")" -eq 0 ]
    # the last is the time in which nothing happened
    [ "$(sql watch.sqlite "SELECT reason FROM v_trial WHERE position = 3")" = 'nothing happened' ]
    [ "$(sql watch.sqlite "SELECT count(*) FROM step")" -eq 0 ]
    # what was counted is there as samples, or is said to have been dropped
    [ "$(sql watch.sqlite "SELECT (SELECT sum(ok + http_error + net_error + timeout) FROM poll_count) =
        (SELECT count(*) FROM v_sample) + coalesce((SELECT sum(n) FROM incident WHERE kind = 'quiet_polls'), 0)")" = 1 ]

    run rejoin-report summary watch.sqlite
    echo "$output"
    [ "$status" -eq 0 ]
    [[ $output == *"watched: nobody told what was done or when"* ]]
    run rejoin-report workbook watch.sqlite -o watch.xlsx
    [ "$status" -eq 0 ]
}

@test "a watch that ends by itself while a node is missing says so" {
    local status=0
    await cluster_is_green
    watch --for 20s
    kill -KILL "$("$SERVICE" status n3)" # a stop may take as long as the watch
    wait "$watcher" || status=$?
    cat watch.log
    "$SERVICE" start n3
    [ "$status" -eq 0 ]
    [ "$(sql watch.sqlite "SELECT outcome || ' ' || victim FROM v_trial")" = 'no_rejoin n3' ]
    [ "$(sql watch.sqlite "SELECT censored FROM v_metric WHERE metric = 'downtime' AND origin = 'fault_issued'")" -eq 1 ]
    await cluster_is_green
    untouched
}

@test "hosts that are missing, nobody's, or more than the masters get one line each" {
    run rejoin-collector watch
    [ "$status" -eq 2 ]
    run rejoin-collector watch --hosts http://127.0.0.1:1 --for 1x
    echo "$output"
    [ "$status" -eq 2 ]
    [[ $output == *"--for: 1x: a duration with its unit is expected"* ]]
    run rejoin-collector watch --hosts http://127.0.0.1:1 --db w.sqlite
    echo "$output"
    [ "$status" -eq 3 ]
    [ ! -e w.sqlite ]
    await cluster_is_green
    run rejoin-collector watch --masters 2 --db w.sqlite --hosts \
        "http://127.0.0.1:$((FIRST_PORT + 1)),http://127.0.0.1:$((FIRST_PORT + 2)),http://127.0.0.1:$((FIRST_PORT + 3))"
    echo "$output"
    [ "$status" -eq 3 ]
    [[ $output == *"--masters 3 is expected"* ]]
}
