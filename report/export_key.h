/* export_key: what makes a row of a view the same row in every file and at every time.
 *
 * A row is known by its trial (the study's uuid, the trial's position and the instant it began), or
 * by its study where it has none, and by the columns named here: never by what may still change
 * (a step that is undone, a node whose version was not seen yet), nor by numbers that only one file
 * gives. */
#ifndef REJOIN_REPORT_EXPORT_KEY_H
#define REJOIN_REPORT_EXPORT_KEY_H

#include "lib/hash.h"
#include "lib/str.h"
#include "schema/store_view.h"

enum { EXPORT_KEYS = 4, EXPORT_ID_DIGITS = 40 };

struct export_key {
	const char *view;
	const char *columns[EXPORT_KEYS];
	int sql_id; /* gives the study's uuid, a key and the view's columns; -1: the view does */
	bool final; /* rows of ended trials never change */
};

/* ERR_ENV for a view that this program does not know. */
int export_key_find(const char *view, const struct export_key **ret_key, struct err *err);

/* Where the row's column of this name is, counted from the view's first; -1: it has none. */
int export_key_column(const struct store_view *view, const char *name);

/* The document's id: EXPORT_ID_DIGITS hexadecimal digits. owner: the trial or study; first: the
 * place of the view's first column in row. text: scratch. */
void export_key_id(const struct export_key *key, const struct store_view *view,
		   const struct store_row *row, int first, const char *owner, struct str *text,
		   char ret_id[HASH_HEX_SIZE]);

#endif
