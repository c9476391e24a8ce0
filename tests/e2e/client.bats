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

# Of the trial with a fault: is the recorded figure what its writes say?
LONGEST_GAP="WITH acked AS (
    SELECT w.trial_id, w.sent_ns, w.done_ns, lead(w.done_ns) OVER (PARTITION BY w.trial_id ORDER BY w.done_ns) AS next_ns
    FROM v_write w JOIN v_trial USING (trial_id)
    WHERE fault = 'stop' AND acked
), gap AS (
    SELECT next_ns - done_ns AS lo_ns, next_ns - sent_ns AS hi_ns
    FROM acked
    WHERE next_ns > (SELECT min(issued_ns) FROM v_step s WHERE s.trial_id = acked.trial_id AND s.action = 'stop')
    ORDER BY 1 DESC LIMIT 1
)
SELECT CASE m.censored WHEN 1 THEN m.lo_ns >= g.lo_ns -- none was acknowledged in the end
            WHEN -1 THEN g.lo_ns < 40000000 AND m.lo_ns = 0 ELSE g.lo_ns >= 40000000 AND m.lo_ns = g.lo_ns END
FROM gap g JOIN v_metric m ON m.metric = 'write_gap' AND m.fault = 'stop'"

@test "write probe and noop: nothing acknowledged is lost, nothing invented, nothing left" {
    plan '[noop, stop]' 1 'probe: {write: 20ms}'
    watch_indices 3>&- &
    watcher=$!
    run rejoin-collector run plan.yml --db drill.sqlite --set limits.noop=4s
    kill "$watcher"
    echo "$output"
    [ "$status" -eq 0 ]
    nothing_is_left
    [ "$(sql drill.sqlite "SELECT group_concat(fault || ':' || outcome, ' ') FROM (SELECT * FROM v_trial ORDER BY fault)")" \
        = 'noop:recovered stop:recovered' ]

    # the control arm: no change of master, a noise floor of every metric
    [ "$(sql drill.sqlite "SELECT sum(false_changes) || ' ' || sum(terms) FROM v_trial WHERE fault = 'noop'")" = '0 0' ]
    [ "$(sql drill.sqlite "SELECT count(DISTINCT metric) FROM v_metric WHERE fault = 'noop' AND censored = -1 AND hi_ns > 0
        AND metric IN ('detection', 'reelection', 'agreement', 'masterless', 'spread', 'dual_master',
                       'boot', 'rejoin', 'rejoin_all', 'redundancy', 'downtime')")" -eq 11 ]
    [ "$(sql drill.sqlite "SELECT count(*) FROM v_metric WHERE fault = 'noop' AND censored <> -1 AND metric <> 'write_gap'")" -eq 0 ]
    # its longest may be the last, which nothing ends
    [ "$(sql drill.sqlite "SELECT censored <> 0 FROM v_metric WHERE fault = 'noop' AND metric = 'write_gap'")" = 1 ]
    [ "$(sql drill.sqlite "SELECT count(*) FROM step WHERE action = 'noop' AND issued_ns IS NOT NULL")" -eq 2 ]

    # the client's view: the longest gap between two acknowledged writes, or less than two periods; and every acknowledged
    # document is there
    [ "$(sql drill.sqlite "$LONGEST_GAP")" = 1 ]
    [ "$(sql drill.sqlite "SELECT count(*) FROM v_trial WHERE acknowledged_writes > 0 AND lost_writes = 0")" -eq 2 ]
    [ "$(sql drill.sqlite "SELECT count(*) FROM v_write WHERE acked")" \
        -eq "$(sql drill.sqlite "SELECT sum(found) FROM write_count")" ]
    [ "$(sql drill.sqlite "SELECT count(*) FROM v_write")" -eq "$(sql drill.sqlite "SELECT sum(sent) FROM write_count")" ]
    [ "$(sql drill.sqlite "SELECT (sum(pgsize) - 8192) / (SELECT count(*) FROM write_probe) FROM dbstat WHERE name = 'write_probe'")" -le 24 ]

    # the index was there, and its removal was acknowledged: it is not only lost with its nodes
    grep -q '^rejoin-drill-' indices.log
    [ "$(sql drill.sqlite "SELECT count(*) FROM incident WHERE kind IN ('index_left', 'lost_writes', 'writes_not_looked_for')")" -eq 0 ]
}
