#!/usr/bin/env bats
# rejoin-collector run and heal: what cannot be used is one clear line, the documented exit code, and nothing is
# left behind. No server is started: the distribution is a stand-in that only looks like one.

setup() {
    work=$BATS_TEST_TMPDIR/drill
    mkdir -p "$work/home/bin" "$work/home/lib" "$work/home/config"
    cd "$work" || return 1
    # nodes run as users of their own, who cannot enter the folders of bats
    TMPDIR=$(mktemp -d)
    chmod 755 "$TMPDIR"
    export TMPDIR
    java=$TMPDIR/java
    mkdir -p "$java/bin"
    printf '#!/bin/sh\nexit 1\n' > home/bin/elasticsearch
    chmod +x home/bin/elasticsearch
    touch home/lib/elasticsearch-8.19.0.jar home/config/jvm.options home/config/log4j2.properties
    cp /bin/true "$java/bin/java"
    echo 'JAVA_VERSION="17.0.1"' > "$java/release"
    cat << END > plan.yml
schema: 1
study: {name: bad}
cluster: {home: home, java: $java, nodes: 3, heap: 64m}
factors: {fault: kill}
trials: 1
END
}

# whatever a test did, it left no folder of a run
teardown() {
    rm -r "$java"
    rmdir "$TMPDIR"
}

# refused STATUS TEXT ARGUMENT...: one line on stderr, nothing made
refused() {
    local status_wanted=$1 text=$2 before
    shift 2
    before=$(ls -A)
    run rejoin-collector "$@"
    echo "$output"
    [ "$status" -eq "$status_wanted" ]
    [ "${#lines[@]}" -eq 1 ]
    [[ $output == "rejoin-collector: error: "*"$text"* ]]
    [ "$(ls -A)" = "$before" ]
}

@test "home, Java and ports that cannot be used" {
    refused 3 "is no unpacked Elasticsearch or OpenSearch" run plan.yml --set cluster.home=/nonexistent
    refused 3 "is no Java folder" run plan.yml --set cluster.java=home
    echo 'JAVA_VERSION="11.0.2"' > "$java/release"
    refused 3 "Elasticsearch 8.19.0 needs Java 17 or newer; found 11" run plan.yml
    echo 'JAVA_VERSION="17.0.1"' > "$java/release"
    coproc PORT {
        python3 -c '
import socket, sys
s = socket.socket()
s.bind(("127.0.0.1", 0))
s.listen()
print(s.getsockname()[1], flush=True)
sys.stdin.read()'
    }
    read -r port <&"${PORT[0]}"
    refused 3 "port $port is in use (cluster.ports.http)" run plan.yml --set "cluster.ports.http=$port"
    eval "exec ${PORT[1]}>&-"
}

@test "what is for runs without a plan is not passed over beside one" {
    refused 2 "--trials is for runs without a plan: --set trials=... is expected" run plan.yml --trials 10
    refused 2 "--fault is for runs without a plan: --set factors.fault=... is expected" run plan.yml --fault stop
    refused 2 "--target is for runs without a plan: --set factors.target=... is expected" run plan.yml --target master
}

@test "plans that are wrong" {
    refused 2 "--set trils: trils: unknown key; did you mean 'trials'?" run plan.yml --set trils=3
    refused 2 "5: a duration with its unit is expected" run plan.yml --set poll.fast=5
    refused 2 "losing the master leaves 0 of 1 voter" run plan.yml --set factors.master_eligible=2
    refused 2 "nope.yml: cannot read the plan" run nope.yml
    printf 'trials: 2\n' >> plan.yml
    refused 2 "plan.yml:6:1: trials: " run plan.yml
}

@test "files that cannot be recorded into" {
    refused 3 "is a folder" run plan.yml --db home
    refused 3 "its folder does not exist" run plan.yml --db none/x.sqlite
    refused 3 "no such file" run plan.yml --db x.sqlite --resume
    refused 3 "no such file" heal x.sqlite
    head -c 5000 /dev/zero | tr '\0' 'x' > text.sqlite
    refused 2 "text.sqlite exists already" run plan.yml --db text.sqlite
    refused 3 "not a rejoin drill file" run plan.yml --db text.sqlite --resume
    refused 3 "not a rejoin drill file" heal text.sqlite
    sqlite3 other.sqlite 'CREATE TABLE t (a)'
    refused 3 "another program's database" heal other.sqlite
}

@test "recordings that are newer, cut off, or not of this plan" {
    # a cluster that cannot start leaves its recording: it is evidence
    run rejoin-collector run plan.yml --db drill.sqlite
    echo "$output"
    [ "$status" -eq 3 ]
    [[ $output == *"cluster 3-masters did not come up: node n"*" ended"* ]]
    [ "$(ls -A)" = "$(printf 'drill.sqlite\nhome\nplan.yml')" ]
    [ "$(sqlite3 drill.sqlite 'SELECT ended_by FROM session')" = failed ]
    [[ $(sqlite3 drill.sqlite 'SELECT reason FROM v_session') == "cluster 3-masters did not come up: node n"* ]]
    # who, and on which clocks
    [ "$(sqlite3 drill.sqlite 'SELECT account, clock_source FROM v_session')" = \
        "$(id -un)|$(cat /sys/devices/system/clocksource/clocksource0/current_clocksource)" ]
    [ "$(sqlite3 drill.sqlite 'SELECT start_synchronised + end_synchronised IN (0, 1, 2) FROM session')" = 1 ]

    refused 2 "drill.sqlite exists already" run plan.yml --db drill.sqlite
    refused 2 "holds no study of this plan" run plan.yml --db drill.sqlite --resume --set trials=2
    head -c 50000 drill.sqlite > cut.sqlite
    refused 3 "file is truncated" heal cut.sqlite
    cp drill.sqlite newer.sqlite
    sqlite3 newer.sqlite 'PRAGMA user_version = 99'
    refused 3 "made by a newer rejoin (format 99" heal newer.sqlite
    if ((EUID != 0)); then
        cp drill.sqlite fixed.sqlite
        chmod a-w fixed.sqlite
        refused 3 "read-only" heal fixed.sqlite
    fi
    exec 9< drill.sqlite
    flock 9
    refused 3 "another collector is recording into it" heal drill.sqlite
    exec 9<&-
    run rejoin-collector heal drill.sqlite
    [ "$output" = "nothing to heal" ]
}

@test "the study record is the plan's, and what was refused is in it" {
    local record=(--set study.ticket=CHG-17 --set 'study.approver=A. Person' --set study.rto=30s
        --set 'study.hypothesis=soon' --set study.scope=all --set study.environment=lab
        --set 'study.remarks=none' --set study.objective=why)
    run rejoin-collector run plan.yml --db drill.sqlite "${record[@]}"
    [ "$status" -eq 3 ]
    [ "$(sqlite3 drill.sqlite 'SELECT objective, hypothesis, rto_s, scope, environment, operator, approver, ticket,
        remarks, trials_planned, trials_recorded FROM v_study')" = \
        "why|soon|30.0|all|lab|$(id -un)|A. Person|CHG-17|none|2|0" ]
    # refused before the recording was opened
    mv home away
    run rejoin-collector run plan.yml --db drill.sqlite --resume "${record[@]}"
    [ "$status" -eq 3 ]
    mv away home
    [ "$(sqlite3 drill.sqlite 'SELECT count(*), count(DISTINCT ended_by) FROM session')" = '2|1' ]
    [[ $(sqlite3 drill.sqlite 'SELECT reason FROM session WHERE session_id = 2') == *"is no unpacked Elasticsearch"* ]]
    [ "$(sqlite3 drill.sqlite 'PRAGMA integrity_check; PRAGMA user_version')" = "$(printf 'ok\n2')" ]
}
