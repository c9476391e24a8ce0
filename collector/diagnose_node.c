#include "collector/diagnose_node.h"
#include "collector/trial.h"

/* What a node's log got since the trial began; the witness's own mark stays where it is. */
static void read_log(const struct drill *d, int node, struct str *text)
{
	struct driver *driver = d->driver;
	if (!driver->ops->read_log || !d->trial || (size_t)node >= d->trial->witness.marks.n)
		return;
	struct tail_mark mark = d->trial->witness.marks.v[node];
	struct str one = STR_INIT;
	driver->ops->read_log(driver, node, &mark, &one);
	if (one.n)
		str_add_n(text, one.s, one.n);
	str_done(&one);
}

enum diagnosis diagnose_node(struct drill *d, int node, struct str *ret_text)
{
	struct str log = STR_INIT, others = STR_INIT;
	read_log(d, node, &log);
	/* a node that ended before its log began says why on its output */
	d->driver->ops->explain(d->driver, node, &log);
	for (int i = 0; i < (int)d->driver->nodes.n; i++)
		if (i != node)
			read_log(d, i, &others);
	enum diagnosis diagnosis = diagnose(log.s ? log.s : "", others.s ? others.s : "", ret_text);
	str_done(&log);
	str_done(&others);
	return diagnosis;
}
