/* Keys whose values are lists of texts, maps of texts, and clusters by size. */
#include "collector/plan_impl.h"
#include "collector/plan_value.h"
#include "lib/mem.h"
#include <stdlib.h>
#include <string.h>

enum { MAX_TEXT = 4000, MAX_NODES = 128 };

static int read_one(const struct plan_node *value, const char *path, char **ret_text,
		    struct err *err)
{
	char buf[PLAN_SHOWN_SIZE];

	if (value->kind != NODE_TEXT || (value->plain && !value->text[0]))
		return plan_fail(value, path, err, "%s: text is expected",
				 plan_node_shown(value, buf));
	if (strlen(value->text) > MAX_TEXT)
		return plan_fail(value, path, err, "too long: at most %d bytes are expected",
				 MAX_TEXT);
	for (const char *c = value->text; *c; c++) /* a text for a shell may have lines */
		if (((unsigned char)*c < ' ' && *c != '\n' && *c != '\t') || *c == 0x7f)
			return plan_fail(value, path, err, "a control character is not expected");
	*ret_text = mem_strdup(value->text);
	return 0;
}

/* One line, and something in it. */
static int read_name(const struct plan_node *value, const char *path, char **ret_text,
		     struct err *err)
{
	char buf[PLAN_SHOWN_SIZE];

	if (value->kind == NODE_TEXT && (!value->text[0] || strpbrk(value->text, "\n\t")))
		return plan_fail(value, path, err, "%s: one line of text is expected",
				 plan_node_shown(value, buf));
	return read_one(value, path, ret_text, err);
}

int plan_texts_read(const struct plan_node *value, const char *path, plan_texts *ret_texts,
		    struct err *err)
{
	char buf[PLAN_SHOWN_SIZE], *text;
	int code = 0;

	if (value->kind == NODE_MAP || (value->kind == NODE_LIST && !value->items.n))
		return plan_fail(value, path, err, "%s: text or a list of texts is expected",
				 plan_node_shown(value, buf));
	if (value->kind == NODE_TEXT) {
		code = read_one(value, path, &text, err);
		if (!code)
			vec_push(ret_texts, text);
		return code;
	}
	for (size_t i = 0; i < value->items.n && !code; i++) {
		code = read_one(value->items.v[i], path, &text, err);
		if (!code)
			vec_push(ret_texts, text);
	}
	return code;
}

int plan_map_read(const struct plan_node *value, const char *path, plan_settings *ret_map,
		  struct err *err)
{
	char buf[PLAN_SHOWN_SIZE];
	int code = 0;

	if (value->kind != NODE_MAP)
		return plan_fail(value, path, err, "%s: a map is expected",
				 plan_node_shown(value, buf));
	for (size_t i = 0; i < value->items.n && !code; i++) {
		const struct plan_node *item = value->items.v[i];
		char *below = mem_printf("%s.%s", path, item->key);
		struct plan_setting pair = {0};

		code = plan_repeated(value, i, below, err);
		if (!code)
			code = read_name(item, below, &pair.value, err);
		if (!code) {
			pair.key = mem_strdup(item->key);
			vec_push(ret_map, pair);
		}
		free(below);
	}
	return code;
}

/* ":9200", or nothing: the scheme's own. */
static bool is_port(const char *s)
{
	int64_t port;

	return !*s || (*s == ':' && plan_value_int(s + 1, &port) && port > 0 && port < 65536);
}

static bool is_host_and_port(const char *s)
{
	size_t n = s[0] == '[' ? strspn(s + 1, "0123456789abcdefABCDEF:.") : strcspn(s, ":");

	if (s[0] == '[')
		return n && s[1 + n] == ']' && is_port(s + n + 2);
	return n && is_port(s + n);
}

/* How much of an address is shown where it is not as expected: a password may stand behind it. */
static int shown_bytes(const char *url)
{
	const char *host = strstr(url, "://");
	size_t n = host ? (size_t)(host - url) + 3 : 0;

	n += url[n] == '[' ? strspn(url + n, "[0123456789abcdefABCDEF:.]")
			   : strcspn(url + n, ":/?#\n\t ");
	if (url[n] == ':')
		n += 1 + strspn(url + n + 1, "0123456789");
	n += strcmp(url + n, "/") == 0;
	return (int)n;
}

/* Scheme, host and port, nothing else: credentials have keys of their own. */
static int check_url(const struct plan_node *value, const char *path, const char *url,
		     struct err *err)
{
	const char *host = str_starts(url, "http://")	 ? url + 7
			   : str_starts(url, "https://") ? url + 8
							 : NULL;

	if (strchr(url, '@'))
		return plan_fail(value, path, err,
				 "a URL without credentials is expected (cluster.auth has them)");
	if (!host || strpbrk(host, "/?# \"\\\n\t") || !is_host_and_port(host)) {
		int n = shown_bytes(url);

		return plan_fail(value, path, err,
				 "%.*s%s: scheme, host and port are expected, e.g. http://es1:9200",
				 n, url, url[n] ? "..." : "");
	}
	return 0;
}

static int read_hosts(const struct plan_node *value, const char *path, struct plan_size *size,
		      struct err *err)
{
	int code = plan_texts_read(value, path, &size->hosts, err);

	if (!code && size->hosts.n > MAX_NODES)
		return plan_fail(value, path, err, "at most %d nodes are expected", MAX_NODES);
	for (size_t i = 0; i < size->hosts.n && !code; i++) {
		const struct plan_node *at = value->kind == NODE_LIST ? value->items.v[i] : value;

		code = check_url(at, path, size->hosts.v[i], err);
		for (size_t k = 0; k < i && !code; k++)
			if (strcmp(size->hosts.v[k], size->hosts.v[i]) == 0)
				code = plan_fail(at, path, err, "%s: repeated", size->hosts.v[i]);
	}
	return code;
}

static int read_size_entry(const struct plan_node *map, size_t i, const char *path,
			   struct plan_size *size, struct err *err)
{
	const struct plan_node *item = map->items.v[i];
	char *below = mem_printf("%s.%s", path, item->key);
	int code = plan_repeated(map, i, below, err);

	if (!code && strcmp(item->key, "hosts") == 0)
		code = read_hosts(item, below, size, err);
	else if (!code && strcmp(item->key, "uuid") == 0)
		code = read_name(item, below, &size->uuid, err);
	else if (!code)
		code = plan_fail_key(item, below, err,
				     "unknown key; one of hosts, uuid is expected");
	free(below);
	return code;
}

static int read_size(const struct plan_node *map, size_t i, const char *path,
		     struct plan_size *size, struct err *err)
{
	const struct plan_node *item = map->items.v[i];
	char buf[PLAN_SHOWN_SIZE];
	int code = plan_repeated(map, i, path, err);

	size->where = item;
	if (!code && (!plan_value_int(item->key, &size->masters) || size->masters < 1 ||
		      size->masters > MAX_NODES))
		code = plan_fail_key(item, path, err,
				     "the number of master-eligible nodes is expected, e.g. 3");
	if (!code && item->kind != NODE_MAP)
		code = plan_fail(item, path, err, "%s: a map is expected (hosts, uuid)",
				 plan_node_shown(item, buf));
	for (size_t k = 0; !code && k < item->items.n; k++)
		code = read_size_entry(item, k, path, size, err);
	if (!code && (int64_t)size->hosts.n < size->masters)
		code = plan_fail(item, path, err,
				 "%zu hosts: at least %d are expected, every node of the cluster",
				 size->hosts.n, (int)size->masters);
	return code;
}

static int by_masters(const void *a, const void *b)
{
	const struct plan_size *x = a, *y = b;

	return (x->masters > y->masters) - (x->masters < y->masters);
}

int plan_sizes_read(const struct plan_node *value, const char *path, plan_sizes *ret_sizes,
		    struct err *err)
{
	char buf[PLAN_SHOWN_SIZE];
	int code = 0;

	if (value->kind != NODE_MAP || !value->items.n)
		return plan_fail(value, path, err,
				 "%s: a map is expected, e.g. {3: {hosts: [http://es1:9200, ...]}}",
				 plan_node_shown(value, buf));
	for (size_t i = 0; i < value->items.n && !code; i++) {
		char *below = mem_printf("%s.%s", path, value->items.v[i]->key);

		vec_push(ret_sizes, (struct plan_size){0});
		code = read_size(value, i, below, &ret_sizes->v[i], err);
		free(below);
	}
	qsort(ret_sizes->v, ret_sizes->n, sizeof *ret_sizes->v, by_masters);
	return code;
}

/* ---- freeing --------------------------------------------------------------------------------- */

void plan_texts_done(plan_texts *texts)
{
	for (size_t i = 0; i < texts->n; i++)
		free(texts->v[i]);
	vec_done(texts);
}

void plan_map_done(plan_settings *map)
{
	for (size_t i = 0; i < map->n; i++) {
		free(map->v[i].key);
		free(map->v[i].value);
	}
	vec_done(map);
}

void plan_sweep_done(plan_sweep *sweep)
{
	for (size_t i = 0; i < sweep->n; i++) {
		free(sweep->v[i].key);
		plan_texts_done(&sweep->v[i].values);
	}
	vec_done(sweep);
}

void plan_sizes_done(plan_sizes *sizes)
{
	for (size_t i = 0; i < sizes->n; i++) {
		plan_texts_done(&sizes->v[i].hosts);
		free(sizes->v[i].uuid);
	}
	vec_done(sizes);
}

void plan_access_done(struct plan_access *access)
{
	free(access->user);
	free(access->password_env);
	free(access->password_file);
	free(access->api_key_env);
	free(access->api_key_file);
	free(access->bearer_env);
	free(access->bearer_file);
	free(access->ca_file);
	free(access->pin);
	*access = (struct plan_access){0};
}

void plan_docker_done(struct plan_docker *docker)
{
	free(docker->host);
	free(docker->label);
	plan_map_done(&docker->containers);
	*docker = (struct plan_docker){0};
}

void plan_command_done(struct plan_command *command)
{
	plan_texts *const all[] = {
		&command->stop, &command->kill, &command->pause,  &command->resume, &command->start,
		&command->cut,	&command->mend, &command->status, &command->logs,   &command->env};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		plan_texts_done(all[i]);
	*command = (struct plan_command){0};
}
