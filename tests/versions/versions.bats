#!/usr/bin/env bats
# One drill on each version that is supported, each with the newest Java that it can run on. Elasticsearch 8.19 is what
# tests/e2e drills.
load ../e2e/common.bash

# drill PRODUCT VERSION: a stop of the master of three
drill() {
    local product=$1 version=$2
    HOME_8=$(realpath "$BATS_TEST_DIRNAME/../..")/build/dist/$product-$version
    [ -e "$HOME_8/.complete" ] || skip "$product $version could not be fetched"
    plan stop 1
    run rejoin-collector run plan.yml --db drill.sqlite
    echo "$output"
    if [[ $status -eq 3 && $output == *" needs Java "* ]]; then skip "no Java for $product $version"; fi
    [ "$status" -eq 0 ]
    nothing_is_left

    [ "$(sql drill.sqlite "SELECT product, version FROM cluster")" = "$product|$version" ]
    [ "$(sql drill.sqlite "SELECT count(*) FROM v_node WHERE version = '$version' AND persistent_id IS NOT NULL")" -eq 3 ]
    [ "$(sql drill.sqlite "SELECT count(*) FROM v_trial WHERE outcome = 'recovered' AND terms >= 1 AND old_master <> new_master")" -eq 1 ]
    for metric in detection reelection agreement rejoin rejoin_all redundancy downtime boot shutdown; do
        [ "$(sql drill.sqlite "SELECT count(DISTINCT trial_id) FROM v_metric
            WHERE metric = '$metric' AND censored <= 0 AND value_s > 0")" -eq 1 ]
    done
    # every survivor's log was understood
    [ "$(sql drill.sqlite "SELECT count(*) FROM v_witness WHERE line IS NOT NULL")" -ge 2 ]
    [ "$(sql drill.sqlite "SELECT count(DISTINCT kind) FROM log_event
        WHERE kind IN ('elected', 'applied', 'master_lost', 'node_left', 'node_join')")" -eq 5 ]
    # what a node itself says of its settings
    [ "$(sql drill.sqlite "SELECT count(*) > 0 FROM effective_setting WHERE name = 'cluster.election.initial_timeout'")" -eq 1 ]
    [ "$(sql drill.sqlite "SELECT count(*) FROM incident WHERE kind IN ('settings_unknown', 'clock_step') OR kind LIKE 'log_%'")" -eq 0 ]
    rejoin-report summary drill.sqlite --format json | /usr/bin/python3 -c '
import json, sys
rows = [r for r in json.load(sys.stdin)["rows"] if r["metric"] == "reelection"]
assert len(rows) == 1 and rows[0]["n"] == 1 and rows[0]["min"] > 0, rows'
}

@test "Elasticsearch 7.17.28" { drill elasticsearch 7.17.28; }

@test "Elasticsearch 9.2.0" { drill elasticsearch 9.2.0; }

@test "OpenSearch 2.19.1" { drill opensearch 2.19.1; }

@test "OpenSearch 3.3.0" { drill opensearch 3.3.0; }
