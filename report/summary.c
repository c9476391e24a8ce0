#include "report/summary_impl.h"
#include "report/text.h"
#include "report/witness.h"
#include <inttypes.h>
#include <string.h>

/* Adds text unless the comma-separated list holds it already. */
static void add_distinct(struct str *list, const char *text)
{
	size_t n = strlen(text);

	for (const char *p = list->n ? list->s : NULL; p; p = strstr(p, ", ")) {
		p += *p == ',' ? 2 : 0;
		if (strncmp(p, text, n) == 0 && (!p[n] || p[n] == ','))
			return;
	}
	str_addf(list, "%s%s", list->n ? ", " : "", text);
}

static void add_number(struct str *list, int64_t number)
{
	char *text = mem_printf("%" PRId64, number);

	add_distinct(list, text);
	free(text);
}

char *summary_clusters(const struct model *model, size_t study)
{
	struct str products = STR_INIT, nodes = STR_INIT, sizes = STR_INIT, text = STR_INIT;
	const struct model_cluster *c;
	bool insecure = false;

	vec_each (c, &model->clusters) {
		char *product;

		if (c->study != study)
			continue;
		product = mem_printf("%s %s", c->product ? c->product : "product",
				     c->version ? c->version : "not seen");
		add_distinct(&products, product);
		free(product);
		add_number(&nodes, c->n_nodes);
		add_number(&sizes, c->master_eligible);
		insecure = insecure || c->insecure;
	}
	if (products.n)
		str_addf(&text, "%s; %s nodes, %s of them master-eligible", products.s, nodes.s,
			 sizes.s);
	else
		str_add(&text, "none yet");
	if (insecure)
		str_add(&text, "; INSECURE: certificates were not checked");
	str_done(&products);
	str_done(&nodes);
	str_done(&sizes);
	return str_take(&text);
}

struct summary_counts summary_count(const struct model *model, size_t study, bool include_warmup)
{
	struct summary_counts c = {0};
	const struct model_trial *trial;

	vec_each (trial, &model->trials) {
		if (trial->study != study)
			continue;
		c.n++;
		c.n_warmup += trial->warmup;
		c.n_of[trial->outcome] += !trial->warmup || include_warmup;
	}
	return c;
}

char *summary_trials(const struct model *model, size_t study, bool include_warmup)
{
	struct summary_counts c = summary_count(model, study, include_warmup);
	struct str text = STR_INIT;
	const char *before = ": ";

	str_addf(&text, "%zu recorded, %" PRId64 " planned",
		 c.n + model->studies.v[study].n_left_out, model->studies.v[study].trials_planned);
	if (model->is_chosen)
		str_addf(&text, ", %zu chosen", c.n);
	for (int o = 0; o < N_OUTCOMES; o++) {
		if (!c.n_of[o])
			continue;
		str_addf(&text, "%s%zu %s", before, c.n_of[o], outcome_names[o]);
		before = ", ";
	}
	if (c.n_warmup)
		str_addf(&text, "; %zu warm-up%s %s", c.n_warmup, c.n_warmup > 1 ? "s" : "",
			 include_warmup ? "included" : "left out");
	return str_take(&text);
}

char *summary_incidents(const struct model_study *study)
{
	struct str text = STR_INIT;

	for (size_t i = 0; i < study->incidents.n; i++)
		str_addf(&text, "%s%s %" PRId64, i ? ", " : "", study->incidents.v[i].kind,
			 study->incidents.v[i].n);
	return text.n ? str_take(&text) : mem_strdup("none");
}

static void print_fact(struct str *out, bool md, const char *name, const char *text)
{
	if (!md) {
		char *mark = mem_printf("%-10s ", name);

		text_add_wrapped(out, mark, text);
		free(mark);
		return;
	}
	str_addf(out, "- %s: ", name);
	table_add_md_text(out, text);
	str_add(out, "\n");
}

static void print_sign_offs(struct str *out, const struct study_record *record, bool md)
{
	const struct study_sign_off *s;

	vec_each (s, &record->sign_offs) {
		char *text = study_sign_off_text(s);

		print_fact(out, md, "sign-off", text);
		free(text);
	}
}

static void print_study(struct str *out, const struct summary *summary, size_t i, bool md)
{
	const struct model_study *study = &summary->recording->model.studies.v[i];
	const char *objective = study->record.texts[STUDY_OBJECTIVE];
	char *clusters = summary_clusters(&summary->recording->model, i);
	char *trials = summary_trials(&summary->recording->model, i,
				      summary->recording->grouping.include_warmup);
	char *incidents = summary_incidents(study);
	char *witness = witness_text(study);
	char *rto = study_rto_text(&summary->recording->model, i);

	str_add(out, i ? "\n" : "");
	if (md) {
		str_add(out, "## Study ");
		table_add_md_text(out, study->label);
		str_add(out, "\n\n");
	} else {
		print_fact(out, false, "study", study->label);
	}
	if (objective)
		print_fact(out, md, "objective", objective);
	if (rto)
		print_fact(out, md, "RTO", rto);
	print_fact(out, md, "clusters", clusters);
	print_fact(out, md, "trials", trials);
	if (summary->recording->chosen)
		print_fact(out, md, "only", summary->recording->chosen);
	print_fact(out, md, "incidents", incidents);
	if (witness)
		print_fact(out, md, "witness", witness);
	print_sign_offs(out, &study->record, md);
	if (!study->is_finished)
		print_fact(out, md, "note", "the schedule of this study is not through");
	free(clusters);
	free(trials);
	free(incidents);
	free(witness);
	free(rto);
}

/* A caution has a mark of its own. */
static void print_findings(struct str *out, const struct findings *findings, bool md)
{
	const struct finding *f;

	if (findings->all.n)
		str_add(out, md ? "\n### Findings\n\n" : "\n");
	vec_each (f, &findings->all) {
		bool caution = f->severity == FINDING_CAUTION;

		if (!md) {
			text_add_wrapped(out, caution ? "  ! " : "  * ", f->text);
			continue;
		}
		str_addf(out, "- %s", caution ? "**Caution:** " : "");
		table_add_md_text(out, f->text);
		str_add(out, "\n");
	}
}

static bool anything_measured(const struct grouping *grouping)
{
	const struct group *g;

	vec_each (g, &grouping->groups)
		for (int m = 0; m < N_METRICS; m++) {
			if (g->estimates[m].n)
				return true;
		}
	return false;
}

static bool any_trial(const struct grouping *grouping)
{
	const struct group *g;

	vec_each (g, &grouping->groups)
		if (g->n_trials)
			return true;
	return false;
}

void summary_print(const struct summary *summary, bool markdown, struct str *ret_text)
{
	const struct recording *recording = summary->recording;

	if (!recording->model.studies.n)
		str_add(ret_text, "The recording holds no study.\n");
	for (size_t i = 0; i < recording->model.studies.n; i++)
		print_study(ret_text, summary, i, markdown);
	if (recording->model.studies.n)
		print_findings(ret_text, summary->findings, markdown);
	if (recording->grouping.groups.n)
		summary_outcomes(ret_text, summary, markdown);
	if (recording->tolerance.sizes.n)
		summary_tolerance(ret_text, summary, markdown);
	if (any_trial(&recording->grouping))
		summary_shares(ret_text, summary, markdown);
	if (anything_measured(&recording->grouping)) {
		if (summary_has_any(summary)) {
			summary_figures(ret_text, summary, markdown);
			summary_shape(ret_text, summary, markdown);
		}
		summary_notes(ret_text, summary);
	} else if (recording->model.studies.n)
		str_add(ret_text, "\nNo trial has been measured yet: there are no figures.\n");
}
