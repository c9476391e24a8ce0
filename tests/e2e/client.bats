#!/usr/bin/env bats
# The client's view and the control arm, on one real cluster.
load common.bash

# The indices of the cluster, again and again, while the nodes are there.
watch_indices() {
    local url
    while sleep 0.02; do
        [ -n "${url:-}" ] || url=$(sql drill.sqlite "SELECT http_url FROM node WHERE ordinal = 1" 2> /dev/null) || true
        [ -z "${url:-}" ] || curl -s -m 2 -w ' %{http_code}\n' "$url/_cat/indices?h=index" >> indices.log || true
    done
}

@test "write probe and noop: nothing acknowledged is lost, nothing invented, nothing left" {
    plan '[noop, stop]' 1 'probe: {write: 20ms}' 'limits: {noop: 2s}'
    watch_indices 3>&- &
    watcher=$!
    run rejoin-collector run plan.yml --db drill.sqlite
    kill "$watcher"
    echo "$output"
    [ "$status" -eq 0 ]
    nothing_is_left
    [ "$(sql drill.sqlite "SELECT group_concat(fault || ':' || outcome, ' ') FROM (SELECT * FROM v_trial ORDER BY fault)")" \
        = 'noop:recovered stop:recovered' ]

    # the control arm: no change of master, a noise floor of every metric
    [ "$(sql drill.sqlite "SELECT sum(false_changes) || ' ' || sum(terms) FROM v_trial WHERE fault = 'noop'")" = '0 0' ]
    [ "$(sql drill.sqlite "SELECT count(DISTINCT metric) FROM v_metric WHERE fault = 'noop' AND censored = -1 AND hi_ns > 0
        AND metric IN ('detection', 'reelection', 'agreement', 'masterless', 'spread', 'dual_master', 'write_gap',
                       'boot', 'rejoin', 'rejoin_all', 'redundancy', 'downtime')")" -eq 12 ]
    [ "$(sql drill.sqlite "SELECT count(*) FROM v_metric WHERE fault = 'noop' AND censored <> -1")" -eq 0 ]
    [ "$(sql drill.sqlite "SELECT count(*) FROM step WHERE action = 'noop' AND issued_ns IS NOT NULL")" -eq 2 ]

    # the client's view: a gap, and every acknowledged document is there
    [ "$(sql drill.sqlite "SELECT count(*) FROM v_metric WHERE metric = 'write_gap' AND fault = 'stop'
        AND censored = 0 AND lo_ns > 0")" -eq 1 ]
    [ "$(sql drill.sqlite "SELECT count(*) FROM v_trial WHERE acknowledged_writes > 50 AND lost_writes = 0")" -eq 2 ]
    [ "$(sql drill.sqlite "SELECT count(*) FROM v_write WHERE acked")" \
        -eq "$(sql drill.sqlite "SELECT sum(found) FROM write_count")" ]
    [ "$(sql drill.sqlite "SELECT count(*) FROM v_write")" -eq "$(sql drill.sqlite "SELECT sum(sent) FROM write_count")" ]
    [ "$(sql drill.sqlite "SELECT (sum(pgsize) - 8192) / (SELECT count(*) FROM write_probe) FROM dbstat WHERE name = 'write_probe'")" -le 24 ]
    [ "$(sql drill.sqlite "SELECT count(*) FROM v_metric WHERE metric = 'dual_master' AND fault = 'stop' AND lo_ns = 0")" -eq 1 ]

    # the index was there, and its removal was acknowledged: it is not only lost with its nodes
    grep -q '^rejoin-drill-' indices.log
    [ "$(sql drill.sqlite "SELECT count(*) FROM incident WHERE kind IN ('index_left', 'lost_writes', 'writes_not_looked_for')")" -eq 0 ]
}
