#include "report/cluster.h"
#include "lib/clock.h"
#include "lib/http.h"
#include "lib/mem.h"
#include "lib/str.h"
#include "report/interrupt.h"
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

enum {
	MAX_ANSWER = 64 << 20,
	TIMEOUT_S = 60,
	MAX_PAUSE_S = 60,
	NET_TRIES = 3,
	FIRST_PAUSE_MS = 250
};

struct cluster {
	struct loop *loop;
	struct http *http;
	struct http_call *call;
	char *url; /* without a slash at its end */
	struct http_answer answer;
	struct str body;
	char why[256];
};

static void on_answer(void *arg, const struct http_answer *answer)
{
	struct cluster *cluster = arg;

	cluster->answer = *answer;
	str_clear(&cluster->body);
	str_add_n(&cluster->body, answer->body, answer->n);
	snprintf(cluster->why, sizeof cluster->why, "%s", answer->why ? answer->why : "");
}

static int set_access(struct cluster *cluster, const struct cluster_access *given, struct err *err)
{
	struct http_access how = {.ca_file = given->ca_file, .insecure = given->insecure};
	char *header = NULL;

	if (how.ca_file && auth_check_ca(how.ca_file, err))
		return err_wrap(err, "--ca");
	if (auth_header(&given->auth, &header, err))
		return err->code;
	if (header && auth_check_url(cluster->url, err)) {
		auth_wipe(header);
		return err->code;
	}
	if (header)
		prctl(PR_SET_DUMPABLE, 0); /* no core dump holds it */
	how.authorization = header;
	http_set_access(cluster->http, &how);
	auth_wipe(header);
	return 0;
}

int cluster_open(const char *url, const struct cluster_access *given, struct cluster **ret_cluster,
		 struct err *err)
{
	struct cluster *cluster = mem_alloc(sizeof *cluster);
	size_t n = strlen(url);

	while (n && url[n - 1] == '/')
		n--;
	*ret_cluster = cluster;
	cluster->url = mem_strndup(url, n);
	/* the scheme may be in capitals; what looks at it later need not know */
	for (char *p = cluster->url; *p && *p != ':'; p++)
		*p = (char)tolower((unsigned char)*p);
	if (loop_open(&cluster->loop, err) || http_open(cluster->loop, &cluster->http, err) ||
	    set_access(cluster, given, err))
		return err->code;
	cluster->call = http_call_new(cluster->http, cluster->url, TIMEOUT_S * NS_PER_S, MAX_ANSWER,
				      on_answer, cluster);
	return 0;
}

void cluster_close(struct cluster *cluster)
{
	if (!cluster)
		return;
	http_call_free(cluster->call);
	http_close(cluster->http);
	if (cluster->loop)
		loop_close(cluster->loop);
	str_done(&cluster->body);
	free(cluster->url);
	free(cluster);
}

static bool answered(void *arg)
{
	return interrupt_seen() || !http_busy(((struct cluster *)arg)->call);
}

static bool never(void *arg)
{
	(void)arg;
	return interrupt_seen();
}

int cluster_pause(struct cluster *cluster, int n, int64_t at_least_s, struct err *err)
{
	int64_t ns = FIRST_PAUSE_MS * NS_PER_MS << n, least = at_least_s * NS_PER_S, end;

	if (at_least_s > MAX_PAUSE_S)
		least = MAX_PAUSE_S * NS_PER_S;
	end = clock_mono_ns() + (ns > least ? ns : least);
	/* in slices: a signal that comes just before a wait is seen after it */
	for (int64_t now; (now = clock_mono_ns()) < end && !interrupt_seen();)
		loop_wait(cluster->loop, never, NULL,
			  now + 100 * NS_PER_MS < end ? now + 100 * NS_PER_MS : end, false);
	return interrupt_check(err);
}

static bool is_busy(const struct http_answer *answer)
{
	return answer->result == HTTP_ANSWERED && (answer->status == 429 || answer->status == 503);
}

/* The server's own reason, on one line. */
static int refuse(const struct cluster *cluster, const char *path, struct err *err)
{
	char reason[200], tried[32] = "";

	snprintf(reason, sizeof reason, "%s", cluster->body.s ? cluster->body.s : "");
	for (char *c = reason; *c; c++)
		if ((unsigned char)*c < ' ' || (unsigned char)*c >= 0x7f)
			*c = ' ';
	if (is_busy(&cluster->answer))
		snprintf(tried, sizeof tried, " (tried %d times)", CLUSTER_TRIES);
	return err_set(err, ERR_ENV, "%s%s: status %ld%s%s%s", cluster->url, path,
		       cluster->answer.status, tried, *reason ? ": " : "", reason);
}

int cluster_ask(struct cluster *cluster, const char *method, const char *path, const char *body,
		const char **ret_body, struct err *err)
{
	char *url = mem_printf("%s%s", cluster->url, path);
	const struct http_answer *answer = &cluster->answer;

	http_call_set_url(cluster->call, url);
	http_call_set_request(cluster->call, method, body);
	free(url);
	for (int n = 1;; n++) {
		http_send(cluster->call);
		while (!answered(cluster))
			loop_wait(cluster->loop, answered, cluster,
				  clock_mono_ns() + 200 * NS_PER_MS, false);
		if (interrupt_check(err))
			return err->code;
		if (answer->result == HTTP_ANSWERED && !is_busy(answer))
			break;
		if (n == (answer->result == HTTP_ANSWERED ? CLUSTER_TRIES : NET_TRIES))
			break;
		if (cluster_pause(cluster, n, answer->retry_after_s, err))
			return err->code;
	}
	if (answer->result != HTTP_ANSWERED)
		return err_set(err, ERR_ENV, "%s: %s (tried %d times)", cluster->url, cluster->why,
			       NET_TRIES);
	if (answer->status != 200 && answer->status != 201)
		return refuse(cluster, path, err);
	*ret_body = cluster->body.s ? cluster->body.s : "";
	return 0;
}
