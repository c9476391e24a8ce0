/* From the writes to write_gap. */
#include "collector/writer_impl.h"
#include "lib/clock.h"

static int64_t sent_ns(const struct writer *w, const struct store_write *write)
{
	return w->base_ns + (write->due_us + write->late_us) * NS_PER_US;
}

static int64_t done_ns(const struct writer *w, const struct store_write *write)
{
	return sent_ns(w, write) + write->took_us * NS_PER_US;
}

/* The gap from one acknowledged write to the instant at which the next was acknowledged. The first
 * was applied at some moment of [sent, done]. */
static struct metric_value between(const struct writer *w, const struct store_write *from,
				   int64_t to_ns)
{
	return (struct metric_value){.metric = METRIC_WRITE_GAP,
				     .origin = ORIGIN_OWN,
				     .observer = -1,
				     .lo_ns = to_ns - done_ns(w, from),
				     .hi_ns = to_ns - sent_ns(w, from)};
}

static void take_longest(struct metric_value *longest, struct metric_value gap)
{
	if (gap.lo_ns > longest->lo_ns || longest->hi_ns == 0)
		*longest = gap;
}

bool writer_gap(const struct writer *w, int64_t fault_ns, struct metric_value *ret_value)
{
	const struct store_write *last = NULL, *write;
	struct metric_value gap, longest = {.metric = METRIC_WRITE_GAP};
	/* they were appended as they ended: in the order of done_ns */
	vec_each (write, &w->writes) {
		if (write->outcome != SAMPLE_OK)
			continue;
		if (last && done_ns(w, write) > fault_ns)
			take_longest(&longest, between(w, last, done_ns(w, write)));
		else if (!last && done_ns(w, write) > fault_ns)
			return false;
		last = write;
	}
	if (!last)
		return false;
	gap = between(w, last, w->end_ns);
	if (gap.lo_ns > longest.lo_ns && gap.lo_ns > 2 * w->period_ns) {
		gap.hi_ns = 0;
		gap.censored = 1; /* still none when the trial ended */
		longest = gap;
	} else if (longest.hi_ns == 0) {
		return false;
	} else if (longest.lo_ns < 2 * w->period_ns) {
		longest.lo_ns = 0; /* as between any two writes */
		longest.censored = -1;
	}
	*ret_value = longest;
	return true;
}
