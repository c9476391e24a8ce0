#include "report/gate_require.h"
#include "lib/mem.h"
#include "lib/str.h"
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const gate_count_names[N_GATE_COUNTS + 1] = {
	[GATE_FAILED] = "failed",
	[GATE_CENSORED] = "censored",
	[GATE_CONTESTED] = "contested",
	[GATE_LOST_WRITES] = "lost_writes",
	[GATE_N] = "n",
	[GATE_INCIDENTS] = "incidents",
	[GATE_FALSE_CHANGES] = "false_changes",
};

static const char *const figure_names[] = {"min", "p25", "p50", "p75",	  "p90",
					   "p95", "p99", "max", "median", NULL};

struct reader {
	const char *text, *at;
	struct err *err;
};

static void skip_blanks(struct reader *r)
{
	r->at += strspn(r->at, " \t");
}

static int refuse(struct reader *r, const char *where, const char *what)
{
	return err_set(r->err, ERR_USAGE, "--require '%s': character %zu: %s", r->text,
		       (size_t)(where - r->text) + 1, what);
}

/* A word that is none of names (NULL: too short for a guess); expected: what they are. */
static int refuse_word(struct reader *r, const char *where, const char *word,
		       const char *const *names, const char *expected)
{
	const char *nearest = *word && names ? str_nearest(word, names) : NULL;
	char *what = nearest ? mem_printf("'%s': did you mean '%s'?", word, nearest)
		     : *word ? mem_printf("'%s': %s is expected", word, expected)
			     : mem_printf("%s is expected", expected);

	refuse(r, where, what);
	free(what);
	return r->err->code;
}

static char *read_word(struct reader *r)
{
	const char *from = r->at;

	while (isalnum((unsigned char)*r->at) || *r->at == '_' || *r->at == '-')
		r->at++;
	return mem_strndup(from, (size_t)(r->at - from));
}

static int find(const char *const *names, const char *word)
{
	for (int i = 0; names[i]; i++)
		if (strcmp(names[i], word) == 0)
			return i;
	return -1;
}

static int read_figure(struct reader *r, struct requirement *ret)
{
	const char *from = ++r->at;
	char *word = read_word(r);
	int figure = find(figure_names, word);

	if (strcmp(word, "mean") == 0 || strcmp(word, "sd") == 0)
		refuse(r, from,
		       "mean and sd have no interval that holds for such times: demand a "
		       "quantile");
	else if (figure < 0)
		refuse_word(r, from, word, NULL,
			    "a figure (min, p25, median, p75, p90, p95, p99, max)");
	else
		ret->figure = strcmp(word, "median") == 0 ? STATS_P50 : (enum stats_figure)figure;
	free(word);
	return r->err->code;
}

/* Of a name that is neither: the nearest of both kinds. */
static int refuse_name(struct reader *r, const char *from, const char *word)
{
	const char *names[N_METRICS + N_GATE_COUNTS + 1] = {NULL};
	size_t n = 0;

	for (int i = 0; i < N_METRICS; i++)
		if (i != METRIC_MASTERLESS)
			names[n++] = metric_names[i];
	for (int i = 0; i < N_GATE_COUNTS; i++)
		names[n++] = gate_count_names[i];
	return refuse_word(r, from, word, names,
			   "a metric (reelection.p95) or a count (failed, censored, contested, "
			   "lost_writes, n, incidents, false_changes)");
}

static int read_name(struct reader *r, struct requirement *ret)
{
	const char *from = r->at;
	char *word = read_word(r);
	int metric = metric_by_name(word), count = find(gate_count_names, word);

	if (metric == METRIC_MASTERLESS)
		refuse(r, from, "'masterless' is measured per node");
	else if (metric >= 0 && *r->at == '.') {
		ret->metric = (enum metric)metric;
		read_figure(r, ret);
	} else if (metric >= 0)
		refuse(r, r->at, "a figure is expected: .p50, .p95, .max");
	else if (count >= 0) {
		ret->is_count = true;
		ret->count = (enum gate_count)count;
	} else
		refuse_name(r, from, word);
	free(word);
	return r->err->code;
}

static int read_op(struct reader *r, struct requirement *ret)
{
	static const struct {
		const char *sign;
		enum gate_op op;
	} ops[] = {{"<=", GATE_AT_MOST}, {">=", GATE_AT_LEAST}, {"==", GATE_EQUAL},
		   {"<", GATE_LESS},	 {">", GATE_MORE},	{"=", GATE_EQUAL}};

	skip_blanks(r);
	for (size_t i = 0; i < sizeof ops / sizeof *ops; i++)
		if (str_starts(r->at, ops[i].sign)) {
			ret->op = ops[i].op;
			r->at += strlen(ops[i].sign);
			return 0;
		}
	return refuse(r, r->at, "<, <=, >, >= or = is expected");
}

/* Clopper and Pearson's limits are never equal, the lower one is below 100 % and the upper one
 * above 0 %: what demands otherwise would be undecided whatever was recorded. */
static int read_share(struct reader *r, struct requirement *ret)
{
	const char *from = r->at++;
	bool below = ret->op == GATE_LESS || ret->op == GATE_AT_MOST;
	bool above = ret->op == GATE_MORE || ret->op == GATE_AT_LEAST;

	ret->is_share = true;
	ret->limit /= 100;
	if (ret->count > GATE_CONTESTED)
		return refuse(r, from, "a share is possible of failed, censored, contested");
	if (ret->limit > 1)
		return refuse(r, from, "a share is 0 % to 100 %");
	if (ret->op == GATE_EQUAL)
		return refuse(r, from,
			      "the interval of a share is never a point: use <, <=, >, >=, "
			      "or a number without %");
	if (below && ret->limit <= 0)
		return refuse(r, from,
			      "the interval of a share always reaches beyond 0 %: demand "
			      "more, or a number without %");
	if (above && ret->limit >= 1)
		return refuse(r, from,
			      "the interval of a share always reaches below 100 %: demand "
			      "less, or a number without %");
	return 0;
}

static int read_unit(struct reader *r, struct requirement *ret)
{
	static const char *const units[] = {"ms", "s", "m", NULL};
	static const double seconds[] = {1e-3, 1, 60};
	const char *from = r->at;
	char *word;
	int unit;

	if (ret->is_count && *r->at == '%')
		return read_share(r, ret);
	if (ret->is_count)
		return 0;
	word = read_word(r);
	unit = find(units, word);
	if (unit < 0)
		refuse_word(r, from, word, NULL, "a unit (ms, s, m)");
	else
		ret->limit *= seconds[unit];
	free(word);
	return r->err->code;
}

/* Characters of a decimal number. strtod would read hexadecimal ones too, and names for infinity.
 */
static size_t number_length(const char *s)
{
	static const char digits[] = "0123456789";
	size_t n = strspn(s, digits), e;

	if (s[n] == '.')
		n += 1 + strspn(s + n + 1, digits);
	if (s[n] != 'e' && s[n] != 'E')
		return n;
	e = n + 1 + (s[n + 1] == '-' || s[n + 1] == '+');
	return isdigit((unsigned char)s[e]) ? e + strspn(s + e, digits) : n;
}

static int read_number(struct reader *r, double *ret)
{
	size_t n = number_length(r->at);
	char *number = mem_strndup(r->at, n), *end;
	bool good;

	errno = 0;
	*ret = strtod(number, &end);
	good = end != number && !*end && !errno && isfinite(*ret);
	free(number);
	if (!good)
		return refuse(r, r->at, "a number is expected");
	r->at += n;
	return 0;
}

static int read_limit(struct reader *r, struct requirement *ret)
{
	const char *from;

	skip_blanks(r);
	from = r->at;
	if (read_number(r, &ret->limit))
		return r->err->code;
	skip_blanks(r);
	if (ret->is_count && *r->at != '%' && ret->limit != floor(ret->limit))
		return refuse(r, from, "a whole number is expected");
	return read_unit(r, ret);
}

int requirement_parse(const char *text, struct requirement *ret, struct err *err)
{
	struct reader r = {text, text, err};

	*ret = (struct requirement){.text = text};
	skip_blanks(&r);
	if (read_name(&r, ret) || read_op(&r, ret) || read_limit(&r, ret))
		return err->code;
	skip_blanks(&r);
	return *r.at ? refuse(&r, r.at, "nothing more is expected") : 0;
}
