#!/usr/bin/env bats
# The command driver on real nodes that are not its own: services which the plan's commands stop, kill, pause and
# start.

load common

setup_file() {
    SERVICE=$PWD/tests/e2e/service
    SERVICE_HOME=$PWD/build/dist/elasticsearch-8.19.0
    SERVICE_JAVA=$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")
    SERVICE_DIR=$(mktemp -d /tmp/rejoin-e2e-XXXXXX)
    chmod 755 "$SERVICE_DIR"
    export SERVICE SERVICE_HOME SERVICE_JAVA SERVICE_DIR
    FIRST_PORT=$(free_ports)
    export FIRST_PORT
    local i seeds=
    for i in 1 2 3; do seeds+="${seeds:+, }127.0.0.1:$((FIRST_PORT + 10 + i))"; done
    for i in 1 2 3; do
        "$SERVICE" make "n$i" $((FIRST_PORT + i)) $((FIRST_PORT + 10 + i)) $((64200 + i)) "$seeds"
        "$SERVICE" start "n$i"
    done
    await 120 cluster_is_green
}

# The first of twenty that nobody listens at.
free_ports() {
    local first=$((24000 + RANDOM % 6000 / 20 * 20))
    while ss -Hltn "sport >= :$first and sport <= :$((first + 20))" | grep -q .; do first=$((first + 20)); done
    echo "$first"
}

cluster_is_green() {
    curl -fsS "http://127.0.0.1:$((FIRST_PORT + 1))/_cluster/health" | grep -q '"status":"green".*"number_of_nodes":3'
}

services() {
    local p
    for p in /proc/[0-9]*; do
        if tr '\0' '\n' 2> /dev/null < "$p/environ" | grep -qxF "REJOIN_RUN=$SERVICE_DIR/"; then
            echo "${p#/proc/}"
        fi
    done 2> /dev/null
}

no_services() {
    [[ -z $(services) ]]
}

teardown_file() {
    local pid
    for pid in $(services); do kill -KILL "$pid" 2> /dev/null || true; done
    await 20 no_services
    rm -rf "$SERVICE_DIR"
}

OPEN="SELECT count(*) FROM step WHERE undone_ns IS NULL AND action IN ('stop', 'kill', 'pause')"

# service_plan FAULTS: three trials at most of a minute
service_plan() {
    cat > plan.yml << END
schema: 1
study: {name: e2e}
cluster:
  driver: command
  sizes:
    3:
      hosts: ["http://127.0.0.1:$((FIRST_PORT + 1))", "http://127.0.0.1:$((FIRST_PORT + 2))", "http://127.0.0.1:$((FIRST_PORT + 3))"]
  command:
    env: [SERVICE_DIR, SERVICE_HOME, SERVICE_JAVA]
    stop: [$SERVICE, stop, "{node}"]
    kill: [kill, -KILL, "{pid}"]
    pause: [kill, -STOP, "{pid}"]
    resume: [kill, -CONT, "{pid}"]
    start: [$SERVICE, start, "{node}"]
    status: [$SERVICE, status, "{node}"]
    logs: [$SERVICE, logs, "{node}", "{since}"]
factors: {fault: $1}
trials: 1
warmup: 0
pause: {between: 0s, jitter: 100ms}
END
}

@test "stop, kill and pause through commands: every trial recovers, and the logs bear witness" {
    await 60 cluster_is_green
    service_plan "[stop, kill, pause]"
    run rejoin-collector run plan.yml --yes --db drill.sqlite
    echo "$output"
    [ "$status" -eq 0 ]
    [ "$(sql drill.sqlite "SELECT count(*) FROM trial WHERE outcome = 'recovered'")" -eq 3 ]
    [ "$(sql drill.sqlite "$OPEN")" -eq 0 ]
    # stop and kill end a process, within what status can tell; its period is 100 ms
    [ "$(sql drill.sqlite "SELECT count(*) FROM v_metric WHERE metric = 'shutdown' AND origin = 'fault_issued' AND hi_ns - lo_ns < 5e8")" -eq 2 ]
    [ "$(sql drill.sqlite "SELECT count(DISTINCT trial_id) FROM log_event WHERE kind = 'applied'")" -eq 3 ]
    [ "$(sql drill.sqlite "SELECT count(*) FROM incident WHERE kind LIKE 'log_%'")" -eq 0 ]
    cluster_is_green
}

@test "a command that fails ends in its own words, and nothing was done" {
    await 60 cluster_is_green
    service_plan stop
    run rejoin-collector run plan.yml --yes --db drill.sqlite \
        --set 'cluster.command.stop=[sh, -c, "echo no such host >&2; exit 255"]'
    echo "$status $output"
    [ "$status" -ne 0 ]
    [[ $output == *"stop n"[123]": sh: exit 255: no such host"* ]]
    [[ $(sql drill.sqlite "SELECT reason FROM trial") == *"sh: exit 255: no such host"* ]]
    run rejoin-collector heal drill.sqlite
    echo "$output"
    [ "$status" -eq 0 ]
    [ "$(sql drill.sqlite "$OPEN")" -eq 0 ]
    cluster_is_green
}

@test "kill -9 of the collector with a node down: heal starts it, and a command that is still under way may too" {
    await 60 cluster_is_green
    service_plan stop
    touch "$SERVICE_DIR/hold"
    # shellcheck disable=SC2016 # for the inner shell
    rejoin-collector run plan.yml --yes --db drill.sqlite --set \
        'cluster.command.start=[sh, -c, "while [ -e $SERVICE_DIR/hold ]; do sleep 0.1; done; exec $0 start {node}", '"$SERVICE]" \
        --set 'cluster.command.env=[SERVICE_DIR, SERVICE_HOME, SERVICE_JAVA, SERVICE]' 3>&- &
    local pid=$!
    all_run() { for n in n1 n2 n3; do "$SERVICE" status "$n" > /dev/null || return 1; done; }
    one_is_down() { ! all_run; }
    await 60 one_is_down
    fault_is_open drill.sqlite
    kill -KILL "$pid"
    wait "$pid" || true
    rm "$SERVICE_DIR/hold"
    run rejoin-collector heal drill.sqlite
    echo "$output"
    [ "$status" -eq 0 ]
    [ "$(sql drill.sqlite "$OPEN")" -eq 0 ]
    await 60 cluster_is_green
    run rejoin-collector heal drill.sqlite
    [ "$status" -eq 0 ]
}
