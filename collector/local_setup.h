/* local_setup: what the local driver needs before a node can start: the distribution, a Java,
 * ports, users, memory, and the texts of the nodes' configuration. Each check that fails is one
 * line. */
#ifndef REJOIN_COLLECTOR_LOCAL_SETUP_H
#define REJOIN_COLLECTOR_LOCAL_SETUP_H

#include "collector/plan.h"
#include "lib/err.h"
#include "lib/str.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum product { PRODUCT_ELASTICSEARCH, PRODUCT_OPENSEARCH };

/* An unpacked distribution (local_home.c). */
struct local_home {
	enum product product;
	char *dir;     /* absolute */
	char *version; /* "8.19.0" */
	int major, minor;
};

int home_open(const char *dir, struct local_home *ret_home, struct err *err);
void home_done(struct local_home *home);
const char *home_product(const struct local_home *home); /* "Elasticsearch" */
const char *home_program(const struct local_home *home); /* "elasticsearch": bin/ and settings */
const char *home_env(const struct local_home *home);	 /* "ES": prefix of its variables */
const char *home_master(const struct local_home *home);	 /* "master": its word for the role */
bool home_has(const struct local_home *home, const char *path); /* "modules/x-pack-ml" */

/* Where to look for a Java (local_java.c); any may be NULL. */
struct java_places {
	const char *asked;    /* the plan's: nothing else is looked at */
	const char *env;      /* $ES_JAVA_HOME or $OPENSEARCH_JAVA_HOME */
	const char *env_java; /* $JAVA_HOME */
	const char *jvm_root; /* "/usr/lib/jvm": a folder of them */
	const char *path;     /* $PATH */
};

/* 17 for a JVM folder with JAVA_VERSION="17.0.15" in its release file and a bin/java; else 0. */
int java_version(const char *dir);
/* The folder of the Java to use: asked, then the environment's, then the distribution's own, then
 * the oldest of those installed that is new enough (the one most tested with it). One that does not
 * suit is passed over, unless it was asked for. */
int java_choose(const struct local_home *home, const struct java_places *places, char **ret_dir,
		struct err *err);

/* The machine (local_machine.c). */
struct port_pair {
	int http, transport;
};

bool machine_port_free(int port);
/* n pairs: those that the plan gives, else free ones outside the range that the kernel hands out
 * for outgoing connections (a node that is down must find its port free again). */
int machine_ports(int n, int http_first, int transport_first, struct port_pair *ret_ports,
		  struct err *err);
/* First of n consecutive user ids that no account and no process has. */
int machine_free_uids(int n, uid_t *ret_first, struct err *err);
int machine_check_memory(int n_nodes, int64_t heap_bytes, struct err *err);
int machine_check_disk(const char *dir, int n_nodes, struct err *err);

/* The nodes' configuration (local_config.c). */
struct config_node {
	const struct local_home *home;
	const char *cluster_name, *node_name;
	const char *dir; /* of the node */
	bool master_eligible;
	struct port_pair ports;
	const struct port_pair *all_ports; /* of the n_nodes nodes */
	int n_nodes;
	int n_initial_masters; /* n1..: at first boot, else 0 */
	const struct plan_setting *settings;
	size_t n_settings;
};

/* ERR_USAGE for a setting that only the driver can choose, such as node.name. */
int config_check_settings(const struct plan_setting *settings, size_t n_settings, struct err *err);
void config_yml(const struct config_node *node, struct str *ret_text);
/* default_text: the distribution's jvm.options. */
void config_jvm_options(const char *default_text, const char *node_dir, int64_t heap_bytes,
			struct str *ret_text);

#endif
