#include "collector/progress.h"
#include "lib/clock.h"
#include "lib/log.h"
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

/* Time left, as the trials so far took it, cluster starts included; "" before the first and after
 * the last. */
static const char *eta(const struct drill *d, size_t n_run, char *buf, size_t size)
{
	if (n_run == 0 || d->schedule.n <= d->done.n + n_run)
		return "";
	size_t n_left = d->schedule.n - d->done.n - n_run;
	int64_t each_ns = (clock_mono_ns() - d->run_start_ns) / (int64_t)n_run;
	int64_t left_s = each_ns * (int64_t)n_left / NS_PER_S;
	if (left_s >= 3600)
		snprintf(buf, size, ", about %dh%02dm left", (int)(left_s / 3600),
			 (int)(left_s / 60 % 60));
	else
		snprintf(buf, size, ", about %dm%02ds left", (int)(left_s / 60),
			 (int)(left_s % 60));
	return buf;
}

void progress_cluster(const struct drill *d, const char *what)
{
	if (log_is_terminal())
		log_status("%s", what);
	else if (d->n_run == 0)
		log_info("%s", what);
}

void progress_phase(const struct trial *t)
{
	const struct drill *d = t->d;
	char left[64];
	size_t k = (size_t)t->slot->position;
	log_status("trial %zu/%zu  %s  %s%s  %s%s%s", k, d->schedule.n,
		   d->plan->clusters.v[t->arm->cluster].label, plan_fault_names[t->arm->fault],
		   t->slot->warmup ? " (warm-up)" : "", trial_state_names[t->state], d->last,
		   eta(d, d->n_run, left, sizeof left));
}

/* ", agreement 0.271 s"; nothing where it was not measured */
static void add_value(struct str *line, const metric_values *values, enum metric metric,
		      const char *name)
{
	double s = record_value(values, metric);
	if (!isnan(s))
		str_addf(line, ", %s %.3f s", name, s);
}

/* Of more than one node: how far it went. */
static void add_losses(struct str *line, const struct trial *t)
{
	int n_survived = 0, n_lost = 0;
	for (size_t i = 0; i < t->losses.n && t->losses.v[i].survived >= 0; i++) {
		n_lost = t->losses.v[i].n_lost;
		if (t->losses.v[i].survived == 1)
			n_survived = n_lost;
	}
	if (n_lost > 1 || (n_lost == 1 && n_survived == 0))
		str_addf(line, ", %d of %d losses survived", n_survived, n_lost);
}

static void remember(struct drill *d, const metric_values *values)
{
	double reelection_s = record_value(values, METRIC_REELECTION);
	double rejoin_s = record_value(values, METRIC_REJOIN);
	if (!isnan(reelection_s) && !isnan(rejoin_s))
		snprintf(d->last, sizeof d->last, "  last re-election %.3f s, rejoin %.1f s",
			 reelection_s, rejoin_s);
}

void progress_trial(const struct trial *t, const metric_values *values)
{
	const struct drill *d = t->d;
	struct str line = STR_INIT;
	char left[64];
	str_addf(&line, "trial %d", (int)t->slot->position);
	if (d->schedule.n)
		str_addf(&line, "/%zu", d->schedule.n);
	str_addf(&line, "  %s  %s%s: %s", d->plan->clusters.v[t->arm->cluster].label,
		 plan_fault_names[t->arm->fault], t->slot->warmup ? " (warm-up)" : "",
		 trial_outcome_names[t->outcome]);
	add_losses(&line, t);
	add_value(&line, values, METRIC_REELECTION, "re-election");
	add_value(&line, values, METRIC_AGREEMENT, "agreement");
	add_value(&line, values, METRIC_REJOIN, "rejoin");
	add_value(&line, values, METRIC_REDUNDANCY, "redundancy");
	if (t->arm->fault == FAULT_WATCHED)
		add_value(&line, values, METRIC_DOWNTIME, "downtime");
	if (t->reason[0])
		str_addf(&line, " (%s)", t->reason);
	str_add(&line, eta(d, d->n_run + 1, left, sizeof left));
	log_status("%s", "");
	log_info("%s", line.s);
	str_done(&line);
	remember(t->d, values);
}

void progress_note(const char *fmt, ...)
{
	char text[512];
	va_list args;
	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	log_status("%s", "");
	log_info("%s", text);
}
