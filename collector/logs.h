/* logs: what the nodes' own logs say about masters, from the bytes of a log in the default layout.
 *
 * Pure: bytes in, events out. Knows Elasticsearch 7.17, 8, 9 and OpenSearch 2, 3, which word the
 * same events differently (master, cluster-manager). A line that begins with an instant begins an
 * entry; lines without one (stack traces) belong to the entry before. What is not known is passed
 * over and counted, never guessed: an entry that is cut off in the middle is no event. */
#ifndef REJOIN_COLLECTOR_LOGS_H
#define REJOIN_COLLECTOR_LOGS_H

#include "lib/str.h"
#include "lib/vec.h"
#include <stddef.h>
#include <stdint.h>

enum log_kind {
	LOG_ELECTED,	   /* won the election; the state is not committed yet */
	LOG_APPLIED,	   /* applies a state with another master, just before its API shows it */
	LOG_MASTER_LOST,   /* gave its master up: disconnected or failed */
	LOG_CHECKS_FAILED, /* the same, after so many failed checks of the master */
	LOG_NODE_JOIN,	   /* as master: a node joins */
	LOG_NODE_LEFT,	   /* as master: a node is removed */
	N_LOG_KINDS
};
extern const char *const log_kind_names[N_LOG_KINDS]; /* "elected", ... as in the store */

/* Bytes of the log itself, not terminated. s NULL: none. */
struct log_slice {
	const char *s;
	size_t n;
};

struct log_event {
	enum log_kind kind;
	int64_t utc_us;		     /* as logged: taken to be UTC, whole milliseconds */
	int64_t line;		     /* 1, 2, ... of the text */
	int64_t term, state_version; /* -1: the line has none */
	struct log_slice master;     /* elected, applied: name of the new one, NULL none */
	/* elected, applied: the master before; else the node that was lost, joined or left */
	struct log_slice about;
	int64_t n_checks;      /* CHECKS_FAILED; else -1 */
	int64_t ago_ms;	       /* NODE_JOIN: removed so long ago; -1: not said */
	struct log_slice text; /* without instant, level, logger and node */
};
typedef VEC(struct log_event) log_events;

struct log_counts {
	int64_t n_lines;   /* the last one counts without its end too */
	int64_t n_entries; /* lines that begin one */
	int64_t n_strange; /* lines before the first entry */
};

/* Adds the events of text to ret_events, whose slices point into text. */
void logs_parse(const char *text, size_t n, log_events *ret_events, struct log_counts *ret_counts);

/* At most max_bytes of it as clean text: valid UTF-8 on one line; U+FFFD stands for what was not,
 * "..." for what was left off. */
void logs_clean(struct log_slice slice, size_t max_bytes, struct str *ret_text);

#endif
