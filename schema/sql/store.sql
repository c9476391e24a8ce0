-- What the store writes. schema/store.h explains each; ?1, ?2, ... are in the order of its structs.

-- name: add_study
INSERT INTO study (uuid, name, objective, operator, plan_file, plan_text, plan_json, plan_sha256,
                   seed, trials_planned, created_utc_us, hypothesis, rto_ns, scope, environment,
                   approver, ticket, remarks, sealed)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, 1);

-- name: finish_study
UPDATE study SET finished_utc_us = ?2 WHERE study_id = ?1;

-- name: add_session
INSERT INTO session (study_id, tool_version, command_line, libraries, host, kernel, cpu, n_cpu,
                     memory_bytes, sysctls, pid, work_dir, start_mono_ns, start_utc_us, start_error_ns,
                     account, clock_source, start_synchronised, start_est_error_ns, start_max_error_ns)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20);

-- name: end_session
UPDATE session
SET end_mono_ns = ?2, end_utc_us = ?3, end_error_ns = ?4, ended_by = ?5, reason = ?6,
    end_synchronised = ?7, end_est_error_ns = ?8, end_max_error_ns = ?9
WHERE session_id = ?1;

-- name: add_cluster
INSERT INTO cluster (study_id, label, driver, master_eligible, n_nodes, settings, n_indices, insecure)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8);

-- name: cluster_uuid
SELECT uuid, label FROM cluster WHERE cluster_id = ?1;

-- name: set_cluster_seen
UPDATE cluster
SET uuid = coalesce(?2, uuid), product = coalesce(?3, product), version = coalesce(?4, version)
WHERE cluster_id = ?1;

-- name: add_node
INSERT INTO node (cluster_id, ordinal, name, http_url, master_eligible)
VALUES (?1, ?2, ?3, ?4, ?5);

-- name: set_node_url
UPDATE node SET http_url = ?2 WHERE node_id = ?1;

-- name: set_node_seen
UPDATE node
SET persistent_id = coalesce(?2, persistent_id), roles = coalesce(?3, roles),
    version = coalesce(?4, version), jvm = coalesce(?5, jvm)
WHERE node_id = ?1;

-- name: add_arm
INSERT INTO arm (study_id, ordinal, cluster, master_eligible, fault, target, factors)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7);

-- name: add_trial
INSERT INTO trial (study_id, session_id, arm_id, cluster_id, position, block, warmup, base_ns)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8);

-- name: end_trial
UPDATE trial
SET end_ns = ?2, outcome = ?3, reason = ?4, victim_node_id = ?5, old_master_node_id = ?6,
    new_master_node_id = ?7, old_ephemeral_id = ?8, term_before = ?9, term_after = ?10,
    diagnosis = ?11
WHERE trial_id = ?1;

-- name: add_effective_setting
INSERT OR IGNORE INTO effective_setting (cluster_id, node_id, name, value, source)
VALUES (?1, ?2, ?3, ?4, ?5);

-- name: add_loss
INSERT INTO loss (trial_id, round, taken, n_lost, voters_before, left_out, predicted, worst, survived, voters_after,
                  reelection_lo_ns, reelection_hi_ns, cut_off_master, other_master)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14);

-- name: add_step
INSERT INTO step (session_id, trial_id, node_id, action, undoes_step_id, intent_ns)
VALUES (?1, ?2, ?3, ?4, ?5, ?6);

-- name: update_step
UPDATE step
SET issued_ns = coalesce(?2, issued_ns), done_ns = coalesce(?3, done_ns),
    gone_lo_ns = coalesce(?4, gone_lo_ns), gone_hi_ns = coalesce(?5, gone_hi_ns),
    undone_ns = coalesce(?6, undone_ns), error = coalesce(?7, error)
WHERE step_id = ?1;

-- name: snapshot_by_digest
SELECT snapshot_id FROM snapshot WHERE digest = ?1;

-- name: add_snapshot
INSERT INTO snapshot (digest, cluster_uuid, master_id, master_name, term, version, state_uuid,
                      n_members, body)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9);

-- name: insert_sample
INSERT INTO sample (sample_key, late_us, took_us, outcome, snapshot_id)
VALUES (?1, ?2, ?3, ?4, ?5);

-- name: add_poll_count
INSERT INTO poll_count (trial_id, node_id, due, sent, skipped, ok, http_error, net_error, timeout,
                        reconnects)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10);

-- name: add_write
INSERT INTO write_probe (write_key, number, late_us, took_us, outcome) VALUES (?1, ?2, ?3, ?4, ?5);

-- name: add_write_count
INSERT INTO write_count (trial_id, due, sent, skipped, ok, http_error, net_error, timeout, found, lost)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10);

-- name: add_health_change
INSERT INTO health_change (trial_id, node_id, status, lo_ns, hi_ns) VALUES (?1, ?2, ?3, ?4, ?5);

-- name: add_master_change
INSERT INTO master_change (trial_id, node_id, lo_ns, hi_ns, old_master, new_master, term)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7);

-- name: add_metric
INSERT INTO metric (trial_id, metric, origin, observer, lo_ns, hi_ns, censored)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7);

-- name: add_log_event
INSERT INTO log_event (trial_id, node_id, line, kind, utc_us, lo_ns, hi_ns, term, state_version,
                       master, about, n_checks, ago_ms, text)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14);

-- name: add_log_chunk
INSERT INTO log_chunk (trial_id, node_id, n_lines, n_bytes, lines) VALUES (?1, ?2, ?3, ?4, ?5);

-- name: set_trial_clock
UPDATE trial SET start_utc_us = ?2, end_utc_us = ?3, anchor_error_ns = ?4 WHERE trial_id = ?1;

-- name: add_incident
INSERT INTO incident (study_id, trial_id, kind, n, detail, at_ns) VALUES (?1, ?2, ?3, ?4, ?5, ?6);
