#include "schema/store_impl.h"
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

static int64_t now_utc_us(void)
{
	return clock_anchor_read().utc_ns / NS_PER_US;
}

/* RFC 9562, version 4 */
static int make_uuid(char ret_text[37], struct err *err)
{
	unsigned char b[16];
	int n = 0;

	if (getrandom(b, sizeof b, 0) != (ssize_t)sizeof b)
		return err_set(err, ERR_ENV, "the kernel gives no random bytes");
	b[6] = (b[6] & 0x0f) | 0x40;
	b[8] = (b[8] & 0x3f) | 0x80;
	for (int i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			ret_text[n++] = '-';
		n += snprintf(ret_text + n, 3, "%02x", b[i]);
	}
	return 0;
}

int store_add_study(struct store *store, const struct store_study *study, int64_t *ret_id,
		    struct err *err)
{
	char uuid[37];
	int rc = make_uuid(uuid, err);
	const struct store_bind binds[] = {
		STORE_TEXT(uuid),
		STORE_TEXT(study->name),
		STORE_TEXT(study->objective),
		STORE_TEXT(study->operator),
		STORE_TEXT(study->plan_file),
		STORE_TEXT(study->plan_text),
		STORE_TEXT(study->plan_json),
		STORE_TEXT(study->plan_sha256),
		STORE_INT(study->seed),
		STORE_INT(study->trials_planned),
		STORE_INT(now_utc_us()),
		STORE_TEXT(study->hypothesis),
		STORE_INT_OR_NULL(study->rto_ns, 0),
		STORE_TEXT(study->scope),
		STORE_TEXT(study->environment),
		STORE_TEXT(study->approver),
		STORE_TEXT(study->ticket),
		STORE_TEXT(study->remarks),
	};

	return rc ? rc : STORE_RUN(store, SQL_ADD_STUDY, binds, ret_id, err);
}

int store_finish_study(struct store *store, int64_t study_id, struct err *err)
{
	const struct store_bind binds[] = {STORE_INT(study_id), STORE_INT(now_utc_us())};

	return STORE_UPDATE(store, SQL_FINISH_STUDY, binds, err);
}

int store_add_session(struct store *store, const struct store_session *session, int64_t *ret_id,
		      struct err *err)
{
	const struct store_bind binds[] = {
		STORE_INT(session->study_id),
		STORE_TEXT(session->tool_version),
		STORE_TEXT(session->command_line),
		STORE_TEXT(session->libraries),
		STORE_TEXT(session->host),
		STORE_TEXT(session->kernel),
		STORE_TEXT(session->cpu),
		STORE_INT(session->n_cpu),
		STORE_INT(session->memory_bytes),
		STORE_TEXT(session->sysctls),
		STORE_INT(session->pid),
		STORE_TEXT(session->work_dir),
		STORE_INT(session->start.mono_ns),
		STORE_INT(session->start.utc_ns / NS_PER_US),
		STORE_INT(session->start.error_ns),
		STORE_TEXT(session->account),
		STORE_TEXT(session->clock_source),
		STORE_INT_OR_NULL(session->start_sync.synchronised, -1),
		STORE_INT_OR_NULL(session->start_sync.est_error_ns, -1),
		STORE_INT_OR_NULL(session->start_sync.max_error_ns, -1),
	};

	return STORE_RUN(store, SQL_ADD_SESSION, binds, ret_id, err);
}

int store_end_session(struct store *store, int64_t session_id, const struct store_session_end *end,
		      struct err *err)
{
	const struct store_bind binds[] = {
		STORE_INT(session_id),
		STORE_INT(end->end.mono_ns),
		STORE_INT(end->end.utc_ns / NS_PER_US),
		STORE_INT(end->end.error_ns),
		STORE_TEXT(end->ended_by),
		STORE_TEXT(end->reason),
		STORE_INT_OR_NULL(end->end_sync.synchronised, -1),
		STORE_INT_OR_NULL(end->end_sync.est_error_ns, -1),
		STORE_INT_OR_NULL(end->end_sync.max_error_ns, -1),
	};

	return STORE_UPDATE(store, SQL_END_SESSION, binds, err);
}

int store_add_cluster(struct store *store, const struct store_cluster *cluster, int64_t *ret_id,
		      struct err *err)
{
	const struct store_bind binds[] = {
		STORE_INT(cluster->study_id),  STORE_TEXT(cluster->label),
		STORE_TEXT(cluster->driver),   STORE_INT(cluster->master_eligible),
		STORE_INT(cluster->n_nodes),   STORE_TEXT(cluster->settings),
		STORE_INT(cluster->n_indices), STORE_INT(cluster->insecure),
	};

	return STORE_RUN(store, SQL_ADD_CLUSTER, binds, ret_id, err);
}

static int same_uuid(void *arg, const struct store_row *row, struct err *err)
{
	const char *uuid = arg;
	const char *stored = store_text(row, 0);

	if (!stored || strcmp(stored, uuid) == 0)
		return 0;
	return err_set(err, ERR_ENV,
		       "cluster %s is another one: its uuid is %s, the recorded one's is %s",
		       store_text(row, 1), uuid, stored);
}

int store_set_cluster_seen(struct store *store, int64_t cluster_id, const char *uuid,
			   const char *product, const char *version, struct err *err)
{
	const struct store_bind binds[] = {STORE_INT(cluster_id), STORE_TEXT(uuid),
					   STORE_TEXT(product), STORE_TEXT(version)};
	char *wanted = mem_strdup(uuid);
	int rc = 0;

	if (wanted)
		rc = store_query(store, SQL_CLUSTER_UUID, binds, 1, same_uuid, wanted, err);
	free(wanted);
	return rc ? rc : STORE_UPDATE(store, SQL_SET_CLUSTER_SEEN, binds, err);
}

int store_add_node(struct store *store, const struct store_node *node, int64_t *ret_id,
		   struct err *err)
{
	const struct store_bind binds[] = {STORE_INT(node->cluster_id), STORE_INT(node->ordinal),
					   STORE_TEXT(node->name), STORE_TEXT(node->http_url),
					   STORE_INT(node->master_eligible)};

	return STORE_RUN(store, SQL_ADD_NODE, binds, ret_id, err);
}

int store_set_node_url(struct store *store, int64_t node_id, const char *http_url, struct err *err)
{
	const struct store_bind binds[] = {STORE_INT(node_id), STORE_TEXT(http_url)};

	return STORE_UPDATE(store, SQL_SET_NODE_URL, binds, err);
}

int store_set_node_seen(struct store *store, int64_t node_id, const char *persistent_id,
			const char *roles, const char *version, const char *jvm, struct err *err)
{
	const struct store_bind binds[] = {STORE_INT(node_id), STORE_TEXT(persistent_id),
					   STORE_TEXT(roles), STORE_TEXT(version), STORE_TEXT(jvm)};

	return STORE_UPDATE(store, SQL_SET_NODE_SEEN, binds, err);
}

int store_add_arm(struct store *store, const struct store_arm *arm, int64_t *ret_id,
		  struct err *err)
{
	const struct store_bind binds[] = {
		STORE_INT(arm->study_id),	 STORE_INT(arm->ordinal), STORE_TEXT(arm->cluster),
		STORE_INT(arm->master_eligible), STORE_TEXT(arm->fault),  STORE_TEXT(arm->target),
		STORE_TEXT(arm->factors),
	};

	return STORE_RUN(store, SQL_ADD_ARM, binds, ret_id, err);
}

int store_add_incident(struct store *store, int64_t study_id, int64_t trial_id, const char *kind,
		       int64_t n, const char *detail, int64_t at_ns, struct err *err)
{
	const struct store_bind binds[] = {
		STORE_INT(study_id), STORE_INT_OR_NULL(trial_id, 0),
		STORE_TEXT(kind),    STORE_INT(n),
		STORE_TEXT(detail),  STORE_INT_OR_NULL(at_ns, TRACK_NEVER),
	};

	return STORE_RUN(store, SQL_ADD_INCIDENT, binds, NULL, err);
}

int store_add_effective_setting(struct store *store, int64_t cluster_id, int64_t node_id,
				const char *name, const char *value, const char *source,
				struct err *err)
{
	const struct store_bind binds[] = {STORE_INT(cluster_id), STORE_INT(node_id),
					   STORE_TEXT(name), STORE_TEXT(value), STORE_TEXT(source)};

	return STORE_RUN(store, SQL_ADD_EFFECTIVE_SETTING, binds, NULL, err);
}
