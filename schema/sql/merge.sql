-- What merge copies from one recording, attached as src, into main (schema/store_merge.h). Every column of every table
-- is named; tests/cli/merge.bats sees when one is missing. temp.taken, temp.taken_trial: what is taken from src.
-- temp.shift: one row, what is added to the numbers of each table's rows. temp.seen: numbers of snapshots in src and in
-- main.

-- name: merge_prepare
CREATE TEMP TABLE taken (study_id INTEGER PRIMARY KEY);

-- name: merge_prepare_trial
CREATE TEMP TABLE taken_trial (trial_id INTEGER PRIMARY KEY);

-- name: merge_prepare_seen
CREATE TEMP TABLE seen (old_id INTEGER PRIMARY KEY, new_id INTEGER NOT NULL);

-- name: merge_prepare_shift
CREATE TEMP TABLE shift (study, session, cluster, node, arm, trial, step, incident, sign_off);

-- name: merge_forget
DELETE FROM temp.taken;

-- name: merge_forget_trial
DELETE FROM temp.taken_trial;

-- name: merge_forget_seen
DELETE FROM temp.seen;

-- name: merge_forget_shift
DELETE FROM temp.shift;

-- name: merge_take
INSERT INTO temp.taken VALUES (?1);

-- name: merge_take_trials
INSERT INTO temp.taken_trial
SELECT x.trial_id FROM src.trial x WHERE x.study_id IN (SELECT study_id FROM temp.taken);

-- name: merge_shift
-- The numbers go on where main's end, from src's least.
INSERT INTO temp.shift
SELECT (SELECT coalesce(max(study_id), 0) FROM main.study) - (SELECT coalesce(min(study_id), 1) FROM src.study) + 1,
       (SELECT coalesce(max(session_id), 0) FROM main.session) - (SELECT coalesce(min(session_id), 1) FROM src.session) + 1,
       (SELECT coalesce(max(cluster_id), 0) FROM main.cluster) - (SELECT coalesce(min(cluster_id), 1) FROM src.cluster) + 1,
       (SELECT coalesce(max(node_id), 0) FROM main.node) - (SELECT coalesce(min(node_id), 1) FROM src.node) + 1,
       (SELECT coalesce(max(arm_id), 0) FROM main.arm) - (SELECT coalesce(min(arm_id), 1) FROM src.arm) + 1,
       (SELECT coalesce(max(trial_id), 0) FROM main.trial) - (SELECT coalesce(min(trial_id), 1) FROM src.trial) + 1,
       (SELECT coalesce(max(step_id), 0) FROM main.step) - (SELECT coalesce(min(step_id), 1) FROM src.step) + 1,
       (SELECT coalesce(max(incident_id), 0) FROM main.incident) - (SELECT coalesce(min(incident_id), 1) FROM src.incident) + 1,
       (SELECT coalesce(max(sign_off_id), 0) FROM main.sign_off) - (SELECT coalesce(min(sign_off_id), 1) FROM src.sign_off) + 1;

-- name: merge_last_trial
-- The highest number that a trial will get.
SELECT coalesce((SELECT max(trial_id) FROM temp.taken_trial), 0) + (SELECT trial FROM temp.shift);

-- name: merge_snapshot
-- A state is known by its digest; the same one is in several recordings where the cluster is the same.
INSERT OR IGNORE INTO main.snapshot (digest, cluster_uuid, master_id, master_name, term, version, state_uuid, n_members,
                                     body)
SELECT digest, cluster_uuid, master_id, master_name, term, version, state_uuid, n_members, body
FROM src.snapshot
ORDER BY snapshot_id;

-- name: merge_seen
INSERT INTO temp.seen
SELECT x.snapshot_id, m.snapshot_id FROM src.snapshot x JOIN main.snapshot m USING (digest);

-- name: merge_snapshot_changed
-- Two states of the same digest that are not the same.
SELECT count(*)
FROM temp.seen s
JOIN src.snapshot x ON x.snapshot_id = s.old_id
JOIN main.snapshot m ON m.snapshot_id = s.new_id
WHERE (x.cluster_uuid, x.master_id, x.master_name, x.term, x.version, x.state_uuid, x.n_members, x.body)
   IS NOT (m.cluster_uuid, m.master_id, m.master_name, m.term, m.version, m.state_uuid, m.n_members, m.body);

-- name: merge_study
INSERT INTO main.study (study_id, uuid, name, objective, operator, plan_file, plan_text, plan_json, plan_sha256,
                        seed, trials_planned, created_utc_us, finished_utc_us, hypothesis, rto_ns, scope,
                        environment, approver, ticket, remarks, sealed)
SELECT x.study_id + z.study, x.uuid, x.name, x.objective, x.operator, x.plan_file, x.plan_text, x.plan_json,
       x.plan_sha256, x.seed, x.trials_planned, x.created_utc_us, x.finished_utc_us, x.hypothesis, x.rto_ns,
       x.scope, x.environment, x.approver, x.ticket, x.remarks, x.sealed
FROM temp.shift z CROSS JOIN src.study x
WHERE x.study_id IN (SELECT study_id FROM temp.taken)
ORDER BY x.study_id;

-- name: merge_session
INSERT INTO main.session (session_id, study_id, tool_version, command_line, libraries, host, kernel, cpu, n_cpu,
                          memory_bytes, sysctls, pid, work_dir, start_mono_ns, start_utc_us, start_error_ns,
                          end_mono_ns, end_utc_us, end_error_ns, ended_by, account, clock_source,
                          start_synchronised, start_est_error_ns, start_max_error_ns, end_synchronised,
                          end_est_error_ns, end_max_error_ns, reason)
SELECT x.session_id + z.session, x.study_id + z.study, x.tool_version, x.command_line, x.libraries, x.host,
       x.kernel, x.cpu, x.n_cpu, x.memory_bytes, x.sysctls, x.pid, x.work_dir, x.start_mono_ns, x.start_utc_us,
       x.start_error_ns, x.end_mono_ns, x.end_utc_us, x.end_error_ns, x.ended_by, x.account, x.clock_source,
       x.start_synchronised, x.start_est_error_ns, x.start_max_error_ns, x.end_synchronised, x.end_est_error_ns,
       x.end_max_error_ns, x.reason
FROM temp.shift z CROSS JOIN src.session x
WHERE x.study_id IN (SELECT study_id FROM temp.taken)
ORDER BY x.session_id;

-- name: merge_cluster
INSERT INTO main.cluster (cluster_id, study_id, label, driver, uuid, product, version, master_eligible, n_nodes,
                          settings, n_indices, insecure)
SELECT x.cluster_id + z.cluster, x.study_id + z.study, x.label, x.driver, x.uuid, x.product, x.version,
       x.master_eligible, x.n_nodes, x.settings, x.n_indices, x.insecure
FROM temp.shift z CROSS JOIN src.cluster x
WHERE x.study_id IN (SELECT study_id FROM temp.taken)
ORDER BY x.cluster_id;

-- name: merge_node
INSERT INTO main.node (node_id, cluster_id, ordinal, name, http_url, master_eligible, roles, persistent_id,
                       version, jvm)
SELECT x.node_id + z.node, x.cluster_id + z.cluster, x.ordinal, x.name, x.http_url, x.master_eligible, x.roles,
       x.persistent_id, x.version, x.jvm
FROM temp.shift z CROSS JOIN src.node x
WHERE x.cluster_id IN (SELECT cluster_id FROM src.cluster x WHERE x.study_id IN (SELECT study_id FROM temp.taken))
ORDER BY x.node_id;

-- name: merge_arm
INSERT INTO main.arm (arm_id, study_id, ordinal, cluster, master_eligible, fault, target, factors)
SELECT x.arm_id + z.arm, x.study_id + z.study, x.ordinal, x.cluster, x.master_eligible, x.fault, x.target,
       x.factors
FROM temp.shift z CROSS JOIN src.arm x
WHERE x.study_id IN (SELECT study_id FROM temp.taken)
ORDER BY x.arm_id;

-- name: merge_trial
INSERT INTO main.trial (trial_id, study_id, session_id, arm_id, cluster_id, position, block, warmup, base_ns,
                        end_ns, start_utc_us, end_utc_us, anchor_error_ns, outcome, reason, diagnosis,
                        victim_node_id, old_master_node_id, new_master_node_id, old_ephemeral_id, term_before,
                        term_after)
SELECT x.trial_id + z.trial, x.study_id + z.study, x.session_id + z.session, x.arm_id + z.arm, x.cluster_id + z.cluster, x.position, x.block, x.warmup, x.base_ns, x.end_ns, x.start_utc_us, x.end_utc_us,
       x.anchor_error_ns, x.outcome, x.reason, x.diagnosis, x.victim_node_id + z.node, x.old_master_node_id + z.node, x.new_master_node_id + z.node, x.old_ephemeral_id, x.term_before, x.term_after
FROM temp.shift z CROSS JOIN src.trial x
WHERE x.study_id IN (SELECT study_id FROM temp.taken)
ORDER BY x.trial_id;

-- name: merge_step
INSERT INTO main.step (step_id, session_id, trial_id, node_id, action, undoes_step_id, intent_ns, issued_ns,
                       done_ns, gone_lo_ns, gone_hi_ns, undone_ns, error)
SELECT x.step_id + z.step, x.session_id + z.session, x.trial_id + z.trial, x.node_id + z.node, x.action,
       x.undoes_step_id + z.step, x.intent_ns, x.issued_ns, x.done_ns, x.gone_lo_ns, x.gone_hi_ns, x.undone_ns,
       x.error
FROM temp.shift z CROSS JOIN src.step x
WHERE x.session_id IN (SELECT session_id FROM src.session x WHERE x.study_id IN (SELECT study_id FROM temp.taken))
ORDER BY x.step_id;

-- name: merge_loss
INSERT INTO main.loss (trial_id, round, taken, n_lost, voters_before, left_out, predicted, worst, survived,
                       voters_after, reelection_lo_ns, reelection_hi_ns, cut_off_master, other_master)
SELECT x.trial_id + z.trial, x.round, x.taken, x.n_lost, x.voters_before, x.left_out, x.predicted, x.worst,
       x.survived, x.voters_after, x.reelection_lo_ns, x.reelection_hi_ns, x.cut_off_master, x.other_master
FROM temp.shift z CROSS JOIN temp.taken_trial t CROSS JOIN src.loss x ON x.trial_id = t.trial_id;

-- name: merge_effective_setting
INSERT INTO main.effective_setting (cluster_id, node_id, name, value, source)
SELECT x.cluster_id + z.cluster, x.node_id + z.node, x.name, x.value, x.source
FROM temp.shift z CROSS JOIN src.effective_setting x
WHERE x.cluster_id IN (SELECT cluster_id FROM src.cluster x WHERE x.study_id IN (SELECT study_id FROM temp.taken))
ORDER BY x.cluster_id, x.node_id, x.name;

-- name: merge_poll_count
INSERT INTO main.poll_count (trial_id, node_id, due, sent, skipped, ok, http_error, net_error, timeout,
                             reconnects)
SELECT x.trial_id + z.trial, x.node_id + z.node, x.due, x.sent, x.skipped, x.ok, x.http_error, x.net_error,
       x.timeout, x.reconnects
FROM temp.shift z CROSS JOIN temp.taken_trial t CROSS JOIN src.poll_count x ON x.trial_id = t.trial_id;

-- name: merge_write_probe
INSERT INTO main.write_probe (write_key, number, late_us, took_us, outcome)
SELECT x.write_key + z.trial * 4398046511104, x.number, x.late_us, x.took_us, x.outcome
FROM temp.shift z CROSS JOIN temp.taken_trial t
CROSS JOIN src.write_probe x ON x.write_key BETWEEN t.trial_id << 42 AND (t.trial_id << 42) + 4398046511103;

-- name: merge_write_count
INSERT INTO main.write_count (trial_id, due, sent, skipped, ok, http_error, net_error, timeout, found, lost)
SELECT x.trial_id + z.trial, x.due, x.sent, x.skipped, x.ok, x.http_error, x.net_error, x.timeout, x.found,
       x.lost
FROM temp.shift z CROSS JOIN temp.taken_trial t CROSS JOIN src.write_count x ON x.trial_id = t.trial_id;

-- name: merge_health_change
INSERT INTO main.health_change (trial_id, node_id, hi_ns, lo_ns, status)
SELECT x.trial_id + z.trial, x.node_id + z.node, x.hi_ns, x.lo_ns, x.status
FROM temp.shift z CROSS JOIN temp.taken_trial t CROSS JOIN src.health_change x ON x.trial_id = t.trial_id;

-- name: merge_master_change
INSERT INTO main.master_change (trial_id, node_id, lo_ns, hi_ns, old_master, new_master, term)
SELECT x.trial_id + z.trial, x.node_id + z.node, x.lo_ns, x.hi_ns, x.old_master, x.new_master, x.term
FROM temp.shift z CROSS JOIN temp.taken_trial t CROSS JOIN src.master_change x ON x.trial_id = t.trial_id;

-- name: merge_metric
INSERT INTO main.metric (trial_id, metric, origin, observer, lo_ns, hi_ns, censored)
SELECT x.trial_id + z.trial, x.metric, x.origin, x.observer, x.lo_ns, x.hi_ns, x.censored
FROM temp.shift z CROSS JOIN temp.taken_trial t CROSS JOIN src.metric x ON x.trial_id = t.trial_id;

-- name: merge_log_event
INSERT INTO main.log_event (trial_id, node_id, line, kind, utc_us, lo_ns, hi_ns, term, state_version, master,
                            about, n_checks, ago_ms, text)
SELECT x.trial_id + z.trial, x.node_id + z.node, x.line, x.kind, x.utc_us, x.lo_ns, x.hi_ns, x.term,
       x.state_version, x.master, x.about, x.n_checks, x.ago_ms, x.text
FROM temp.shift z CROSS JOIN temp.taken_trial t CROSS JOIN src.log_event x ON x.trial_id = t.trial_id;

-- name: merge_log_chunk
INSERT INTO main.log_chunk (trial_id, node_id, n_lines, n_bytes, lines)
SELECT x.trial_id + z.trial, x.node_id + z.node, x.n_lines, x.n_bytes, x.lines
FROM temp.shift z CROSS JOIN temp.taken_trial t CROSS JOIN src.log_chunk x ON x.trial_id = t.trial_id;

-- name: merge_incident
INSERT INTO main.incident (incident_id, study_id, trial_id, kind, n, detail, at_ns)
SELECT x.incident_id + z.incident, x.study_id + z.study, x.trial_id + z.trial, x.kind, x.n, x.detail, x.at_ns
FROM temp.shift z CROSS JOIN src.incident x
WHERE x.study_id IN (SELECT study_id FROM temp.taken)
ORDER BY x.incident_id;

-- name: merge_sign_off
INSERT INTO main.sign_off (sign_off_id, study_id, name, decision, comment, signed_utc_us, account, host,
                           tool_version, head, hash)
SELECT x.sign_off_id + z.sign_off, x.study_id + z.study, x.name, x.decision, x.comment, x.signed_utc_us,
       x.account, x.host, x.tool_version, x.head, x.hash
FROM temp.shift z CROSS JOIN src.sign_off x
WHERE x.study_id IN (SELECT study_id FROM temp.taken)
ORDER BY x.sign_off_id;

-- name: merge_seal
INSERT INTO main.seal (trial_id, ordinal, hash, chain, sealed_utc_us)
SELECT x.trial_id + z.trial, x.ordinal, x.hash, x.chain, x.sealed_utc_us
FROM temp.shift z CROSS JOIN temp.taken_trial t CROSS JOIN src.seal x ON x.trial_id = t.trial_id;

-- name: merge_study_seal
INSERT INTO main.study_seal (study_id, head, n_trials, closed_utc_us, public_key, signature, last_sign_off)
SELECT x.study_id + z.study, x.head, x.n_trials, x.closed_utc_us, x.public_key, x.signature, x.last_sign_off
FROM temp.shift z CROSS JOIN src.study_seal x
WHERE x.study_id IN (SELECT study_id FROM temp.taken)
ORDER BY x.study_id;

-- name: merge_snapshot_shift
-- The one difference between old and new numbers of snapshots; no row: there is more than one.
SELECT coalesce(min(new_id - old_id), 0) FROM temp.seen HAVING min(new_id - old_id) IS max(new_id - old_id);

-- name: merge_sample_shifted
-- ?1: what is added to the numbers of snapshots.
INSERT INTO main.sample (sample_key, late_us, took_us, outcome, snapshot_id)
SELECT x.sample_key + z.trial * 4398046511104, x.late_us, x.took_us, x.outcome, x.snapshot_id + ?1
FROM temp.shift z CROSS JOIN temp.taken_trial t
CROSS JOIN src.sample x ON x.sample_key BETWEEN t.trial_id << 42 AND (t.trial_id << 42) + 4398046511103;

-- name: merge_sample_mapped
INSERT INTO main.sample (sample_key, late_us, took_us, outcome, snapshot_id)
SELECT x.sample_key + z.trial * 4398046511104, x.late_us, x.took_us, x.outcome, m.new_id
FROM temp.shift z CROSS JOIN temp.taken_trial t
CROSS JOIN src.sample x ON x.sample_key BETWEEN t.trial_id << 42 AND (t.trial_id << 42) + 4398046511103
LEFT JOIN temp.seen m ON m.old_id = x.snapshot_id;

-- name: merge_studies
SELECT s.study_id, s.uuid, s.name, (SELECT count(*) FROM trial t WHERE t.study_id = s.study_id)
FROM study s
ORDER BY s.study_id;

-- name: merge_trials
-- With their seals. One that still runs is not compared.
SELECT t.trial_id, t.position, s.ordinal, lower(hex(s.hash)), lower(hex(s.chain)), s.sealed_utc_us
FROM trial t LEFT JOIN seal s USING (trial_id)
WHERE t.study_id = ?1 AND (t.outcome IS NOT NULL OR s.trial_id IS NOT NULL)
ORDER BY t.trial_id;

-- name: merge_sign_offs
-- The last column: all of it in one text, whatever bytes are in its texts.
SELECT name, decision, comment, signed_utc_us, account, host, tool_version, head, hash,
       hex(name) || ',' || iif(decision IS NULL, '-', hex(decision)) || ',' || iif(comment IS NULL, '-', hex(comment)) || ',' || hex(signed_utc_us) ||
       ',' || hex(account) || ',' || hex(host) || ',' || hex(tool_version) || ',' || hex(head) || ',' || hex(hash)
FROM sign_off
WHERE study_id = ?1
ORDER BY sign_off_id;

-- name: merge_head
SELECT lower(hex(head)), n_trials, closed_utc_us,
       iif(public_key IS NULL AND signature IS NULL, NULL, hex(public_key) || ':' || hex(signature)),
       iif(last_sign_off IS NULL, NULL, lower(hex(last_sign_off))), head, public_key, signature
FROM study_seal
WHERE study_id = ?1;

-- name: merge_counts
SELECT (SELECT count(*) FROM study), (SELECT count(*) FROM trial);
