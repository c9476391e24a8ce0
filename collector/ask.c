#include "collector/ask.h"
#include "lib/mem.h"
#include "lib/str.h"
#include <stdlib.h>
#include <string.h>

enum { MAX_BYTES = 16 << 20 };

/* Scheme, host and port: what a user knows the node by. */
static int base_length(const char *url)
{
	const char *host = strstr(url, "://");
	host = host ? host + 3 : url;
	return (int)(host - url + (long)strcspn(host, "/"));
}

/* A port that speaks TLS hangs up on a plain request. */
static bool wants_https(const char *url, const char *why)
{
	return strncmp(url, "http://", 7) == 0 && strstr(why, "Empty reply") != NULL;
}

void ask_reason(const char *body, size_t n, char *ret_text, size_t size)
{
	json_t *root = json_loadb(body ? body : "", n, 0, NULL);
	json_t *error = json_object_get(root, "error");
	const char *reason = json_string_value(json_object_get(error, "reason"));
	if (!reason)
		reason = json_string_value(error);
	snprintf(ret_text, size, "%s", reason ? reason : "");
	for (char *c = ret_text; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = ' ';
	json_decref(root);
}

static bool is_fine(long status)
{
	return status == 200 || status == 201;
}

static void on_answer(void *arg, const struct http_answer *http)
{
	struct ask_answer *a = arg;
	char reason[200] = "";

	a->answered = true;
	a->status = http->result == HTTP_ANSWERED ? http->status : 0;
	str_clear(&a->body);
	str_add_n(&a->body, http->body, http->n);
	if (a->status && !is_fine(a->status))
		ask_reason(http->body, http->n, reason, sizeof reason);
	if (http->why)
		snprintf(a->why, sizeof a->why, "%.200s", http->why);
	else
		snprintf(a->why, sizeof a->why, "HTTP status %ld%s%s", a->status,
			 *reason ? ": " : "", reason);
}

static bool is_answered(void *arg)
{
	return ((const struct ask_answer *)arg)->answered;
}

enum loop_end ask_once(struct loop *loop, struct http *http, const char *method, const char *url,
		       const char *body, int64_t timeout_ns, bool interruptible,
		       struct ask_answer *answer)
{
	struct http_call *call = http_call_new(http, url, timeout_ns, MAX_BYTES, on_answer, answer);
	enum loop_end end;

	answer->answered = false;
	answer->status = 0;
	if (strcmp(method, "GET") != 0 || body)
		http_call_set_request(call, method, body);
	http_send(call);
	end = loop_wait(loop, is_answered, answer, 0, interruptible);
	http_call_free(call);
	return end;
}

/* The reason that the node gives, or the status alone. */
static int refuse(const char *url, const struct ask_answer *a, struct err *err)
{
	char reason[301];
	int n = base_length(url);
	ask_reason(a->body.s, a->body.n, reason, sizeof reason);
	if (!a->status)
		err_set(err, ERR_ENV, "%.*s: %s%s", n, url, a->why,
			wants_https(url, a->why) ? ": does it want https://?" : "");
	else if (a->status == 401)
		err_set(err, ERR_ENV, "%.*s: credentials are missing or refused (HTTP 401)", n,
			url);
	else if (a->status == 403)
		err_set(err, ERR_ENV, "%.*s: not allowed to these credentials (HTTP 403)%s%.200s",
			n, url, *reason ? ": " : "", reason);
	else
		err_set(err, ERR_ENV, "%.*s: HTTP status %ld%s%s", n, url, a->status,
			*reason ? ": " : "", reason);
	return err->code;
}

static int read_answer(const char *url, const struct ask_answer *a, json_t **ret_json,
		       struct err *err)
{
	if (!is_fine(a->status))
		return refuse(url, a, err);
	if (!ret_json)
		return 0;
	*ret_json = json_loadb(a->body.s ? a->body.s : "", a->body.n, 0, NULL);
	if (*ret_json)
		return 0;
	return err_set(err, ERR_ENV, "%.*s: its answer is no JSON", base_length(url), url);
}

int ask(struct loop *loop, struct http *http, const char *method, const char *url, const char *body,
	int64_t timeout_ns, json_t **ret_json, struct err *err)
{
	/* after a signal: what is put right is waited for, by its time-out */
	bool interruptible = !loop_interrupted(loop);
	struct ask_answer a = {0};

	if (ask_once(loop, http, method, url, body, timeout_ns, interruptible, &a) ==
	    LOOP_INTERRUPTED)
		err_set(err, ERR_INTERRUPTED, "interrupted");
	else
		read_answer(url, &a, ret_json, err);
	str_done(&a.body);
	return err->code;
}

int ask_any(struct loop *loop, struct http *http, const struct driver *driver, int except,
	    const char *method, const char *path, const char *body, int64_t timeout_ns,
	    json_t **ret_json, struct err *err)
{
	struct err last = ERR_INIT;
	for (int i = 0; i < (int)driver->nodes.n; i++) {
		if (i == except)
			continue;
		char *url = mem_printf("%s%s", driver->nodes.v[i].http_url, path);
		last = (struct err)ERR_INIT;
		int code = ask(loop, http, method, url, body, timeout_ns, ret_json, &last);
		free(url);
		if (!code)
			return 0;
		if (code == ERR_INTERRUPTED)
			return err_set(err, code, "%s", last.text);
	}
	return err_set(err, ERR_ENV, "%s", last.code ? last.text : "there is no other node to ask");
}
