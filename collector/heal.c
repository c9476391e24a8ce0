#include "collector/heal.h"
#include "collector/heal_steps.h"
#include "collector/plan.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include "lib/str.h"
#include "schema/seal.h"
#include "schema/sql.h"
#include <stdio.h>
#include <stdlib.h>

struct open_session {
	int64_t session_id;
	char *work_dir, *driver, *plan_json, *study_uuid;
	bool never_ended;
};

typedef VEC(struct open_session) open_sessions;

static int on_session(void *arg, const struct store_row *row, struct err *err)
{
	open_sessions *sessions = arg;
	(void)err;
	struct open_session s = {.session_id = store_int(row, 0),
				 .work_dir = mem_strdup(store_text(row, 1)),
				 .driver = mem_strdup(store_text(row, 2)),
				 .plan_json = mem_strdup(store_text(row, 3)),
				 .never_ended = store_int(row, 4),
				 .study_uuid = mem_strdup(store_text(row, 5))};
	vec_push(sessions, s);
	return 0;
}

/* Its trials end as aborted, and everything that it did is undone. */
static int close_session(struct store *store, const struct open_session *s, struct err *err)
{
	int code = store_begin(store, err);
	if (!code && s->never_ended)
		code = store_abort_session(store, s->session_id, clock_mono_ns(), err);
	else if (!code)
		code = store_undo_session(store, s->session_id, clock_mono_ns(), err);
	if (!code)
		code = store_commit_durable(store, err);
	if (code)
		store_rollback(store);
	return code;
}

static int sweep(struct loop *loop, const struct driver_ops *ops, const struct open_session *s,
		 struct err *err)
{
	int n_ended = 0;
	if (s->work_dir && ops->sweep(loop, s->work_dir, &n_ended, err))
		return err->code;
	printf("session %lld: ended %d process%s, removed %s\n", (long long)s->session_id, n_ended,
	       n_ended == 1 ? "" : "es", s->work_dir ? s->work_dir : "nothing");
	return 0;
}

static int undo_steps(struct loop *loop, struct store *store, const struct open_session *s,
		      struct err *err)
{
	struct plan *plan = NULL;
	int code = plan_from_json(s->plan_json, &plan, err);
	if (!code)
		code = heal_steps(loop, store, s->session_id, s->study_uuid, plan, err);
	plan_free(plan);
	return code;
}

/* What is healed changes rows that the head covers. */
static int open_seal(struct store *store, const struct open_session *s, struct err *err)
{
	int code = store_begin(store, err);
	if (!code)
		code = seal_open_session_again(store, s->session_id, err);
	if (!code)
		code = store_commit(store, err);
	if (code)
		store_rollback(store);
	return code;
}

static int heal_session(struct loop *loop, struct store *store, const struct open_session *s,
			struct err *err)
{
	const struct driver_ops *ops = driver_ops_by_name(s->driver);
	int code;
	if (open_seal(store, s, err))
		return err->code;
	if (!ops)
		return err_set(err, ERR_UNHEALED, "unknown driver %s: bring its nodes back by hand",
			       s->driver);
	if (ops->owns_nodes)
		code = sweep(loop, ops, s, err);
	else
		code = undo_steps(loop, store, s, err);
	return code ? code : close_session(store, s, err);
}

static void forget(open_sessions *sessions)
{
	struct open_session *s;
	vec_each (s, sessions) {
		free(s->driver);
		free(s->work_dir);
		free(s->plan_json);
		free(s->study_uuid);
	}
	vec_done(sessions);
}

/* One that cannot be healed must not keep the nodes of the others down: each has an error of its
 * own, and all are told. */
static void heal_each(struct loop *loop, struct store *store, const open_sessions *sessions,
		      struct err *err)
{
	const struct open_session *s;
	struct str texts = STR_INIT;
	int code = 0;
	vec_each (s, sessions) {
		struct err one = ERR_INIT;
		if (loop_interrupted(loop))
			err_set(&one, ERR_UNHEALED, "not begun: interrupted");
		else
			heal_session(loop, store, s, &one);
		if (!one.code)
			continue;
		str_addf(&texts, "%ssession %lld: %s", texts.n ? "; " : "",
			 (long long)s->session_id, one.text);
		/* a node that is down is worse than a file that cannot be written */
		if (!code || one.code == ERR_UNHEALED)
			code = one.code;
	}
	if (code)
		err_set(err, code, "%s", texts.s);
	str_done(&texts);
}

int heal_sessions(struct loop *loop, struct store *store, int *ret_n_sessions, struct err *err)
{
	open_sessions sessions = {0};
	int n_sealed;
	int code = store_query(store, SQL_SESSIONS_TO_HEAL, NULL, 0, on_session, &sessions, err);
	*ret_n_sessions = (int)sessions.n;
	if (!code)
		heal_each(loop, store, &sessions, err);
	forget(&sessions);
	/* what a killed collector left unsealed, the trials just aborted among it */
	if (!err->code)
		seal_close_all(store, false, &n_sealed, err);
	return err->code;
}
