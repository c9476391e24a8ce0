/* The writer's index: made, looked through, removed. */
#include "collector/ask.h"
#include "collector/json_compact.h"
#include "collector/writer_impl.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { LOOK_AT_ONCE = 1000, N_TRIES = 3, MAX_SHOWN = 20 };

static void ask_about(struct writer *w, size_t node, const char *method, const char *path,
		      const char *body, int64_t timeout_ns, bool interruptible,
		      struct ask_answer *a)
{
	char *url = mem_printf("%s/%s%s", w->nodes[node].url, w->index, path);
	ask_once(w->loop, w->http, method, url, body, timeout_ns, interruptible, a);
	free(url);
}

static bool is_there_already(const struct ask_answer *a)
{
	return a->status == 400 && a->body.s &&
	       strstr(a->body.s, "resource_already_exists_exception");
}

int writer_make_index(struct writer *w, struct err *err)
{
	struct ask_answer a = {0};
	char *body = mem_printf("{\"settings\":{\"index\":{\"number_of_shards\":1,"
				"\"number_of_replicas\":%d,\"write\":{\"wait_for_active_shards\":"
				"\"1\"}}},\"mappings\":{\"dynamic\":false}}",
				w->n > 1);
	bool made = false;
	for (size_t i = 0; !made && i < w->n; i++) {
		ask_about(w, i, "PUT", "?wait_for_active_shards=all&timeout=30s", body,
			  40 * NS_PER_S, true, &a);
		made = a.status == 200 || is_there_already(&a);
		if (!a.answered) {
			err_set(err, ERR_INTERRUPTED, "interrupted");
			break;
		}
	}
	if (!made)
		err_set(err, ERR_ENV, "cannot make the index %s for the write probe: %s", w->index,
			a.why);
	free(body);
	str_done(&a.body);
	return err->code;
}

int writer_remove_index_of(struct loop *loop, struct http *http, const struct driver *driver,
			   const char *index, struct err *err)
{
	struct ask_answer a = {0};
	bool gone = false;
	for (size_t i = 0; !gone && i < driver->nodes.n; i++) {
		char *url = mem_printf("%s/%s?timeout=10s", driver->nodes.v[i].http_url, index);
		ask_once(loop, http, "DELETE", url, NULL, 10 * NS_PER_S, false, &a);
		gone = a.status == 200 || a.status == 404;
		free(url);
	}
	if (!gone)
		err_set(err, ERR_ENV, "cannot remove the index %s: %s", index, a.why);
	str_done(&a.body);
	return err->code;
}

int writer_remove_index(struct writer *w, struct err *err)
{
	return writer_remove_index_of(w->loop, w->http, w->driver, w->index, err);
}

/* ---- looking ---- */

typedef VEC(int64_t) numbers;

static char *ids_of(const numbers *wanted, size_t from, size_t n)
{
	json_t *ids = json_array(), *body = json_pack("{s:o}", "ids", ids);
	for (size_t i = from; i < from + n; i++) {
		char number[24];
		snprintf(number, sizeof number, "%" PRId64, wanted->v[i]);
		json_array_append_new(ids, json_string(number));
	}
	return json_compact(body);
}

/* Adds those of wanted that the answer does not show. False: it is no answer to the question. */
static bool read_missing(const struct ask_answer *a, const numbers *wanted, size_t from, size_t n,
			 numbers *missing)
{
	json_t *root = json_loadb(a->body.s ? a->body.s : "", a->body.n, 0, NULL);
	json_t *docs = json_object_get(root, "docs");
	bool whole = a->status == 200 && json_array_size(docs) == n;
	for (size_t i = 0; whole && i < n; i++)
		if (!json_is_true(json_object_get(json_array_get(docs, i), "found")))
			vec_push(missing, wanted->v[from + i]);
	json_decref(root);
	return whole;
}

static bool look_for_some(struct writer *w, const numbers *wanted, size_t from, size_t n,
			  numbers *missing)
{
	struct ask_answer a = {0};
	char *body = ids_of(wanted, from, n);
	bool told = false;
	for (size_t i = 0; !told && i < w->n * N_TRIES; i++) {
		/* from what a refresh shows: as a search would */
		ask_about(w, i % w->n, "POST",
			  "/_mget?refresh=true&realtime=false&_source=false&filter_path=docs._id,"
			  "docs."
			  "found",
			  body, 10 * NS_PER_S, false, &a);
		told = read_missing(&a, wanted, from, n, missing);
	}
	free(body);
	str_done(&a.body);
	return told;
}

static bool look_for(struct writer *w, const numbers *wanted, numbers *missing)
{
	bool told = true;
	for (size_t from = 0; told && from < wanted->n; from += LOOK_AT_ONCE) {
		size_t left = wanted->n - from;
		told = look_for_some(w, wanted, from, left < LOOK_AT_ONCE ? left : LOOK_AT_ONCE,
				     missing);
	}
	return told;
}

static void tell(const numbers *lost, struct str *ret_lost)
{
	for (size_t i = 0; i < lost->n && i < MAX_SHOWN; i++)
		str_addf(ret_lost, "%s%" PRId64, i ? ", " : "", lost->v[i]);
	if (lost->n > MAX_SHOWN)
		str_addf(ret_lost, " and %zu more", lost->n - MAX_SHOWN);
}

void writer_look(struct writer *w, struct str *ret_lost)
{
	numbers wanted = {0}, missing = {0}, lost = {0};
	const struct store_write *write;
	vec_each (write, &w->writes)
		if (write->outcome == SAMPLE_OK)
			vec_push(&wanted, write->number);
	bool told = look_for(w, &wanted, &missing);
	/* twice: what is only late is not lost */
	if (told && missing.n) {
		loop_wait(w->loop, NULL, NULL, clock_mono_ns() + NS_PER_S, false);
		told = look_for(w, &missing, &lost);
	}
	if (told) {
		w->count.lost = (int64_t)lost.n;
		w->count.found = w->count.ok - w->count.lost;
		tell(&lost, ret_lost);
	}
	vec_done(&wanted);
	vec_done(&missing);
	vec_done(&lost);
}
