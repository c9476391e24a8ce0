/* What a gate says: for people, for programs, and for those that collect test results. */
#include "report/factor.h"
#include "report/gate.h"
#include "report/html.h"
#include "report/json_text.h"
#include "report/phrase.h"
#include "report/table.h"
#include "report/text.h"
#include <jansson.h>
#include <math.h>

char *gate_group_text(const struct recording *recording, const struct gate_result *result)
{
	const struct grouping *grouping = &recording->grouping;
	struct str text = STR_INIT;

	for (size_t i = 0; i < grouping->names.n && result->group != GATE_NO_GROUP; i++) {
		char *level = group_level_text(grouping, &grouping->groups.v[result->group], i);

		str_addf(&text, "%s%s %s", text.n ? ", " : "", factor_title(grouping->names.v[i]),
			 level);
		free(level);
	}
	return text.n ? str_take(&text) : mem_strdup("all");
}

char *gate_value_text(const struct requirement *requirement, double value)
{
	struct str text = STR_INIT;

	if (!isfinite(value))
		str_add(&text, isnan(value) ? "-" : "no limit");
	else if (!requirement->is_count)
		str_addf(&text, "%.3f s", value);
	else if (requirement->is_share) {
		/* with a digit more than in a sentence: it stands beside a limit */
		if (value >= 0.0005 && value < 0.9995)
			str_addf(&text, "%.1f", value * 100);
		else
			phrase_add_percent(&text, value);
		str_add(&text, " %");
	} else
		str_addf(&text, "%.0f", value);
	return str_take(&text);
}

static void add_value(struct table *table, const struct gate_result *result, double value)
{
	table_add_take(table, gate_value_text(result->requirement, value));
}

static char *clean_requirement(const struct gate_result *result)
{
	return text_clean(result->requirement->text);
}

void gate_print(const struct recording *recording, const struct gate *gate, struct str *ret_text)
{
	static const char *const heads[] = {"require", "of", "n",	"value",
					    "from",    "to", "verdict", "why"};
	const struct gate_result *result;
	struct table table = {.part_blocks = gate->results.n > recording->grouping.groups.n};

	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
		table_column(&table, heads[i], i >= 2 && i <= 5);
		if (i >= 3 && i <= 6) /* what was found and what follows from it */
			table_stays(&table);
	}
	vec_each (result, &gate->results) {
		table_add_take(&table, clean_requirement(result));
		table_add_take(&table, gate_group_text(recording, result));
		table_addf(&table, "%zu", result->n);
		add_value(&table, result, result->value);
		add_value(&table, result, result->lo);
		add_value(&table, result, result->hi);
		table_add(&table, gate_verdict_names[result->verdict]);
		table_add(&table, result->reason);
	}
	table_print_within(&table, 2, TEXT_COLUMNS, ret_text);
	table_done(&table);
	str_addf(ret_text, "\n%s: %zu passed, %zu failed, %zu undecided.\n",
		 gate_holds(gate) ? "The gate holds" : "The gate does not hold",
		 gate->n_of[GATE_PASS], gate->n_of[GATE_FAIL], gate->n_of[GATE_UNDECIDED]);
	str_addf(ret_text,
		 "from, to: 95 %% interval, of quantiles widened by the bound of the "
		 "measurement; of counts, min\nand max what was recorded.\n"
		 "Times after a fault count from %s.\n",
		 model_from_text(&recording->model));
}

static const char *unit_of(const struct requirement *r)
{
	return !r->is_count ? "s" : r->is_share ? "share" : "count";
}

static json_t *result_of(const struct recording *recording, const struct gate_result *result)
{
	json_t *json = json_object();
	char *text = clean_requirement(result);

	json_object_set_new(json, "require", json_string(text));
	if (result->group == GATE_NO_GROUP)
		json_object_set_new(json, "factors", json_object());
	else
		json_object_set(json, "factors",
				recording->grouping.groups.v[result->group].factors);
	json_object_set_new(json, "verdict", json_string(gate_verdict_names[result->verdict]));
	json_object_set_new(json, "unit", json_string(unit_of(result->requirement)));
	json_object_set_new(json, "limit", json_real(result->requirement->limit));
	json_object_set_new(json, "n", json_integer((json_int_t)result->n));
	json_object_set_new(json, "value", json_text_figure(result->value));
	json_object_set_new(json, "lo", json_text_figure(result->lo));
	json_object_set_new(json, "hi", json_text_figure(result->hi));
	json_object_set_new(json, "needs",
			    result->needs ? json_integer((json_int_t)result->needs) : json_null());
	json_object_set_new(json, "reason", json_string(result->reason));
	free(text);
	return json;
}

void gate_print_json(const struct recording *recording, const struct gate *gate,
		     struct str *ret_text)
{
	json_t *root = json_object(), *results = json_array();
	const struct gate_result *result;

	vec_each (result, &gate->results)
		json_array_append_new(results, result_of(recording, result));
	json_object_set_new(root, "schema", json_integer(1));
	json_object_set_new(root, "holds", json_boolean(gate_holds(gate)));
	for (int v = 0; v < N_GATE_VERDICTS; v++)
		json_object_set_new(root, gate_verdict_names[v],
				    json_integer((json_int_t)gate->n_of[v]));
	json_object_set_new(root, "from", json_string(origin_names[recording->model.from]));
	json_object_set_new(root, "results", results);
	json_text_take(root, ret_text);
}

/* "3 trials: 4.210 s (3.900 s to 5.300 s)" */
static char *detail_of(const struct gate_result *result)
{
	char *value = gate_value_text(result->requirement, result->value);
	char *lo = gate_value_text(result->requirement, result->lo);
	char *hi = gate_value_text(result->requirement, result->hi);
	char *text = mem_printf("n %zu: %s (%s to %s)%s%s", result->n, value, lo, hi,
				*result->reason ? ": " : "", result->reason);

	free(value);
	free(lo);
	free(hi);
	return text;
}

static void add_case(struct str *out, const struct recording *recording,
		     const struct gate_result *result)
{
	char *group = gate_group_text(recording, result), *detail = detail_of(result);
	char *name = clean_requirement(result);

	html_add(out, "    <testcase classname=\"%s\" name=\"%s\" time=\"0\"", group, name);
	if (result->verdict == GATE_PASS)
		html_add(out, "/>\n");
	else
		html_add(out, ">\n      <failure type=\"%s\" message=\"%s\"/>\n    </testcase>\n",
			 gate_verdict_names[result->verdict], detail);
	free(group);
	free(detail);
	free(name);
}

void gate_print_junit(const struct recording *recording, const struct gate *gate,
		      struct str *ret_text)
{
	char *counts = mem_printf("tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"0\"",
				  gate->results.n, gate->results.n - gate->n_of[GATE_PASS]);
	const struct gate_result *result;
	struct str names = STR_INIT;

	for (size_t i = 0; i < recording->model.studies.n; i++)
		str_addf(&names, "%s%s", i ? ", " : "", recording->model.studies.v[i].label);
	str_addf(ret_text,
		 "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		 "<testsuites name=\"rejoin-report gate\" %s>\n",
		 counts);
	html_add(ret_text, "  <testsuite name=\"%s\" ", names.n ? names.s : "no study");
	str_addf(ret_text, "%s>\n", counts);
	vec_each (result, &gate->results)
		add_case(ret_text, recording, result);
	str_add(ret_text, "  </testsuite>\n</testsuites>\n");
	str_done(&names);
	free(counts);
}
