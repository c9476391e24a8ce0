/* What SQLite itself can tell of the file. It takes an eighth of the time and needs nothing that
 * the rest finds: so it runs beside it, the one thing here on a thread and a handle of its own. */
#include "report/verify.h"
#include "schema/sql.h"
#include "schema/store_check.h"
#include <pthread.h>

struct verify_structure {
	struct store *beside; /* NULL: there is none, it goes on v's, in turn */
	struct store *store;
	struct verify found; /* only its areas are used */
	struct err err;
	pthread_t thread;
	bool is_running;
};

static void on_structure(void *arg, const char *text)
{
	verify_fail(arg, VERIFY_STRUCTURE, "%s", text);
}

static int on_elsewhere(void *arg, const struct store_row *row, struct err *err)
{
	(void)err;
	verify_fail(arg, VERIFY_STRUCTURE, "%s", store_text(row, 0));
	return 0;
}

static void *check(void *arg)
{
	struct verify_structure *s = arg;

	if (store_check(s->store, on_structure, &s->found, &s->err) == 0)
		store_query(s->store, SQL_VERIFY_ELSEWHERE, NULL, 0, on_elsewhere, &s->found,
			    &s->err);
	return NULL;
}

int verify_structure_begin(const struct verify *v, struct verify_structure **ret_structure,
			   struct err *err)
{
	struct verify_structure *s = mem_alloc(sizeof *s);

	*ret_structure = s;
	if (store_open_beside(v->store, &s->beside, err))
		return err->code;
	s->store = s->beside ? s->beside : v->store;
	s->is_running = s->beside && pthread_create(&s->thread, NULL, check, s) == 0;
	if (!s->is_running)
		check(s);
	return 0;
}

int verify_structure_end(struct verify *v, struct verify_structure *s, struct err *err)
{
	struct verify_result *result = &v->areas[VERIFY_STRUCTURE], *found;
	struct err ignored = ERR_INIT;

	if (!s)
		return err->code;
	if (s->is_running)
		pthread_join(s->thread, NULL);
	if (s->err.code && !err->code)
		*err = s->err;
	found = &s->found.areas[VERIFY_STRUCTURE];
	/* the file's own damage comes before what follows from it */
	if (found->n) {
		str_done(&result->first);
		result->first = found->first;
		result->n += found->n;
	}
	store_close(s->beside, &ignored);
	free(s);
	return err->code;
}
