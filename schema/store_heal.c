#include "schema/store_impl.h"

int store_undo_session(struct store *store, int64_t session_id, int64_t undone_ns, struct err *err)
{
	const struct store_bind binds[] = {STORE_INT(session_id), STORE_INT(undone_ns)};

	return STORE_RUN(store, SQL_UNDO_SESSION, binds, NULL, err);
}

int store_abort_session(struct store *store, int64_t session_id, int64_t undone_ns, struct err *err)
{
	const struct store_bind session[] = {STORE_INT(session_id)};
	int rc = STORE_RUN(store, SQL_ABORT_TRIALS, session, NULL, err);

	if (!rc)
		rc = store_undo_session(store, session_id, undone_ns, err);
	return rc ? rc : STORE_UPDATE(store, SQL_KILL_SESSION, session, err);
}

const char *store_library_version(void)
{
	return sqlite3_libversion();
}
