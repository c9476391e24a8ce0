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
    ${how:-} rejoin-collector run --driver docker --hosts "$(hosts)" --trials 1 --yes --db drill.sqlite --set warmup=0 \
        --set pause.between=0s --set limits.rejoin=600s "$@"
}

# held OPTION...: two of the three at once, which then stay down until the collector is killed, or HELD_S have passed
held() {
    lab --target majority --set 'allow=[quorum_loss]' --set "limits.quorum_loss=${HELD_S:-3000}s" "$@"
}

@test "stop, kill and pause in one line: every trial recovers, and the logs bear witness" {
    lab_is_ready
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

two_do_not_run() {
    local i n=0
    for i in 1 2 3; do [[ $(container_state "$i") == running ]] || n=$((n + 1)); done
    ((n == 2))
}

# killed_while_open FAULT: a run whose collector is killed when its fault is done
killed_while_open() {
    how='exec' held --fault "$1" 3>&- &
    local pid=$!
    await two_do_not_run
    fault_is_open drill.sqlite
    kill -KILL "$pid"
    wait "$pid" || true
}

@test "kill -9 of the collector: heal finds the engine by itself, and brings the containers back" {
    lab_is_ready
    local fault
    for fault in stop pause; do
        await cluster_is_green
        rm -f drill.sqlite*
        killed_while_open "$fault"
        two_do_not_run
        # in another environment
        run env -u DOCKER_HOST rejoin-collector heal drill.sqlite
        echo "$output"
        [ "$status" -eq 0 ]
        all_run
        [ "$(sql drill.sqlite "$OPEN")" -eq 0 ]
        run rejoin-collector heal drill.sqlite
        [ "$status" -eq 0 ]
    done
    await cluster_is_green
}

@test "an engine that vanishes while a node stops: one line says so; heal works when it is back" {
    lab_is_ready
    # the end of the node that nobody can tell of is waited for as long as for an open gate
    HELD_S=60 how='exec' held --fault stop --set limits.gate=15s > log 2>&1 3>&- &
    local pid=$!
    # nodes take a second or more to stop, and are held then: the engine goes before it can be asked to start them
    await fault_is_open drill.sqlite
    engine_end KILL
    local status=0
    wait "$pid" || status=$?
    cat log
    [ "$status" -ne 0 ]
    grep -q "docker: .* es-node[123]: the engine at unix://$LAB/sock does not answer: " log
    run rejoin-collector heal drill.sqlite
    echo "$output"
    [ "$status" -eq 5 ]
    [[ $output == *"docker: the engine at unix://$LAB/sock does not answer: "*"start it by hand"* ]]
    engine_start
    run rejoin-collector heal drill.sqlite
    echo "$output"
    [ "$status" -eq 0 ]
    all_run
    [ "$(sql drill.sqlite "$OPEN")" -eq 0 ]
    await cluster_is_green
}

@test "no engine, and containers of other names: one line each, and the map finds them" {
    lab_is_ready
    DOCKER_HOST=unix://$LAB/nowhere run lab
    echo "$output"
    [ "$status" -eq 3 ]
    [[ $output == *"docker: the engine at unix://$LAB/nowhere does not answer: No such file or directory"* ]]
    rm -f drill.sqlite*
    docker rename es-node2 other
    run lab
    docker rename other renamed
    echo "$output"
    [ "$status" -eq 3 ]
    [[ $output == *"docker: no container is called es-node2 or has node.name=es-node2"*"cluster.docker.containers: {es-node2: CONTAINER}"*other* ]]
    rm -f drill.sqlite*
    run lab --fault kill --target non_master --set cluster.docker.containers.es-node2=renamed
    docker rename renamed es-node2
    echo "$output"
    [ "$status" -eq 0 ]
    [ "$(sql drill.sqlite "SELECT count(*) FROM trial WHERE outcome = 'recovered'")" -eq 1 ]
    all_run
}
