#include "collector/resume.h"
#include "schema/sql.h"

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

bool resume_is_done(const struct drill *d, int64_t position)
{
	for (size_t i = 0; i < d->done.n; i++)
		if (d->done.v[i] == position)
			return true;
	return false;
}
