/* plan_tree: a plan file as a tree of texts, lists and maps, each with the place it came from.
 *
 * Scalars stay text: what `5ms`, `no` or `3` means is for the key that they stand at to say, so a
 * study may be called 3 and nothing turns into a boolean behind the user's back. Anchors, aliases,
 * tags and further documents are refused: a plan is evidence and says plainly what it means. */
#ifndef REJOIN_COLLECTOR_PLAN_TREE_H
#define REJOIN_COLLECTOR_PLAN_TREE_H

#include "lib/err.h"
#include "lib/vec.h"
#include <stdbool.h>
#include <stddef.h>

enum plan_node_kind { NODE_TEXT, NODE_LIST, NODE_MAP };

struct plan_node {
	enum plan_node_kind kind;
	const char *origin; /* file name or "--set key=value"; outlives the tree */
	int line, col;	    /* from 1; 0: the origin has no lines */
	char *key;	    /* in a map, else NULL */
	int key_line, key_col;
	char *text;		       /* NODE_TEXT */
	bool plain;		       /* NODE_TEXT: without quotes */
	VEC(struct plan_node *) items; /* NODE_LIST, NODE_MAP: owned */
};

enum {
	PLAN_MAX_BYTES = 1 << 20,
	PLAN_MAX_DEPTH = 16,
	PLAN_MAX_ITEMS = 1000, /* in one list or map */
};

/* Keys may be repeated in the tree: who knows a key's whole path refuses that (plan_repeated).
 * text need not end with NUL. is_set: it is the value of a --set; it may be empty, and errors give
 * no line. */
int plan_tree_parse(const char *origin, const char *text, size_t n, bool is_set,
		    struct plan_node **ret_root, struct err *err);
/* Strings become quoted texts, numbers and booleans plain ones. */
int plan_tree_from_json(const char *origin, const char *json, struct plan_node **ret_root,
			struct err *err);
void plan_node_free(struct plan_node *node);

struct plan_node *plan_node_new(enum plan_node_kind kind, const char *origin, int line, int col);
struct plan_node *plan_node_child(const struct plan_node *map, const char *key); /* NULL: none */

/* Sets "ORIGIN:LINE:COL: PATH: ..." with the place of the value, or of its key; on one line
 * whatever the plan contains. path may be "". Returns ERR_USAGE. */
int plan_fail(const struct plan_node *at, const char *path, struct err *err, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
int plan_fail_key(const struct plan_node *at, const char *path, struct err *err, const char *fmt,
		  ...) __attribute__((format(printf, 4, 5)));

/* ERR_USAGE if the key of map's i-th item has stood in it before. */
int plan_repeated(const struct plan_node *map, size_t i, const char *path, struct err *err);

enum { PLAN_SHOWN_SIZE = 64 };
/* The value as an error shows it: its text, cut where it is long; "a list"; "a map". Returns buf.
 */
const char *plan_node_shown(const struct plan_node *node, char buf[PLAN_SHOWN_SIZE]);

#endif
