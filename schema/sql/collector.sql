-- What the collector asks of a recording that it takes up again or heals.

-- name: study_by_plan
SELECT study_id FROM study WHERE plan_sha256 = ?1 ORDER BY study_id DESC LIMIT 1;

-- name: index_of_session
-- The write probe's index.
SELECT 'rejoin-drill-' || substr(s.uuid, 1, 8) || '-' || e.session_id
FROM session e
JOIN study s USING (study_id)
WHERE e.session_id = ?1;

-- name: arms_of_study
SELECT ordinal, arm_id FROM arm WHERE study_id = ?1;

-- name: done_positions
-- What was cut off is run again.
SELECT position FROM trial WHERE study_id = ?1 AND outcome IS NOT NULL AND outcome <> 'aborted';

-- name: open_sessions
SELECT e.session_id, e.work_dir, json_extract(s.plan_json, '$.cluster.driver')
FROM session e
JOIN study s USING (study_id)
WHERE e.ended_by IS NULL
ORDER BY e.session_id;

-- name: undo_session
-- Nodes that end with their session are not down: they are no more.
UPDATE step SET undone_ns = ?2
WHERE session_id = ?1 AND undone_ns IS NULL AND action IN ('stop', 'kill', 'pause', 'cut');

-- name: abort_trials
UPDATE trial
SET outcome = 'aborted', reason = 'the collector was killed', end_ns = base_ns
WHERE session_id = ?1 AND outcome IS NULL;

-- name: kill_session
UPDATE session SET ended_by = 'killed' WHERE session_id = ?1;
