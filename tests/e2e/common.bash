# What the end-to-end tests share. Each test has a folder of its own, and leaves nothing behind: that is
# checked after every one.
# shellcheck shell=bash

E2E=$(dirname "${BASH_SOURCE[0]}")
HOME_8=$PWD/build/dist/elasticsearch-8.19.0
: "${BIN:=$PWD/build}"

setup() {
    work=$(mktemp -d "$BATS_TEST_TMPDIR/drill.XXXXXX")
    # nodes run as users of their own: they must reach their folders
    export TMPDIR=$work
    chmod 755 "$BATS_TEST_TMPDIR" "$work" "$BATS_RUN_TMPDIR" 2> /dev/null || true
    cd "$work" || return 1
}

# plan FAULTS TRIALS [LINE]...: a three-node plan
plan() {
    local faults=$1 trials=$2
    shift 2
    cat << END > plan.yml
schema: 1
study: {name: e2e, operator: tester}
cluster: {driver: local, home: "$HOME_8", nodes: 3, heap: 256m}
factors: {master_eligible: 3, fault: $faults}
trials: $trials
warmup: 0
order: {interleave: true, block: 1, seed: 7}
pause: {between: 0s, jitter: 100ms}
limits: {start: 600s, gate: 300s, reelection: 300s, rejoin: 600s}
END
    printf '%s\n' "$@" >> plan.yml
}

# sql DB QUERY
sql() {
    sqlite3 -readonly -bail "$1" "$2"
}

# await COMMAND...: until it succeeds. What a quiet machine does in seconds a busy one may do in minutes.
await() {
    local end=$((SECONDS + ${PATIENCE_S:-600}))
    until "$@" > /dev/null 2>&1; do
        ((SECONDS < end)) || { echo "waited in vain: $*" && return 1; }
        read -rt 0.05 <> <(:) || true
    done
}

fault_is_open() {
    [[ $(sqlite3 -readonly "$1" "SELECT count(*) FROM step WHERE undone_ns IS NULL") -gt 0 ]]
}

# Processes of the drills that this test ran.
servers() {
    local p
    for p in /proc/[0-9]*; do
        if tr '\0' '\n' 2> /dev/null < "$p/environ" | grep -q "^REJOIN_RUN=$work/"; then
            echo "${p#/proc/}"
        fi
    done 2> /dev/null
}

has_servers() {
    [[ -n $(servers) ]]
}

has_no_servers() {
    [[ -z $(servers) ]]
}

# jvm_sockets UID...: those in /tmp of servers that have ended. A server that attaches to itself (Elasticsearch 8.19, 9)
# makes one that is named after its pid, and leaves it there when it is killed; a later server of that pid that runs as
# another user then does not start. A UID may be FIRST-LAST.
jvm_sockets() {
    local name uid range
    find /tmp -maxdepth 1 -type s -name '.java_pid*' -printf '%f %U\n' | while read -r name uid; do
        # one that waits to be reaped has ended
        ! grep -qs '^State:.[^Z]' "/proc/${name#.java_pid}/status" || continue
        for range; do
            ((uid < ${range%-*} || uid > ${range#*-})) || echo "/tmp/$name"
        done
    done
}

# The users of the tests' own servers: service's, and nobody.
TEST_UIDS=(64201-64203 65534)
remove_jvm_sockets() {
    jvm_sockets "${TEST_UIDS[@]}" | xargs -r rm -f
}

has_no_jvm_sockets() {
    [[ -z $(jvm_sockets 52000-64000) ]] # users of the local driver's nodes
}

nothing_is_left() {
    local left
    left=$(servers)
    [[ -z $left ]] || { echo "servers left: $left" && return 1; }
    ! compgen -G "$work/rejoin-*" || return 1
    # a drill beside this one may just be removing its own
    await has_no_jvm_sockets
}

# dual_master_holds DB: the stored figure is what the answers say
dual_master_holds() {
    local wrong
    wrong=$(sqlite3 -readonly -bail "$1" < "$E2E/dual_master.sql") || return 1
    [[ -z $wrong ]] || { echo "$1: dual_master: $wrong" && return 1; }
}

# Whatever a test recorded for real must stand up to an auditor. What a test leaves open (its collector
# was killed, or killed on purpose while it healed) is not sealed yet.
recordings_hold() {
    local db
    for db in "$work"/*.sqlite; do
        [[ -e $db && $(sql "$db" "SELECT (SELECT count(*) FROM study) = (SELECT count(*) FROM study_seal)") = 1 ]] ||
            continue
        rejoin-report verify "$db" || return 1
        dual_master_holds "$db" || return 1
    done
}

teardown() {
    local pid
    for pid in $(servers); do
        kill -KILL "$pid" 2> /dev/null || true
    done
    await has_no_servers
    remove_jvm_sockets
    [[ ${BATS_TEST_COMPLETED-} != 1 ]] || recordings_hold
}
