#include "collector/resume.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include "schema/sql.h"
#include <stdlib.h>
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

bool resume_is_done(const struct drill *d, int64_t position)
{
	for (size_t i = 0; i < d->done.n; i++)
		if (d->done.v[i] == position)
			return true;
	return false;
}

/* ---- sessions that never ended -------------------------------------------------------------- */

struct open_session {
	int64_t session_id;
	char *driver, *work_dir;
};

typedef VEC(struct open_session) open_sessions;

static int on_session(void *arg, const struct store_row *row, struct err *err)
{
	open_sessions *sessions = arg;
	(void)err;
	struct open_session s = {.session_id = store_int(row, 0),
				 .work_dir = mem_strdup(store_text(row, 1)),
				 .driver = mem_strdup(store_text(row, 2))};
	vec_push(sessions, s);
	return 0;
}

static int heal_session(struct loop *loop, struct store *store, const struct open_session *s,
			struct err *err)
{
	const struct driver_ops *ops = driver_ops_by_name(s->driver);
	int n_ended = 0;
	if (!ops)
		return err_set(err, ERR_UNHEALED,
			       "session %lld: unknown driver %s: bring its nodes back by hand",
			       (long long)s->session_id, s->driver);
	if (s->work_dir && ops->sweep(loop, s->work_dir, &n_ended, err))
		return err->code;
	if (store_begin(store, err) ||
	    store_abort_session(store, s->session_id, clock_mono_ns(), err) ||
	    store_commit_durable(store, err)) {
		store_rollback(store);
		return err->code;
	}
	printf("session %lld: ended %d process%s, removed %s\n", (long long)s->session_id, n_ended,
	       n_ended == 1 ? "" : "es", s->work_dir ? s->work_dir : "nothing");
	return 0;
}

int heal_sessions(struct loop *loop, struct store *store, int *ret_n_sessions, struct err *err)
{
	open_sessions sessions = {0};
	int code = store_query(store, SQL_OPEN_SESSIONS, NULL, 0, on_session, &sessions, err);
	*ret_n_sessions = (int)sessions.n;
	for (size_t i = 0; i < sessions.n; i++) {
		/* one that cannot be healed must not keep the others down */
		if (code == 0 || code == ERR_UNHEALED)
			code = heal_session(loop, store, &sessions.v[i], err);
		free(sessions.v[i].driver);
		free(sessions.v[i].work_dir);
	}
	vec_done(&sessions);
	return err->code;
}
