#include "report/page.h"
#include "report/output.h"
#include "report/page_impl.h"
#include "report/summary.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct {
	const char *id, *title, *in_contents;
	page_section *add;
} sections[] = {
	{"findings", "Findings", "Findings", page_findings},
	{"glance", "At a glance", "At a glance", page_glance},
	{"re-election", "Re-election", "Re-election", page_reelection},
	{"rejoin", "Rejoin", "Rejoin", page_rejoin},
	{"metrics", "Other times", "Other times", page_other_metrics},
	{"phases", "Where the time goes", "Phases", page_phases},
	{"comparison", "Comparison", "Comparison", page_compare},
	{"contested", "Contested elections", "Contested", page_contested},
	{"tolerance", "Losses survived", "Losses", page_tolerance},
	{"timeline", "Timeline", "Timeline", page_timeline},
	{"figures", "Figures", "Figures", page_figures},
	{"trials", "Trials", "Trials", page_trials},
	{"study", "Study", "Study", page_study},
	{"method", "Method and limits", "Method", page_method},
};
enum { N_SECTIONS = sizeof sections / sizeof *sections };

/* The names of the studies, as the title of the page. */
static char *title_of(const struct model *model)
{
	struct str title = STR_INIT;

	for (size_t i = 0; i < model->studies.n && i < 3; i++)
		str_addf(&title, "%s%s", i ? ", " : "", model->studies.v[i].label);
	if (model->studies.n > 3)
		str_addf(&title, " and %zu more", model->studies.n - 3);
	return title.n ? str_take(&title) : mem_strdup("Failover drill");
}

static void add_head(struct str *out, const char *title)
{
	char *style = html_hash(page_css), *script = html_hash(page_js);

	html_add(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
	/* Nothing is fetched, sent or run but what stands here. The hashes' quotes are markup. */
	str_addf(out,
		 "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		 "style-src %s; script-src %s; img-src data:; base-uri 'none'; form-action "
		 "'none'\">\n",
		 style, script);
	html_add(out,
		 "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		 "<meta name=\"color-scheme\" content=\"light dark\">\n"
		 "<meta name=\"referrer\" content=\"no-referrer\">\n"
		 "<meta name=\"generator\" content=\"rejoin-report %s\">\n"
		 "<link rel=\"icon\" href=\"data:,\">\n"
		 "<title>%s – failover drill</title>\n<style>",
		 REJOIN_VERSION, title);
	str_add(out, page_css);
	html_add(out, "</style>\n</head>\n");
	free(style);
	free(script);
}

/* What a reader must know before any figure: what was drilled, what was chosen, what went wrong. */
static void add_study(struct str *out, const struct recording *r, size_t i)
{
	const struct model_study *study = &r->model.studies.v[i];
	char *clusters = summary_clusters(&r->model, i);
	char *trials = summary_trials(&r->model, i, r->grouping.include_warmup);
	char *incidents = summary_incidents(study);

	if (r->model.studies.n > 1)
		html_add(out, "<div><dt>Study</dt><dd>%s</dd></div>\n", study->label);
	html_add(out, "<div><dt>Clusters</dt><dd>%s</dd></div>\n", clusters);
	html_add(out, "<div><dt>Trials</dt><dd>%s</dd></div>\n", trials);
	html_add(out, study->n_incidents ? "<div class=\"warn\">" : "<div>");
	html_add(out, "<dt>Incidents</dt><dd>%s</dd></div>\n", incidents);
	if (study->finished)
		html_add(out, "<div><dt>Recorded</dt><dd>%s to %s UTC</dd></div>\n", study->created,
			 study->finished);
	else
		html_add(out,
			 "<div><dt>Recorded</dt><dd>from %s UTC; the schedule is not "
			 "through</dd></div>\n",
			 study->created);
	free(clusters);
	free(trials);
	free(incidents);
}

static void add_header(struct str *out, const struct recording *r, const char *title)
{
	const struct model *model = &r->model;
	const char *objective =
		model->studies.n == 1 ? model->studies.v[0].record.texts[STUDY_OBJECTIVE] : NULL;

	html_add(out,
		 "<body>\n<a class=\"skip\" href=\"#main\">Skip to the figures</a>\n"
		 "<header>\n<p class=\"kind\">Failover drill</p>\n<h1>%s</h1>\n",
		 title);
	if (objective)
		html_add(out, "<p class=\"objective\">%s</p>\n", objective);
	html_add(out, "<dl class=\"facts\">\n");
	for (size_t i = 0; i < model->studies.n; i++)
		add_study(out, r, i);
	if (r->chosen)
		html_add(out, "<div class=\"warn\"><dt>Chosen</dt><dd>only %s</dd></div>\n",
			 r->chosen);
	html_add(out, "<div><dt>Counted</dt><dd>from %s</dd></div>\n", model_from_text(model));
	html_add(out, "</dl>\n</header>\n");
}

/* The sections that have something to say, and their contents before them. */
static int add_sections(struct str *out, const struct recording *r, struct err *err)
{
	struct str parts[N_SECTIONS] = {STR_INIT};
	struct page page = {.recording = r};

	for (size_t i = 0; i < N_SECTIONS && !err->code; i++) {
		page.out = &parts[i];
		sections[i].add(&page, err);
	}
	html_add(out, "<nav aria-label=\"Contents\"><ul>\n");
	for (size_t i = 0; i < N_SECTIONS; i++)
		if (parts[i].n)
			html_add(out, "<li><a href=\"#%s\">%s</a></li>\n", sections[i].id,
				 sections[i].in_contents);
	html_add(out, "</ul></nav>\n<main id=\"main\">\n");
	for (size_t i = 0; i < N_SECTIONS; i++) {
		if (parts[i].n) {
			html_add(out,
				 "<section id=\"%s\" aria-labelledby=\"%s-h\">\n<h2 "
				 "id=\"%s-h\">%s</h2>\n",
				 sections[i].id, sections[i].id, sections[i].id, sections[i].title);
			str_add_n(out, parts[i].s, parts[i].n);
			html_add(out, "</section>\n");
		}
		str_done(&parts[i]);
	}
	html_add(out, "</main>\n");
	return err->code;
}

static int write_file(const char *path, const struct str *text, struct err *err)
{
	FILE *file = fopen(path, "wb");
	bool failed = !file || fwrite(text->s, 1, text->n, file) < text->n;
	int error = errno;

	if (file && fclose(file) && !failed) {
		failed = true;
		error = errno;
	}
	return failed ? err_set(err, ERR_ENV, "%s", strerror(error)) : 0;
}

static int fill(void *arg, const char *temp, const char *folder, struct err *err)
{
	const struct recording *recording = arg;
	char *title = title_of(&recording->model);
	struct str out = STR_INIT;

	(void)folder;
	add_head(&out, title);
	add_header(&out, recording, title);
	if (!add_sections(&out, recording, err)) {
		html_add(&out,
			 "<footer><p>Made by rejoin-report %s from one recording; the same "
			 "recording gives the same page. It fetches nothing and sends "
			 "nothing.</p>\n<p class=\"paper\">On paper stands what was open on the "
			 "screen; the page holds more timelines, the numbers of every chart and "
			 "the plan.</p></footer>\n<script>",
			 REJOIN_VERSION);
		str_add(&out, page_js);
		html_add(&out, "</script>\n</body>\n</html>\n");
		write_file(temp, &out, err);
	}
	str_done(&out);
	free(title);
	return err->code;
}

int page_write(const char *path, const struct recording *recording, struct err *err)
{
	return output_write(path, fill, (void *)recording, err);
}
