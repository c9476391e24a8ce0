/* export_to: the views of a recording as documents of an Elasticsearch or OpenSearch cluster.
 *
 * v_master_change goes to the index rejoin-master-change, and so on; an index template for rejoin-*
 * says what the fields are. A document's _id follows from its row's identity (report/export_key.h),
 * not from what the row says: a row that says something else than when it was last exported changes
 * its document, others leave theirs as they are, so that a repeat changes nothing and one that was
 * cut short goes on where it stood. Rows of trials that have not ended are left out. */
#ifndef REJOIN_REPORT_EXPORT_TO_H
#define REJOIN_REPORT_EXPORT_TO_H

#include "report/cluster.h"
#include "schema/store_view.h"

struct export_count {
	int64_t created, updated, there, failed;
};

/* Failures of single documents are counted, the first few said (lib/log.h); what ends the export
 * is an error. */
int export_to(struct store *store, const struct store_views *views, struct cluster *cluster,
	      struct export_count *ret_count, struct err *err);

#endif
