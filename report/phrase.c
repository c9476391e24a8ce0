#include "report/phrase.h"
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

struct phrase_unit phrase_unit(double largest_s)
{
	double s = fabs(largest_s), ms = s * 1e3;

	if (s < 0.0995)
		return (struct phrase_unit){"ms", 1e3, ms < 9.95 ? 1 : 0};
	return (struct phrase_unit){"s", 1, s < 9.995 ? 2 : s < 99.95 ? 1 : 0};
}

/* What rounds to nothing has no sign. */
static bool is_zero(const char *text)
{
	return !text[strspn(text, "-0.")];
}

void phrase_add_number(struct str *str, struct phrase_unit unit, double seconds, bool sign)
{
	char text[64];

	if (isinf(seconds)) {
		str_add(str, seconds > 0 ? "no upper limit" : "no lower limit");
		return;
	}
	snprintf(text, sizeof text, "%.*f", unit.digits, seconds * unit.per_s);
	if (is_zero(text))
		str_add(str, text + strspn(text, "-"));
	else
		str_addf(str, "%s%s", sign && seconds > 0 ? "+" : "", text);
}

void phrase_add_time(struct str *str, double seconds)
{
	struct phrase_unit unit = phrase_unit(seconds);

	phrase_add_number(str, unit, seconds, false);
	str_addf(str, " %s", unit.name);
}

void phrase_add_integer(struct str *str, uint64_t n)
{
	char digits[32];
	int length = snprintf(digits, sizeof digits, "%" PRIu64, n);

	for (int i = 0; i < length; i++) {
		if (i && (length - i) % 3 == 0)
			str_add(str, ",");
		str_add_n(str, digits + i, 1);
	}
}

void phrase_add_count(struct str *str, uint64_t n, const char *one, const char *many)
{
	phrase_add_integer(str, n);
	str_addf(str, " %s", n == 1 ? one : many);
}

void phrase_add_percent(struct str *str, double share)
{
	double percent = share * 100;

	if (percent > 99.9 && percent < 100)
		str_add(str, "above 99.9");
	else if (percent > 0 && percent < 0.1)
		str_add(str, "below 0.1");
	else
		str_addf(str,
			 (percent > 0 && percent < 0.95) || (percent > 99 && percent < 100)
				 ? "%.1f"
				 : "%.0f",
			 percent);
}

void phrase_add_p(struct str *str, double p)
{
	if (p < 0.001)
		str_add(str, "p < 0.001");
	else
		str_addf(str, p < 0.1 ? "p = %.3f" : "p = %.2f", p);
}

const char *phrase_joint(size_t i, size_t n)
{
	return i == 0 ? "" : i + 1 < n ? ", " : " and ";
}

static const struct {
	const char *title, *within;
} metrics[N_METRICS] = {
	[METRIC_DETECTION] = {"Detection", "detection"},
	[METRIC_REELECTION] = {"Re-election", "re-election"},
	[METRIC_AGREEMENT] = {"Agreement", "agreement"},
	[METRIC_MASTERLESS] = {"Masterless time", "masterless time"},
	[METRIC_SPREAD] = {"Spread", "spread"},
	[METRIC_DUAL_MASTER] = {"Two masters", "two masters"},
	[METRIC_WRITE_GAP] = {"Write gap", "write gap"},
	[METRIC_SHUTDOWN] = {"Shutdown", "shutdown"},
	[METRIC_BOOT] = {"Boot", "boot"},
	[METRIC_REJOIN] = {"Rejoin", "rejoin"},
	[METRIC_REJOIN_ALL] = {"Rejoin of all", "rejoin of all"},
	[METRIC_REDUNDANCY] = {"Redundancy", "redundancy"},
	[METRIC_DOWNTIME] = {"Downtime", "downtime"},
	[METRIC_RECOVERY] = {"Recovery", "recovery"},
};

const char *phrase_metric(enum metric metric)
{
	return metrics[metric].title;
}

const char *phrase_metric_within(enum metric metric)
{
	return metrics[metric].within;
}
