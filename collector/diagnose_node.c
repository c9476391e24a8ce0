#include "collector/diagnose_node.h"
#include "collector/trial.h"
#include <string.h>

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

/* It answers, and is a member of something else: its log sees nothing wrong with that. */
static bool is_in_another_cluster(const struct drill *d, int node, struct str *ret_text)
{
	const char *recorded = d->clusters[d->cluster].uuid;
	const struct snapshot *view =
		d->observe ? track_view(observe_track(d->observe), node) : NULL;
	if (!view || !recorded || !track_answers(observe_track(d->observe), node) ||
	    !view->cluster_uuid || strcmp(view->cluster_uuid, "_na_") == 0 ||
	    strcmp(view->cluster_uuid, recorded) == 0)
		return false;
	str_addf(ret_text,
		 "it is in another cluster (uuid %s): its data folder belongs to that one",
		 view->cluster_uuid);
	return true;
}

enum diagnosis diagnose_node(struct drill *d, int node, struct str *ret_text)
{
	if (is_in_another_cluster(d, node, ret_text))
		return DIAGNOSIS_OTHER_CLUSTER;
	struct str log = STR_INIT, others = STR_INIT;
	bool others_up = false;
	read_log(d, node, &log);
	/* a node that ended before its log began says why on its output */
	d->driver->ops->explain(d->driver, node, &log);
	for (int i = 0; i < (int)d->driver->nodes.n; i++) {
		if (i == node)
			continue;
		read_log(d, i, &others);
		others_up |= d->observe && track_answers(observe_track(d->observe), i);
	}
	enum diagnosis diagnosis =
		diagnose(log.s ? log.s : "", others.s ? others.s : "", others_up, ret_text);
	str_done(&log);
	str_done(&others);
	return diagnosis;
}
