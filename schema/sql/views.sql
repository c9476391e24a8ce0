-- What hands the views on to other tools (schema/store_view.h).

-- name: views
-- Views that stand in for those of an older format are temporary ones.
SELECT DISTINCT name FROM pragma_table_list WHERE type = 'view' AND name GLOB 'v_*' ORDER BY name;

-- name: view_columns
SELECT name, type FROM pragma_table_info(?1) ORDER BY cid;

-- What the export to a cluster reads in place of three views: the study's uuid and what tells the row from others of its
-- trial (or of its study, where it has none) in every file, then the view's columns. The numbers of a file's own, which
-- are others in a merged one, stand in the same order there.

-- name: export_step
SELECT s.uuid, '', v.*
FROM step p
JOIN session e USING (session_id)
JOIN study s USING (study_id)
JOIN v_step v ON v.step_id = p.step_id;

-- name: export_incident
SELECT s.uuid, i.nth, v.*
FROM (SELECT incident_id, study_id,
             row_number() OVER (PARTITION BY study_id, trial_id, kind ORDER BY incident_id) AS nth
      FROM incident) i
JOIN study s USING (study_id)
JOIN v_incident v ON v.incident_id = i.incident_id;

-- name: export_node
-- v_node has nothing to join by: its columns are here once more. A cluster is made again when a study is resumed.
SELECT s.uuid,
       (SELECT count(*) FROM cluster o
        WHERE o.study_id = c.study_id AND o.label = c.label AND o.cluster_id <= c.cluster_id),
       s.name, c.label, c.uuid, c.product, n.ordinal, n.name, n.master_eligible, n.roles, n.http_url,
       n.persistent_id, n.version, n.jvm
FROM node n
JOIN cluster c USING (cluster_id)
JOIN study s USING (study_id);
