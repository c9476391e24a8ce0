/* export_to: the views of a recording as documents of an Elasticsearch or OpenSearch cluster.
 *
 * v_master_change goes to the index rejoin-master-change, and so on; an index template for rejoin-*
 * says what the fields are. A document's _id is the hash of its row without the ids that are only
 * this file's, and documents are created, never overwritten: what is there already stays as it is,
 * so that a repeat changes nothing and one that was cut short goes on where it stood. Rows of
 * trials that have not ended are left out. */
#ifndef REJOIN_REPORT_EXPORT_TO_H
#define REJOIN_REPORT_EXPORT_TO_H

#include "report/cluster.h"
#include "schema/store_view.h"

struct export_count {
	int64_t created, there, failed;
};

/* Failures of single documents are counted, the first few said (lib/log.h); what ends the export
 * is an error. */
int export_to(struct store *store, const struct store_views *views, struct cluster *cluster,
	      struct export_count *ret_count, struct err *err);

#endif
