/* The snapshots of a recording, as its samples come to them. */
#include "report/verify.h"
#include "schema/sql.h"
#include <inttypes.h>
#include <string.h>

static bool same_text(const struct store_row *row, int column, const char *wanted)
{
	size_t n;
	const char *text = store_text_bytes(row, column, &n);

	return text && wanted ? n == strlen(wanted) && memcmp(text, wanted, n) == 0
			      : text == wanted;
}

static bool same_int(const struct store_row *row, int column, int64_t value)
{
	return value < 0 ? store_is_null(row, column)
			 : !store_is_null(row, column) && store_int(row, column) == value;
}

/* The columns beside a body say what it says. */
static bool is_of_its_body(const struct store_row *row, const struct snapshot *s)
{
	char digest[HASH_HEX_SIZE];

	hash_sha256_hex(s->body, strlen(s->body), digest);
	return same_text(row, 1, digest) && same_text(row, 2, s->cluster_uuid) &&
	       same_text(row, 3, s->master_id) && same_text(row, 4, snapshot_master_name(s)) &&
	       same_int(row, 5, s->term) && same_int(row, 6, s->version) &&
	       same_text(row, 7, s->state_uuid) && same_int(row, 8, (int64_t)s->n_members);
}

/* One snapshot's row. It is compared with its body when it is first asked for. */
static int on_snapshot(void *arg, const struct store_row *row, struct err *err)
{
	struct verify *v = arg;
	int64_t id = store_int(row, 0);
	size_t n_body;
	const char *body = store_text_bytes(row, 9, &n_body);
	struct verify_view *view = &v->views.v[id];

	(void)err;
	view->view = body ? snapshot_parse_stored(body, n_body) : NULL;
	if (!view->is_known && (!view->view || !is_of_its_body(row, view->view)))
		verify_fail(v, VERIFY_STRUCTURE,
			    "snapshot %" PRId64
			    ": its digest or its columns are not those of its body",
			    id);
	return 0;
}

int verify_view(struct verify *v, int64_t id, const struct snapshot **ret_view, struct err *err)
{
	const struct store_bind bind = {STORE_BIND_INT, id, NULL};
	struct verify_view *view;

	*ret_view = NULL;
	if (id < 1 || id > v->last_snapshot)
		return 0;
	while (v->views.n <= (size_t)id)
		vec_push(&v->views, (struct verify_view){0});
	view = &v->views.v[id];
	if (!view->view && !(view->is_known && view->is_none)) {
		if (store_query(v->store, SQL_VERIFY_SNAPSHOT, &bind, 1, on_snapshot, v, err))
			return err->code;
		view->is_known = true;
		view->is_none = !view->view;
		if (view->view)
			vec_push(&v->held, id);
	}
	view->trial = v->n_trials;
	*ret_view = view->view;
	return 0;
}

void verify_views_trial_done(struct verify *v)
{
	size_t n = 0;

	for (size_t i = 0; i < v->held.n; i++) {
		struct verify_view *view = &v->views.v[v->held.v[i]];

		/* the next trial begins with what this one ended with */
		if (view->trial + 1 >= v->n_trials) {
			v->held.v[n++] = v->held.v[i];
			continue;
		}
		snapshot_free(view->view);
		view->view = NULL;
	}
	v->held.n = n;
}

static int on_id(void *arg, const struct store_row *row, struct err *err)
{
	struct verify *v = arg;
	int64_t id = store_int(row, 0);

	(void)err;
	if (id < 1 || id > v->last_snapshot)
		verify_fail(v, VERIFY_STRUCTURE, "snapshot %" PRId64 " cannot be", id);
	else if ((size_t)id >= v->views.n || !v->views.v[id].is_known)
		verify_fail(v, VERIFY_STRUCTURE, "snapshot %" PRId64 " was shown by no sample", id);
	return 0;
}

int verify_views_used(struct verify *v, struct err *err)
{
	return store_query(v->store, SQL_VERIFY_SNAPSHOT_IDS, NULL, 0, on_id, v, err);
}

void verify_views_done(struct verify *v)
{
	for (size_t i = 0; i < v->held.n; i++)
		snapshot_free(v->views.v[v->held.v[i]].view);
	vec_done(&v->held);
	vec_done(&v->views);
}
