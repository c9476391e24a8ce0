#include "report/datapackage.h"
#include <errno.h>
#include <jansson.h>
#include <string.h>

static const char *type_name(enum store_type type)
{
	return type == STORE_INTEGER ? "integer" : type == STORE_REAL ? "number" : "string";
}

static json_t *fields(const struct store_view *view)
{
	json_t *list = json_array();
	struct store_column *column;

	vec_each (column, &view->columns) {
		json_t *field =
			json_pack("{ss ss}", "name", column->name, "type", type_name(column->type));

		if (*column->unit)
			json_object_set_new(field, "unit", json_string(column->unit));
		if (*column->meaning)
			json_object_set_new(field, "description", json_string(column->meaning));
		json_array_append_new(list, field);
	}
	return list;
}

/* A missing value is an empty field without quotes, in NDJSON null. */
static json_t *resource(const struct store_view *view, const char *suffix, const char *media,
			int64_t n_rows)
{
	json_t *path = json_sprintf("%s.%s", view->name, suffix);
	json_t *name = json_sprintf("%s%s", view->name, *suffix == 'n' ? "_ndjson" : "");

	return json_pack("{so so ss ss ss ss sI s{so s[s]}}", "name", name, "path", path,
			 "description", view->meaning, "format", suffix, "mediatype", media,
			 "encoding", "utf-8", "rows", (json_int_t)n_rows, "schema", "fields",
			 fields(view), "missingValues", "");
}

int datapackage_write(const struct datapackage *package, const struct store_views *views,
		      const char *folder, struct err *err)
{
	char *path = mem_printf("%s/datapackage.json", folder);
	json_t *resources = json_array();
	json_t *root = json_pack("{ss ss ss si so}", "profile", "tabular-data-package", "name",
				 "rejoin-drill", "created_by", "rejoin-report " REJOIN_VERSION,
				 "format", STORE_FORMAT, "resources", resources);

	for (size_t i = 0; i < views->n; i++) {
		json_array_append_new(
			resources, resource(&views->v[i], "csv", "text/csv", package->n_rows.v[i]));
		if (package->has_ndjson)
			json_array_append_new(resources, resource(&views->v[i], "ndjson",
								  "application/x-ndjson",
								  package->n_rows.v[i]));
	}
	if (json_dump_file(root, path, JSON_INDENT(1)))
		err_set(err, ERR_ENV, "datapackage.json: %s", strerror(errno));
	json_decref(root);
	free(path);
	return err->code;
}
