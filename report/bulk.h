/* bulk: documents gathered to _bulk requests of bounded size. */
#ifndef REJOIN_REPORT_BULK_H
#define REJOIN_REPORT_BULK_H

#include "lib/str.h"
#include "lib/vec.h"
#include "report/cluster.h"
#include "report/export_to.h"

struct bulk {
	struct cluster *cluster;
	struct export_count *count;
	struct str body;
	VEC(size_t) starts; /* of each document's pair of lines in body */
};

/* Adds a document (one line of JSON, without its line end) and sends what is gathered when it is
 * much. final: one that is there already is left as it is; else it is changed where it differs. */
int bulk_add(struct bulk *bulk, const char *index, const char *id, const char *line, bool final,
	     struct err *err);
int bulk_send(struct bulk *bulk, struct err *err); /* the rest */
void bulk_done(struct bulk *bulk);

#endif
