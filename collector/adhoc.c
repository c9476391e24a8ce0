#include "collector/adhoc.h"
#include "collector/docker_engine.h"
#include "collector/json_compact.h"
#include "collector/plan_impl.h"
#include "lib/mem.h"
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The non-empty parts of "a,b,c". */
static json_t *split(const char *text)
{
	json_t *list = json_array();
	while (*text) {
		size_t n = strcspn(text, ",");
		if (n)
			json_array_append_new(list, json_stringn(text, n));
		text += n + (text[n] == ',');
	}
	return list;
}

/* What is no text would be missing from the plan: a host of which nobody takes notice. */
static int check_texts(const struct adhoc *adhoc, struct err *err)
{
	if (json_check_text("--hosts", adhoc->hosts, err) ||
	    json_check_text("--name", adhoc->name, err) ||
	    json_check_text("--fault", adhoc->faults, err))
		return err->code;
	return json_check_text("--target", adhoc->targets, err);
}

int adhoc_plan(const struct adhoc *adhoc, const char *const *sets, size_t n_sets,
	       struct plan **ret_plan, struct err *err)
{
	char size[24];
	if (check_texts(adhoc, err))
		return err->code;
	json_t *hosts = split(adhoc->hosts);
	if (!json_array_size(hosts)) {
		json_decref(hosts);
		return err_set(err, ERR_USAGE,
			       "--hosts: the URLs of all nodes are expected, e.g. "
			       "http://es1:9200,http://es2:9200,http://es3:9200");
	}
	snprintf(size, sizeof size, "%zu",
		 adhoc->masters ? (size_t)adhoc->masters : json_array_size(hosts));
	json_t *plan =
		json_pack("{s:i, s:{s:s}, s:{s:s, s:{s:{s:o}}}, s:{s:o, s:o}, s:I}", "schema", 1,
			  "study", "name", adhoc->name, "cluster", "driver", adhoc->driver, "sizes",
			  size, "hosts", hosts, "factors", "fault", split(adhoc->faults), "target",
			  split(adhoc->targets), "trials", (json_int_t)adhoc->trials);
	char *text = json_dumps(plan, JSON_INDENT(2));
	int code = plan_from_text("command line", text, strlen(text), sets, n_sets, ret_plan, err);
	json_decref(plan);
	free(text);
	return code;
}

char *adhoc_engine_set(const struct plan *plan)
{
	const char *address = docker_engine_address();
	/* what stands before an @ may be a password: the driver refuses it, and nobody stores it */
	if (strcmp(plan->driver, "docker") != 0 || plan->docker.host || strchr(address, '@'))
		return NULL;
	json_t *json = json_string(address);
	char *text = json ? json_dumps(json, JSON_ENCODE_ANY) : NULL;
	char *set = text ? mem_printf("cluster.docker.host=%s", text) : NULL;
	free(text);
	json_decref(json);
	return set;
}
