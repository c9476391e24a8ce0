-- What the collector asks of a recording that it takes up again or heals.

-- name: uuid_of_study
SELECT uuid FROM study WHERE study_id = ?1;

-- name: study_by_plan
SELECT study_id FROM study WHERE plan_sha256 = ?1 ORDER BY study_id DESC LIMIT 1;

-- name: studies_to_sign
SELECT s.study_id, s.name, s.uuid, s.finished_utc_us IS NOT NULL,
       (SELECT count(*) FROM trial t WHERE t.study_id = s.study_id AND t.outcome IS NOT NULL AND t.outcome <> 'aborted'),
       s.trials_planned
FROM study s
ORDER BY s.study_id;

-- name: study_is_finished
SELECT finished_utc_us IS NOT NULL FROM study WHERE study_id = ?1;

-- name: index_of_session
-- The write probe's index. The session's place in its study, not its number: merge gives it another.
SELECT 'rejoin-drill-' || substr(s.uuid, 1, 8) || '-' ||
       (SELECT count(*) FROM session x WHERE x.study_id = e.study_id AND x.session_id <= e.session_id)
FROM session e
JOIN study s USING (study_id)
WHERE e.session_id = ?1;

-- name: arms_of_study
SELECT ordinal, arm_id FROM arm WHERE study_id = ?1;

-- name: cluster_again
-- The nodes of a cluster that a session before recorded, in the order of the plan.
SELECT c.cluster_id, n.node_id, n.name
FROM cluster c JOIN node n USING (cluster_id)
WHERE c.study_id = ?1 AND c.label = ?2 AND c.uuid = ?3
ORDER BY n.ordinal;

-- name: node_version
SELECT version FROM node WHERE node_id = ?1;

-- name: done_positions
-- What was cut off is run again.
SELECT position FROM trial WHERE study_id = ?1 AND outcome IS NOT NULL AND outcome <> 'aborted';

-- name: sessions_to_heal
-- Those that never ended, and those that ended with a step that was not undone.
SELECT e.session_id, e.work_dir, coalesce(json_extract(s.plan_json, '$.cluster.driver'), 'local'), s.plan_json,
       e.ended_by IS NULL, s.uuid
FROM session e
JOIN study s USING (study_id)
WHERE e.ended_by IS NULL
   OR EXISTS (SELECT 1 FROM step p
              WHERE p.session_id = e.session_id AND p.undone_ns IS NULL
                AND p.action IN ('stop', 'kill', 'pause', 'cut', 'exclude'))
ORDER BY e.session_id;

-- name: clusters_of_session
-- That its trials were run on, or that it may have marked.
SELECT c.cluster_id, c.label
FROM cluster c
JOIN session e USING (study_id)
WHERE e.session_id = ?1;

-- name: nodes_of_cluster
SELECT ordinal, name, master_eligible FROM node WHERE cluster_id = ?1 ORDER BY ordinal;

-- name: open_steps
-- The last one first. A cluster's nodes by their ordinals.
SELECT p.step_id, n.ordinal, p.action, n.name
FROM step p
JOIN node n USING (node_id)
WHERE p.session_id = ?1 AND n.cluster_id = ?2 AND p.undone_ns IS NULL
  AND p.action IN ('stop', 'kill', 'pause', 'cut', 'exclude')
ORDER BY p.step_id DESC;

-- name: undo_session
-- Nodes that end with their session are not down: they are no more.
UPDATE step SET undone_ns = ?2
WHERE session_id = ?1 AND undone_ns IS NULL AND action IN ('stop', 'kill', 'pause', 'cut', 'exclude');

-- name: abort_trials
UPDATE trial
SET outcome = 'aborted', reason = 'the collector was killed', end_ns = base_ns
WHERE session_id = ?1 AND outcome IS NULL;

-- name: kill_session
UPDATE session SET ended_by = 'killed', reason = 'the collector was killed' WHERE session_id = ?1;
