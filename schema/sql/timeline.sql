-- What the report reads of one trial (?1) for its timeline: the only samples that it reads.

-- name: timeline_trial
-- base_ns, end_ns, and the fault; NULL where nothing was done.
SELECT t.base_ns, t.end_ns,
       (SELECT min(s.issued_ns) FROM step s
        WHERE s.trial_id = t.trial_id AND s.action IN ('stop', 'kill', 'pause', 'cut', 'noop'))
FROM trial t
WHERE t.trial_id = ?1;

-- name: timeline_nodes
SELECT n.ordinal, n.name, n.master_eligible,
       EXISTS (SELECT 1 FROM step s
               WHERE s.trial_id = t.trial_id AND s.node_id = n.node_id AND s.action IN ('stop', 'kill', 'pause', 'cut'))
FROM trial t
JOIN node n USING (cluster_id)
WHERE t.trial_id = ?1
ORDER BY n.ordinal;

-- name: timeline_samples
SELECT p.node, p.due_us + p.late_us, p.due_us + p.late_us + p.took_us, p.outcome, s.master_name, s.term
FROM sample p
LEFT JOIN snapshot s USING (snapshot_id)
WHERE p.sample_key BETWEEN ?1 << 42 AND ((?1 + 1) << 42) - 1
ORDER BY p.sample_key;

-- name: timeline_changes
SELECT n.ordinal, m.lo_ns, m.hi_ns, m.old_master, m.new_master, m.term
FROM master_change m
JOIN node n USING (node_id)
WHERE m.trial_id = ?1
ORDER BY m.hi_ns;

-- name: timeline_steps
SELECT n.ordinal, s.action, s.error, s.issued_ns, s.done_ns, s.gone_lo_ns, s.gone_hi_ns, s.undone_ns
FROM step s
JOIN node n USING (node_id)
WHERE s.trial_id = ?1
ORDER BY coalesce(s.issued_ns, s.intent_ns), s.step_id;

-- name: timeline_healths
SELECT n.ordinal, h.lo_ns, h.hi_ns, h.status
FROM health_change h
JOIN node n USING (node_id)
WHERE h.trial_id = ?1
ORDER BY n.ordinal, h.hi_ns;
