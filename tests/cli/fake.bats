#!/usr/bin/env bats
# tests/fake: the script's mistakes are named, and it ends as it should.

fake() {
    printf '%s\n' "$@" | fake-node
}

@test "a mistake in the script is named with its line" {
    while IFS='|' read -r line message; do
        run fake 'nodes n1 n2' "$line"
        [ "$status" -eq 2 ]
        [[ "$output" == *"fake-node: line 2: $message" ]]
    done << 'CASES'
soon n1 ok|'soon': milliseconds are expected
@x n1 ok|'x': a whole number is expected
now n3 ok|no node n3
now n1 mister n2|unknown key 'mister'
now n1 master n9|no node n9
now n1 members n1,n9|no node n9
now n1 voters n9|no node n9
now n1 term two|'two': a whole number is expected
now n1 term|term: what?
now n1 status 99|status: 200 to 599
now n1 wrong yaml|wrong: html, json or empty
now n1 delay 9..2|delay: the shortest first
nodes n1|the nodes are there already
seed 1|seed comes before the nodes
now|no node ?
CASES
}

@test "settings come before the nodes, and changes after" {
    run fake 'product solr' 'nodes n1'
    [ "$output" = "fake-node: line 1: product: elasticsearch or opensearch" ]
    run fake 'nodes n1 n1'
    [ "$output" = "fake-node: line 1: node n1 is there twice" ]
    run fake 'nodes'
    [ "$output" = "fake-node: line 1: nodes: which?" ]
    run fake 'now n1 ok'
    [ "$output" = "fake-node: line 1: no node n1" ]
}

@test "it ends with its input, and tells what it did" {
    run fake '# nothing' 'nodes n1 n2' 'now * master none term 4' 'now n2 refuse' '1e6 n1 ok'
    [ "$status" -eq 0 ]
    [ "${#lines[@]}" -eq 4 ]
    [[ "${lines[0]}" == '{"ports":{"n1":'* ]]
    [[ "${lines[2]}" == *'"node":"n2","master":null,"term":4,"version":1,"mode":"ok","change":"master none term 4"}' ]]
    [[ "${lines[3]}" == *'"mode":"refuse"'* ]]
}

@test "a script file first, then the input; SIGTERM ends it" {
    printf 'product opensearch\nnodes n1\n' > "$BATS_TEST_TMPDIR/script"
    mkfifo "$BATS_TEST_TMPDIR/in"
    fake-node "$BATS_TEST_TMPDIR/script" < "$BATS_TEST_TMPDIR/in" > "$BATS_TEST_TMPDIR/out" &
    exec 7> "$BATS_TEST_TMPDIR/in"
    echo 'now n1 version 5' >&7
    until [[ "$(wc -l < "$BATS_TEST_TMPDIR/out")" -eq 2 ]]; do :; done
    port=$(sed -n '1s/.*"n1":\([0-9]*\).*/\1/p' "$BATS_TEST_TMPDIR/out")
    curl -s "http://127.0.0.1:$port/_cluster/state/x" > "$BATS_TEST_TMPDIR/state"
    grep -q '"version":5.*"cluster_manager_node":"id-n1"' "$BATS_TEST_TMPDIR/state"
    kill -TERM $!
    wait $!
    run fake-node /nonexistent < /dev/null
    [ "$status" -eq 2 ]
    [[ "$output" == *"/nonexistent: No such file or directory" ]]
}
