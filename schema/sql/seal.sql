-- What a seal hashes, and what it writes: schema/SEAL.md explains it. The columns of a section are in the order in
-- which they are hashed; one that is named "@..." is a row's number and is hashed as its place in the study.
-- These lists stay as they are: what a new format adds gets sections of its own.

-- name: seal_trial
SELECT session_id AS "@session", arm_id AS "@arm", cluster_id AS "@cluster", position, block, warmup, base_ns, end_ns,
       start_utc_us, end_utc_us, anchor_error_ns, outcome, reason, diagnosis, victim_node_id AS "@node",
       old_master_node_id AS "@node", new_master_node_id AS "@node", old_ephemeral_id, term_before, term_after
FROM trial
WHERE trial_id = ?1;

-- name: seal_trial_step
-- Without undone_ns: a run that ends, and heal, write it later.
SELECT step_id AS "@step", session_id AS "@session", node_id AS "@node", action, undoes_step_id AS "@step", intent_ns,
       issued_ns, done_ns, gone_lo_ns, gone_hi_ns, error
FROM step
WHERE trial_id = ?1
ORDER BY step_id;

-- name: seal_loss
SELECT round, taken, n_lost, voters_before, left_out, predicted, worst, survived, voters_after, reelection_lo_ns,
       reelection_hi_ns, cut_off_master, other_master
FROM loss
WHERE trial_id = ?1
ORDER BY round;

-- name: seal_poll_count
SELECT node_id AS "@node", due, sent, skipped, ok, http_error, net_error, timeout, reconnects
FROM poll_count
WHERE trial_id = ?1
ORDER BY node_id;

-- name: seal_sample
SELECT sample_key, late_us, took_us, outcome, snapshot_id
FROM sample
WHERE sample_key BETWEEN ?1 << 42 AND (?1 << 42) + 4398046511103
ORDER BY sample_key;

-- name: seal_last_snapshot
-- The largest number that a sample can name. A row takes more than the 64 bytes of its digest: where a file has a larger
-- number than it has room for, it is forged, and nobody makes lists of that length for it.
SELECT min(coalesce(max(snapshot_id), 0),
           (SELECT page_count FROM pragma_page_count) * (SELECT page_size FROM pragma_page_size) / 64)
FROM snapshot;

-- name: seal_digest
SELECT digest FROM snapshot WHERE snapshot_id = ?1;

-- name: seal_write_probe
SELECT due_us, node, number, late_us, took_us, outcome
FROM write_probe
WHERE write_key BETWEEN ?1 << 42 AND (?1 << 42) + 4398046511103
ORDER BY write_key;

-- name: seal_write_count
SELECT due, sent, skipped, ok, http_error, net_error, timeout, found, lost
FROM write_count
WHERE trial_id = ?1;

-- name: seal_health_change
SELECT node_id AS "@node", hi_ns, lo_ns, status
FROM health_change
WHERE trial_id = ?1
ORDER BY node_id, hi_ns;

-- name: seal_master_change
SELECT node_id AS "@node", lo_ns, hi_ns, old_master, new_master, term
FROM master_change
WHERE trial_id = ?1
ORDER BY node_id, hi_ns;

-- name: seal_metric
SELECT metric, origin, observer, lo_ns, hi_ns, censored
FROM metric
WHERE trial_id = ?1
ORDER BY metric, origin, observer;

-- name: seal_log_event
SELECT node_id AS "@node", line, kind, utc_us, lo_ns, hi_ns, term, state_version, master, about, n_checks, ago_ms, text
FROM log_event
WHERE trial_id = ?1
ORDER BY node_id, line;

-- name: seal_log_chunk
SELECT node_id AS "@node", n_lines, n_bytes, lines
FROM log_chunk
WHERE trial_id = ?1
ORDER BY node_id;

-- name: seal_trial_incident
SELECT kind, n, detail, at_ns
FROM incident
WHERE trial_id = ?1 AND study_id = ?2
ORDER BY incident_id;

-- name: seal_study
SELECT uuid, name, objective, operator, plan_file, plan_text, plan_json, plan_sha256, seed, trials_planned,
       created_utc_us, finished_utc_us, hypothesis, rto_ns, scope, environment, approver, ticket, remarks, sealed
FROM study
WHERE study_id = ?1;

-- name: seal_session
SELECT tool_version, command_line, libraries, host, kernel, cpu, n_cpu, memory_bytes, sysctls, pid, work_dir,
       start_mono_ns, start_utc_us, start_error_ns, end_mono_ns, end_utc_us, end_error_ns, ended_by, clock_source,
       start_synchronised, start_est_error_ns, start_max_error_ns, end_synchronised, end_est_error_ns,
       end_max_error_ns, reason, account
FROM session
WHERE study_id = ?1
ORDER BY session_id;

-- name: seal_cluster
SELECT label, driver, uuid, product, version, master_eligible, n_nodes, settings, n_indices, insecure
FROM cluster
WHERE study_id = ?1
ORDER BY cluster_id;

-- name: seal_node
SELECT n.cluster_id AS "@cluster", n.ordinal, n.name, n.http_url, n.master_eligible, n.roles, n.persistent_id,
       n.version, n.jvm
FROM node n
JOIN cluster c USING (cluster_id)
WHERE c.study_id = ?1
ORDER BY n.node_id;

-- name: seal_arm
SELECT ordinal, cluster, master_eligible, fault, target, factors
FROM arm
WHERE study_id = ?1
ORDER BY arm_id;

-- name: seal_setting
SELECT e.cluster_id AS "@cluster", e.node_id AS "@node", e.name, e.value, e.source
FROM effective_setting e
JOIN cluster c USING (cluster_id)
WHERE c.study_id = ?1
ORDER BY e.cluster_id, e.node_id, e.name;

-- name: seal_step
SELECT p.session_id AS "@session", p.trial_id AS "@trial", p.node_id AS "@node", p.action,
       p.undoes_step_id AS "@step", p.intent_ns, p.issued_ns, p.done_ns, p.gone_lo_ns, p.gone_hi_ns, p.undone_ns,
       p.error
FROM step p
JOIN session e USING (session_id)
WHERE e.study_id = ?1
ORDER BY p.step_id;

-- name: seal_incident
SELECT kind, n, detail, at_ns
FROM incident
WHERE study_id = ?1 AND trial_id IS NULL
ORDER BY incident_id;

-- name: seal_session_ids
SELECT session_id FROM session WHERE study_id = ?1 ORDER BY session_id;

-- name: seal_cluster_ids
SELECT cluster_id FROM cluster WHERE study_id = ?1 ORDER BY cluster_id;

-- name: seal_node_ids
SELECT n.node_id FROM node n JOIN cluster c USING (cluster_id) WHERE c.study_id = ?1 ORDER BY n.node_id;

-- name: seal_arm_ids
SELECT arm_id FROM arm WHERE study_id = ?1 ORDER BY arm_id;

-- name: seal_trial_ids
SELECT trial_id FROM trial WHERE study_id = ?1 ORDER BY trial_id;

-- name: seal_step_ids
SELECT p.step_id FROM step p JOIN session e USING (session_id) WHERE e.study_id = ?1 ORDER BY p.step_id;

-- name: seal_uuid
SELECT uuid FROM study WHERE study_id = ?1;

-- name: seal_to_do
-- Trials without a seal; ?2: those too that have no outcome.
SELECT trial_id, position
FROM trial t
WHERE study_id = ?1 AND (?2 OR outcome IS NOT NULL)
  AND NOT EXISTS (SELECT 1 FROM seal s WHERE s.trial_id = t.trial_id)
ORDER BY trial_id;

-- name: seal_last
SELECT s.ordinal, s.chain
FROM seal s
JOIN trial t USING (trial_id)
WHERE t.study_id = ?1
ORDER BY s.ordinal DESC
LIMIT 1;

-- name: seal_chain
-- Every trial of a study, with its seal where it has one.
SELECT t.trial_id, t.position, s.ordinal, s.hash, s.chain, s.sealed_utc_us
FROM trial t
LEFT JOIN seal s USING (trial_id)
WHERE t.study_id = ?1
ORDER BY t.trial_id;

-- name: seal_add
INSERT INTO seal (trial_id, ordinal, hash, chain, sealed_utc_us) VALUES (?1, ?2, ?3, ?4, ?5);

-- name: seal_close
INSERT INTO study_seal (study_id, head, n_trials, closed_utc_us, public_key, signature, last_sign_off)
VALUES (?1, ?2, ?3, ?4, ?5, ?6,
        (SELECT hash FROM sign_off WHERE study_id = ?1 ORDER BY sign_off_id DESC LIMIT 1));

-- name: seal_sign
UPDATE study_seal SET public_key = ?2, signature = ?3 WHERE study_id = ?1;

-- name: seal_open_again
DELETE FROM study_seal WHERE study_id = ?1;

-- name: seal_open_session_again
DELETE FROM study_seal WHERE study_id = (SELECT study_id FROM session WHERE session_id = ?1);

-- name: seal_head
SELECT head, n_trials, closed_utc_us, public_key, signature, last_sign_off FROM study_seal WHERE study_id = ?1;

-- name: seal_open_studies
-- Those that are not closed; ?1: also those of format 1, which nobody sealed. One of format 1 that went on is sealed.
SELECT s.study_id
FROM study s
WHERE (?1 OR s.sealed OR EXISTS (SELECT 1 FROM seal JOIN trial t USING (trial_id) WHERE t.study_id = s.study_id)) AND NOT EXISTS (SELECT 1 FROM study_seal h WHERE h.study_id = s.study_id)
ORDER BY s.study_id;

-- name: seal_sign_off_before
SELECT hash FROM sign_off WHERE study_id = ?1 ORDER BY sign_off_id DESC LIMIT 1;

-- name: seal_add_sign_off
INSERT INTO sign_off (study_id, name, decision, comment, signed_utc_us, account, host, tool_version, head, hash)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10);

-- name: seal_last_sign_off
UPDATE study_seal SET last_sign_off = ?2 WHERE study_id = ?1;

-- name: seal_sign_offs
SELECT name, decision, comment, signed_utc_us, account, host, tool_version, head, hash
FROM sign_off
WHERE study_id = ?1
ORDER BY sign_off_id;
