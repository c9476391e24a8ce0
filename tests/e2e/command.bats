#!/usr/bin/env bats
# The command driver on real nodes that are not its own: services which the plan's commands stop, kill, pause and
# start.

load common
load services

setup_file() { services_start; }

teardown_file() { services_end; }

@test "stop, kill and pause through commands: every trial recovers, and the logs bear witness" {
    await cluster_is_green
    service_plan "[stop, kill, pause]"
    run rejoin-collector run plan.yml --yes --db drill.sqlite
    echo "$output"
    [ "$status" -eq 0 ]
    [ "$(sql drill.sqlite "SELECT count(*) FROM trial WHERE outcome = 'recovered'")" -eq 3 ]
    [ "$(sql drill.sqlite "$OPEN")" -eq 0 ]
    # stop and kill end a process, when two calls of status tell; a pause does not
    [ "$(sql drill.sqlite "SELECT group_concat(m.lo_ns = max(0, s.gone_lo_ns - s.issued_ns) AND m.hi_ns = s.gone_hi_ns - s.issued_ns)
        FROM v_step s LEFT JOIN v_metric m ON m.trial_id = s.trial_id AND m.metric = 'shutdown' AND m.origin = 'fault_issued'
        WHERE s.action IN ('stop', 'kill')")" = 1,1 ]
    [ "$(sql drill.sqlite "SELECT count(*) FROM v_metric WHERE metric = 'shutdown' AND fault = 'pause'")" -eq 0 ]
    [ "$(sql drill.sqlite "SELECT count(DISTINCT trial_id) FROM log_event WHERE kind = 'applied'")" -eq 3 ]
    [ "$(sql drill.sqlite "SELECT count(*) FROM incident WHERE kind LIKE 'log_%'")" -eq 0 ]
    await cluster_is_green
}

@test "a command that fails ends in its own words, and nothing was done" {
    await cluster_is_green
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
    await cluster_is_green
}

@test "kill -9 of the collector with a node down: heal starts it, and a command that is still under way may too" {
    await cluster_is_green
    service_plan stop
    touch "$SERVICE_DIR/hold"
    # shellcheck disable=SC2016 # for the inner shell
    rejoin-collector run plan.yml --yes --db drill.sqlite --set \
        'cluster.command.start=[sh, -c, "while [ -e $SERVICE_DIR/hold ]; do sleep 0.1; done; exec $0 start {node}", '"$SERVICE]" \
        --set 'cluster.command.env=[SERVICE_DIR, SERVICE_HOME, SERVICE_JAVA, SERVICE]' 3>&- &
    local pid=$!
    all_run() { for n in n1 n2 n3; do "$SERVICE" status "$n" > /dev/null || return 1; done; }
    one_is_down() { ! all_run; }
    await one_is_down
    fault_is_open drill.sqlite
    kill -KILL "$pid"
    wait "$pid" || true
    rm "$SERVICE_DIR/hold"
    run rejoin-collector heal drill.sqlite
    echo "$output"
    [ "$status" -eq 0 ]
    [ "$(sql drill.sqlite "$OPEN")" -eq 0 ]
    await cluster_is_green
    run rejoin-collector heal drill.sqlite
    [ "$status" -eq 0 ]
}
