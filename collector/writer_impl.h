/* writer_impl: what writer.c (slots) and writer_index.c (index, looking) share. */
#ifndef REJOIN_COLLECTOR_WRITER_IMPL_H
#define REJOIN_COLLECTOR_WRITER_IMPL_H

#include "collector/writer.h"
#include "lib/http.h"

struct writer_node {
	struct writer *w;
	int ordinal;
	const char *url;
	struct http_call *call;
	int64_t due_ns, number; /* of the write under way */
};

struct writer {
	struct loop *loop;
	struct http *http; /* of its own: no connection of the polls is borrowed */
	const struct driver *driver;
	char *index;
	size_t n;
	struct writer_node *nodes;
	int64_t period_ns, timeout_ns;
	int64_t *next_number;
	struct loop_timer timer; /* due_ns is the next slot */
	int64_t n_slots;	 /* since the beginning: which node is next */
	int64_t base_ns, end_ns;
	writes writes;
	struct store_write_count count;
};

#endif
