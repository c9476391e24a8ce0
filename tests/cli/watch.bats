#!/usr/bin/env bats
# rejoin-collector watch on nodes that come and go: what others do becomes a trial, and nothing else is said.
# shellcheck disable=SC2154 # sim_start's
load sim_common.bash

setup() {
    sim_start "$BATS_TEST_TMPDIR/sim"
    hosts=$(grep -oE 'http://[0-9.:]+' "$sim/plan.yml" | paste -sd ,)
}

teardown() { sim_end; }

n_trials() { sqlite3 -readonly d.sqlite "SELECT count(*) FROM trial WHERE outcome IS NOT NULL" 2> /dev/null || echo 0; }
has_trials() { [ "$(n_trials)" -ge "$1" ]; }
is_watching() { grep -q watching said; }

@test "a master that goes and comes back is a trial; of what was seen nothing is called unseen" {
    rejoin-collector watch --hosts "$hosts" --db d.sqlite --settle 1s 2> said 3>&- &
    pid=$!
    wait_for is_watching
    rm "$sim/up-n1"
    sleep 1
    touch "$sim/up-n1"
    wait_for has_trials 1
    kill -TERM "$pid"
    status=0
    wait "$pid" || status=$?
    cat said
    [ "$status" -eq 0 ]
    [ "$(sqlite3 d.sqlite "SELECT group_concat(outcome || ':' || terms, ' ') FROM v_trial WHERE old_master = 'n1'")" = recovered:1 ]
    [ "$(sqlite3 d.sqlite "SELECT count(*) FROM incident WHERE kind = 'changed_unseen'")" = 0 ]
    rejoin-report verify d.sqlite
}
