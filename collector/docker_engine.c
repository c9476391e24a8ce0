#include "collector/docker_engine.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ASK_LIMIT_NS (15 * NS_PER_S)
enum { MAX_ANSWER_BYTES = 64 << 20, MAX_MESSAGE_BYTES = 300, DEFAULT_PORT = 2375 };
#define DEFAULT_ADDRESS "unix:///var/run/docker.sock"

/* Versions of the API. What is used here came with 1.30; newer ones than KNOWN are spoken only to
 * engines that refuse it. */
enum { API_OLDEST = 30, API_KNOWN = 44 };

/* ---- where it is ----------------------------------------------------------------------------- */

static int fail_address(const char *address, struct err *err)
{
	return err_set(err, ERR_USAGE,
		       "docker: %s (DOCKER_HOST or cluster.docker.host): unix:///path or "
		       "tcp://host:port is expected",
		       address);
}

static int read_tcp(struct docker_engine *engine, const char *host, struct err *err)
{
	size_t n = strcspn(host, "/?#@ ");
	bool in_brackets = host[0] == '[';
	size_t n_name = in_brackets ? strcspn(host, "]") + 1 : strcspn(host, ":/");
	const char *tls = getenv("DOCKER_TLS_VERIFY");

	if (n == 0 || (host[n] && strcmp(host + n, "/") != 0) || n_name > n)
		return fail_address(engine->where, err);
	if (tls && *tls)
		return err_set(err, ERR_USAGE,
			       "docker: %s with DOCKER_TLS_VERIFY: engines that want a certificate "
			       "are not supported: unix:///path is expected (ssh -L forwards one)",
			       engine->where);
	engine->host = mem_strndup(host, n_name);
	if (host[n_name] == ':')
		engine->base = mem_printf("http://%.*s", (int)n, host);
	else
		engine->base = mem_printf("http://%.*s:%d", (int)n, host, DEFAULT_PORT);
	return 0;
}

static int read_address(struct docker_engine *engine, struct err *err)
{
	const char *address = engine->where;

	if (strchr(address, '@')) /* what stands before it may be a password */
		return err_set(err, ERR_USAGE,
			       "docker: DOCKER_HOST or cluster.docker.host holds a user: "
			       "unix:///path or tcp://host:port is expected");
	if (str_starts(address, "tcp://"))
		return read_tcp(engine, address + strlen("tcp://"), err);
	if (!str_starts(address, "unix:///"))
		return fail_address(address, err);
	engine->socket_path = mem_strdup(address + strlen("unix://"));
	engine->base = mem_strdup("http://localhost");
	return 0;
}

const char *docker_engine_address(void)
{
	const char *address = getenv("DOCKER_HOST");

	return address && *address ? address : DEFAULT_ADDRESS;
}

int docker_engine_new(const char *address, struct loop *loop, struct docker_engine **ret_engine,
		      struct err *err)
{
	struct docker_engine *engine = mem_alloc(sizeof *engine);
	struct http_access access = {0};

	engine->where = mem_strdup(address ? address : docker_engine_address());
	engine->loop = loop;
	if (read_address(engine, err) || http_open(loop, &engine->http, err)) {
		docker_engine_free(engine);
		return err->code;
	}
	access.unix_socket = engine->socket_path;
	http_set_access(engine->http, &access);
	*ret_engine = engine;
	return 0;
}

void docker_engine_free(struct docker_engine *engine)
{
	if (!engine)
		return;
	http_close(engine->http);
	free(engine->where);
	free(engine->socket_path);
	free(engine->host);
	free(engine->base);
	free(engine->version);
	free(engine);
}

/* ---- URLs ------------------------------------------------------------------------------------ */

char *docker_engine_url(const struct docker_engine *engine, const char *path)
{
	if (!engine->version)
		return mem_printf("%s%s", engine->base, path);
	return mem_printf("%s/v%s%s", engine->base, engine->version, path);
}

void docker_add_escaped(struct str *url, const char *text)
{
	static const char plain[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";

	str_add(url, "");
	for (; *text; text++) {
		if (strchr(plain, *text))
			str_add_n(url, text, 1);
		else
			str_addf(url, "%%%02X", (unsigned char)*text);
	}
}

/* ---- what goes wrong ------------------------------------------------------------------------- */

/* One line, whatever it was. */
static void add_line(struct str *text, const char *said)
{
	size_t n = strnlen(said, MAX_MESSAGE_BYTES);

	while (n && (said[n - 1] == '\n' || said[n - 1] == ' '))
		n--;
	for (size_t i = 0; i < n; i++) {
		char c = (unsigned char)said[i] < ' ' ? ' ' : said[i];

		str_add_n(text, &c, 1);
	}
}

static void add_said(const struct http_answer *answer, struct str *text)
{
	json_t *json = json_loadb(answer->body, answer->n, 0, NULL);
	const char *message = json_string_value(json_object_get(json, "message"));

	if (!message || !*message)
		message = answer->body[0] && !json ? answer->body : NULL;
	if (message)
		add_line(text, message);
	else
		str_addf(text, "HTTP status %ld", answer->status);
	json_decref(json);
}

void docker_engine_explain(const struct docker_engine *engine, const struct http_answer *answer,
			   struct str *ret_text)
{
	if (answer->result == HTTP_ANSWERED) {
		add_said(answer, ret_text);
		return;
	}
	str_addf(ret_text, "the engine at %s does not answer: ", engine->where);
	/* curl names neither file nor reason */
	if (engine->socket_path && access(engine->socket_path, R_OK | W_OK))
		str_add(ret_text, strerror(errno));
	else
		add_line(ret_text, answer->why);
}

/* ---- questions that are waited for ----------------------------------------------------------- */

struct question {
	const struct docker_engine *engine;
	bool done, too_long;
	long status;
	struct str body, why;
};

static void on_answer(void *arg, const struct http_answer *answer)
{
	struct question *q = arg;

	q->done = true;
	q->too_long = answer->too_long;
	q->status = answer->status;
	if (answer->status == 200 || answer->too_long)
		str_add_n(&q->body, answer->body, answer->n);
	else
		docker_engine_explain(q->engine, answer, &q->why);
}

static bool is_done(void *arg)
{
	return ((struct question *)arg)->done;
}

int docker_engine_read(struct docker_engine *engine, const char *url, size_t max_bytes,
		       struct str *ret_body, bool *ret_cut, long *ret_status, struct err *err)
{
	struct question q = {.engine = engine};
	struct http_call *call =
		http_call_new(engine->http, url, ASK_LIMIT_NS, max_bytes, on_answer, &q);

	http_send(call);
	loop_wait(engine->loop, is_done, &q, 0, false); /* has its own time-out */
	http_call_free(call);
	if (ret_status)
		*ret_status = q.status;
	if (q.why.n)
		err_set(err, ERR_ENV, "docker: %s", q.why.s);
	else if (q.too_long && !ret_cut)
		err_set(err, ERR_ENV, "docker: the engine's answer is too long");
	str_done(&q.why);
	if (ret_cut)
		*ret_cut = q.too_long;
	if (err->code)
		str_done(&q.body);
	else
		*ret_body = q.body;
	return err->code;
}

int docker_engine_get(struct docker_engine *engine, const char *url, json_t **ret_json,
		      long *ret_status, struct err *err)
{
	struct str body = STR_INIT;

	if (docker_engine_read(engine, url, MAX_ANSWER_BYTES, &body, NULL, ret_status, err))
		return err->code;
	*ret_json = json_loadb(body.s ? body.s : "", body.n, 0, NULL);
	str_done(&body);
	if (!*ret_json)
		return err_set(err, ERR_ENV, "docker: %s does not answer as an engine does",
			       engine->where);
	return 0;
}

/* ---- the version ----------------------------------------------------------------------------- */

/* "1.41" -> 41; -1: no such version. */
static int minor_of(const json_t *json, const char *key)
{
	const char *text = json_string_value(json_object_get(json, key));
	char *end = NULL;
	long minor = -1;

	if (text && str_starts(text, "1."))
		minor = strtol(text + 2, &end, 10);
	return end && end > text + 2 && !*end && minor >= 0 && minor < 10000 ? (int)minor : -1;
}

int docker_engine_connect(struct docker_engine *engine, struct err *err)
{
	json_t *json = NULL;
	int newest, oldest, spoken;

	free(engine->version);
	engine->version = NULL; /* this question has none */
	char *url = docker_engine_url(engine, "/version");
	int code = docker_engine_get(engine, url, &json, NULL, err);
	free(url);
	if (code)
		return code;
	newest = minor_of(json, "ApiVersion");
	oldest = minor_of(json, "MinAPIVersion");
	json_decref(json);
	if (newest < 0)
		return err_set(err, ERR_ENV, "docker: %s does not answer as an engine does",
			       engine->where);
	if (newest < API_OLDEST)
		return err_set(
			err, ERR_ENV,
			"docker: the engine at %s speaks API 1.%d: 1.%d or newer is expected",
			engine->where, newest, API_OLDEST);
	spoken = newest < API_KNOWN ? newest : API_KNOWN;
	if (spoken < oldest)
		spoken = oldest;
	engine->version = mem_printf("1.%d", spoken);
	return 0;
}
