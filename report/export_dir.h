/* export_dir: the views of a recording as files for other tools.
 *
 * Each view as VIEW.csv and VIEW.ndjson, and datapackage.json (the Data Package standard of
 * frictionlessdata.io) with types, units and meanings of all columns. */
#ifndef REJOIN_REPORT_EXPORT_DIR_H
#define REJOIN_REPORT_EXPORT_DIR_H

#include "schema/store_view.h"

enum { EXPORT_CSV = 1, EXPORT_NDJSON = 2 };

/* Writes into the folder, which is there already, the files of each view in the formats asked for.
 */
int export_files(struct store *store, const struct store_views *views, const char *folder,
		 int asked, struct err *err);

/* All of it, into a new folder (report/beside.h). */
int export_dir(struct store *store, const struct store_views *views, const char *folder,
	       struct err *err);

#endif
