#include "tests/fake/script.h"
#include "lib/clock.h"
#include "lib/mem.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int index_of(const char *const *names, const char *word)
{
	for (int i = 0; names[i]; i++)
		if (strcmp(names[i], word) == 0)
			return i;
	return -1;
}

static int whole(const char *word, int64_t *ret, struct err *err)
{
	char *end;

	*ret = strtoll(word, &end, 10);
	return *end || end == word
		       ? err_set(err, ERR_USAGE, "'%s': a whole number is expected", word)
		       : 0;
}

static int milliseconds(const char *word, int64_t *ret_ns, struct err *err)
{
	char *end;
	double ms = strtod(word, &end);

	if (end == word || (*end && strcmp(end, "ms") != 0) || !(ms >= 0 && ms < 1e12))
		return err_set(err, ERR_USAGE, "'%s': milliseconds are expected", word);
	*ret_ns = llround(ms * NS_PER_MS);
	return 0;
}

/* ---- values of keys ---- */

/* n1,n2:other-ephemeral-id; without one, the id that the node itself has at that instant */
static int read_members(const struct cluster *cluster, char *list, json_t *view, struct err *err)
{
	json_t *members = json_object();
	char *rest, *word, *id;

	json_object_set_new(view, "members", members);
	if (strcmp(list, "none") == 0)
		return 0;
	for (word = strtok_r(list, ",", &rest); word; word = strtok_r(NULL, ",", &rest)) {
		id = strchr(word, ':');
		if (id)
			*id++ = '\0';
		if (cluster_find(cluster, word) < 0)
			return err_set(err, ERR_USAGE, "no node %s", word);
		json_object_set_new(members, word, id ? json_string(id) : json_null());
	}
	return 0;
}

static int read_voters(const struct cluster *cluster, char *list, json_t *view, struct err *err)
{
	json_t *voters = json_array();
	char *rest, *word;

	json_object_set_new(view, "voters", voters);
	if (strcmp(list, "none") == 0)
		return 0;
	for (word = strtok_r(list, ",", &rest); word; word = strtok_r(NULL, ",", &rest)) {
		if (cluster_find(cluster, word) < 0)
			return err_set(err, ERR_USAGE, "no node %s", word);
		json_array_append_new(voters, json_string(word));
	}
	return 0;
}

static int read_view(const struct cluster *cluster, const char *key, char *value, json_t *view,
		     struct err *err)
{
	static const char *const texts[] = {"ephemeral", "health", "uuid", NULL};
	int64_t n = 0;

	if (strcmp(key, "members") == 0)
		return read_members(cluster, value, view, err);
	if (strcmp(key, "voters") == 0)
		return read_voters(cluster, value, view, err);
	if (strcmp(key, "master") == 0) {
		bool none = strcmp(value, "none") == 0;
		if (!none && cluster_find(cluster, value) < 0)
			return err_set(err, ERR_USAGE, "no node %s", value);
		json_object_set_new(view, key, none ? json_null() : json_string(value));
		return 0;
	}
	if (strcmp(key, "term") == 0 || strcmp(key, "version") == 0) {
		if (whole(value, &n, err))
			return err->code;
		json_object_set_new(view, key, json_integer(n));
		return 0;
	}
	if (index_of(texts, key) < 0)
		return err_set(err, ERR_USAGE, "unknown key '%s'", key);
	json_object_set_new(view, key, json_string(value));
	return 0;
}

/* ---- behaviours ---- */

static bool takes_value(enum mode mode)
{
	return mode == MODE_DELAY || mode == MODE_STATUS || mode == MODE_WRONG;
}

static int read_delay(char *value, struct behaviour *b, struct err *err)
{
	char *dots = strstr(value, "..");

	if (dots)
		*dots = '\0';
	if (milliseconds(value, &b->delay_lo_ns, err) ||
	    milliseconds(dots ? dots + 2 : value, &b->delay_hi_ns, err))
		return err->code;
	return b->delay_lo_ns > b->delay_hi_ns
		       ? err_set(err, ERR_USAGE, "delay: the shortest first")
		       : 0;
}

static int read_mode(enum mode mode, char *value, struct behaviour *b, struct err *err)
{
	int64_t n;
	int wrong;

	b->mode = mode;
	switch (mode) {
	case MODE_DELAY:
		return read_delay(value, b, err);
	case MODE_STATUS:
		if (whole(value, &n, err))
			return err->code;
		if (n < 200 || n > 599)
			return err_set(err, ERR_USAGE, "status: 200 to 599");
		b->status = (unsigned)n;
		return 0;
	case MODE_WRONG:
		wrong = index_of(wrong_names, value);
		if (wrong < 0)
			return err_set(err, ERR_USAGE, "wrong: html, json or empty");
		b->wrong = (enum wrong)wrong;
		return 0;
	default:
		return 0;
	}
}

/* ---- lines ---- */

/* The words after the nodes, into one change. */
static int read_change(const struct cluster *cluster, char *words, struct change *change,
		       struct err *err)
{
	char *rest = NULL, *key, *value;
	int mode;

	for (key = strtok_r(words, " \t", &rest); key; key = strtok_r(NULL, " \t", &rest)) {
		mode = index_of(mode_names, key);
		value = mode < 0 || takes_value((enum mode)mode) ? strtok_r(NULL, " \t", &rest)
								 : key;
		if (!value)
			return err_set(err, ERR_USAGE, "%s: what?", key);
		change->sets_mode |= mode >= 0;
		change->sets_drop |= strcmp(key, "drop-every") == 0;
		if (mode >= 0)
			read_mode((enum mode)mode, value, &change->behaviour, err);
		else if (strcmp(key, "forget") == 0)
			whole(value, &change->forget, err);
		else if (strcmp(key, "drop-every") == 0)
			whole(value, &change->behaviour.drop_every, err);
		else
			read_view(cluster, key, value, change->view, err);
		if (err->code)
			return err->code;
	}
	return 0;
}

static int read_changes(const struct cluster *cluster, const char *node, const char *words,
			struct script_line *line, struct err *err)
{
	int only = strcmp(node, "*") == 0 ? -1 : cluster_find(cluster, node);

	if (only < 0 && strcmp(node, "*") != 0)
		return err_set(err, ERR_USAGE, "no node %s", node);
	for (size_t i = 0; i < cluster->nodes.n && !err->code; i++) {
		if (only >= 0 && (int)i != only)
			continue;
		char *copy = mem_strdup(words);
		struct change change = {.node = (int)i, .view = json_object()};
		read_change(cluster, copy, &change, err);
		vec_push(&line->changes, change);
		free(copy);
	}
	line->text = mem_strdup(words);
	return err->code;
}

static int read_instant(const char *word, struct script_line *line, struct err *err)
{
	line->origin = FROM_START;
	if (strcmp(word, "now") == 0) {
		line->origin = FROM_NOW;
		return 0;
	}
	if (*word != '@')
		return milliseconds(word, &line->at_ns, err);
	line->origin = FROM_BOOT;
	return whole(word + 1, &line->at_ns, err);
}

static int read_nodes(struct cluster *cluster, char *words, struct err *err)
{
	char *rest, *word;

	if (cluster->nodes.n)
		return err_set(err, ERR_USAGE, "the nodes are there already");
	for (word = strtok_r(words, " \t", &rest); word; word = strtok_r(NULL, " \t", &rest))
		if (cluster_add(cluster, word, err))
			return err->code;
	if (!cluster->nodes.n)
		return err_set(err, ERR_USAGE, "nodes: which?");
	if (!cluster->version)
		cluster->version = mem_strdup("8.19.0");
	cluster_settle(cluster);
	return 0;
}

/* Before the nodes: product and version; at any time: nothing else. */
static int read_setting(struct cluster *cluster, const char *key, const char *value,
			struct err *err)
{
	int64_t n;

	if (cluster->nodes.n)
		return err_set(err, ERR_USAGE, "%s comes before the nodes", key);
	if (strcmp(key, "seed") == 0) {
		if (whole(value, &n, err))
			return err->code;
		cluster->seed = (uint64_t)n;
		return 0;
	}
	cluster->opensearch = strcmp(value, "opensearch") == 0;
	if (!cluster->opensearch && strcmp(value, "elasticsearch") != 0)
		return err_set(err, ERR_USAGE, "product: elasticsearch or opensearch");
	return 0;
}

int script_read(struct cluster *cluster, const char *text, struct script_line *ret_line,
		struct err *err)
{
	char *copy = mem_strdup(text), *rest = NULL, *words, *word;

	*ret_line = (struct script_line){.kind = LINE_EMPTY};
	copy[strcspn(copy, "#\r\n")] = '\0';
	word = strtok_r(copy, " \t", &rest);
	words = word ? rest + strspn(rest, " \t") : NULL;
	if (!word) {
		;
	} else if (strcmp(word, "nodes") == 0) {
		ret_line->kind = LINE_NODES;
		read_nodes(cluster, words, err);
	} else if (strcmp(word, "seed") == 0 || strcmp(word, "product") == 0) {
		ret_line->kind = LINE_SETTING;
		words[strcspn(words, " \t")] = '\0';
		read_setting(cluster, word, words, err);
	} else if (read_instant(word, ret_line, err) == 0) {
		ret_line->kind = LINE_CHANGE;
		word = strtok_r(NULL, " \t", &rest);
		read_changes(cluster, word ? word : "?", rest ? rest : "", ret_line, err);
	}
	free(copy);
	if (err->code)
		script_line_done(ret_line);
	return err->code;
}

void script_line_done(struct script_line *line)
{
	struct change *change;

	vec_each (change, &line->changes)
		json_decref(change->view);
	vec_done(&line->changes);
	free(line->text);
	line->text = NULL;
}
