#include "schema/write_gap.h"
#include "lib/clock.h"

static int64_t sent_ns(const struct write_run *run, const struct store_write *write)
{
	return run->base_ns + (write->due_us + write->late_us) * NS_PER_US;
}

static int64_t done_ns(const struct write_run *run, const struct store_write *write)
{
	return sent_ns(run, write) + write->took_us * NS_PER_US;
}

/* The gap from one acknowledged write to the instant at which the next was acknowledged. The first
 * was applied at some moment of [sent, done]. */
static struct metric_value between(const struct write_run *run, const struct store_write *from,
				   int64_t to_ns)
{
	return (struct metric_value){.metric = METRIC_WRITE_GAP,
				     .origin = ORIGIN_OWN,
				     .observer = -1,
				     .lo_ns = to_ns - done_ns(run, from),
				     .hi_ns = to_ns - sent_ns(run, from)};
}

static void take_longest(struct metric_value *longest, struct metric_value gap)
{
	if (gap.lo_ns > longest->lo_ns || longest->hi_ns == 0)
		*longest = gap;
}

bool write_gap(const struct write_run *run, int64_t fault_ns, struct metric_value *ret_value)
{
	const struct store_write *last = NULL, *write;
	struct metric_value gap, longest = {.metric = METRIC_WRITE_GAP};
	/* they were appended as they ended: in the order of done_ns */
	vec_each (write, run->writes) {
		if (write->outcome != SAMPLE_OK)
			continue;
		if (last && done_ns(run, write) > fault_ns)
			take_longest(&longest, between(run, last, done_ns(run, write)));
		else if (!last && done_ns(run, write) > fault_ns)
			return false;
		last = write;
	}
	if (!last)
		return false;
	gap = between(run, last, run->end_ns);
	if (gap.lo_ns > longest.lo_ns && gap.lo_ns > 2 * run->period_ns) {
		gap.hi_ns = 0;
		gap.censored = 1; /* still none when the trial ended */
		longest = gap;
	} else if (longest.hi_ns == 0) {
		return false;
	} else if (longest.lo_ns < 2 * run->period_ns) {
		longest.lo_ns = 0; /* as between any two writes */
		longest.censored = -1;
	}
	*ret_value = longest;
	return true;
}
