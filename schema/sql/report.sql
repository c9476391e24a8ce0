-- What the report reads. None of these touches sample or snapshot: a summary of a large recording
-- must not depend on how often the nodes were polled.

-- name: report_studies
SELECT study_id, uuid, name, plan_file, plan_text, plan_sha256, seed,
       trials_planned, created_utc_us, finished_utc_us,
       strftime('%Y-%m-%d %H:%M:%S', created_utc_us / 1000000, 'unixepoch'),
       strftime('%Y-%m-%d %H:%M:%S', finished_utc_us / 1000000, 'unixepoch')
FROM study
ORDER BY study_id;

-- name: report_study_records
-- After study_id in the order of enum study_fact (report/study_record.h).
SELECT study_id, objective, hypothesis, rto_ns, scope, environment, operator, approver, ticket, remarks
FROM study
ORDER BY study_id;

-- name: report_sign_offs
SELECT study_id, name, decision, comment, strftime('%Y-%m-%d %H:%M:%S', signed_utc_us / 1000000, 'unixepoch'),
       account, host, nullif(lower(hex(head)), '')
FROM sign_off
ORDER BY sign_off_id;

-- name: report_settings_in_force
-- Nodes that say the same are one row, and so are clusters of which the same nodes say it. A cluster
-- that was made again when the study was resumed is the same to a reader.
SELECT study_id, name, value, source, group_concat(label, ', '), nodes, count(*),
       (SELECT count(DISTINCT label) FROM cluster WHERE cluster.study_id = said.study_id)
FROM (SELECT study_id, name, value, source, label, min(first) AS first, group_concat(node, ', ') AS nodes
      FROM (SELECT c.study_id, f.name, f.value, f.source, c.label, n.name AS node, min(c.cluster_id) AS first
            FROM effective_setting f
            JOIN cluster c USING (cluster_id)
            JOIN node n USING (node_id)
            GROUP BY c.study_id, f.name, f.value, f.source, c.label, n.name
            ORDER BY min(n.ordinal))
      GROUP BY study_id, name, value, source, label
      ORDER BY min(first)) AS said
GROUP BY study_id, name, value, source, nodes
ORDER BY study_id, name, min(first), value, source;

-- name: report_clusters
SELECT cluster_id, study_id, label, driver, uuid, product, version, master_eligible, n_nodes, settings, insecure
FROM cluster
ORDER BY study_id, cluster_id;

-- name: report_arms
SELECT arm_id, study_id,
       -- made again when a study is resumed: the newest stands for all, they are built alike
       (SELECT max(c.cluster_id) FROM cluster c WHERE c.study_id = arm.study_id AND c.label = arm.cluster),
       master_eligible, fault, target, factors
FROM arm
ORDER BY study_id, ordinal;

-- name: report_trials
SELECT t.trial_id, t.study_id, t.arm_id, t.position, t.block, t.warmup,
       replace(replace(v.started_utc, 'T', ' '), 'Z', ''), v.outcome, v.reason, v.victim, v.old_master, v.new_master,
       v.terms, v.took_s, v.acknowledged_writes, v.lost_writes, v.false_changes
FROM trial t
JOIN v_trial v USING (trial_id)
ORDER BY t.study_id, t.position, t.trial_id;

-- name: report_metrics
-- ?1: what counts from the fault counts from this instant.
SELECT trial_id, metric, origin, lo_ns, hi_ns, censored
FROM metric
WHERE observer = '' AND origin IN ('', 'start_issued', ?1);

-- name: report_incident_counts
SELECT study_id, kind, sum(n)
FROM incident
GROUP BY study_id, kind
ORDER BY study_id, kind;

-- name: report_incidents
SELECT i.study_id, t.position, i.kind, i.n, i.detail
FROM incident i
LEFT JOIN trial t USING (trial_id)
ORDER BY i.study_id, i.incident_id;

-- name: report_master_changes
-- Counted from the fault where there was one, else from the start of the trial's recording.
SELECT m.trial_id, n.name, m.old_master, m.new_master, m.term,
       (m.lo_ns - coalesce(f.issued_ns, t.base_ns)) / 1e9,
       (m.hi_ns - coalesce(f.issued_ns, t.base_ns)) / 1e9
FROM trial t
JOIN master_change m USING (trial_id)
JOIN node n USING (node_id)
LEFT JOIN (SELECT trial_id, min(issued_ns) AS issued_ns
           FROM step
           WHERE action IN ('stop', 'kill', 'pause', 'cut', 'noop')
           GROUP BY trial_id) f USING (trial_id)
ORDER BY t.study_id, t.position, t.trial_id, m.hi_ns, n.ordinal;

-- name: report_witness_lines
-- Logged changes to a master, in the order of the index.
SELECT trial_id, node_id, master, term, lo_ns, hi_ns, line
FROM log_event INDEXED BY log_event_applied
WHERE kind = 'applied' AND master IS NOT NULL AND term IS NOT NULL
ORDER BY trial_id, node_id, master, term, line;

-- name: report_witness_polled
-- Polled changes to a master, of survivors. CROSS JOIN: a trial is looked up once, not for each of its changes.
SELECT m.trial_id, m.node_id, m.new_master, m.term, m.lo_ns, m.hi_ns
FROM trial t
CROSS JOIN master_change m ON m.trial_id = t.trial_id
WHERE m.new_master IS NOT NULL AND m.term IS NOT NULL AND m.node_id IS NOT t.victim_node_id
ORDER BY t.trial_id, m.node_id, m.hi_ns;

-- name: report_log_events
-- Counted as the master changes are. node_id and line: for witness_find.
SELECT t.trial_id, t.position, n.name, l.kind,
       (l.lo_ns - coalesce(f.issued_ns, t.base_ns)) / 1e9,
       (l.hi_ns - coalesce(f.issued_ns, t.base_ns)) / 1e9,
       l.term, l.master, l.about, l.node_id, l.line, substr(l.text, 1, 120)
FROM trial t
JOIN log_event l USING (trial_id)
JOIN node n USING (node_id)
LEFT JOIN (SELECT trial_id, min(issued_ns) AS issued_ns
           FROM step
           WHERE action IN ('stop', 'kill', 'pause', 'cut', 'noop')
           GROUP BY trial_id) f USING (trial_id)
ORDER BY t.study_id, t.position, t.trial_id, l.utc_us, n.ordinal, l.line;

-- name: report_nodes
SELECT v.study, v.cluster, v.product, v.version, v.ordinal, v.node, v.master_eligible,
       replace(replace(replace(v.roles, '["', ''), '"]', ''), '","', ', '),
       v.http_url,
       v.persistent_id, v.jvm, v.cluster_uuid
FROM v_node v;

-- name: report_study_nodes
SELECT c.study_id, c.label, n.name, n.version, n.jvm,
       replace(replace(replace(n.roles, '["', ''), '"]', ''), '","', ', '),
       n.persistent_id, n.master_eligible
FROM node n
JOIN cluster c USING (cluster_id)
ORDER BY c.study_id, c.cluster_id, n.ordinal;

-- name: report_sessions
SELECT study_id, session_id, tool_version, host, kernel, cpu, n_cpu, memory_bytes, command_line, libraries, sysctls,
       strftime('%Y-%m-%d %H:%M:%S', start_utc_us / 1000000, 'unixepoch'),
       (end_mono_ns - start_mono_ns) / 1e9, ended_by, max(start_error_ns, coalesce(end_error_ns, 0)) / 1e3,
       account, reason, clock_source, start_synchronised, start_est_error_ns / 1e3, start_max_error_ns / 1e3,
       end_synchronised, end_est_error_ns / 1e3, end_max_error_ns / 1e3
FROM session
ORDER BY study_id, session_id;

-- name: report_poll_counts
SELECT c.study_id, c.label, n.name, p.due, p.sent, p.skipped, p.ok, p.http_error, p.net_error, p.timeout, p.reconnects
FROM (SELECT node_id, sum(due) AS due, sum(sent) AS sent, sum(skipped) AS skipped, sum(ok) AS ok,
             sum(http_error) AS http_error, sum(net_error) AS net_error, sum(timeout) AS timeout,
             sum(reconnects) AS reconnects
      FROM poll_count
      GROUP BY node_id) p
JOIN node n USING (node_id)
JOIN cluster c USING (cluster_id)
ORDER BY c.study_id, c.cluster_id, n.ordinal;

-- name: report_losses
-- ?1: warm-ups too. The time to recover belongs to the round that lost the quorum, which is a trial's last.
SELECT a.study_id, a.master_eligible, a.target = 'cascade', a.fault, l.n_lost, l.predicted, l.worst, l.survived,
       CASE WHEN l.survived = 0 THEN (m.lo_ns + m.hi_ns) / 2e9 END, l.trial_id
FROM loss l
JOIN trial t USING (trial_id)
JOIN arm a USING (arm_id)
LEFT JOIN metric m ON m.trial_id = l.trial_id AND m.metric = 'recovery' AND m.observer = '' AND m.censored = 0
WHERE t.warmup <= ?1
ORDER BY a.study_id, a.master_eligible, a.target = 'cascade', a.fault, l.n_lost, l.trial_id;

-- name: report_conditions
-- What must be alike where studies are compared: ?1 the study. Rows of one name are its values.
SELECT DISTINCT what, value
FROM (SELECT 1 AS nth, 'product' AS what, product AS value, study_id FROM cluster
      UNION ALL SELECT 2, 'version', version, study_id FROM cluster
      UNION ALL SELECT 3, 'driver', driver, study_id FROM cluster
      UNION ALL SELECT 4, 'nodes (JVMs)', n_nodes, study_id FROM cluster
      UNION ALL SELECT 5, 'JVM', n.jvm, c.study_id FROM node n JOIN cluster c USING (cluster_id)
      UNION ALL SELECT 6, 'indices', n_indices, study_id FROM cluster
      UNION ALL SELECT 7, 'set by the plan: ' || j.key, j.value, c.study_id FROM cluster c, json_each(c.settings) j
      UNION ALL SELECT 8, 'in force: ' || e.name, e.value, c.study_id
                FROM effective_setting e JOIN cluster c USING (cluster_id)
                WHERE e.name NOT IN ('discovery.seed_hosts', 'discovery.seed_providers')
      UNION ALL SELECT 9, 'poll.' || j.key, j.value, s.study_id FROM study s, json_each(s.plan_json, '$.poll') j
      UNION ALL SELECT 10, 'limits.' || j.key, j.value, s.study_id FROM study s, json_each(s.plan_json, '$.limits') j
      UNION ALL SELECT 11, 'probe.' || j.key, j.value, s.study_id FROM study s, json_each(s.plan_json, '$.probe') j
      UNION ALL SELECT 12, 'certificates', CASE WHEN insecure THEN 'not checked' ELSE 'checked or none' END, study_id FROM cluster
      UNION ALL SELECT 13, 'host''s CPUs', n_cpu, study_id FROM session
      UNION ALL SELECT 14, 'host''s CPU', cpu, study_id FROM session
      UNION ALL SELECT 15, 'host''s memory', format('%.1f GiB', memory_bytes / 1073741824.0), study_id FROM session
      UNION ALL SELECT 16, 'kernel', kernel, study_id FROM session
      UNION ALL SELECT 17, 'rejoin', tool_version, study_id FROM session)
WHERE study_id = ?1 AND value IS NOT NULL
ORDER BY nth, what, value;
