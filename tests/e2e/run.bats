#!/usr/bin/env bats
# The whole path on real nodes: plan, drill, file, summary, workbook.
load common.bash

@test "stop and kill on three nodes, to a workbook whose numbers are those of plain SQL" {
    plan '[stop, kill]' 2
    run rejoin-collector run plan.yml --db drill.sqlite
    echo "$output"
    [ "$status" -eq 0 ]
    nothing_is_left

    # every trial measured what it is about
    [ "$(sql drill.sqlite "SELECT count(*) FROM v_trial WHERE outcome = 'recovered' AND terms >= 1
        AND old_master <> new_master AND warmup = 0")" -eq 4 ]
    [ "$(sql drill.sqlite "SELECT group_concat(n) FROM (SELECT fault, count(*) n FROM v_trial GROUP BY fault)")" = 2,2 ]
    for metric in detection reelection agreement rejoin rejoin_all redundancy downtime boot shutdown; do
        [ "$(sql drill.sqlite "SELECT count(DISTINCT trial_id) FROM v_metric
            WHERE metric = '$metric' AND censored <= 0 AND value_s > 0")" -eq 4 ]
    done
    # first election, then return; and a rejoin is a new life of the same node
    [ "$(sql drill.sqlite "SELECT count(*) FROM v_metric r JOIN v_metric a USING (trial_id)
        WHERE r.metric = 'reelection' AND a.metric = 'agreement' AND r.origin = a.origin
        AND r.origin = 'fault_issued' AND r.value_s <= a.value_s")" -eq 4 ]
    # the file keeps what it promises: one plain file, whole, accounted for
    [ "$(ls drill.sqlite*)" = drill.sqlite ]
    [ "$(sql drill.sqlite 'PRAGMA integrity_check')" = ok ]
    [ -z "$(sql drill.sqlite 'PRAGMA foreign_key_check')" ]
    [ "$(sql drill.sqlite "SELECT count(*) FROM sample")" -eq "$(sql drill.sqlite "SELECT sum(sent) FROM poll_count")" ]
    [ "$(sql drill.sqlite "SELECT sum(pgsize) / (SELECT count(*) FROM sample) FROM dbstat WHERE name = 'sample'")" -le 24 ]
    [ "$(sql drill.sqlite "SELECT count(*) FROM step WHERE action IN ('stop', 'kill') AND undone_ns IS NULL")" -eq 0 ]
    [ "$(sql drill.sqlite "SELECT count(*) FROM v_node WHERE persistent_id IS NOT NULL AND version = '8.19.0'")" -eq 3 ]

    run rejoin-report workbook drill.sqlite -o drill.xlsx
    echo "$output"
    [ "$status" -eq 0 ]
    python3 "$BATS_TEST_DIRNAME/../cli/workbook.py" drill.sqlite drill.xlsx
    rejoin-report summary drill.sqlite --format json > summary.json
    python3 "$BATS_TEST_DIRNAME/summary_equals_sql.py" drill.sqlite summary.json
}

@test "sizes 3 and 4 of four processes, interleaved: one cluster after the other" {
    plan stop 1 'limits: {start: 150s}'
    run rejoin-collector run plan.yml --db drill.sqlite --set cluster.nodes=4 --set 'factors.master_eligible=[3, 4]'
    echo "$output"
    [ "$status" -eq 0 ]
    nothing_is_left
    [ "$(sql drill.sqlite "SELECT group_concat(master_eligible || ':' || n_nodes, ' ') FROM
        (SELECT * FROM v_trial WHERE outcome = 'recovered' ORDER BY master_eligible)")" = '3:4 4:4' ]
    # one of four is left out of the voting configuration (see domain: sizes)
    [ "$(sql drill.sqlite "SELECT max(json_array_length(body, '$.voters')) FROM snapshot")" -eq 3 ]
}
