/* What must be known to read the figures. */
#include "report/findings_impl.h"
#include <math.h>
#include <string.h>

/* Incidents in words; others keep their name. */
static const struct {
	const char *kind, *one, *many;
} kinds[] = {
	{"skipped_polls", "poll was skipped, as the last request was still under way",
	 "polls were skipped, as the last request was still under way"},
	{"late_poll", "node was polled late in a trial: its intervals are wider there",
	 "times a node was polled late in a trial: its intervals are wider there"},
	{"bad_answer", "answer was no cluster state", "answers were no cluster state"},
	{"quiet_polls", "poll of quiet time was counted and not kept",
	 "polls of quiet time were counted and not kept"},
	{"clock_step", "trial had its wall clock set meanwhile: its log lines have no place",
	 "trials had their wall clock set meanwhile: their log lines have no place"},
	{"did_not_stop", "node did not end when asked and was killed",
	 "nodes did not end when asked and were killed"},
	{"writes_not_looked_for", "acknowledged write could not be looked for",
	 "acknowledged writes could not be looked for"},
	{"changed_unseen", "time the cluster had changed between two windows, unseen",
	 "times the cluster had changed between two windows, unseen"},
};

static int64_t count_incidents(const struct telling *t, const char *kind)
{
	const struct model_study *study;
	int64_t n = 0;

	vec_each (study, &t->r->model.studies)
		for (size_t i = 0; i < study->incidents.n; i++)
			if (strcmp(study->incidents.v[i].kind, kind) == 0)
				n += study->incidents.v[i].n;
	return n;
}

static bool is_worded(const char *kind)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (strcmp(kinds[i].kind, kind) == 0)
			return true;
	return strcmp(kind, "lost_writes") == 0; /* told with the writes */
}

/* Those without words of their own, in one sentence. */
static void say_other_incidents(struct telling *t)
{
	const struct model_study *study;
	struct str text = STR_INIT;

	vec_each (study, &t->r->model.studies)
		for (size_t i = 0; i < study->incidents.n; i++) {
			const struct model_incidents *of = &study->incidents.v[i];

			if (is_worded(of->kind))
				continue;
			str_addf(&text, "%s%s %lld", text.n ? ", " : "Other incidents: ", of->kind,
				 (long long)of->n);
		}
	if (text.n)
		str_add(&text, ".");
	findings_add(t, FINDING_CAUTION, &text);
}

static void say_incidents(struct telling *t)
{
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		int64_t n = count_incidents(t, kinds[i].kind);
		struct str text = STR_INIT;

		if (!n)
			continue;
		phrase_add_count(&text, (uint64_t)n, kinds[i].one, kinds[i].many);
		str_add(&text, ".");
		findings_add(t, FINDING_CAUTION, &text);
	}
	say_other_incidents(t);
}

static void say_insecure(struct telling *t)
{
	const struct model_cluster *cluster;
	bool insecure = false;
	struct str text = STR_INIT;

	vec_each (cluster, &t->r->model.clusters)
		insecure |= cluster->insecure;
	if (insecure)
		str_add(&text, "Certificates were not checked: who answered is not proved.");
	findings_add(t, FINDING_CAUTION, &text);
}

static void say_unfinished(struct telling *t)
{
	const struct model *model = &t->r->model;

	for (size_t i = 0; i < model->studies.n; i++) {
		const struct model_study *study = &model->studies.v[i];
		const struct model_trial *trial;
		size_t n = 0;
		struct str text = STR_INIT;

		if (study->is_finished)
			continue;
		vec_each (trial, &model->trials)
			n += trial->study == i && trial->outcome != OUTCOME_ABORTED &&
			     trial->outcome != OUTCOME_UNFINISHED;
		str_add(&text, "The schedule of ");
		str_add(&text, model->studies.n > 1 ? study->label : "this study");
		str_addf(&text, " is not through: %zu of %lld trials are run.", n,
			 (long long)study->trials_planned);
		findings_add(t, FINDING_CAUTION, &text);
	}
}

/* Half the width of the interval of a re-election time: what the middle may be off by. */
static double typical_half_width(const struct telling *t)
{
	const struct group *group;
	double most = NAN;

	vec_each (group, &t->r->grouping.groups)
		if (!findings_is_noop(t, group))
			most = fmax(most, estimate_half_width(&group->estimates[METRIC_REELECTION],
							      STATS_P50));
	return most;
}

static void say_width(struct telling *t)
{
	double half_s = typical_half_width(t);
	struct str text = STR_INIT;

	if (!isnan(half_s)) {
		str_add(&text,
			"By the polls alone, medians of re-election are measured to within ± ");
		phrase_add_time(&text, half_s);
		str_add(&text, ".");
	}
	findings_add(t, FINDING_FACT, &text);
}

/* The fewest trials of a group whose re-election was measured; 0: none. */
static size_t fewest_trials(const struct telling *t)
{
	const struct group *group;
	size_t least = 0;

	vec_each (group, &t->r->grouping.groups) {
		size_t n = group->estimates[METRIC_REELECTION].n;

		if (n && !findings_is_noop(t, group) && (!least || n < least))
			least = n;
	}
	return least;
}

static void say_needs(struct telling *t)
{
	static const struct {
		double p;
		const char *name;
	} quantiles[] = {{0.99, "99th percentile"}, {0.95, "95th percentile"}, {0.5, "median"}};
	size_t n = fewest_trials(t), n_lacking = 0;
	struct str text = STR_INIT;

	if (!n)
		return;
	for (size_t i = 0; i < sizeof quantiles / sizeof *quantiles; i++) {
		size_t needs = stats_interval_needs(quantiles[i].p, ESTIMATE_CONFIDENCE);

		if (n >= needs)
			continue;
		if (!n_lacking++) {
			str_add(&text, "With ");
			phrase_add_count(&text, n, "trial", "trials");
			str_add(&text, " there is no 95 % interval of the ");
		} else
			str_add(&text, ", nor of the ");
		str_addf(&text, "%s (%zu needed)", quantiles[i].name, needs);
	}
	if (n_lacking)
		str_add(&text, ".");
	findings_add(t, FINDING_FACT, &text);
}

static void say_origin(struct telling *t)
{
	struct str text = STR_INIT;

	if (t->r->model.from != ORIGIN_FAULT_ISSUED)
		str_addf(&text, "Times after a fault count from %s.",
			 model_from_text(&t->r->model));
	else if (model_has_fault(&t->r->model, "watched"))
		str_add(&text,
			"Nobody told what was done to a watched cluster, or when: times count "
			"from the first sign.");
	findings_add(t, FINDING_CAUTION, &text);
}

void findings_instrument(struct telling *t)
{
	say_unfinished(t);
	say_incidents(t);
	say_insecure(t);
	say_origin(t);
	say_needs(t);
	say_width(t);
}
