#include "collector/plan_value.h"
#include "lib/clock.h"
#include <inttypes.h>
#include <string.h>

struct unit {
	const char *name;
	int64_t factor;
};

/* largest first, the end has no name */
static const struct unit durations[] = {
	{"h", 3600 * NS_PER_S},
	{"m", 60 * NS_PER_S},
	{"s", NS_PER_S},
	{"ms", NS_PER_MS},
	{"us", NS_PER_US},
	{"ns", 1},
	{NULL, 0},
};
static const struct unit sizes[] = {
	{"g", INT64_C(1) << 30},
	{"m", INT64_C(1) << 20},
	{"k", INT64_C(1) << 10},
	{NULL, 0},
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Digits from *text on; leaves *text behind them. False: none, or too many. */
static bool digits(const char **text, int64_t *ret_value)
{
	const char *s = *text;

	*ret_value = 0;
	for (; is_digit(*s); s++)
		if (__builtin_mul_overflow(*ret_value, 10, ret_value) ||
		    __builtin_add_overflow(*ret_value, *s - '0', ret_value))
			return false;
	if (s == *text)
		return false;
	*text = s;
	return true;
}

bool plan_value_int(const char *text, int64_t *ret_value)
{
	bool negative = text[0] == '-';

	text += negative;
	if (text[0] == '0' && text[1])
		return false;
	if (!digits(&text, ret_value) || *text)
		return false;
	if (negative)
		*ret_value = -*ret_value;
	return true;
}

static bool with_unit(const char *text, const struct unit *unit, int64_t *ret_value)
{
	int64_t whole, fraction = 0, scale = 1;

	if (!digits(&text, &whole))
		return false;
	if (*text == '.') {
		const char *dot = text++;

		if (!digits(&text, &fraction) || text - dot > 10)
			return false;
		for (const char *s = dot + 1; s < text; s++)
			scale *= 10;
	}
	while (unit->name && strcmp(unit->name, text) != 0)
		unit++;
	if (!unit->name || __builtin_mul_overflow(whole, unit->factor, &whole) ||
	    __builtin_mul_overflow(fraction, unit->factor, &fraction) || fraction % scale)
		return false;
	return !__builtin_add_overflow(whole, fraction / scale, ret_value);
}

bool plan_value_duration(const char *text, int64_t *ret_ns)
{
	return with_unit(text, durations, ret_ns);
}

bool plan_value_size(const char *text, int64_t *ret_bytes)
{
	return with_unit(text, sizes, ret_bytes) && *ret_bytes % 1024 == 0;
}

static void add_with_unit(struct str *text, int64_t value, const struct unit *unit)
{
	while (unit[1].name && value % unit->factor)
		unit++;
	str_addf(text, "%" PRId64 "%s", value / unit->factor, unit->name);
}

void plan_value_add_duration(struct str *text, int64_t ns)
{
	if (ns == 0)
		str_add(text, "0s");
	else
		add_with_unit(text, ns, durations);
}

void plan_value_add_size(struct str *text, int64_t bytes)
{
	add_with_unit(text, bytes, sizes);
}
