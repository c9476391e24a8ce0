#!/usr/bin/env bats
# The docker driver on real nodes in containers of a real engine.

load common
load services
load containers

setup_file() { lab_start; }

teardown_file() { lab_end; }

hosts() {
    echo "http://localhost:$((FIRST_PORT + 1)),http://localhost:$((FIRST_PORT + 2)),http://localhost:$((FIRST_PORT + 3))"
}

# lab [OPTION]...: the lab in one line, each fault once
lab() {
    rejoin-collector run --driver docker --hosts "$(hosts)" --trials 1 --yes --db drill.sqlite --set warmup=0 \
        --set pause.between=0s "$@"
}

@test "stop, kill and pause in one line: every trial recovers, and the logs bear witness" {
    await 60 cluster_is_green
    run lab --fault stop,kill,pause
    echo "$output"
    [ "$status" -eq 0 ]
    [ "$(sql drill.sqlite "SELECT count(*) FROM trial WHERE outcome = 'recovered'")" -eq 3 ]
    [ "$(sql drill.sqlite "$OPEN")" -eq 0 ]
    [ "$(sql drill.sqlite "SELECT count(*) FROM incident WHERE kind LIKE 'log_%'")" -eq 0 ]
    [ "$(sql drill.sqlite "SELECT count(DISTINCT trial_id) FROM log_event WHERE kind = 'applied'")" -eq 3 ]
    # the end of a container is known as closely as the engine's answers are
    [ "$(sql drill.sqlite "SELECT count(*) FROM v_metric WHERE metric = 'shutdown' AND origin = 'fault_issued' AND lo_ns >= 0")" -eq 2 ]
    all_run
}
