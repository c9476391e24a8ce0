/* What containers say. */
#include "collector/docker_lines.h"
#include "collector/driver_docker.h"
#include "collector/driver_local.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_LOG_BYTES = 16 << 20, MAX_TAIL_BYTES = 1 << 20, ASKED_LINES = 200, SHOWN_LINES = 15 };
enum { NOT_THERE = 404 };

static struct docker_node *node_of(struct driver *driver, int node)
{
	return &((struct docker *)driver)->nodes.v[node]; /* base is its first member */
}

/* The bytes of the log as the program wrote them. */
static int read_bytes(struct docker_node *node, const char *which, size_t max_bytes,
		      struct str *ret_text, bool *ret_cut, struct err *err)
{
	struct str bytes = STR_INIT;
	char *rest = mem_printf("logs?stdout=1&stderr=1&%s", which);
	char *url = docker_node_url(node, rest);

	if (docker_engine_read(node->docker->engine, url, max_bytes, &bytes, ret_cut, NULL, err) ==
	    0) {
		if (node->container.tty)
			str_add_n(ret_text, bytes.s ? bytes.s : "", bytes.n);
		else if (bytes.n && !docker_unframe(bytes.s, bytes.n, ret_text))
			err_set(err, ERR_ENV, "docker: its log is in no known framing");
	}
	str_done(&bytes);
	free(url);
	free(rest);
	return err->code;
}

enum tail_state docker_read_log(struct driver *driver, int node_index, struct tail_mark *mark,
				struct str *ret_text)
{
	struct str text = STR_INIT;
	struct err err = ERR_INIT;
	bool cut = false;
	char *since;

	if (!ret_text) { /* nothing is held open: the mark is an instant */
		*mark = (struct tail_mark){-1, (off_t)clock_anchor_read().utc_ns};
		return TAIL_WHOLE;
	}
	since = mem_printf("since=%lld.%09lld", (long long)(mark->from / NS_PER_S),
			   (long long)(mark->from % NS_PER_S));
	read_bytes(node_of(driver, node_index), since, MAX_LOG_BYTES, &text, &cut, &err);
	free(since);
	if (!err.code && text.n)
		docker_plain_lines(text.s, text.n, ret_text);
	str_done(&text);
	if (!err.code)
		return cut ? TAIL_LONG : TAIL_WHOLE;
	errno = EIO;
	return TAIL_FAILED;
}

/* "n1 (container es-node1) has ended (exit 137)" */
static void add_state(struct docker_node *node, struct str *text)
{
	struct err err = ERR_INIT;
	json_t *json = NULL, *state;
	char *url = docker_node_url(node, "json");

	str_addf(text, "%s (container %s) ", docker_node_name(node), node->container.name);
	docker_engine_get(node->docker->engine, url, &json, NULL, &err);
	state = json_object_get(json, "State");
	if (err.code)
		str_addf(text, "is not known: %s", err.text);
	else if (json_is_true(json_object_get(state, "Paused")))
		str_add(text, "is paused");
	else if (json_is_true(json_object_get(state, "Running")))
		str_add(text, "runs");
	else
		str_addf(text, "has ended (exit %d%s)",
			 (int)json_integer_value(json_object_get(state, "ExitCode")),
			 json_is_true(json_object_get(state, "OOMKilled"))
				 ? ", killed for want of memory"
				 : "");
	json_decref(json);
	free(url);
}

void docker_explain(struct driver *driver, int node_index, struct str *ret_text)
{
	struct docker_node *node = node_of(driver, node_index);
	struct str text = STR_INIT, lines = STR_INIT;
	struct err err = ERR_INIT;
	bool cut;
	char *tail = mem_printf("tail=%d", ASKED_LINES);

	add_state(node, ret_text);
	if (read_bytes(node, tail, MAX_TAIL_BYTES, &text, &cut, &err)) {
		str_addf(ret_text, "; its log cannot be read: %s\n", err.text);
	} else if (!text.n) {
		str_add(ret_text, " and said nothing\n");
	} else {
		docker_plain_lines(text.s, text.n, &lines);
		str_add(ret_text, "; it said last:\n");
		explain_lines(lines.s, SHOWN_LINES, ret_text);
	}
	str_done(&text);
	str_done(&lines);
	free(tail);
}
