#include "collector/plan_impl.h"
#include "collector/plan_value.h"
#include "lib/clock.h"
#include <inttypes.h>
#include <string.h>

const char *const plan_fault_names[N_FAULTS + 1] = {
	[FAULT_STOP] = "stop",		 [FAULT_KILL] = "kill",		[FAULT_PAUSE] = "pause",
	[FAULT_PARTITION] = "partition", [FAULT_HANDOVER] = "handover", [FAULT_NOOP] = "noop",
	[FAULT_WATCHED] = "watched",
};
const char *const plan_target_names[N_TARGETS + 1] = {
	[TARGET_MASTER] = "master",
	[TARGET_NON_MASTER] = "non_master",
	[TARGET_RANDOM] = "random",
	[TARGET_HALF] = "half",
	[TARGET_MAJORITY] = "majority",
	[TARGET_CASCADE] = "cascade",
	[TARGET_NONE] = "none",
	[TARGET_1] = "1",
	[TARGET_1 + 1] = "2",
	[TARGET_1 + 2] = "3",
	[TARGET_1 + 3] = "4",
	[TARGET_1 + 4] = "5",
	[TARGET_1 + 5] = "6",
	[TARGET_1 + 6] = "7",
	[TARGET_8] = "8",
};
const char *const plan_return_names[N_RETURNS + 1] = {
	[RETURN_TOGETHER] = "together",
	[RETURN_ONE_BY_ONE] = "one_by_one",
};
const char *const plan_allow_names[N_ALLOWS + 1] = {
	[ALLOW_QUORUM_LOSS] = "quorum_loss",
	[ALLOW_UNASSIGNED_SHARDS] = "unassigned_shards",
};
static const char *const drivers[] = {"local", "docker", "command", "none", NULL};

#define AT(member) .offset = offsetof(struct plan_draft, member)
#define MS NS_PER_MS
#define HOUR (3600 * NS_PER_S)
#define MIB (INT64_C(1) << 20)

/* Kept in columns: the table is read and compared far more often than it is edited. */
/* clang-format off */
const struct plan_key plan_keys[N_KEYS] = {
	[KEY_SCHEMA]           = {"schema", PLAN_INT, true, AT(schema), 1, 1, NULL, NULL},
	[KEY_STUDY_NAME]       = {"study.name", PLAN_TEXT, true, AT(study_name), 1, 100, NULL, NULL},
	[KEY_STUDY_OBJECTIVE]  = {"study.objective", PLAN_TEXT, false, AT(record.objective), 1, 1000, NULL, NULL},
	[KEY_STUDY_HYPOTHESIS] = {"study.hypothesis", PLAN_TEXT, false, AT(record.hypothesis), 1, 1000, NULL, NULL},
	[KEY_STUDY_RTO]        = {"study.rto", PLAN_DURATION, false, AT(record.rto_ns), MS, 24 * HOUR, NULL, NULL},
	[KEY_STUDY_SCOPE]      = {"study.scope", PLAN_TEXT, false, AT(record.scope), 1, 1000, NULL, NULL},
	[KEY_STUDY_ENVIRONMENT] = {"study.environment", PLAN_TEXT, false, AT(record.environment), 1, 1000, NULL, NULL},
	[KEY_STUDY_OPERATOR]   = {"study.operator", PLAN_TEXT, false, AT(record.operator), 1, 100, NULL, NULL},
	[KEY_STUDY_APPROVER]   = {"study.approver", PLAN_TEXT, false, AT(record.approver), 1, 100, NULL, NULL},
	[KEY_STUDY_TICKET]     = {"study.ticket", PLAN_TEXT, false, AT(record.ticket), 1, 1000, NULL, NULL},
	[KEY_STUDY_REMARKS]    = {"study.remarks", PLAN_TEXT, false, AT(record.remarks), 1, 4000, NULL, NULL},
	[KEY_DRIVER]           = {"cluster.driver", PLAN_TEXT, false, AT(driver), 1, 20, "local", drivers},
	[KEY_SIZES]                = {"cluster.sizes", PLAN_SIZES, false, AT(sizes), 0, 0, NULL, NULL},
	[KEY_AUTH_USER]            = {"cluster.auth.user", PLAN_TEXT, false, AT(access.user), 1, 1000, NULL, NULL},
	[KEY_AUTH_PASSWORD_ENV]    = {"cluster.auth.password_env", PLAN_TEXT, false, AT(access.password_env), 1, 1000, NULL, NULL},
	[KEY_AUTH_PASSWORD_FILE]   = {"cluster.auth.password_file", PLAN_TEXT, false, AT(access.password_file), 1, 1000, NULL, NULL},
	[KEY_AUTH_API_KEY_ENV]     = {"cluster.auth.api_key_env", PLAN_TEXT, false, AT(access.api_key_env), 1, 1000, NULL, NULL},
	[KEY_AUTH_API_KEY_FILE]    = {"cluster.auth.api_key_file", PLAN_TEXT, false, AT(access.api_key_file), 1, 1000, NULL, NULL},
	[KEY_AUTH_BEARER_ENV]      = {"cluster.auth.bearer_env", PLAN_TEXT, false, AT(access.bearer_env), 1, 1000, NULL, NULL},
	[KEY_AUTH_BEARER_FILE]     = {"cluster.auth.bearer_file", PLAN_TEXT, false, AT(access.bearer_file), 1, 1000, NULL, NULL},
	[KEY_TLS_CA]               = {"cluster.tls.ca", PLAN_TEXT, false, AT(access.ca_file), 1, 1000, NULL, NULL},
	[KEY_TLS_PIN]              = {"cluster.tls.pin", PLAN_TEXT, false, AT(access.pin), 1, 1000, NULL, NULL},
	[KEY_TLS_INSECURE]         = {"cluster.tls.insecure", PLAN_BOOL, false, AT(access.insecure), 0, 0, "false", NULL},
	[KEY_DOCKER_HOST]          = {"cluster.docker.host", PLAN_TEXT, false, AT(docker.host), 1, 1000, NULL, NULL},
	[KEY_DOCKER_LABEL]         = {"cluster.docker.label", PLAN_TEXT, false, AT(docker.label), 1, 1000, NULL, NULL},
	[KEY_DOCKER_CONTAINERS]    = {"cluster.docker.containers", PLAN_MAP, false, AT(docker.containers), 0, 0, NULL, NULL},
	[KEY_DOCKER_STOP_TIMEOUT]  = {"cluster.docker.stop_timeout", PLAN_DURATION, false, AT(docker.stop_timeout_ns), 1000 * MS, HOUR, NULL, NULL},
	[KEY_COMMAND_STOP]         = {"cluster.command.stop", PLAN_TEXTS, false, AT(command.stop), 1, 1000, NULL, NULL},
	[KEY_COMMAND_KILL]         = {"cluster.command.kill", PLAN_TEXTS, false, AT(command.kill), 1, 1000, NULL, NULL},
	[KEY_COMMAND_PAUSE]        = {"cluster.command.pause", PLAN_TEXTS, false, AT(command.pause), 1, 1000, NULL, NULL},
	[KEY_COMMAND_RESUME]       = {"cluster.command.resume", PLAN_TEXTS, false, AT(command.resume), 1, 1000, NULL, NULL},
	[KEY_COMMAND_START]        = {"cluster.command.start", PLAN_TEXTS, false, AT(command.start), 1, 1000, NULL, NULL},
	[KEY_COMMAND_CUT]          = {"cluster.command.cut", PLAN_TEXTS, false, AT(command.cut), 1, 1000, NULL, NULL},
	[KEY_COMMAND_MEND]         = {"cluster.command.mend", PLAN_TEXTS, false, AT(command.mend), 1, 1000, NULL, NULL},
	[KEY_COMMAND_STATUS]       = {"cluster.command.status", PLAN_TEXTS, false, AT(command.status), 1, 1000, NULL, NULL},
	[KEY_COMMAND_LOGS]         = {"cluster.command.logs", PLAN_TEXTS, false, AT(command.logs), 1, 1000, NULL, NULL},
	[KEY_COMMAND_SHELL]        = {"cluster.command.shell", PLAN_BOOL, false, AT(command.shell), 0, 0, "false", NULL},
	[KEY_COMMAND_ENV]          = {"cluster.command.env", PLAN_TEXTS, false, AT(command.env), 1, 1000, NULL, NULL},
	[KEY_COMMAND_TIMEOUT]      = {"cluster.command.timeout", PLAN_DURATION, false, AT(command.timeout_ns), 100 * MS, HOUR, "60s", NULL},
	[KEY_HOME]             = {"cluster.home", PLAN_TEXT, false, AT(home), 1, 1000, NULL, NULL},
	[KEY_JAVA]             = {"cluster.java", PLAN_TEXT, false, AT(java), 1, 1000, NULL, NULL},
	[KEY_NODES]            = {"cluster.nodes", PLAN_INT, false, AT(n_nodes), 1, 9, NULL, NULL},
	[KEY_HEAP]             = {"cluster.heap", PLAN_SIZE, false, AT(heap_bytes), 64 * MIB, 31 * 1024 * MIB, "256m", NULL},
	[KEY_PORTS_HTTP]       = {"cluster.ports.http", PLAN_INT, false, AT(http_port), 1024, 65535, NULL, NULL},
	[KEY_PORTS_TRANSPORT]  = {"cluster.ports.transport", PLAN_INT, false, AT(transport_port), 1024, 65535, NULL, NULL},
	[KEY_SETTINGS]         = {"cluster.settings", PLAN_SETTINGS, false, AT(settings), 0, 0, NULL, NULL},
	[KEY_MASTER_ELIGIBLE]  = {"factors.master_eligible", PLAN_INTS, false, AT(masters), 1, 9, NULL, NULL},
	[KEY_FAULT]            = {"factors.fault", PLAN_CHOICES, false, AT(faults), 0, 0, "stop", plan_fault_names},
	[KEY_TARGET]           = {"factors.target", PLAN_CHOICES, false, AT(targets), 0, 0, "master", plan_target_names},
	[KEY_SWEEP]            = {"factors.settings", PLAN_SWEEP, false, AT(sweep), 0, 0, NULL, NULL},
	[KEY_INDICES]          = {"factors.indices", PLAN_INTS, false, AT(indices), 0, 10000, "0", NULL},
	[KEY_ALLOW]            = {"allow", PLAN_CHOICES, false, AT(allows), 0, 0, NULL, plan_allow_names},
	[KEY_RETURN]           = {"return", PLAN_TEXT, false, AT(return_mode), 1, 20, "together", plan_return_names},
	[KEY_TRIALS]           = {"trials", PLAN_INT, true, AT(trials), 1, 100000, NULL, NULL},
	[KEY_WARMUP]           = {"warmup", PLAN_INT, false, AT(warmup), 0, 1000, "1", NULL},
	[KEY_INTERLEAVE]       = {"order.interleave", PLAN_BOOL, false, AT(interleave), 0, 0, "true", NULL},
	[KEY_BLOCK]            = {"order.block", PLAN_INT, false, AT(block), 1, 100000, "5", NULL},
	[KEY_SEED]             = {"order.seed", PLAN_INT, false, AT(seed), 0, INT64_MAX, "1", NULL},
	[KEY_POLL_FAST]        = {"poll.fast", PLAN_DURATION, false, AT(poll_fast_ns), MS, 10000 * MS, "5ms", NULL},
	[KEY_POLL_REJOIN]      = {"poll.rejoin", PLAN_DURATION, false, AT(poll_rejoin_ns), MS, 10000 * MS, "20ms", NULL},
	[KEY_POLL_IDLE]        = {"poll.idle", PLAN_DURATION, false, AT(poll_idle_ns), MS, 60000 * MS, "100ms", NULL},
	[KEY_POLL_TIMEOUT]     = {"poll.timeout", PLAN_DURATION, false, AT(poll_timeout_ns), 10 * MS, 60000 * MS, "1s", NULL},
	[KEY_PROBE_WRITE]      = {"probe.write", PLAN_DURATION, false, AT(write_probe_ns), MS, 10000 * MS, NULL, NULL},
	[KEY_LIMIT_START]      = {"limits.start", PLAN_DURATION, false, AT(limit_start_ns), 1000 * MS, HOUR, "180s", NULL},
	[KEY_LIMIT_GATE]       = {"limits.gate", PLAN_DURATION, false, AT(limit_gate_ns), 1000 * MS, HOUR, "60s", NULL},
	[KEY_LIMIT_REELECTION] = {"limits.reelection", PLAN_DURATION, false, AT(limit_reelection_ns), 1000 * MS, HOUR, "120s", NULL},
	[KEY_LIMIT_REJOIN]     = {"limits.rejoin", PLAN_DURATION, false, AT(limit_rejoin_ns), 1000 * MS, HOUR, "180s", NULL},
	[KEY_LIMIT_NOOP]       = {"limits.noop", PLAN_DURATION, false, AT(limit_noop_ns), 100 * MS, HOUR, "5s", NULL},
	[KEY_LIMIT_QUORUM_LOSS] = {"limits.quorum_loss", PLAN_DURATION, false, AT(limit_quorum_loss_ns), 100 * MS, HOUR, "5s", NULL},
	[KEY_LIMIT_MAX_DOWNTIME] = {"limits.max_downtime", PLAN_DURATION, false, AT(max_downtime_ns), 1000 * MS, 24 * HOUR, NULL, NULL},
	[KEY_PAUSE_BETWEEN]    = {"pause.between", PLAN_DURATION, false, AT(pause_between_ns), 0, HOUR, "1s", NULL},
	[KEY_PAUSE_JITTER]     = {"pause.jitter", PLAN_DURATION, false, AT(pause_jitter_ns), 0, HOUR, "1s", NULL},
};
/* clang-format on */

static void add_value(struct str *text, const struct plan_key *key, int64_t value)
{
	if (key->type == PLAN_DURATION)
		plan_value_add_duration(text, value);
	else if (key->type == PLAN_SIZE)
		plan_value_add_size(text, value);
	else
		str_addf(text, "%" PRId64, value);
}

void plan_key_add_range(struct str *text, const struct plan_key *key)
{
	if (key->choices) {
		for (size_t i = 0; key->choices[i]; i++)
			str_addf(text, "%s%s", i ? " or " : "", key->choices[i]);
	} else if (key->type == PLAN_BOOL) {
		str_add(text, "true or false");
	} else if (key->type == PLAN_TEXT) {
		str_addf(text, "text of at most %" PRId64 " bytes", key->max);
	} else if (key->type == PLAN_SETTINGS) {
		str_add(text, "a map of settings");
	} else if (key->type == PLAN_SWEEP) {
		str_add(text, "a map of settings with lists of values");
	} else if (key->type == PLAN_TEXTS) {
		str_add(text, "texts");
	} else if (key->type == PLAN_MAP) {
		str_add(text, "a map of texts");
	} else if (key->type == PLAN_SIZES) {
		str_add(text, "a map of clusters by their number of masters");
	} else {
		add_value(text, key, key->min);
		if (key->min != key->max) {
			str_add(text, " to ");
			add_value(text, key, key->max);
		}
	}
}

/* The length of a path's section: 4 for "poll.fast", 0 for "trials". */
static size_t section_length(const char *path)
{
	const char *dot = strrchr(path, '.');

	return dot ? (size_t)(dot - path) : 0;
}

/* The next name below a section on the way to a key; NULL if the key is not below it. */
static const char *name_below(const char *key, const char *section, size_t *ret_n)
{
	size_t n = strlen(section);

	if (n && (strncmp(key, section, n) != 0 || key[n] != '.'))
		return NULL;
	key += n ? n + 1 : 0;
	*ret_n = strcspn(key, ".");
	return key;
}

bool plan_key_section(const char *path, struct str *ret_names)
{
	const char *last = "";
	size_t last_n = 0;
	bool found = false;

	for (size_t i = 0; i < N_KEYS; i++) {
		size_t n;
		const char *name = name_below(plan_keys[i].path, path, &n);

		/* the keys of a section stand together in the table */
		if (!name || (n == last_n && strncmp(name, last, n) == 0))
			continue;
		str_addf(ret_names, "%s%.*s", found ? ", " : "", (int)n, name);
		found = true;
		last = name;
		last_n = n;
	}
	return found;
}

static const char *leaf_of(const char *path)
{
	size_t n = section_length(path);

	return path + (n ? n + 1 : 0);
}

static const char *const sections[] = {
	"study",	   "cluster",	    "cluster.auth", "cluster.tls", "cluster.docker",
	"cluster.command", "cluster.ports", "factors",	    "order",	   "poll",
	"probe",	   "limits",	    "pause",	    NULL};

static bool is_sibling(const char *path, const char *other)
{
	size_t n = section_length(path);

	return section_length(other) == n && strncmp(path, other, n) == 0;
}

const char *plan_key_nearest(const char *path)
{
	const char *near[N_KEYS + sizeof sections / sizeof sections[0]];
	size_t n = 0;

	for (size_t i = 0; i < N_KEYS; i++) /* the same name in another section: misplaced */
		if (strcmp(leaf_of(plan_keys[i].path), leaf_of(path)) == 0)
			return plan_keys[i].path;
	for (size_t i = 0; i < N_KEYS; i++)
		if (is_sibling(path, plan_keys[i].path))
			near[n++] = leaf_of(plan_keys[i].path);
	for (size_t i = 0; sections[i]; i++)
		if (is_sibling(path, sections[i]))
			near[n++] = leaf_of(sections[i]);
	near[n] = NULL;
	return str_nearest(leaf_of(path), near);
}
