#include "collector/docker_lines.h"
#include <jansson.h>
#include <string.h>

/* ---- frames ---------------------------------------------------------------------------------- */

enum { HEADER_BYTES = 8, LAST_STREAM = 3 /* 0..2 are those of the program, 3 the engine's own */ };

static bool is_header(const unsigned char *h)
{
	return h[0] <= LAST_STREAM && h[1] == 0 && h[2] == 0 && h[3] == 0;
}

bool docker_unframe(const char *bytes, size_t n, struct str *ret_text)
{
	const unsigned char *at = (const unsigned char *)bytes, *end = at + n;

	while ((size_t)(end - at) >= HEADER_BYTES) {
		size_t left = (size_t)(end - at) - HEADER_BYTES;
		size_t size = (size_t)at[4] << 24 | (size_t)at[5] << 16 | (size_t)at[6] << 8 |
			      (size_t)at[7];

		if (!is_header(at))
			return false;
		if (size > left)
			size = left;
		str_add_n(ret_text, (const char *)at + HEADER_BYTES, size);
		at += HEADER_BYTES + size;
	}
	return at == end || *at <= LAST_STREAM; /* a header that was cut */
}

/* ---- lines that are JSON --------------------------------------------------------------------- */

static const char *text_of(const json_t *line, const char *ecs, const char *before)
{
	const char *text = json_string_value(json_object_get(line, ecs));

	return text ? text : json_string_value(json_object_get(line, before));
}

/* "2026-01-01T00:00:00.123Z": the instant in UTC, to the millisecond. */
static bool is_instant(const char *s)
{
	static const char shape[] = "0000-00-00T00:00:00.000";

	for (size_t i = 0; shape[i]; i++) {
		bool digit = s[i] >= '0' && s[i] <= '9';

		if (shape[i] == '0' ? !digit
				    : s[i] != shape[i] && !(shape[i] == '.' && s[i] == ','))
			return false;
	}
	s += sizeof shape - 1;
	s += strspn(s, "0123456789");
	return strcmp(s, "Z") == 0 || strcmp(s, "+00:00") == 0;
}

/* One text, or a list of lines. */
static void add_stack(const json_t *stack, struct str *text)
{
	const json_t *line;
	size_t i;

	if (json_is_string(stack))
		str_addf(text, "\n%s", json_string_value(stack));
	json_array_foreach(stack, i, line) if (json_is_string(line))
		str_addf(text, "\n%s", json_string_value(line));
}

static bool add_entry(const json_t *line, struct str *text)
{
	const char *at = text_of(line, "@timestamp", "timestamp");
	const char *level = text_of(line, "log.level", "level");
	const char *logger = text_of(line, "log.logger", "component");
	const char *node = text_of(line, "elasticsearch.node.name", "node.name");
	const char *message = text_of(line, "message", "message");

	if (!at || !is_instant(at) || !message)
		return false;
	str_addf(text, "[%.19s,%.3s][%-5s][%-25s] [%s] %s", at, at + 20, level ? level : "",
		 logger ? logger : "", node ? node : "", message);
	add_stack(json_object_get(line, "error.stack_trace"), text);
	add_stack(json_object_get(line, "stacktrace"), text);
	return true;
}

void docker_plain_lines(const char *text, size_t n, struct str *ret_text)
{
	const char *end = text + n;

	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		size_t n_line = (size_t)((newline ? newline : end) - text);
		json_t *line = text[0] == '{' ? json_loadb(text, n_line, 0, NULL) : NULL;

		if (!line || !add_entry(line, ret_text))
			str_add_n(ret_text, text, n_line);
		if (newline)
			str_add(ret_text, "\n");
		json_decref(line);
		text += n_line + (newline != NULL);
	}
}
