#include "tests/unit/fake_engine.h"
#include "lib/mem.h"
#include "lib/str.h"
#include "lib/vec.h"
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct rule {
	char *begin;
	int status; /* 0: held */
	char *body;
	size_t n;
};

struct peer {
	struct fake_engine *engine;
	int fd;
	struct loop_source *source;
	struct str in;
	char *request; /* not answered yet */
	struct str out;
	size_t n_sent; /* of out */
};

struct fake_engine {
	struct loop *loop;
	char *path;
	int fd;
	struct loop_source *source;
	VEC(struct rule) rules;
	VEC(struct peer *) peers;
	VEC(char *) asked;
};

static void drop_peer(struct peer *peer)
{
	struct fake_engine *engine = peer->engine;
	size_t i = 0;

	while (engine->peers.v[i] != peer)
		i++;
	engine->peers.v[i] = engine->peers.v[--engine->peers.n];
	loop_unwatch(engine->loop, peer->source);
	close(peer->fd);
	str_done(&peer->in);
	str_done(&peer->out);
	free(peer->request);
	free(peer);
}

static const struct rule *rule_for(const struct fake_engine *engine, const char *request)
{
	static char said[] = "{\"message\":\"no rule\"}";
	static const struct rule none = {.status = 500, .body = said, .n = sizeof said - 1};

	for (size_t i = engine->rules.n; i-- > 0;)
		if (str_starts(request, engine->rules.v[i].begin))
			return &engine->rules.v[i];
	return &none;
}

/* As much as goes: the other side is in the same loop. */
static void send_out(struct peer *peer)
{
	ssize_t n = send(peer->fd, peer->out.s + peer->n_sent, peer->out.n - peer->n_sent,
			 MSG_NOSIGNAL | MSG_DONTWAIT);

	if (n > 0)
		peer->n_sent += (size_t)n;
	if (peer->n_sent < peer->out.n && n >= 0) {
		loop_rewatch(peer->engine->loop, peer->source, EPOLLIN | EPOLLOUT);
		return;
	}
	loop_rewatch(peer->engine->loop, peer->source, EPOLLIN);
	str_clear(&peer->out);
	peer->n_sent = 0;
}

static void answer(struct peer *peer)
{
	const struct rule *rule = rule_for(peer->engine, peer->request);

	if (!rule->status)
		return;
	str_addf(&peer->out, "HTTP/1.1 %d X\r\n", rule->status);
	if (rule->status != 204 && rule->status != 304)
		str_addf(&peer->out, "Content-Length: %zu\r\n", rule->n);
	str_add(&peer->out, "\r\n");
	str_add_n(&peer->out, rule->body ? rule->body : "", rule->n);
	free(peer->request);
	peer->request = NULL;
	send_out(peer);
}

static void on_ready(void *arg, uint32_t events)
{
	struct peer *peer = arg;
	char buffer[4096], *end;
	ssize_t n;

	if (events & EPOLLOUT && peer->out.n) {
		send_out(peer);
		return;
	}
	n = read(peer->fd, buffer, sizeof buffer);
	if (n <= 0) {
		drop_peer(peer);
		return;
	}
	str_add_n(&peer->in, buffer, (size_t)n);
	end = strstr(peer->in.s, "\r\n\r\n"); /* no request has a body */
	if (!end)
		return;
	peer->request = mem_strndup(peer->in.s, strcspn(peer->in.s, "\r"));
	*strstr(peer->request, " HTTP/1.1") = '\0';
	vec_push(&peer->engine->asked, mem_strdup(peer->request));
	str_clear(&peer->in);
	answer(peer);
}

static void on_peer(void *arg, uint32_t events)
{
	struct fake_engine *engine = arg;
	struct peer *peer = mem_alloc(sizeof *peer);
	struct err err = ERR_INIT;

	(void)events;
	*peer = (struct peer){.engine = engine, .fd = accept(engine->fd, NULL, NULL)};
	if (peer->fd < 0 ||
	    loop_watch(engine->loop, peer->fd, EPOLLIN, on_ready, peer, &peer->source, &err))
		abort();
	vec_push(&engine->peers, peer);
}

void fake_engine_return(struct fake_engine *engine)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	struct err err = ERR_INIT;

	if (strlen(engine->path) >= sizeof at.sun_path)
		abort();
	memcpy(at.sun_path, engine->path, strlen(engine->path));
	engine->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (engine->fd < 0 || bind(engine->fd, (struct sockaddr *)&at, sizeof at) ||
	    listen(engine->fd, 16) ||
	    loop_watch(engine->loop, engine->fd, EPOLLIN, on_peer, engine, &engine->source, &err))
		abort();
}

void fake_engine_vanish(struct fake_engine *engine)
{
	if (engine->fd < 0)
		return;
	loop_unwatch(engine->loop, engine->source);
	close(engine->fd);
	engine->fd = -1;
	unlink(engine->path);
	while (engine->peers.n)
		drop_peer(engine->peers.v[0]);
}

struct fake_engine *fake_engine_new(struct loop *loop, const char *socket_path)
{
	struct fake_engine *engine = mem_alloc(sizeof *engine);

	engine->loop = loop;
	engine->path = mem_strdup(socket_path);
	fake_engine_return(engine);
	return engine;
}

void fake_engine_free(struct fake_engine *engine)
{
	if (!engine)
		return;
	fake_engine_vanish(engine);
	for (size_t i = 0; i < engine->rules.n; i++) {
		free(engine->rules.v[i].begin);
		free(engine->rules.v[i].body);
	}
	for (size_t i = 0; i < engine->asked.n; i++)
		free(engine->asked.v[i]);
	vec_done(&engine->rules);
	vec_done(&engine->peers);
	vec_done(&engine->asked);
	free(engine->path);
	free(engine);
}

static void add_rule(struct fake_engine *engine, const char *begin, int status, const char *body,
		     size_t n)
{
	struct rule rule = {mem_strdup(begin), status, mem_alloc(n + 1), n};

	memcpy(rule.body, body, n);
	vec_push(&engine->rules, rule);
}

void fake_engine_says_n(struct fake_engine *engine, const char *rule, int status, const char *body,
			size_t n)
{
	add_rule(engine, rule, status, body, n);
	for (size_t i = 0; i < engine->peers.n; i++)
		if (engine->peers.v[i]->request)
			answer(engine->peers.v[i]);
}

void fake_engine_says(struct fake_engine *engine, const char *rule, int status, const char *body)
{
	fake_engine_says_n(engine, rule, status, body ? body : "", body ? strlen(body) : 0);
}

void fake_engine_holds(struct fake_engine *engine, const char *rule)
{
	add_rule(engine, rule, 0, "", 0);
}

const char *fake_engine_last(const struct fake_engine *engine, const char *rule)
{
	for (size_t i = engine->asked.n; i-- > 0;)
		if (str_starts(engine->asked.v[i], rule))
			return engine->asked.v[i];
	return "";
}

int fake_engine_asked(const struct fake_engine *engine, const char *rule)
{
	int n = 0;

	for (size_t i = 0; i < engine->asked.n; i++)
		n += str_starts(engine->asked.v[i], rule);
	return n;
}
