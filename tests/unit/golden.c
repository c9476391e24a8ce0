#include "tests/unit/golden.h"
#include "tests/unit/unit.h"
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void clear(struct golden *g)
{
	for (size_t i = 0; i < g->n_fields; i++)
		free(g->fields[i].v);
	g->n_fields = 0;
}

static void generate(struct golden_field *field, const char *text)
{
	unsigned long long state, n, m;

	assert_int_equal(sscanf(text, "@lcg %llu %llu %llu", &state, &n, &m), 3);
	field->v = calloc(n + 1, sizeof *field->v);
	for (field->n = 0; field->n < n; field->n++) {
		state = state * 6364136223846793005ULL + 1442695040888963407ULL;
		field->v[field->n] = (double)((state >> 33) % m) / 8;
	}
}

static void read_numbers(struct golden_field *field, char *text)
{
	char *end = text;

	field->v = calloc(strlen(text) / 2 + 2, sizeof *field->v);
	for (;; text = end) {
		double number = strtod(text, &end);

		if (end == text)
			break;
		field->v[field->n++] = number;
	}
	assert_true(*end == '\n' || !*end);
}

static void read_field(struct golden *g, char *line)
{
	struct golden_field *field = &g->fields[g->n_fields++];
	char *space = strchr(line, ' ');

	assert_true(g->n_fields <= sizeof g->fields / sizeof *g->fields);
	assert_non_null(space);
	assert_true((size_t)(space - line) < sizeof field->key);
	*field = (struct golden_field){.n = 0};
	memcpy(field->key, line, (size_t)(space - line));
	if (space[1] == '@')
		generate(field, space + 1);
	else
		read_numbers(field, space + 1);
}

bool golden_next(struct golden *g, const char *kind)
{
	char *line = NULL;
	size_t size = 0;
	bool found = false;

	clear(g);
	if (!g->file)
		g->file = fopen("tests/oracles/golden.txt", "r");
	assert_non_null(g->file);
	while (getline(&line, &size, g->file) > 0) {
		if (found && line[0] == '\n')
			break;
		if (found)
			read_field(g, line);
		else if (!strncmp(line, "case ", 5) && strcspn(line + 5, "\n") == strlen(kind) &&
			 !strncmp(line + 5, kind, strlen(kind)))
			found = true;
	}
	free(line);
	g->n_cases += found;
	if (!found) {
		fclose(g->file);
		g->file = NULL;
		assert_true(g->n_cases > 0);
	}
	return found;
}

const struct golden_field *golden_field(const struct golden *g, const char *key)
{
	for (size_t i = 0; i < g->n_fields; i++)
		if (!strcmp(g->fields[i].key, key))
			return &g->fields[i];
	return NULL;
}

const double *golden_array(const struct golden *g, const char *key, size_t *ret_n)
{
	const struct golden_field *field = golden_field(g, key);

	assert_non_null(field);
	*ret_n = field->n;
	return field->v;
}

double golden_number(const struct golden *g, const char *key, size_t i)
{
	size_t n;
	const double *v = golden_array(g, key, &n);

	assert_true(i < n);
	return v[i];
}

void golden_near(const char *what, double is, double want, double tolerance)
{
	if (is == want || (isnan(is) && isnan(want)))
		return;
	if (fabs(is - want) <= tolerance * fabs(want))
		return;
	fail_msg("%s is %.17g, not %.17g", what, is, want);
}

static int ascending(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

void golden_sort(const struct golden *g, const char *key)
{
	const struct golden_field *field = golden_field(g, key);

	assert_non_null(field);
	qsort(field->v, field->n, sizeof *field->v, ascending);
}
