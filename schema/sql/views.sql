-- What hands the views on to other tools (schema/store_view.h).

-- name: views
-- Views that stand in for those of an older format are temporary ones.
SELECT DISTINCT name FROM pragma_table_list WHERE type = 'view' AND name GLOB 'v_*' ORDER BY name;

-- name: view_columns
SELECT name, type FROM pragma_table_info(?1) ORDER BY cid;
