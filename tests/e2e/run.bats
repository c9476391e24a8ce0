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

    # each survivor's own log bears witness: it wrote of every new master before we saw it. One that was lost and found again
    # between two polls is twice in the log: there they cannot be told apart
    [ "$(sql drill.sqlite "SELECT count(*) FROM v_trial t JOIN v_master_change c USING (trial_id)
        LEFT JOIN v_witness w ON w.trial_id = c.trial_id AND w.observer = c.observer AND w.poll_hi_ns = c.hi_ns
        WHERE c.observer <> t.victim AND c.new_master IS NOT NULL AND c.lo_ns > (SELECT min(issued_ns) FROM v_step s
            WHERE s.trial_id = t.trial_id) AND w.line IS NULL
        AND (SELECT count(*) FROM v_log_event l WHERE l.trial_id = c.trial_id AND l.node = c.observer AND l.kind = 'applied'
             AND l.master = c.new_master AND l.term = c.term)
         <= (SELECT count(*) FROM v_master_change o WHERE o.trial_id = c.trial_id AND o.observer = c.observer
             AND o.new_master = c.new_master AND o.term = c.term)")" -eq 0 ]
    [ "$(sql drill.sqlite "SELECT count(*) > 0, sum(is_early), min(poll_hi_ns >= log_lo_ns) FROM v_witness")" = '1|0|1' ]
    [ "$(sql drill.sqlite "SELECT count(*) FROM log_event WHERE lo_ns IS NULL")" -eq 0 ]
    [ "$(sql drill.sqlite "SELECT count(DISTINCT trial_id || kind) FROM log_event
        WHERE kind IN ('elected', 'applied', 'master_lost', 'node_left', 'node_join')")" -eq 20 ]
    [ "$(sql drill.sqlite "SELECT count(*) FROM incident WHERE kind LIKE 'log_%' OR kind = 'clock_step'")" -eq 0 ]
    # the raw lines are there, and the events are of them
    # openpyxl is of Debian: another python3 earlier in PATH does not have it
    /usr/bin/python3 - drill.sqlite << 'END'
import sqlite3, sys, zlib
db = sqlite3.connect(sys.argv[1])
for trial, node, line, text in db.execute("SELECT trial_id, node_id, line, text FROM log_event"):
    n, size, packed = db.execute("SELECT n_lines, n_bytes, lines FROM log_chunk WHERE trial_id = ? AND node_id = ?",
                                 (trial, node)).fetchone()
    raw = zlib.decompress(packed)
    assert len(raw) == size and raw.count(b"\n") == n
    assert text.removesuffix("...") in raw.decode().split("\n")[line - 1]
END
    rejoin-report summary drill.sqlite | grep '^witness' | sed 's/^/# /' >&3

    # it holds: every change and metric follows from the samples, and it is sealed
    run rejoin-report verify drill.sqlite
    echo "$output"
    [ "$status" -eq 0 ]
    [[ $output == *'4 of 4 trials sealed'* ]]
    python3 "$BATS_TEST_DIRNAME/../seal/canonical.py" drill.sqlite

    run rejoin-report workbook drill.sqlite -o drill.xlsx
    echo "$output"
    [ "$status" -eq 0 ]
    /usr/bin/python3 "$BATS_TEST_DIRNAME/../cli/workbook.py" drill.sqlite drill.xlsx
    rejoin-report summary drill.sqlite --format json > summary.json
    /usr/bin/python3 "$BATS_TEST_DIRNAME/summary_equals_sql.py" drill.sqlite summary.json
}

@test "sizes 3 and 4 of four processes, interleaved: one cluster after the other" {
    plan stop 1
    run rejoin-collector run plan.yml --db drill.sqlite --set cluster.nodes=4 --set 'factors.master_eligible=[3, 4]'
    echo "$output"
    [ "$status" -eq 0 ]
    nothing_is_left
    [ "$(sql drill.sqlite "SELECT group_concat(master_eligible || ':' || n_nodes, ' ') FROM
        (SELECT * FROM v_trial WHERE outcome = 'recovered' ORDER BY master_eligible)")" = '3:4 4:4' ]
    # one of four is left out of the voting configuration (see domain: sizes)
    [ "$(sql drill.sqlite "SELECT max(json_array_length(body, '$.voters')) FROM snapshot")" -eq 3 ]
}
