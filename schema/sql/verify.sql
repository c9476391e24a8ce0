-- What `rejoin-report verify` reads, to compute again what is stored. Texts that the schema has NOT NULL: a file may have
-- been altered with that taken off.

-- name: verify_studies
-- To be sealed: recorded by a collector that seals, whatever study.sealed says: it writes what format 1 had no place for.
SELECT s.study_id, s.name, s.uuid,
       s.sealed OR coalesce(s.hypothesis, s.rto_ns, s.scope, s.environment, s.approver, s.ticket, s.remarks) IS NOT NULL
           OR EXISTS (SELECT 1 FROM session e WHERE e.study_id = s.study_id AND coalesce(e.account, e.clock_source,
                      e.start_synchronised, e.start_est_error_ns, e.start_max_error_ns) IS NOT NULL)
           OR EXISTS (SELECT 1 FROM sign_off o WHERE o.study_id = s.study_id AND o.head IS NOT NULL),
       s.plan_json,
       (SELECT count(*) FROM trial t WHERE t.study_id = s.study_id),
       EXISTS (SELECT 1 FROM session e WHERE e.study_id = s.study_id AND e.end_mono_ns IS NULL),
       s.sealed
FROM study s
ORDER BY s.study_id;

-- name: verify_trials
SELECT t.trial_id, t.position, t.cluster_id, t.base_ns, coalesce(t.end_ns, t.base_ns), coalesce(a.fault, ''), t.outcome,
       om.ordinal, nm.ordinal, t.old_ephemeral_id, t.term_before, t.term_after,
       strftime('%Y-%m-%d', coalesce(t.end_utc_us, e.start_utc_us + (t.base_ns - e.start_mono_ns) / 1000) / 1000000, 'unixepoch'),
       s.ordinal, s.hash, s.chain, s.sealed_utc_us,
       coalesce(t.end_utc_us, e.start_utc_us + (coalesce(t.end_ns, t.base_ns) - e.start_mono_ns) / 1000),
       (SELECT sum(i.n) FROM incident i WHERE i.trial_id = t.trial_id AND i.kind = 'quiet_polls'),
       strftime('%Y-%m-%d %H:%M:%S', s.sealed_utc_us / 1000000, 'unixepoch')
FROM trial t
JOIN arm a USING (arm_id)
JOIN session e USING (session_id)
LEFT JOIN node om ON om.node_id = t.old_master_node_id AND om.cluster_id = t.cluster_id
LEFT JOIN node nm ON nm.node_id = t.new_master_node_id AND nm.cluster_id = t.cluster_id
LEFT JOIN seal s USING (trial_id)
WHERE t.study_id = ?1
ORDER BY t.trial_id;

-- name: verify_snapshot
SELECT snapshot_id, digest, cluster_uuid, master_id, master_name, term, version, state_uuid, n_members, body
FROM snapshot
WHERE snapshot_id = ?1;

-- name: verify_snapshot_ids
SELECT snapshot_id FROM snapshot ORDER BY snapshot_id;

-- name: verify_nodes
SELECT ordinal, name FROM node WHERE cluster_id = ?1 ORDER BY ordinal;

-- name: verify_steps
SELECT n.ordinal, coalesce(p.action, ''), p.undoes_step_id IS NOT NULL, p.intent_ns, p.issued_ns, p.done_ns, p.undone_ns,
       p.gone_lo_ns, p.gone_hi_ns, p.error IS NOT NULL, coalesce(p.error LIKE 'not done: %', 0)
FROM step p
JOIN node n USING (node_id)
WHERE p.trial_id = ?1
ORDER BY p.step_id;

-- name: verify_losses
SELECT l.round, n.ordinal, l.reelection_lo_ns, l.reelection_hi_ns, l.survived
FROM loss l
JOIN json_each(CASE WHEN json_valid(l.taken) THEN l.taken ELSE '[null]' END) j  -- null is no node's name
JOIN trial t USING (trial_id)
LEFT JOIN node n ON n.cluster_id = t.cluster_id AND n.name = j.value
WHERE l.trial_id = ?1
ORDER BY l.round, n.ordinal;

-- name: verify_healths
SELECT n.ordinal, h.lo_ns, h.hi_ns, h.status
FROM health_change h
JOIN node n USING (node_id)
WHERE h.trial_id = ?1
ORDER BY h.hi_ns, n.ordinal;

-- name: verify_master_changes
SELECT n.ordinal, m.lo_ns, m.hi_ns, m.old_master, m.new_master, m.term
FROM master_change m
JOIN node n USING (node_id)
WHERE m.trial_id = ?1
ORDER BY n.ordinal, m.hi_ns;

-- name: verify_metrics
SELECT coalesce(metric, ''), coalesce(origin, ''), coalesce(observer, ''), lo_ns, hi_ns, censored
FROM metric
WHERE trial_id = ?1;

-- name: verify_poll_counts
SELECT n.ordinal, p.due, p.sent, p.skipped, p.ok, p.http_error, p.net_error, p.timeout
FROM poll_count p
JOIN node n USING (node_id)
WHERE p.trial_id = ?1;

-- name: verify_writes
SELECT due_us, node, number, late_us, took_us, outcome
FROM write_probe
WHERE write_key BETWEEN ?1 << 42 AND (?1 << 42) + 4398046511103
ORDER BY due_us + late_us + took_us, write_key;

-- name: verify_write_count
SELECT due, sent, skipped, ok, http_error, net_error, timeout, found, lost
FROM write_count
WHERE trial_id = ?1;

-- name: verify_rows
-- Of samples and writes, all there are.
SELECT (SELECT count(*) FROM sample), (SELECT count(*) FROM write_probe);

-- name: verify_elsewhere
-- Rows that refer to rows of another study or cluster than they are of.
SELECT 'trial ' || t.trial_id || ': its session, arm or cluster is of another study'
FROM trial t
JOIN session e USING (session_id)
JOIN arm a USING (arm_id)
JOIN cluster c ON c.cluster_id = t.cluster_id
WHERE e.study_id <> t.study_id OR a.study_id <> t.study_id OR c.study_id <> t.study_id
UNION ALL
-- neither study's seal would have it
SELECT 'incident ' || i.incident_id || ': its trial is of another study'
FROM incident i
JOIN trial t USING (trial_id)
WHERE i.study_id <> t.study_id
UNION ALL
SELECT 'trial ' || t.trial_id || ': it names a node of another cluster'
FROM trial t
JOIN node n ON n.node_id IN (t.victim_node_id, t.old_master_node_id, t.new_master_node_id)
WHERE n.cluster_id <> t.cluster_id
UNION ALL
SELECT DISTINCT 'trial ' || x.trial_id || ': it has rows of a node of another cluster'
FROM (SELECT trial_id, node_id FROM poll_count
      UNION SELECT trial_id, node_id FROM master_change
      UNION SELECT trial_id, node_id FROM health_change
      UNION SELECT trial_id, node_id FROM log_event
      UNION SELECT trial_id, node_id FROM log_chunk
      UNION SELECT trial_id, node_id FROM step WHERE trial_id IS NOT NULL) x
JOIN trial t USING (trial_id)
JOIN node n USING (node_id)
WHERE n.cluster_id <> t.cluster_id;
