#include "report/export_key.h"
#include "report/rows.h"
#include "schema/sql.h"
#include <string.h>

static const struct export_key keys[] = {
	{.view = "v_trial", .sql_id = -1},
	{.view = "v_metric", .columns = {"metric", "origin", "observer"}, .sql_id = -1},
	{.view = "v_master_change", .columns = {"observer", "hi_ns"}, .sql_id = -1},
	{.view = "v_log_event", .columns = {"node", "line"}, .sql_id = -1},
	{.view = "v_witness", .columns = {"observer", "line"}, .sql_id = -1},
	{.view = "v_sample", .columns = {"observer", "due_ns"}, .sql_id = -1, .final = true},
	{.view = "v_write", .columns = {"node", "due_ns"}, .sql_id = -1, .final = true},
	{.view = "v_step", .columns = {"node", "action", "intent_ns"}, .sql_id = SQL_EXPORT_STEP},
	{.view = "v_node", .columns = {"cluster", "ordinal"}, .sql_id = SQL_EXPORT_NODE},
	{.view = "v_incident", .columns = {"kind"}, .sql_id = SQL_EXPORT_INCIDENT},
	{.view = "v_study", .sql_id = -1},
	{.view = "v_session", .columns = {"started_utc", "host"}, .sql_id = -1},
	{.view = "v_setting", .columns = {"cluster", "cluster_uuid", "node", "name"}, .sql_id = -1},
	{.view = "v_sign_off", .columns = {"signed_utc", "name", "account", "head"}, .sql_id = -1},
};

int export_key_find(const char *view, const struct export_key **ret_key, struct err *err)
{
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (strcmp(keys[i].view, view) == 0) {
			*ret_key = &keys[i];
			return 0;
		}
	return err_set(err, ERR_ENV, "%s cannot be exported to a cluster", view);
}

int export_key_column(const struct store_view *view, const char *name)
{
	for (size_t i = 0; i < view->columns.n; i++)
		if (strcmp(view->columns.v[i].name, name) == 0)
			return (int)i;
	return -1;
}

void export_key_id(const struct export_key *key, const struct store_view *view,
		   const struct store_row *row, int first, const char *owner, struct str *text,
		   char ret_id[HASH_HEX_SIZE])
{
	str_clear(text);
	str_addf(text, "%s %s", view->name, owner);
	if (first) {
		str_add(text, " ");
		rows_json_value(row, 1, text);
	}
	for (size_t i = 0; i < EXPORT_KEYS && key->columns[i]; i++) {
		int column = export_key_column(view, key->columns[i]);

		str_add(text, " ");
		if (column >= 0)
			rows_json_value(row, first + column, text);
	}
	hash_sha256_hex(text->s, text->n, ret_id);
	ret_id[EXPORT_ID_DIGITS] = '\0';
}
