/* What the files that make up a summary share. */
#ifndef REJOIN_REPORT_SUMMARY_IMPL_H
#define REJOIN_REPORT_SUMMARY_IMPL_H

#include "report/summary.h"
#include "report/table.h"

/* Columns for the factors, as people or as programs call them; and a group's levels in them. */
void summary_factor_columns(struct table *table, const struct grouping *grouping, bool titles);
void summary_levels(struct table *table, const struct grouping *grouping,
		    const struct group *group);
/* An empty line, then the table; printed aligned it is folded where it is wider than 100 columns
 * and than the terminal. n_keys: the columns that each part has. */
void summary_put_table(struct str *out, const struct summary *summary, const struct table *table,
		       size_t n_keys, bool markdown);

/* For people: how many trials ended how, and which shares that suggests; summary_outcomes.c */
void summary_outcomes(struct str *out, const struct summary *summary, bool markdown);
void summary_shares(struct str *out, const struct summary *summary, bool markdown);
void summary_tolerance(struct str *out, const struct summary *summary, bool markdown);

/* The times: quantiles, then spread and shape; summary_figures.c, summary_shape.c */
void summary_figures(struct str *out, const struct summary *summary, bool markdown);
void summary_shape(struct str *out, const struct summary *summary, bool markdown);
/* What they do not say by themselves; summary_notes.c */
void summary_notes(struct str *out, const struct summary *summary);

/* Trials of a study that are in the model; summary.c */
struct summary_counts {
	size_t n, n_warmup;
	size_t n_of[N_OUTCOMES]; /* without warm-ups, unless they count */
};
struct summary_counts summary_count(const struct model *model, size_t study, bool include_warmup);

/* For programs: what was said of a study beforehand, and who signed it off, into its object;
 * summary_json_record.c */
void summary_json_record(json_t *object, const struct model *model, size_t study);
/* A member of object; text NULL: null. summary_json.c */
void summary_json_text(json_t *object, const char *name, const char *text);
/* For programs: a group's outcomes, and what its trials say of one metric; summary_json_row.c */
json_t *summary_json_group(const struct group *group);
json_t *summary_json_row(const struct model *model, const struct group *group, enum metric metric);

/* Some trial of some group has a value of the metric. */
bool summary_has(const struct grouping *grouping, enum metric metric);
/* Some metric that is shown has a value. */
bool summary_has_any(const struct summary *summary);
/* Digits after the point for the times of a metric, for all groups alike: by the longest median. */
int summary_digits(const struct grouping *grouping, enum metric metric);
/* "0.597"; "-" where not known. The caller frees it. */
char *summary_time(double seconds, int digits);

#endif
