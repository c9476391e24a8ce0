#!/usr/bin/env bats
# rejoin-collector check: what a plan would do.

setup() {
    cd "$BATS_TEST_DIRNAME/../.." || exit 1
}

@test "clusters, quorum, order and time of the demo" {
    run rejoin-collector check data/plans/demo.yml
    [ "$status" -eq 0 ]
    [[ $output == *"4-masters: 5 nodes, the first 4 master-eligible, the other 1 not; 3 vote"* ]]
    [[ $output == *"5-masters: stop the master; 3 trials; leaves 4 of 5 voters, quorum 3 holds"* ]]
    [[ $output == *"  9. block 3, "* ]]
    [[ $output == *"time         about "* ]]
}

@test "what is said first is one column, and counts of one are words of one" {
    rejoin-collector check data/plans/ssh-systemctl.yml > "$BATS_TEST_TMPDIR/out"
    # a label and its value, which begins in column 14
    [ "$(sed '/^$/,$d' "$BATS_TEST_TMPDIR/out" | grep -cvE '^[A-Za-z]+ +[^ ]')" -eq 0 ]
    [ "$(sed '/^$/,$d' "$BATS_TEST_TMPDIR/out" | grep -cvE '^.{12} [^ ]')" -eq 0 ]
    run rejoin-collector check data/plans/kubectl.yml --set factors.fault=stop --set trials=1 --set warmup=0
    [[ $output == *": 1 trial of about 20 s"* ]]
    [[ $output == *"seed 1, 1 trial)"* ]]
    run rejoin-collector check data/plans/kubectl.yml --set warmup=2
    [[ $output == *"10 trials after 2 warm-ups;"* ]]
}

@test "the same plan shows the same, another seed another hash" {
    a=$(rejoin-collector check data/plans/three-four-five.yml)
    b=$(rejoin-collector check data/plans/three-four-five.yml)
    c=$(rejoin-collector check data/plans/three-four-five.yml --set order.seed=43)
    [ "$a" = "$b" ]
    [ "$(grep SHA <<< "$a")" != "$(grep SHA <<< "$c")" ]
}

@test "a bad plan is one line and exit code 2" {
    run rejoin-collector check tests/cases/plan/unknown_key.yml
    [ "$status" -eq 2 ]
    [ "${#lines[@]}" -eq 1 ]
    [[ $output == *"$(cat tests/cases/plan/unknown_key.expected)" ]]
    run rejoin-collector check data/plans/demo.yml --set poll.fast=5
    [ "$status" -eq 2 ]
    [[ $output == *"--set poll.fast: poll.fast: 5: a duration with its unit is expected, e.g. 5ms" ]]
    printf '%s\n' 'schema: 1' 'study: {name: x}' 'factors: {fault: watched, target: none}' 'trials: 1' \
        'cluster: {driver: none, sizes: {3: {hosts: ["http://a:1", "http://b:1", "http://c:1"]}}}' > "$BATS_TEST_TMPDIR/none.yml"
    run rejoin-collector check "$BATS_TEST_TMPDIR/none.yml"
    [ "$status" -eq 2 ]
    [[ $output == *"rejoin-collector watch"* ]]
    run rejoin-collector check no-such.yml
    [ "$status" -eq 2 ]
    [ "${#lines[@]}" -eq 1 ]
}

@test "a password that was put where none belongs is not shown" {
    run rejoin-collector check data/plans/kubectl.yml --set cluster.auth.password=hunter2
    [ "$status" -eq 2 ]
    [[ $output == "rejoin-collector: error: --set cluster.auth.password: cluster.auth.password: unknown key; "* ]]
    [[ $output != *hunter2* ]]
}

@test "help fits a screen and shows an example" {
    for verb in run check heal; do
        run rejoin-collector "$verb" --help
        [ "$status" -eq 0 ]
        [ "${#lines[@]}" -le 24 ]
        [[ $output == *"Examples:"* ]]
    done
    run rejoin-collector --help
    [ "$status" -eq 0 ]
    [[ $output == *"Exit codes:"* ]]
}
