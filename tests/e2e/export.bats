#!/usr/bin/env bats
# rejoin-report export --to http://...: into a real cluster.
load common.bash
load services.bash

setup_file() {
    services_start
}

teardown_file() {
    services_end
}

@test "counts and figures are the recording's; a repeat changes nothing" {
    recorded=$BATS_TEST_DIRNAME/../../data/recorded/demo.sqlite
    url=http://127.0.0.1:$((FIRST_PORT + 1))
    rejoin-report export "$recorded" --to "$url"
    rejoin-report export "$recorded" --to "$url" --view v_sample
    python3 "$BATS_TEST_DIRNAME/export_equals_sql.py" "$recorded" "$url" > first
    run rejoin-report export "$recorded" --to "$url"
    echo "$output"
    [ "$status" -eq 0 ]
    [[ $output == *"0 documents created, "*" were there already, 0 failed"* ]]
    python3 "$BATS_TEST_DIRNAME/export_equals_sql.py" "$recorded" "$url" > second
    cat first
    cmp first second
}
