#include "collector/logs.h"
#include <string.h>
#include <time.h>

const char *const log_kind_names[N_LOG_KINDS] = {
	[LOG_ELECTED] = "elected",	   [LOG_APPLIED] = "applied",
	[LOG_MASTER_LOST] = "master_lost", [LOG_CHECKS_FAILED] = "checks_failed",
	[LOG_NODE_JOIN] = "node_join",	   [LOG_NODE_LEFT] = "node_left",
};

/* ---- slices --------------------------------------------------------------------------------- */

static bool starts(struct log_slice slice, const char *prefix)
{
	size_t n = strlen(prefix);

	return slice.n >= n && memcmp(slice.s, prefix, n) == 0;
}

static struct log_slice without(struct log_slice slice, size_t n)
{
	return (struct log_slice){slice.s + n, slice.n - n};
}

static bool skip(struct log_slice *slice, const char *prefix)
{
	if (!starts(*slice, prefix))
		return false;
	*slice = without(*slice, strlen(prefix));
	return true;
}

/* What follows the first `what`; s NULL: it is not there. */
static struct log_slice after(struct log_slice slice, const char *what)
{
	size_t n = strlen(what);
	const char *at = slice.s ? memmem(slice.s, slice.n, what, n) : NULL;

	if (!at)
		return (struct log_slice){NULL, 0};
	return without(slice, (size_t)(at - slice.s) + n);
}

/* "123" at its start, which is moved behind it. -1: no number that an int64 holds with ease. */
static int64_t take_number(struct log_slice *slice)
{
	int64_t value = 0;
	size_t n = 0;

	while (n < slice->n && slice->s[n] >= '0' && slice->s[n] <= '9' && n <= 17)
		value = value * 10 + (slice->s[n++] - '0');
	if (n == 0 || n > 17)
		return -1;
	*slice = without(*slice, n);
	return value;
}

/* The name in "{n2}{id}{ephemeral id}..."; names may hold braces, but hardly "}{". */
static struct log_slice node_name(struct log_slice slice)
{
	const char *end;

	if (!skip(&slice, "{"))
		return (struct log_slice){NULL, 0};
	end = memmem(slice.s, slice.n, "}{", 2);
	return end ? (struct log_slice){slice.s, (size_t)(end - slice.s)}
		   : (struct log_slice){NULL, 0};
}

/* ---- the head of an entry ------------------------------------------------------------------- */

static bool has_shape(const char *s, const char *shape)
{
	for (; *shape; s++, shape++)
		if (*shape == '0' ? *s < '0' || *s > '9' : *s != *shape)
			return false;
	return true;
}

static int digits(const char *s, int n)
{
	int value = 0;

	for (int i = 0; i < n; i++)
		value = value * 10 + (s[i] - '0');
	return value;
}

static const char instant_shape[] = "[0000-00-00T00:00:00,000]";

static bool is_instant(const char *s, size_t n)
{
	return n >= sizeof instant_shape - 1 && has_shape(s, instant_shape);
}

/* What a killed node left of a line, with the first one of its next life behind it. */
static bool is_glued(struct log_slice message)
{
	for (size_t i = 0; i < message.n; i++)
		if (message.s[i] == '[' && is_instant(message.s + i, message.n - i))
			return true;
	return false;
}

/* "[2026-01-01T00:00:00,123]" at the start of line; moves it behind that. */
static bool take_instant(struct log_slice *line, int64_t *ret_utc_us)
{
	const char *s = line->s;
	struct tm tm = {0}, given;
	time_t t;

	if (!is_instant(s, line->n))
		return false;
	tm.tm_year = digits(s + 1, 4) - 1900;
	tm.tm_mon = digits(s + 6, 2) - 1;
	tm.tm_mday = digits(s + 9, 2);
	tm.tm_hour = digits(s + 12, 2);
	tm.tm_min = digits(s + 15, 2);
	tm.tm_sec = digits(s + 18, 2);
	given = tm;
	t = timegm(&tm);
	/* timegm makes a day of the 31st of February */
	if (tm.tm_mon != given.tm_mon || tm.tm_mday != given.tm_mday ||
	    tm.tm_hour != given.tm_hour || tm.tm_min != given.tm_min || tm.tm_sec != given.tm_sec)
		return false;
	*ret_utc_us = (int64_t)t * 1000000 + digits(s + 21, 3) * 1000;
	*line = without(*line, sizeof instant_shape - 1);
	return true;
}

/* "[INFO ][o.e.c.s.MasterService    ] [n1] message" */
static struct log_slice message_of(struct log_slice rest, struct log_slice *ret_logger)
{
	struct log_slice logger = after(rest, "][");
	struct log_slice node = after(logger, "] [");
	struct log_slice message = after(node, "] ");

	if (!starts(rest, "[") || !message.s)
		return (struct log_slice){NULL, 0};
	*ret_logger = (struct log_slice){logger.s, (size_t)(node.s - logger.s) - 3};
	return message;
}

/* The logger's class, whatever became of its package: "o.e.c.s.MasterService    ". */
static bool logger_is(struct log_slice logger, const char *name)
{
	size_t n = strlen(name);

	while (logger.n && logger.s[logger.n - 1] == ' ')
		logger.n--;
	return logger.n > n && memcmp(logger.s + logger.n - n, name, n) == 0 &&
	       logger.s[logger.n - n - 1] == '.';
}

/* ---- messages ------------------------------------------------------------------------------- */

static bool skip_master(struct log_slice *slice)
{
	return skip(slice, "cluster-manager") || skip(slice, "master");
}

/* "..., term: 5, version: 42, ...": the comma behind shows that the number is whole. Where there
 * is more than one (a name may hold anything), the last. */
static bool read_state(struct log_slice message, struct log_event *event)
{
	bool found = false;

	for (struct log_slice at = after(message, ", term: "); at.s; at = after(at, ", term: ")) {
		struct log_slice rest = at;
		int64_t term = take_number(&rest), version;

		if (term < 0 || !skip(&rest, ", version: "))
			continue;
		version = take_number(&rest);
		if (version < 0 || !starts(rest, ", "))
			continue;
		event->term = term;
		event->state_version = version;
		found = true;
	}
	return found;
}

/* " node changed {previous [{n1}...], current [{n2}...]}", behind the word for master */
static bool read_masters(struct log_slice rest, struct log_event *event)
{
	struct log_slice current;

	if (!skip(&rest, " node changed {previous ["))
		return false;
	current = after(rest, "], current [");
	if (!current.s)
		return false;
	event->about = node_name(rest);
	event->master = node_name(current);
	/* neither a name nor none: cut off, or of another making */
	return (event->master.s || starts(current, "]}")) &&
	       (event->about.s || starts(rest, "], current ["));
}

static bool read_applied(struct log_slice message, struct log_event *event)
{
	event->kind = LOG_APPLIED;
	return skip_master(&message) && read_masters(message, event) && read_state(message, event);
}

static bool read_elected(struct log_slice message, struct log_event *event)
{
	struct log_slice delta;

	event->kind = LOG_ELECTED;
	/* 9: a node that joins in the same batch may stand before it */
	if (!skip(&message, "elected-as-"))
		message = after(message, "], elected-as-");
	if (!message.s || !skip_master(&message) || !starts(message, " ("))
		return false;
	delta = after(message, ", delta: ");
	return delta.s && skip_master(&delta) && read_masters(delta, event) &&
	       read_state(message, event);
}

/* "9.8s/9842ms] ago ...", "800ms] ago ..." */
static int64_t read_ago(struct log_slice rest)
{
	struct log_slice exact = after(rest, "/"), end = after(rest, "]");
	int64_t ms;

	if (exact.s && end.s && exact.s < end.s)
		rest = exact;
	ms = rest.s ? take_number(&rest) : -1;
	return rest.s && starts(rest, "ms] ago") ? ms : -1;
}

/* "node-join[{n2}... ], term: ..." of the master's queue, or (8 and later, once it is committed)
 * "node-join: [{n2}...] with reason [...]" */
static bool read_member(struct log_slice message, struct log_event *event)
{
	bool joins = skip(&message, "node-join");

	event->kind = joins ? LOG_NODE_JOIN : LOG_NODE_LEFT;
	if (!joins && !skip(&message, "node-left"))
		return false;
	if (!skip(&message, "[") && !skip(&message, ": ["))
		return false;
	event->about = node_name(message);
	read_state(message, event);
	if (joins)
		event->ago_ms = read_ago(after(message, ", removed ["));
	return event->about.s != NULL;
}

/* "master node [{n1}...] disconnected, restarting discovery", "[3] consecutive checks of the master
 * node [{n1}...] were unsuccessful (...), restarting discovery..." */
static bool read_lost(struct log_slice message, struct log_event *event)
{
	event->kind = LOG_MASTER_LOST;
	if (skip(&message, "[")) {
		event->kind = LOG_CHECKS_FAILED;
		event->n_checks = take_number(&message);
		if (event->n_checks < 0 || !skip(&message, "] consecutive checks of the "))
			return false;
	}
	if (!skip_master(&message) || !skip(&message, " node ["))
		return false;
	event->about = node_name(message);
	return event->about.s && after(message, "restarting discovery").s;
}

/* OpenSearch tells the checks in the exception below: "...Exception: node [{n1}...] failed [2]
 * consecutive checks". line belongs to the entry of event. */
static void read_below(struct log_slice line, struct log_event *event)
{
	struct log_slice rest = after(line, "] failed [");
	int64_t n = rest.s ? take_number(&rest) : -1;

	if (event->kind != LOG_MASTER_LOST || n < 0 || !starts(rest, "] consecutive checks"))
		return;
	event->kind = LOG_CHECKS_FAILED;
	event->n_checks = n;
}

/* OpenSearch: "Tasks batched with key: ..., count:4 and sample tasks: elected-as-..." */
static struct log_slice unbatched(struct log_slice message)
{
	struct log_slice inner = {NULL, 0};

	if (starts(message, "Tasks batched with key: "))
		inner = after(message, " and sample tasks: ");
	return inner.s ? inner : message;
}

static bool read_event(struct log_slice logger, struct log_slice message, struct log_event *event)
{
	static const struct {
		const char *logger;
		bool (*read)(struct log_slice message, struct log_event *event);
	} readers[] = {
		{"ClusterApplierService", read_applied}, {"MasterService", read_elected},
		{"ClusterManagerService", read_elected}, {"MasterService", read_member},
		{"ClusterManagerService", read_member},	 {"NodeJoinExecutor", read_member},
		{"NodeLeftExecutor", read_member},	 {"Coordinator", read_lost},
	};
	const struct log_event fresh = *event;

	for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
		if (!logger_is(logger, readers[i].logger))
			continue;
		*event = fresh;
		if (readers[i].read(unbatched(message), event))
			return true;
	}
	return false;
}

/* ---- the whole ------------------------------------------------------------------------------ */

struct parser {
	log_events *events;
	struct log_counts *counts;
	bool in_event; /* the present entry is the last event */
};

static void parse_line(struct parser *parser, struct log_slice line, bool ended)
{
	struct log_counts *counts = parser->counts;
	struct log_slice logger = {NULL, 0}, rest = line;
	struct log_event event = {.line = counts->n_lines,
				  .term = -1,
				  .state_version = -1,
				  .n_checks = -1,
				  .ago_ms = -1};

	if (rest.n && rest.s[rest.n - 1] == '\r')
		rest.n--;
	if (take_instant(&rest, &event.utc_us))
		event.text = message_of(rest, &logger);
	if (!event.text.s) {
		counts->n_strange += counts->n_entries == 0;
		if (parser->in_event)
			read_below(line, &parser->events->v[parser->events->n - 1]);
		return;
	}
	counts->n_entries++;
	parser->in_event = ended && read_event(logger, event.text, &event) && !is_glued(event.text);
	if (parser->in_event)
		vec_push(parser->events, event);
}

void logs_parse(const char *text, size_t n, log_events *ret_events, struct log_counts *ret_counts)
{
	struct parser parser = {.events = ret_events, .counts = ret_counts};

	*ret_counts = (struct log_counts){0};
	while (n > 0) {
		const char *end = memchr(text, '\n', n);
		struct log_slice line = {text, end ? (size_t)(end - text) : n};
		size_t taken = line.n + (end != NULL);

		ret_counts->n_lines++;
		parse_line(&parser, line, end != NULL);
		text += taken;
		n -= taken;
	}
}
