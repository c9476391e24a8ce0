-- What only the workbook lists. Samples are read for its raw sheets alone, trial by trial.

-- name: workbook_trial_incidents
SELECT trial_id, kind, sum(n)
FROM incident
WHERE trial_id IS NOT NULL
GROUP BY trial_id, kind
ORDER BY trial_id, kind;

-- name: workbook_snapshots
-- Distinct cluster states, in the order in which they were first stored.
SELECT s.snapshot_id, s.master_name, s.term, s.version, s.n_members, s.cluster_uuid, s.body
FROM snapshot s
ORDER BY s.snapshot_id;

-- name: workbook_samples
-- Every poll of trial ?1, in the order in which they were due.
SELECT node, due_us, late_us, took_us, outcome, snapshot_id
FROM sample
WHERE sample_key BETWEEN ?1 << 42 AND ((?1 + 1) << 42) - 1
ORDER BY sample_key;

-- name: workbook_writes
-- Every write of the write probe in trial ?1.
SELECT node, due_us, late_us, took_us, outcome, number
FROM write_probe
WHERE write_key BETWEEN ?1 << 42 AND ((?1 + 1) << 42) - 1
ORDER BY write_key;

-- name: workbook_log_events_n
SELECT count(*) FROM log_event;

-- name: workbook_snapshots_n
SELECT count(*) FROM snapshot;
