/* selection: what a report is about: the options that every verb of the report has, and a recording
 * opened by them.
 *
 *	struct selection selection = {0};
 *	const struct opt opts[] = {SELECTION_OPTS(&selection), OPT_END};
 *	struct recording recording = {0};
 *	... recording_open(path, &selection, &recording, err) ... recording_close(&recording);
 */
#ifndef REJOIN_REPORT_SELECTION_H
#define REJOIN_REPORT_SELECTION_H

#include "lib/opt.h"
#include "report/group.h"
#include "report/tolerance.h"

struct selection {
	const char *where, *by, *metrics, *from; /* NULL: not given */
	bool include_warmup;
};

/* Entries of a verb's table of options. s: struct selection *. */
#define SELECTION_OPTS(s) SELECTION_GROUPS(s), SELECTION_METRIC(s), SELECTION_COUNT(s)
#define SELECTION_GROUPS(s)                                                                        \
	{.name = "where",                                                                          \
	 .kind = OPT_STRING,                                                                       \
	 .value = "LEVELS",                                                                        \
	 .help = "only trials with these: size=4,fault=kill",                                      \
	 .to = &(s)->where},                                                                       \
	{                                                                                          \
		.name = "by", .kind = OPT_STRING, .value = "FACTORS",                              \
		.help = "a row for each combination of these", .to = &(s)->by                      \
	}
#define SELECTION_METRIC(s)                                                                        \
	{                                                                                          \
		.name = "metric", .kind = OPT_STRING, .value = "METRICS",                          \
		.help = "only these, in seconds", .to = &(s)->metrics                              \
	}
#define SELECTION_COUNT(s)                                                                         \
	{.name = "from",                                                                           \
	 .kind = OPT_STRING,                                                                       \
	 .value = "INSTANT",                                                                       \
	 .help = "count from this instant of the fault",                                           \
	 .to = &(s)->from},                                                                        \
	{                                                                                          \
		.name = "include-warmup", .kind = OPT_FLAG, .help = "count warm-up trials too",    \
		.to = &(s)->include_warmup                                                         \
	}

/* What the values of these options mean, for a verb's help (several lines, ends with \n). */
#define SELECTION_TEXT                                                                             \
	"LEVELS: factor=level, comma-separated; a factor given twice means either (size=3,4 "      \
	"too).\n"                                                                                  \
	"FACTORS: size (master-eligible nodes), fault, target, study, cluster, product, version, " \
	"or\n"                                                                                     \
	"any other factor of the plan; without --by: size, fault and whatever else varies.\n"      \
	"METRICS: reelection, agreement, rejoin, redundancy, downtime, detection, spread,\n"       \
	"dual_master, write_gap, boot, rejoin_all, shutdown, recovery.\n"                          \
	"INSTANT: fault_issued (default), fault_done, http_refused, process_gone.\n"

struct recording {
	struct store *store;
	struct model model; /* only the arms that --where chose, and their trials */
	struct grouping grouping;
	struct tolerance tolerance;
	bool metrics[N_METRICS]; /* those of --metric; else the five that lead */
	bool metrics_asked;	 /* --metric was given */
	const struct selection *selection;
	char *chosen; /* "masters 4, fault kill"; NULL: everything */
};

/* Opens the file and loads all but samples and snapshots. selection must live as long. A bad value
 * of an option: ERR_USAGE with the nearest good one, or with those there are. On failure ret is
 * closed. */
int recording_open(const char *path, const struct selection *selection, struct recording *ret,
		   struct err *err);
void recording_close(struct recording *recording); /* {0} is fine */

#endif
