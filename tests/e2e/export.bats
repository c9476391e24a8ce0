#!/usr/bin/env bats
# rejoin-report export --to http://...: into a real cluster.
# shellcheck disable=SC2030,SC2031 # each test has its own
load common.bash
load services.bash

setup_file() {
    services_start
}

teardown_file() {
    services_end
}

recorded=$BATS_TEST_DIRNAME/../../data/recorded/demo.sqlite
url() { echo "http://127.0.0.1:$((FIRST_PORT + 1))"; }

# export_all URL: the views that are exported when none is named, and the samples; instead of the shell it is called in
export_all() {
    exec rejoin-report export "$recorded" --to "$1" --view v_trial --view v_metric --view v_master_change --view v_log_event \
        --view v_witness --view v_step --view v_node --view v_incident --view v_sample
}

teardown() {
    [ -z "${proxy:-}" ] || kill "$proxy"
}

forget() {
    local names
    names=$(get '/_cat/indices/rejoin-*?h=index' | paste -sd, -)
    [ -z "$names" ] || curl -fsS -X DELETE "$(url)/$names"
}

@test "counts and figures are the recording's; a repeat changes nothing" {
    rejoin-report export "$recorded" --to "$(url)"
    rejoin-report export "$recorded" --to "$(url)" --view v_sample
    python3 "$BATS_TEST_DIRNAME/export_equals_sql.py" "$recorded" "$(url)" > first
    run rejoin-report export "$recorded" --to "$(url)"
    echo "$output"
    [ "$status" -eq 0 ]
    [[ $output == *"0 documents created, 0 updated, "*" were there already, 0 failed"* ]]
    python3 "$BATS_TEST_DIRNAME/export_equals_sql.py" "$recorded" "$(url)" > second
    cat first
    cmp first second
}

# cut_short SIGNAL STATUS: in the middle of an export, half a _bulk request done
cut_short() {
    local before exporter status=0
    before=$(sha256sum < "$recorded")
    forget
    python3 "$BATS_TEST_DIRNAME/hold_proxy.py" "$(url)" port held 3>&- &
    proxy=$!
    await test -e port
    export_all "http://127.0.0.1:$(cat port)" > cut.log 2>&1 3>&- &
    exporter=$!
    await test -e held
    kill "-$1" "$exporter"
    wait "$exporter" || status=$?
    kill "$proxy"
    proxy=
    cat cut.log
    echo "$1: status $status"
    [ "$status" -eq "$2" ]
    [ "$(sha256sum < "$recorded")" = "$before" ]
    [ -z "$(find "$(dirname "$recorded")" -newer port -type f)" ]

    run export_all "$(url)"
    echo "$output"
    [ "$status" -eq 0 ]
    # what the cluster had taken without a word is there already
    [[ $output =~ ([0-9]+)\ documents\ created,\ 0\ updated,\ ([0-9]+)\ were ]]
    [ "${BASH_REMATCH[1]}" -gt 0 ]
    [ "${BASH_REMATCH[2]}" -gt 0 ]
    python3 "$BATS_TEST_DIRNAME/export_equals_sql.py" "$recorded" "$(url)"
}

@test "killed in the middle: the recording is untouched, a repeat completes and every document is at version 1" {
    cut_short KILL 137
}

@test "interrupted in the middle: likewise, exit 4" {
    cut_short INT 4
    grep -q interrupted cut.log
}

@test "a row that changes later raises the version of its document alone" {
    forget
    cp "$recorded" later.sqlite
    sqlite3 later.sqlite "UPDATE trial SET reason = 'not known yet' WHERE trial_id = 2"
    rejoin-report export later.sqlite --to "$(url)"
    run rejoin-report export "$recorded" --to "$(url)"
    echo "$output"
    [ "$status" -eq 0 ]
    [[ $output == *"0 documents created, 1 updated, "* ]]
    get '/rejoin-*/_refresh'
    get '/rejoin-*/_search?version=true&size=10000' | python3 -c '
import json, sys
hits = json.load(sys.stdin)["hits"]["hits"]
risen = [h for h in hits if h["_version"] != 1]
assert len(hits) > 100 and len(risen) == 1, (len(hits), risen)
assert risen[0]["_index"] == "rejoin-trial" and risen[0]["_version"] == 2 and risen[0]["_source"]["reason"] != "not known yet", risen'
}
