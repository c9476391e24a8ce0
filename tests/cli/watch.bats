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
# were_asked N: so many requests for a state came from now on
were_asked() {
    for ((i = 0; i < $1; i++)); do
        touch "$sim/tell"
        wait_for is_told
    done
}
is_told() { [ ! -e "$sim/tell" ]; }
is_watching() { grep -q watching said; }

@test "a master that goes and comes back is a trial; of what was seen nothing is called unseen" {
    rejoin-collector watch --hosts "$hosts" --db d.sqlite --settle 1s 2> said 3>&- &
    pid=$!
    wait_for is_watching
    rm "$sim/up-n1"
    were_asked 8
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

watches_on() { grep -q "watching on" said; }

# A window that begins with a broken cluster is over when it is whole: then that was what happened.
@test "a node that is away for longer than limits.rejoin: its coming back is a trial too, and verify holds" {
    rejoin-collector watch --hosts "$hosts" --db d.sqlite --settle 1s --set limits.rejoin=2s 2> said 3>&- &
    pid=$!
    wait_for is_watching
    rm "$sim/up-n3"
    wait_for has_trials 1
    were_asked 8
    touch "$sim/up-n3"
    wait_for watches_on
    kill -TERM "$pid"
    wait "$pid" || true
    cat said
    [ "$(sqlite3 d.sqlite "SELECT outcome, reason IS NULL, old_master FROM v_trial WHERE position = 2")" = "recovered|1|n1" ]
    rejoin-report verify d.sqlite
}
