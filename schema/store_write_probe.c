/* What the write probe of a trial writes. */
#include "schema/store_impl.h"

enum { KEY_TRIAL_SHIFT = 42, KEY_DUE_SHIFT = 7 };

int store_add_write(struct store *store, int64_t trial_id, const struct store_write *write,
		    struct err *err)
{
	const struct store_bind binds[] = {
		STORE_INT(trial_id << KEY_TRIAL_SHIFT | write->due_us << KEY_DUE_SHIFT |
			  write->node),
		STORE_INT(write->number),
		STORE_INT(write->late_us),
		STORE_INT(write->took_us),
		STORE_INT(write->outcome),
	};

	return STORE_RUN(store, SQL_ADD_WRITE, binds, NULL, err);
}

int store_add_write_count(struct store *store, int64_t trial_id,
			  const struct store_write_count *count, struct err *err)
{
	const struct store_bind binds[] = {
		STORE_INT(trial_id),
		STORE_INT(count->due),
		STORE_INT(count->sent),
		STORE_INT(count->skipped),
		STORE_INT(count->ok),
		STORE_INT(count->http_error),
		STORE_INT(count->net_error),
		STORE_INT(count->timeout),
		STORE_INT_OR_NULL(count->found, -1),
		STORE_INT_OR_NULL(count->lost, -1),
	};

	return STORE_RUN(store, SQL_ADD_WRITE_COUNT, binds, NULL, err);
}
