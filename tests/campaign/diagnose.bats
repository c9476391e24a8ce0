#!/usr/bin/env bats
# A rejoin that is made to fail in each way that a real node can be brought to: the trial says why.

load ../e2e/common
load ../e2e/services

setup_file() {
    services_start
    # the data folder of a node that once was a cluster by itself
    local seeds="127.0.0.1:$((FIRST_PORT + 19))"
    "$SERVICE" make lone $((FIRST_PORT + 9)) $((FIRST_PORT + 19)) 64209 "$seeds"
    sed -i 's/^cluster.initial_master_nodes:.*/cluster.initial_master_nodes: [lone]/' "$SERVICE_DIR/lone/config/elasticsearch.yml"
    "$SERVICE" start lone
    await lone_is_up
    "$SERVICE" stop lone
    await lone_is_down
    rm "$SERVICE_DIR/lone.net"
}

teardown_file() {
    local node
    for node in n1 n2 n3; do "$SERVICE" repair "$node"; done
    services_end
}

lone_is_up() {
    curl -fsS "http://127.0.0.1:$((FIRST_PORT + 9))/_cluster/health" | grep -q '"number_of_nodes":1'
}

lone_is_down() { ! "$SERVICE" status lone; }

# all_up_but NODE
all_up_but() {
    local node
    for node in n1 n2 n3; do
        [[ $node == "$1" ]] && continue
        "$SERVICE" repair "$node"
        "$SERVICE" status "$node" > /dev/null || "$SERVICE" start "$node"
    done
}

# fails_of CAUSE WORDS: the node that was stopped does not come back, for that
fails_of() {
    local node
    all_up_but nobody
    await cluster_is_green
    service_plan stop
    echo "$1" > "$SERVICE_DIR/break"
    run rejoin-collector run plan.yml --yes --db drill.sqlite --set limits.rejoin=60s --set limits.gate=10s
    echo "$status $output"
    [ "$status" -eq 5 ]
    [[ $(sql drill.sqlite "SELECT outcome || ' ' || coalesce(diagnosis, 'none') FROM trial") == "no_rejoin $1" ]]
    [[ $(sql drill.sqlite "SELECT reason FROM trial") == *"$2"* ]]
    [[ $(rejoin-report summary drill.sqlite --format json) == *'"no_rejoin": 1'* ]]
    node=$(sql drill.sqlite "SELECT victim FROM v_trial")
    ! "$SERVICE" status "$node" || "$SERVICE" stop "$node"
    is_down() { ! "$SERVICE" status "$node"; }
    await is_down
    "$SERVICE" repair "$node"
    all_up_but "$node"
    run rejoin-collector heal drill.sqlite
    echo "$status $output"
    [ "$status" -eq 0 ]
    await cluster_is_green
}

@test "another cluster.name" { fails_of cluster_name cluster.name; }

@test "seed hosts that lead nowhere" { fails_of seed_hosts seed_hosts; }

@test "the data folder of another cluster" { fails_of other_cluster "another cluster"; }

@test "a data folder that another process uses" { fails_of locked_data "in use by another process"; }

@test "a port that another process uses" { fails_of port_in_use "in use"; }

@test "an unknown setting" { fails_of bad_setting cluster.election.lasting; }

@test "a bootstrap check that fails" { fails_of bootstrap_check "bootstrap check"; }

@test "too few of the others are left for a quorum" { fails_of no_quorum "for a quorum"; }

@test "a disk that is full" {
    ((EUID == 0)) || skip "no small file system: no root"
    fails_of disk_full "disk is full"
}
