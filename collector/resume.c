#include "collector/resume.h"
#include "schema/sql.h"
#include <string.h>

static int on_study(void *arg, const struct store_row *row, struct err *err)
{
	struct drill *d = arg;
	(void)err;
	d->study_id = store_int(row, 0);
	return 0;
}

static int on_arm(void *arg, const struct store_row *row, struct err *err)
{
	struct drill *d = arg;
	(void)err;
	if ((size_t)store_int(row, 0) < d->plan->arms.n)
		d->arm_ids[store_int(row, 0)] = store_int(row, 1);
	return 0;
}

static int on_position(void *arg, const struct store_row *row, struct err *err)
{
	struct drill *d = arg;
	(void)err;
	vec_push(&d->done, store_int(row, 0));
	return 0;
}

int resume_study(struct drill *d, struct err *err)
{
	const struct store_bind plan[] = {{STORE_BIND_TEXT, 0, d->plan->sha256}};
	if (store_query(d->store, SQL_STUDY_BY_PLAN, plan, 1, on_study, d, err))
		return err->code;
	if (!d->study_id)
		return err_set(err, ERR_USAGE,
			       "%s: --resume: the recording holds no study of this plan (it was "
			       "changed, or --set differs)",
			       d->plan->file);
	const struct store_bind study[] = {{STORE_BIND_INT, d->study_id, NULL}};
	if (store_query(d->store, SQL_ARMS_OF_STUDY, study, 1, on_arm, d, err))
		return err->code;
	return store_query(d->store, SQL_DONE_POSITIONS, study, 1, on_position, d, err);
}

static int on_node(void *arg, const struct store_row *row, struct err *err)
{
	struct drill *d = arg;
	struct drill_cluster *cluster = &d->clusters[d->cluster];
	const char *recorded = store_text(row, 2);
	size_t i = cluster->node_ids.n;

	if (i >= d->driver->nodes.n || strcmp(d->driver->nodes.v[i].name, recorded) != 0)
		return err_set(err, ERR_ENV, "cluster %s: its node %zu is %s, but %s was recorded",
			       d->plan->clusters.v[d->cluster].label, i + 1,
			       i < d->driver->nodes.n ? d->driver->nodes.v[i].name : "none",
			       recorded);
	cluster->cluster_id = store_int(row, 0);
	vec_push(&cluster->node_ids, store_int(row, 1));
	return 0;
}

int resume_cluster(struct drill *d, const char *uuid, struct err *err)
{
	const struct store_bind binds[] = {
		{STORE_BIND_INT, d->study_id, NULL},
		{STORE_BIND_TEXT, 0, d->plan->clusters.v[d->cluster].label},
		{STORE_BIND_TEXT, 0, uuid}};

	return store_query(d->store, SQL_CLUSTER_AGAIN, binds, 3, on_node, d, err);
}

static int on_version(void *arg, const struct store_row *row, struct err *err)
{
	const char *const *seen = arg;
	const char *recorded = store_text(row, 0);

	if (!recorded || strcmp(recorded, *seen) == 0)
		return 0;
	return err_set(err, ERR_ENV,
		       "its version is %s, but %s was recorded: record into another file (--db)",
		       *seen, recorded);
}

int resume_check_version(struct drill *d, int node, const char *seen, struct err *err)
{
	const struct store_bind id[] = {
		{STORE_BIND_INT, d->clusters[d->cluster].node_ids.v[node], NULL}};

	if (!seen || d->driver->ops->watches_only ||
	    store_query(d->store, SQL_NODE_VERSION, id, 1, on_version, &seen, err) == 0)
		return 0;
	return err_wrap(err, "node %s", d->driver->nodes.v[node].name);
}

bool resume_is_done(const struct drill *d, int64_t position)
{
	for (size_t i = 0; i < d->done.n; i++)
		if (d->done.v[i] == position)
			return true;
	return false;
}
