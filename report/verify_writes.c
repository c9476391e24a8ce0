/* The metric write_gap of the stored writes. */
#include "lib/clock.h"
#include "report/verify.h"
#include "schema/sql.h"
#include "schema/write_gap.h"
#include <jansson.h>
#include <string.h>

static int on_write(void *arg, const struct store_row *row, struct err *err)
{
	writes *all = arg;
	struct store_write write = {.due_us = store_int(row, 0),
				    .node = (uint8_t)store_int(row, 1),
				    .number = store_int(row, 2),
				    .late_us = store_int(row, 3),
				    .took_us = store_int(row, 4),
				    .outcome = (uint8_t)store_int(row, 5)};

	(void)err;
	vec_push(all, write);
	return 0;
}

/* As the canonical plan words a duration: 250ms. 0: it is none. */
static int64_t duration_ns(const char *text)
{
	static const struct {
		const char *unit;
		int64_t ns;
	} units[] = {{"ns", 1},	      {"us", NS_PER_US},    {"ms", NS_PER_MS},
		     {"s", NS_PER_S}, {"m", 60 * NS_PER_S}, {"h", 3600 * NS_PER_S}};
	char *end = NULL;
	long long n = text ? strtoll(text, &end, 10) : 0;

	for (size_t i = 0; end && i < sizeof units / sizeof *units; i++)
		if (strcmp(end, units[i].unit) == 0)
			return n * units[i].ns;
	return 0;
}

/* probe.write of the plan: a write each so often. */
static int64_t period_ns(const struct verify_study *study)
{
	json_t *plan = json_loads(study->plan_json, 0, NULL);
	int64_t ns = duration_ns(
		json_string_value(json_object_get(json_object_get(plan, "probe"), "write")));

	json_decref(plan);
	return ns;
}

static int64_t done_ns(const struct verify_trial *t, const struct store_write *write)
{
	return t->base_ns + (write->due_us + write->late_us + write->took_us) * NS_PER_US;
}

/* The metric, had writing ended then. */
static bool gap_at(const struct verify_study *study, const struct verify_trial *t,
		   const writes *all, int64_t fault_ns, int64_t end_ns,
		   struct metric_value *ret_gap)
{
	struct write_run run = {.writes = all,
				.base_ns = t->base_ns,
				.end_ns = end_ns,
				.period_ns = period_ns(study)};

	return write_gap(&run, fault_ns, ret_gap);
}

/* Ends are stored rounded up to whole microseconds. */
static void derive(const struct verify_study *study, const struct verify_trial *t,
		   const writes *all, int64_t fault_ns, metric_values *ret_values,
		   struct verify_open_gap *ret_open)
{
	int64_t last_ns = TRACK_NEVER;
	const struct store_write *write;
	struct metric_value first, last;
	bool is_some;

	vec_each (write, all)
		if (done_ns(t, write) > last_ns)
			last_ns = done_ns(t, write);
	is_some = gap_at(study, t, all, fault_ns, last_ns - NS_PER_US, &first);
	if (gap_at(study, t, all, fault_ns, t->end_ns, &last) && last.censored == 1) {
		ret_open->possible = true;
		ret_open->most_ns = last.lo_ns;
		ret_open->least_ns = 2 * period_ns(study) + 1;
		if (is_some && first.censored == 1)
			ret_open->least_ns = first.lo_ns;
		else if (is_some && first.lo_ns >= ret_open->least_ns)
			ret_open->least_ns = first.lo_ns + 1;
	}
	if (!is_some)
		return;
	if (strcmp(t->fault, "noop") == 0 && first.censored == 0) {
		first.lo_ns = 0;
		first.censored = -1;
	}
	vec_push(ret_values, first);
}

int verify_write_gap(struct verify *v, const struct verify_study *study, struct verify_trial *t,
		     int64_t fault_ns, metric_values *ret_values, struct verify_open_gap *ret_open,
		     struct err *err)
{
	const struct store_bind binds[] = {{STORE_BIND_INT, t->trial_id, NULL}};
	writes all = {0};

	*ret_open = (struct verify_open_gap){0};
	store_query(v->store, SQL_VERIFY_WRITES, binds, 1, on_write, &all, err);
	if (all.n && fault_ns != TRACK_NEVER && !err->code)
		derive(study, t, &all, fault_ns, ret_values, ret_open);
	vec_done(&all);
	return err->code;
}
