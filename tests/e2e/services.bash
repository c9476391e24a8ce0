# Three real nodes that are not the collector's own: services that run from a file's first test to its last. Load common
# first.
# shellcheck shell=bash

# Starts them. FIRST_PORT + 1..3 are their HTTP ports.
services_start() {
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
    await cluster_is_green
}

# The first of twenty that nobody listens at, where neither the kernel nor the local driver looks for ports. They are this
# process's until it has ended: whoever begins at the same moment gets others.
free_ports() {
    local places=$BIN/e2e-ports first
    mkdir -p "$places"
    (
        flock 9
        for ((first = 61000; first < 65480; first += 20)); do
            [[ ! -e /proc/$(cat "$places/$first" 2> /dev/null || echo none) ]] || continue
            ! ss -Hltn "sport >= :$first and sport <= :$((first + 20))" | grep -q . || continue
            echo "$$" > "$places/$first"
            echo "$first"
            exit
        done
        exit 1
    ) 9> "$places/lock"
}

# get PATH of the first, as whoever may
get() {
    if [[ -n ${SERVICE_TLS:-} ]]; then
        curl -fsS --cacert "$SERVICE_TLS/ca.pem" -u "$SERVICE_USER:$SERVICE_PASSWORD" "https://127.0.0.1:$((FIRST_PORT + 1))$1"
    else
        curl -fsS "http://127.0.0.1:$((FIRST_PORT + 1))$1"
    fi
}

cluster_is_green() {
    get /_cluster/health | grep -q '"status":"green".*"number_of_nodes":3'
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

services_end() {
    local i pid
    for i in 1 2 3; do "$SERVICE" mend "n$i"; done
    for pid in $(services); do kill -KILL "$pid" 2> /dev/null || true; done
    await no_services
    remove_jvm_sockets
    rm -rf "$SERVICE_DIR"
}

# shellcheck disable=SC2034 # for those that load this
OPEN="SELECT count(*) FROM step WHERE undone_ns IS NULL AND undoes_step_id IS NULL"

# service_plan FAULTS: a trial of each
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
    pause: [$SERVICE, pause, "{node}"]
    resume: [$SERVICE, resume, "{node}"]
    cut: [$SERVICE, cut, "{node}"]
    mend: [$SERVICE, mend, "{node}"]
    start: [$SERVICE, start, "{node}"]
    status: [$SERVICE, status, "{node}"]
    logs: [$SERVICE, logs, "{node}", "{since}"]
factors: {fault: $1}
trials: 1
warmup: 0
pause: {between: 0s, jitter: 100ms}
limits: {gate: 300s, reelection: 300s, rejoin: 600s}
END
}

# An option for run: a stop that waits, its intent on disk, while the file SERVICE_DIR/hold is there.
held_stop() {
    # shellcheck disable=SC2016 # for the inner shell
    echo 'cluster.command.stop=[sh, -c, "while [ -e $SERVICE_DIR/hold ]; do sleep 0.1; done; exec $0 stop {node}", '"$SERVICE]"
}

may_cut() {
    ((EUID == 0)) && iptables -S OUTPUT > /dev/null 2>&1
}

nothing_stays_done() {
    [[ $(get /_cluster/settings) != *rejoin* ]]
    [[ $(get '/_cluster/state/metadata?filter_path=metadata.cluster_coordination.voting_config_exclusions') != *node_name* ]]
    ! iptables -S 2> /dev/null | grep -- "svc-.*-${SERVICE_DIR##*-}" || return 1
    [ "$(sql "$1" "$OPEN")" -eq 0 ]
    # nobody is stopped, as by SIGSTOP
    for pid in $(services); do ! grep '^State:.T' "/proc/$pid/status" || return 1; done
}

# dies FAULT POINT...: the collector is killed at each of them, in a drill of its own
# shellcheck disable=SC2154 # what bats' run sets
dies() {
    local fault=$1 at
    shift
    for at; do
        await cluster_is_green
        service_plan "$fault"
        echo "$at" > "$SERVICE_DIR/crash"
        run rejoin-collector run plan.yml --yes --db "$fault-$at.sqlite"
        echo "$fault $at: $status $output"
        [ "$status" -eq 137 ]
        [ ! -e "$SERVICE_DIR/crash" ]
        run rejoin-collector heal "$fault-$at.sqlite"
        echo "heal: $status $output"
        [ "$status" -eq 0 ]
        await cluster_is_green
        nothing_stays_done "$fault-$at.sqlite"
        run rejoin-collector heal "$fault-$at.sqlite"
        [ "$status" -eq 0 ]
        [ "$(sql "$fault-$at.sqlite" "SELECT outcome FROM trial")" = aborted ]
    done
}
