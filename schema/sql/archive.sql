-- What an archive is made of (report/archive.h).

-- name: archive_instant
-- The last thing that the recording says of the wall clock, in seconds: an archive is as old as that.
SELECT coalesce(max(us), 0) / 1000000
FROM (SELECT created_utc_us AS us FROM study
      UNION ALL SELECT finished_utc_us FROM study
      UNION ALL SELECT start_utc_us FROM session
      UNION ALL SELECT end_utc_us FROM session
      UNION ALL SELECT end_utc_us FROM trial
      UNION ALL SELECT closed_utc_us FROM study_seal
      UNION ALL SELECT signed_utc_us FROM sign_off);

-- name: archive_studies
SELECT s.uuid, s.name,
       strftime('%Y-%m-%dT%H:%M:%SZ', s.created_utc_us / 1000000, 'unixepoch'),
       strftime('%Y-%m-%dT%H:%M:%SZ', s.finished_utc_us / 1000000, 'unixepoch'),
       (SELECT count(*) FROM trial t WHERE t.study_id = s.study_id),
       nullif(lower(hex(h.head)), ''), h.n_trials, nullif(lower(hex(h.public_key)), ''),
       (SELECT count(*) FROM sign_off o WHERE o.study_id = s.study_id)
FROM study s
LEFT JOIN study_seal h USING (study_id)
ORDER BY s.study_id;

-- name: archive_plans
SELECT uuid, plan_text, plan_json FROM study ORDER BY study_id;

-- name: archive_logs
SELECT c.trial_id, n.ordinal, n.name, c.n_bytes, c.lines
FROM log_chunk c
JOIN node n USING (node_id)
ORDER BY c.trial_id, n.ordinal;
