/* datapackage: the file that explains exported views, as the Data Package standard has it
 * (https://specs.frictionlessdata.io/data-package/): columns, types, units, meanings, rows. */
#ifndef REJOIN_REPORT_DATAPACKAGE_H
#define REJOIN_REPORT_DATAPACKAGE_H

#include "schema/store_view.h"

struct datapackage {
	VEC(int64_t) n_rows; /* of each view */
	bool has_ndjson;     /* beside each VIEW.csv there is VIEW.ndjson */
};

/* Writes folder/datapackage.json. */
int datapackage_write(const struct datapackage *package, const struct store_views *views,
		      const char *folder, struct err *err);

#endif
