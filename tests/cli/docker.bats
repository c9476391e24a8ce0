#!/usr/bin/env bats
# Drills of containers: what is refused before anything is done, in one line each.

HOSTS=http://127.0.0.1:1,http://127.0.0.1:2,http://127.0.0.1:3

setup() { cd "$BATS_TEST_TMPDIR" || return 1; }

# refused CODE TEXT ARG...
refused() {
    local code=$1 text=$2
    shift 2
    run rejoin-collector run "$@" --db drill.sqlite
    echo "$status $output"
    [ "$status" -eq "$code" ]
    [ "${#lines[@]}" -eq 1 ]
    [[ $output == *"$text"* ]]
    [ ! -e drill.sqlite ]
}

@test "a plan, or a driver and hosts" {
    refused 2 "a plan is expected, or --driver docker and --hosts URL,..."
    refused 2 "--driver and --hosts are expected together" --driver docker
    refused 2 "--driver and --hosts are expected together" --hosts "$HOSTS"
    refused 2 "x.yml: a plan, or --driver and --hosts, is expected" x.yml --driver docker --hosts "$HOSTS"
    refused 2 "--hosts: the URLs of all nodes are expected" --driver docker --hosts ,
    refused 2 "'local' is none of docker" --driver local --hosts "$HOSTS"
}

@test "faults and targets of a plan without a file are checked as those of one are" {
    refused 2 "partition: driver docker cannot cut nodes off" --driver docker --hosts "$HOSTS" --fault stop,partition
    refused 2 "factors.fault: " --driver docker --hosts "$HOSTS" --fault sotp
    refused 2 "factors.target: " --driver docker --hosts "$HOSTS" --target nobody
    refused 2 "allow: [quorum_loss]" --driver docker --hosts "$HOSTS" --target majority
}

@test "nodes that do not answer" {
    refused 3 "http://127.0.0.1:1" --driver docker --hosts "$HOSTS"
}
