/* compare_report: one file, or two, opened to be compared, and what comes of it as text. */
#ifndef REJOIN_REPORT_COMPARE_REPORT_H
#define REJOIN_REPORT_COMPARE_REPORT_H

#include "lib/str.h"
#include "report/compare.h"
#include "report/compare_conditions.h"
#include "report/selection.h"
#include "report/table.h"

enum { COMPARE_MAX_FILES = 2 };
extern const char *const compare_file_labels[COMPARE_MAX_FILES]; /* "A", "B" */

struct compare_report {
	/* Of two files the first has the trials of both: a factor "file" tells them apart. */
	struct recording recordings[COMPARE_MAX_FILES];
	struct selection selection;
	const char *files[COMPARE_MAX_FILES];
	size_t n_files;
	struct grouping grouping; /* by all that varies and all that is asked for */
	struct comparisons of;
	conditions differences; /* between the studies compared; none within one study */
	const char **labels;	/* of the sides of differences */
	size_t n_labels;
};

/* --by of the selection is what is compared (default: size); of two files it is the file.
 * ERR_USAGE: bad options; two files that hold the same study; --by with two files. */
int compare_report_open(const char *const *files, size_t n_files, const struct selection *selection,
			struct compare_report *ret, struct err *err);
void compare_report_close(struct compare_report *report); /* {0} is fine */

/* Compares these. Texts as tables: what --metric asked for, or re-election and rejoin; the others:
 * all that was measured. */
void compare_report_run(struct compare_report *report, bool every);

/* The factor is not compared, and has more than one level. */
bool compare_makes_strata(const struct compare_report *report, size_t factor);
/* Columns of the table of pairs that say which pair a line is about. */
size_t compare_n_keys(const struct compare_report *report);
/* Columns and a line for each pair, for people. */
void compare_add_pairs(const struct compare_report *report, struct table *to);

/* An empty line and the table; for a terminal, folded at TEXT_COLUMNS with its first n_keys columns
 * again and again. */
void compare_print_table(const struct table *table, size_t n_keys, bool markdown,
			 struct str *ret_text);
/* What is compared, and what else is not alike. */
void compare_print_head(const struct compare_report *report, bool markdown, struct str *ret_text);
void compare_print(const struct compare_report *report, bool markdown, struct str *ret_text);
void compare_print_csv(const struct compare_report *report, struct str *ret_text);
/* Described in report/README.md and compare.schema.json. */
void compare_print_json(const struct compare_report *report, struct str *ret_text);

#endif
