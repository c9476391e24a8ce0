#!/usr/bin/env bats
# rejoin-report export --to http://...: into one real node of each product and version. The default version is that of
# tests/e2e/export.bats.
load ../e2e/common.bash
load ../e2e/services.bash # free_ports

# newest_java [MOST]: home of the newest of the machine, of no more than that version
newest_java() {
    local home version best=0
    for home in $(readlink -f /usr/lib/jvm/*/bin/java | sort -u); do
        version=$("$home" -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p')
        if ((version > best && version <= ${1:-99})); then best=$version && JAVA=${home%/bin/java}; fi
    done
}

# start PRODUCT VERSION: a node by itself, as another user, below $work
# shellcheck disable=SC2154 # common's setup sets work
start() {
    local home=$BATS_TEST_DIRNAME/../../build/dist/$1-$2 prefix=ES
    [ -e "$home/.complete" ] || skip "$1 $2 could not be fetched"
    home=$(realpath "$home")
    [[ $1 != opensearch ]] || prefix=OPENSEARCH
    PORT=$(($(free_ports) + 1))
    mkdir -p node/data node/logs node/tmp
    cp -r "$home/config" node/config
    grep -vE 'Use(G1|ConcMarkSweep)GC|Xlog:gc|HeapDumpPath|ErrorFile|HeapDumpOnOutOfMemory' "$home/config/jvm.options" \
        > node/config/jvm.options
    printf '%s\n' -XX:+UseSerialGC -Xms256m -Xmx256m -XX:TieredStopAtLevel=1 >> node/config/jvm.options
    cat > "node/config/$1.yml" << END
network.host: 127.0.0.1
http.port: $PORT
transport.port: $((PORT + 1))
discovery.type: single-node
path.data: $work/node/data
path.logs: $work/node/logs
cluster.routing.allocation.disk.threshold_enabled: false
END
    [[ $1 == opensearch ]] || echo "xpack.security.enabled: false" >> "node/config/$1.yml"
    chown -R nobody: node
    env -i PATH="$PATH" HOME="$work/node" REJOIN_RUN="$work/" "${prefix}_PATH_CONF=$work/node/config" \
        "${prefix}_JAVA_HOME=$JAVA" "${prefix}_TMPDIR=$work/node/tmp" \
        setsid setpriv --reuid nobody --regid nogroup --clear-groups "$home/bin/$1" > node/out 2>&1 < /dev/null 3>&- &
    await curl -fsS "http://127.0.0.1:$PORT/_cluster/health" || { tail -20 node/out && return 1; }
}

# exports PRODUCT VERSION
exports() {
    local recorded=$BATS_TEST_DIRNAME/../../data/recorded/demo.sqlite
    start "$@"
    local url=http://127.0.0.1:$PORT
    curl -fsS "$url/_nodes?filter_path=nodes.*.version" | grep -F "\"version\":\"$2\""
    cp "$recorded" earlier.sqlite
    sqlite3 earlier.sqlite "UPDATE step SET undone_ns = NULL WHERE step_id = (SELECT min(step_id) FROM step WHERE undone_ns IS NOT NULL)"
    rejoin-report export "$recorded" --to "$url" --view v_sample
    rejoin-report export "$recorded" --to "$url"
    python3 "$BATS_TEST_DIRNAME/../e2e/export_equals_sql.py" "$recorded" "$url" > first
    run rejoin-report export "$recorded" --to "$url"
    echo "$output"
    [ "$status" -eq 0 ]
    [[ $output == *"0 documents created, 0 updated, "*" were there already, 0 failed"* ]]
    run rejoin-report export "$recorded" --to "$url" --view v_sample
    echo "$output"
    [[ $output == *"0 documents created, 0 updated, "*" were there already, 0 failed"* ]]
    python3 "$BATS_TEST_DIRNAME/../e2e/export_equals_sql.py" "$recorded" "$url" > second
    cmp first second
    run rejoin-report export earlier.sqlite --to "$url"
    echo "$output"
    [[ $output == *"0 documents created, 1 updated, "*", 0 failed"* ]]
    rm earlier.sqlite # not what was sealed
}

@test "OpenSearch 2.19.1" { newest_java 17 && exports opensearch 2.19.1; }

@test "OpenSearch 3.3.0" { newest_java && exports opensearch 3.3.0; }

@test "Elasticsearch 7.17.28" { newest_java 17 && exports elasticsearch 7.17.28; }

@test "Elasticsearch 9.2.0" { newest_java && exports elasticsearch 9.2.0; }
