#!/usr/bin/env bats
# Guard rails of clusters that are not the collector's own: what is refused, and that nothing stays done whenever the
# collector dies.

# shellcheck disable=SC2030,SC2031 # what bats' run sets
load common
load services

setup_file() { services_start; }

teardown_file() { services_end; }

teardown() {
    umount disk 2> /dev/null || true
    [[ ${BATS_TEST_COMPLETED-} != 1 ]] || recordings_hold
}

put() {
    curl -fsS -X PUT -H 'Content-Type: application/json' "http://127.0.0.1:$((FIRST_PORT + 1))$1" -d "$2"
}

index_is_gone() {
    curl -fsS -X DELETE "http://127.0.0.1:$((FIRST_PORT + 1))/$1"
}

refused() {
    rm -f refused.sqlite
    run rejoin-collector run plan.yml --yes --db refused.sqlite --set limits.gate=5s "${@:2}"
    echo "$status $output"
    [ "$status" -eq 3 ]
    [[ $output == *"$1"* ]]
    # nothing was done, and no mark stays
    [ "$(sql refused.sqlite "SELECT count(*) FROM step")" -eq 0 ]
    [[ $(get /_cluster/settings) != *rejoin* ]]
}

@test "the gate: another uuid, a node that the plan does not name, a shard that is not assigned" {
    await cluster_is_green
    service_plan noop
    refused "its uuid is " --set 'cluster.sizes.3.uuid=AAAAAAAAAAAAAAAAAAAAAA'

    sed 's/^  sizes:/&\n    2: {hosts: ["http:\/\/127.0.0.1:'$((FIRST_PORT + 1))'", "http:\/\/127.0.0.1:'$((FIRST_PORT + 2))'"]}/' plan.yml \
        | sed '/^    3:/,/hosts/d' > two.yml
    mv two.yml plan.yml
    echo 'allow: [quorum_loss]' >> plan.yml
    refused "lists nodes that the plan does not name"

    service_plan noop
    put /yellow '{"settings": {"number_of_shards": 1, "number_of_replicas": 5}}'
    refused "says that health is yellow"
    echo 'allow: [unassigned_shards]' >> plan.yml
    run rejoin-collector run plan.yml --yes --db allowed.sqlite
    echo "$output"
    index_is_gone yellow
    [ "$status" -eq 0 ]
}

@test "two collectors on one cluster exclude each other, and the first goes on" {
    await cluster_is_green
    service_plan stop
    touch "$SERVICE_DIR/hold"
    rejoin-collector run plan.yml --yes --db first.sqlite --set "$(held_stop)" 3>&- &
    local pid=$!
    await fault_is_open first.sqlite
    run rejoin-collector run plan.yml --yes --db second.sqlite
    echo "$status $output"
    [ "$status" -eq 3 ]
    [[ $output == *"another drill has marked this cluster"* ]]
    [ "$(sql second.sqlite "SELECT count(*) FROM step")" -eq 0 ]
    rm "$SERVICE_DIR/hold"
    wait "$pid"
    [ "$(sql first.sqlite "SELECT outcome FROM trial")" = recovered ]
    await cluster_is_green
    [[ $(get /_cluster/settings) != *rejoin* ]]
}

@test "kill -9 of the collector when its fault is done, then heal" {
    dies stop stop:after
    may_cut || skip "no root, or no iptables: a partition was left out"
    dies partition cut:after
}

@test "a full disk while a node is down: the node is brought back, and heal closes what could not be recorded" {
    await cluster_is_green
    mkdir disk
    mount -t tmpfs -o size=4m rejoin-test disk 2> /dev/null || skip "no small file system: no root"
    service_plan stop
    touch "$SERVICE_DIR/hold"
    rejoin-collector run plan.yml --yes --db disk/drill.sqlite --set "$(held_stop)" > run.log 2>&1 3>&- &
    local pid=$! status=0
    await fault_is_open disk/drill.sqlite
    cat /dev/zero > disk/filler 2> /dev/null || true
    rm "$SERVICE_DIR/hold"
    wait "$pid" || status=$?
    cat run.log
    [ "$status" -eq 3 ]
    grep -q "no space left on the device" run.log
    await cluster_is_green
    [[ $(get /_cluster/settings) != *rejoin* ]]

    run rejoin-collector heal disk/drill.sqlite
    echo "full: $status $output"
    [ "$status" -eq 3 ]
    [[ $output == *"no space left on the device"* ]]
    rm disk/filler
    run rejoin-collector heal disk/drill.sqlite
    echo "$output"
    [ "$status" -eq 0 ]
    cp disk/drill.sqlite* .
    umount disk
    [ "$(sql drill.sqlite "SELECT outcome FROM trial")" = aborted ]
    nothing_stays_done drill.sqlite
    await cluster_is_green
}
