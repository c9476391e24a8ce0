#!/usr/bin/env bats
# The write probe's index: made on a cluster that wants credentials, and one line where it cannot be.
load sim_common.bash

setup() {
    sim=$BATS_TEST_TMPDIR/sim
    sim_start "$sim"
}

teardown() { sim_end; }

@test "the write probe gives the plan's credentials" {
    touch "$sim/need-auth"
    printf 'secret\n' > password
    chmod 600 password
    run rejoin-collector run "$sim/plan.yml" --yes --db d.sqlite --set probe.write=20ms \
        --set cluster.auth.user=drill --set cluster.auth.password_file="$PWD/password"
    echo "$output"
    [ "$status" -eq 0 ]
    [ "$(sqlite3 d.sqlite "SELECT acknowledged_writes > 0 AND lost_writes = 0 FROM v_trial")" = 1 ]
}

@test "a page instead of an answer is one line, and every node is asked" {
    printf '<html>\n<body>\n<h1>Bad gateway</h1>\n</body>\n</html>\n' > "$sim/no-index"
    run rejoin-collector run "$sim/plan.yml" --yes --db d.sqlite --set probe.write=20ms
    echo "$output"
    [ "$status" -eq 3 ]
    [ "${#lines[@]}" -eq 2 ]
    [[ ${lines[1]} == *"error: cannot make the index rejoin-drill-"*" for the write probe: HTTP status 503" ]]
    [ "$(grep -c '^n[123] PUT /rejoin-drill-' "$sim/requests")" = 3 ]
}
