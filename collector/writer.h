/* writer: the client's view: writes numbered documents while a trial runs, and looks for them
 * later.
 *
 * Slots come on a fixed grid and go to the nodes in turn, over connections of the writer's own. One
 * request is under way at each node; a slot that finds its node busy is skipped and counted. Only a
 * write that was acknowledged (200 or 201) counts as one. due = sent + skipped, sent = the sum of
 * the four outcomes, always.
 *
 * The index is the tool's own. The cluster must be the one that the writer was made for. */
#ifndef REJOIN_COLLECTOR_WRITER_H
#define REJOIN_COLLECTOR_WRITER_H

#include "collector/driver.h"
#include "collector/plan.h"
#include "lib/http.h"
#include "lib/loop.h"
#include "schema/samples.h"

struct writer;

/* like: speaks to the nodes as that one does (credentials, certificates), over connections of its
 * own. next_number: where numbers go on, kept by the caller over clusters; starts at 0. */
struct writer *writer_new(struct loop *loop, const struct http *like, const struct plan *plan,
			  const struct driver *driver, const char *index, int64_t *next_number);
void writer_free(struct writer *w); /* NULL is fine; nothing is under way */

/* Makes the index through any node that can, with a copy that survives the loss of one node; one
 * that is there already is taken. ERR_ENV: one line with the reason that a node gives. */
int writer_make_index(struct writer *w, struct err *err);
/* 0: no node has the index any more. */
int writer_remove_index(struct writer *w, struct err *err);
/* The same without a writer: of one whose collector is dead. */
int writer_remove_index_of(struct loop *loop, struct http *http, const struct driver *driver,
			   const char *index, struct err *err);

/* Starts to write, with nothing counted. base_ns: the instant that due_us counts from. */
void writer_begin(struct writer *w, int64_t base_ns);
bool writer_is_acknowledged(const struct writer *w); /* some write was, since writer_begin */
/* Stops, and waits for the requests under way, at most their time-out. */
void writer_end(struct writer *w);

const writes *writer_writes(const struct writer *w); /* since writer_begin, in the order of ends */
const struct store_write_count *writer_count(const struct writer *w);

/* Looks for every acknowledged document: fills found and lost of the count. ret_lost gets the first
 * of the lost numbers, in words. Nobody can tell (no node answers): they stay -1. */
void writer_look(struct writer *w, struct str *ret_lost);

/* The longest stretch without an acknowledged write that ends after fault_ns; false: there was no
 * write before. */
bool writer_gap(const struct writer *w, int64_t fault_ns, struct metric_value *ret_value);

#endif
