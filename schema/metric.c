#include "schema/metric.h"
#include <string.h>

const char *const metric_names[N_METRICS + 1] = {
	[METRIC_DETECTION] = "detection",
	[METRIC_REELECTION] = "reelection",
	[METRIC_AGREEMENT] = "agreement",
	[METRIC_MASTERLESS] = "masterless",
	[METRIC_SPREAD] = "spread",
	[METRIC_DUAL_MASTER] = "dual_master",
	[METRIC_WRITE_GAP] = "write_gap",
	[METRIC_SHUTDOWN] = "shutdown",
	[METRIC_BOOT] = "boot",
	[METRIC_REJOIN] = "rejoin",
	[METRIC_REJOIN_ALL] = "rejoin_all",
	[METRIC_REDUNDANCY] = "redundancy",
	[METRIC_DOWNTIME] = "downtime",
	[METRIC_RECOVERY] = "recovery",
};

const char *const metric_meanings[N_METRICS] = {
	[METRIC_DETECTION] =
		"from the fault until the first survivor no longer shows the old master",
	[METRIC_REELECTION] = "from the fault until the first survivor shows the new master",
	[METRIC_AGREEMENT] = "from the fault until the last survivor shows the new master",
	[METRIC_MASTERLESS] =
		"of one survivor: from the old master gone until the new one is shown",
	[METRIC_SPREAD] = "from the first survivor that shows the new master until the last one",
	[METRIC_DUAL_MASTER] = "for how long two nodes named different masters at once",
	[METRIC_WRITE_GAP] =
		"from the last acknowledged write before the gap until the first one after it",
	[METRIC_SHUTDOWN] = "from the stop asked for until the process is gone",
	[METRIC_BOOT] = "from the start asked for until the node answers HTTP",
	[METRIC_REJOIN] =
		"from the start asked for until a survivor lists the node as a new process",
	[METRIC_REJOIN_ALL] =
		"from the start asked for until every node lists it and names the same master",
	[METRIC_REDUNDANCY] =
		"from the start asked for until voters and health are as before the fault",
	[METRIC_DOWNTIME] = "from the fault until a survivor lists the node as a new process",
	[METRIC_RECOVERY] =
		"after a lost quorum: from the start asked for until a node shows a master again",
};

const char *const origin_names[N_ORIGINS + 1] = {
	[ORIGIN_OWN] = "",
	[ORIGIN_FAULT_ISSUED] = "fault_issued",
	[ORIGIN_FAULT_DONE] = "fault_done",
	[ORIGIN_HTTP_REFUSED] = "http_refused",
	[ORIGIN_PROCESS_GONE] = "process_gone",
	[ORIGIN_START_ISSUED] = "start_issued",
};

enum origin metric_default_origin(enum metric metric)
{
	switch (metric) {
	case METRIC_MASTERLESS:
	case METRIC_SPREAD:
	case METRIC_DUAL_MASTER:
	case METRIC_WRITE_GAP:
		return ORIGIN_OWN;
	case METRIC_BOOT:
	case METRIC_REJOIN:
	case METRIC_REJOIN_ALL:
	case METRIC_REDUNDANCY:
	case METRIC_RECOVERY:
		return ORIGIN_START_ISSUED;
	default:
		return ORIGIN_FAULT_ISSUED;
	}
}

enum origin metric_origin(enum metric metric, enum origin from)
{
	enum origin origin = metric_default_origin(metric);

	return origin == ORIGIN_FAULT_ISSUED ? from : origin;
}

static int by_name(const char *const *names, const char *name)
{
	for (int i = 0; names[i]; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	return -1;
}

int metric_by_name(const char *name)
{
	return by_name(metric_names, name);
}

int origin_by_name(const char *name)
{
	return by_name(origin_names, name);
}
