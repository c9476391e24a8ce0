/* store_view: the views v_* of a recording as they are, whatever their columns: for what hands
 * them on to other tools. What the columns mean is taken from schema/README.md. */
#ifndef REJOIN_SCHEMA_STORE_VIEW_H
#define REJOIN_SCHEMA_STORE_VIEW_H

#include "lib/err.h"
#include "lib/vec.h"
#include "schema/store.h"

enum store_type { STORE_NULL, STORE_INTEGER, STORE_REAL, STORE_TEXT_TYPE };

struct store_column {
	char *name;
	enum store_type type;	    /* of its values that are not NULL */
	const char *unit, *meaning; /* "": none; not known */
};

struct store_view {
	char *name;
	const char *meaning;
	VEC(struct store_column) columns;
};

struct store_views {
	struct store_view *v;
	size_t n, cap;
};

/* Every view, by name. */
int store_views_load(struct store *store, struct store_views *ret_views, struct err *err);
void store_views_done(struct store_views *views);

/* From here on, until the store is closed, what is read is one state of the file, whatever is
 * recorded meanwhile. */
int store_hold(struct store *store, struct err *err);

/* Every row of the view, its columns in order: as store_query. */
int store_view_rows(struct store *store, const struct store_view *view, store_row_fn *fn, void *arg,
		    struct err *err);

/* Of the present row: what its value is. */
enum store_type store_type(const struct store_row *row, int column);

#endif
