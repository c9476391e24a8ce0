#include "collector/diagnose.h"
#include <string.h>

const char *const diagnosis_names[N_DIAGNOSES] = {
	[DIAGNOSIS_NONE] = "",
	[DIAGNOSIS_CLUSTER_NAME] = "cluster_name",
	[DIAGNOSIS_SEED_HOSTS] = "seed_hosts",
	[DIAGNOSIS_OTHER_CLUSTER] = "other_cluster",
	[DIAGNOSIS_LOCKED_DATA] = "locked_data",
	[DIAGNOSIS_PORT_IN_USE] = "port_in_use",
	[DIAGNOSIS_NO_QUORUM] = "no_quorum",
	[DIAGNOSIS_BOOTSTRAP_CHECK] = "bootstrap_check",
	[DIAGNOSIS_DISK_FULL] = "disk_full",
	[DIAGNOSIS_BAD_SETTING] = "bad_setting",
	[DIAGNOSIS_MEMORY] = "memory",
};

/* The first that is found counts: what prevents a start stands before what may follow from it. All
 * texts are those of Elasticsearch; OpenSearch has them too, but for the word master. */
static const struct {
	enum diagnosis diagnosis;
	const char *line; /* what a line of the node's log holds */
	const char *meaning;
} rules[] = {
	{DIAGNOSIS_DISK_FULL, "No space left on device", "its disk is full"},
	{DIAGNOSIS_LOCKED_DATA, "failed to obtain node lock",
	 "its data folder is in use by another process"},
	{DIAGNOSIS_LOCKED_DATA, "failed to obtain node locks",
	 "its data folder is in use by another process"},
	{DIAGNOSIS_PORT_IN_USE, "Address already in use", "one of its ports is in use"},
	{DIAGNOSIS_PORT_IN_USE, "BindHttpException", "its HTTP port cannot be bound"},
	{DIAGNOSIS_PORT_IN_USE, "BindTransportException", "its transport port cannot be bound"},
	{DIAGNOSIS_BOOTSTRAP_CHECK, "bootstrap check failure", "a bootstrap check failed"},
	{DIAGNOSIS_BOOTSTRAP_CHECK, "bootstrap checks failed", "bootstrap checks failed"},
	{DIAGNOSIS_BAD_SETTING, "unknown setting [", "a setting is not known to it"},
	{DIAGNOSIS_BAD_SETTING, "failed to parse value", "a setting has an impossible value"},
	{DIAGNOSIS_BAD_SETTING, "failed to parse setting", "a setting has an impossible value"},
	{DIAGNOSIS_MEMORY, "insufficient memory for the Java Runtime", "there is no memory for it"},
	{DIAGNOSIS_MEMORY, "Could not reserve enough space", "there is no memory for its heap"},
	/* the JVM arguments in the log name the error too, without its package */
	{DIAGNOSIS_MEMORY, "java.lang.OutOfMemoryError", "its heap is too small"},
	{DIAGNOSIS_OTHER_CLUSTER, "belongs to a different cluster",
	 "its data folder belongs to another cluster"},
	{DIAGNOSIS_OTHER_CLUSTER, "different cluster uuid",
	 "its data folder belongs to another cluster"},
	{DIAGNOSIS_CLUSTER_NAME, "does not match local cluster name",
	 "its neighbours have another cluster.name"},
	{DIAGNOSIS_CLUSTER_NAME, "has a different cluster name",
	 "its neighbours have another cluster.name"},
};

/* The line that holds text, without what stands before its message; long ones are cut. */
static void quote(const char *log, const char *at, struct str *ret_text)
{
	enum { MOST = 300 };
	const char *begin = at;
	while (begin > log && begin[-1] != '\n')
		begin--;
	size_t n = strcspn(begin, "\n");
	str_add(ret_text, ": ");
	str_add_n(ret_text, begin, n < MOST ? n : MOST);
}

static bool found(const char *log, const char *line, const char *meaning, struct str *ret_text)
{
	const char *at = strstr(log, line);
	if (!at)
		return false;
	str_add(ret_text, meaning);
	quote(log, at, ret_text);
	return true;
}

/* What is said of a node that is up, but found no master. It lists whom it found, itself among
 * them: where that is nobody else although others are up, it looks for them in the wrong place. */
static enum diagnosis diagnose_discovery(const char *log, bool others_up, struct str *ret_text)
{
	const char *at = strstr(log, "not discovered or elected yet");
	if (!at)
		at = strstr(log, "not discovered yet");
	if (!at)
		return DIAGNOSIS_NONE;
	const char *end = at + strcspn(at, "\n");
	const char *list = strstr(at, "discovered non-quorum [");
	if (!list || list > end)
		list = strstr(at, "have discovered [");
	bool alone = list && list < end && !memchr(list, ',', strcspn(list, "]\n"));
	bool lost = alone && others_up;
	str_add(ret_text, lost ? "it finds none of the others: discovery.seed_hosts lead nowhere"
			       : "too few of the voters are there for a quorum");
	quote(log, at, ret_text);
	return lost ? DIAGNOSIS_SEED_HOSTS : DIAGNOSIS_NO_QUORUM;
}

enum diagnosis diagnose(const char *log, const char *others, bool others_up, struct str *ret_text)
{
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		if (found(log, rules[i].line, rules[i].meaning, ret_text))
			return rules[i].diagnosis;
	if (found(others, "does not match local cluster name",
		  "its cluster.name is not its neighbours'", ret_text))
		return DIAGNOSIS_CLUSTER_NAME;
	return diagnose_discovery(log, others_up, ret_text);
}
