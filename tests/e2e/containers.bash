# Three real nodes in containers of a Docker engine that is the tests' own: its data, socket and pid file are in a
# temporary folder, and it makes neither a firewall rule nor a link. No image is fetched: an empty one, with the
# machine's programs mounted read-only, is enough. Load common and services first.
# shellcheck shell=bash

# Where no engine can run it leaves in LAB_WHY why not.
lab_start() {
    local program
    [[ $(id -u) -eq 0 ]] || LAB_WHY="needs root to start an engine"
    for program in dockerd docker iptables; do
        command -v "$program" > /dev/null || LAB_WHY="needs $program"
    done
    export LAB_WHY=${LAB_WHY:-}
    [[ -z $LAB_WHY ]] || return 0
    LAB=$(mktemp -d /tmp/rejoin-e2e-XXXXXX) # short: the names of sockets are
    chmod 755 "$LAB"
    export LAB DOCKER_HOST=unix://$LAB/sock
    lab_around > "$LAB/before"
    engine_start || {
        LAB_WHY="dockerd does not start: $(grep -E 'level=(error|fatal)|^failed' "$LAB/log" | tail -1)"
        lab_end
        return 0
    }
    tar -c -T /dev/null | docker import - rejoin-empty > /dev/null
    FIRST_PORT=$(free_ports)
    export FIRST_PORT
    local i
    for i in 1 2 3; do container_make "$i"; done
    await cluster_is_green || {
        for i in 1 2 3; do docker logs --tail 5 "es-node$i"; done
        return 1
    }
}

# The first line of each test.
lab_is_ready() {
    [[ -z $LAB_WHY ]] || skip "$LAB_WHY"
    await cluster_is_green
}

# Containers go on without it (--live-restore).
engine_start() {
    setsid dockerd --data-root "$LAB/data" --exec-root "$LAB/exec" --iptables=false --bridge=none --live-restore \
        -H "$DOCKER_HOST" -p "$LAB/pid" >> "$LAB/log" 2>&1 < /dev/null 3>&- &
    disown
    await docker version || { tail -40 "$LAB/log" && return 1; }
}

is_gone() {
    ! grep -q '^State:.[^Z]' "/proc/$1/status" 2> /dev/null
}

# engine_end [SIGNAL]: also its containerd, which one that is killed leaves behind, and takes for running when it is
# started again too soon.
engine_end() {
    local file pid
    for file in "$LAB/pid" "$LAB/exec/containerd/containerd.pid"; do
        pid=$(cat "$file" 2> /dev/null) || continue
        kill "-${1:-TERM}" "$pid" 2> /dev/null || true
        await is_gone "$pid"
        rm -f "$file"
    done
}

# container_make N: es-nodeN with node.name es-nodeN on FIRST_PORT + N.
container_make() {
    local node=es-node$1 i seeds='' java mounts=() m
    local dir=$LAB/es-node$1
    java=$(dirname "$(dirname "$(readlink -f "$(command -v java)")")")
    for i in 1 2 3; do seeds+="${seeds:+, }127.0.0.1:$((FIRST_PORT + 10 + i))"; done
    mkdir -p "$dir"/{config,data,logs,tmp}
    cp -r "$HOME_8/config/." "$dir/config"
    grep -vE 'UseG1GC|UseConcMarkSweepGC|Xlog:gc|HeapDumpPath|ErrorFile|HeapDumpOnOutOfMemory' \
        "$HOME_8/config/jvm.options" > "$dir/config/jvm.options"
    printf '%s\n' -XX:+UseSerialGC -Xms256m -Xmx256m -XX:TieredStopAtLevel=1 -Duser.timezone=UTC \
        >> "$dir/config/jvm.options"
    cat > "$dir/config/elasticsearch.yml" << END
cluster.name: e2e
node.name: $node
network.host: 127.0.0.1
http.port: $((FIRST_PORT + $1))
transport.port: $((FIRST_PORT + 10 + $1))
path.data: /node/data
path.logs: /node/logs
discovery.seed_hosts: [$seeds]
cluster.initial_master_nodes: [es-node1, es-node2, es-node3]
discovery.initial_state_timeout: 0s
cluster.fault_detection.leader_check: {interval: 500ms, timeout: 3s, retry_count: 2}
cluster.fault_detection.follower_check: {interval: 500ms, timeout: 3s, retry_count: 2}
xpack.security.enabled: false
cluster.routing.allocation.disk.threshold_enabled: false
END
    chown -R 65534:65534 "$dir" # nobody
    for m in /usr /bin /lib /lib64 /etc/java-*; do
        [[ -e $m ]] && mounts+=(-v "$m:$m:ro")
    done
    docker run -d --name "$node" --network host --user 65534:65534 "${mounts[@]}" -v "$HOME_8:/es:ro" \
        -v "$dir:/node" -v "$dir/tmp:/tmp" -e PATH=/usr/bin:/bin -e ES_JAVA_HOME="$java" \
        -e ES_PATH_CONF=/node/config -e ES_TMPDIR=/tmp rejoin-empty /es/bin/elasticsearch > /dev/null
}

# container_state N: running, paused, exited
container_state() {
    docker inspect -f '{{.State.Status}}' "es-node$1"
}

all_run() {
    local i
    for i in 1 2 3; do [[ $(container_state "$i") == running ]] || return 1; done
}

# What an engine might leave on the machine.
lab_around() {
    iptables -S
    ip -o link | cut -d: -f2
    grep -F "${LAB:?}/" /proc/mounts || true
}

# Processes that belong to the lab, by the folder on their command line.
lab_processes() {
    pgrep -f -- "${LAB:?}/" | grep -vx "$$" || true
}

lab_is_idle() {
    [[ -z $(lab_processes) ]]
}

lab_end() {
    if [[ -z ${LAB:-} || ! -d $LAB ]]; then return 0; fi
    local pid i
    if ! docker version > /dev/null 2>&1; then engine_end KILL && engine_start; fi
    for i in 1 2 3; do docker rm -f "es-node$i" > /dev/null 2>&1 || true; done
    engine_end TERM
    PATIENCE_S=10 await lab_is_idle || for pid in $(lab_processes); do kill -KILL "$pid"; done
    grep -oF "$LAB/" /proc/mounts > /dev/null && awk -v dir="$LAB/" 'index($2, dir) == 1 { print $2 }' /proc/mounts |
        sort -r | xargs -r umount
    lab_around > "$LAB.after"
    diff "$LAB/before" "$LAB.after"
    local same=$?
    rm -rf "$LAB" "$LAB.after"
    return $same
}
