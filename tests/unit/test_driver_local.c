/* The parts of the local driver that need no server. */
#include "collector/driver_local.h"
#include "lib/mem.h"
#include "tests/unit/unit.h"
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static char base[64]; /* of the test at hand */

static int set_up(void **state)
{
	(void)state;
	snprintf(base, sizeof base, "/tmp/rejoin-unit-XXXXXX");
	return mkdtemp(base) && chmod(base, 0755) == 0 ? 0 : -1;
}

static int tear_down(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	return files_remove_tree(base, NULL, &err);
}

static char *make_dir(const char *name)
{
	static char path[256];
	struct err err = ERR_INIT;

	snprintf(path, sizeof path, "%s", base);
	for (const char *at = name; at; at = strchr(at + 1, '/')) {
		const char *end = strchr(at + 1, '/');
		snprintf(path, sizeof path, "%s/%.*s", base,
			 (int)(end ? end - name : (long)strlen(name)), name);
		assert_int_equal(files_mkdir(path, (struct files_owner){getuid(), getgid()}, &err),
				 0);
	}
	return path;
}

static void make_file(const char *name, const char *text, mode_t mode)
{
	struct err err = ERR_INIT;
	char *path = mem_printf("%s/%s", base, name);

	assert_int_equal(files_write(path, text, (struct files_owner){getuid(), getgid()}, &err),
			 0);
	assert_int_equal(chmod(path, mode), 0);
	free(path);
}

static void make_home(const char *program, const char *version)
{
	char *script = mem_printf("home/bin/%s", program);
	char *jar = mem_printf("home/lib/%s-%s.jar", program, version);
	char *other = mem_printf("home/lib/%s-core-%s.jar", program, version);

	make_dir("home/bin");
	make_dir("home/lib");
	make_file(script, "#!/bin/sh\n", 0755);
	make_file(other, "", 0644);
	make_file(jar, "", 0644);
	free(other);
	free(jar);
	free(script);
}

static struct local_home open_home(const char *program, const char *version)
{
	struct local_home home;
	struct err err = ERR_INIT;
	char *dir = mem_printf("%s/home", base);

	make_home(program, version);
	assert_int_equal(home_open(dir, &home, &err), 0);
	free(dir);
	return home;
}

static void make_java(const char *name, const char *version)
{
	char *bin = mem_printf("jvm/%s/bin", name), *java = mem_printf("jvm/%s/bin/java", name);
	char *release = mem_printf("jvm/%s/release", name);
	char *text = mem_printf("IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"%s\"\n", version);

	make_dir(bin);
	make_file(java, "", 0755);
	make_file(release, text, 0644);
	free(text);
	free(release);
	free(java);
	free(bin);
}

static void home_product_and_version(void **state)
{
	struct local_home home = open_home("opensearch", "2.19.1");

	(void)state;
	assert_int_equal(home.product, PRODUCT_OPENSEARCH);
	assert_string_equal(home.version, "2.19.1");
	assert_int_equal(home.major, 2);
	assert_int_equal(home.minor, 19);
	home_done(&home);
}

static void home_refused(void **state)
{
	struct local_home home;
	struct err none = ERR_INIT, old = ERR_INIT;
	char *dir = mem_printf("%s/home", base);

	(void)state;
	assert_int_equal(home_open(base, &home, &none), ERR_ENV);
	assert_non_null(strstr(none.text, "run 'make dist' or point cluster.home"));
	make_home("elasticsearch", "6.8.23");
	assert_int_equal(home_open(dir, &home, &old), ERR_ENV);
	assert_non_null(strstr(old.text, "Elasticsearch 6.8.23 is too old; 7.17 or newer"));
	free(dir);
}

static void java_oldest_that_suits(void **state)
{
	struct local_home home = open_home("elasticsearch", "8.19.0");
	char *root = mem_printf("%s/jvm", base), *eight = mem_printf("%s/jvm/a8", base);
	struct java_places places = {.jvm_root = root, .env_java = eight};
	struct err err = ERR_INIT;
	char *dir;

	(void)state;
	make_java("a8", "1.8.0_412");
	make_java("b25", "25.0.3");
	make_java("c17", "17.0.15");
	make_java("d21", "21");
	assert_int_equal(java_version(eight), 8);
	assert_int_equal(java_choose(&home, &places, &dir, &err), 0);
	assert_string_equal(strrchr(dir, '/'), "/c17");
	free(dir);
	/* the environment's goes before an older one */
	free(eight);
	places.env_java = eight = mem_printf("%s/jvm/b25", base);
	assert_int_equal(java_choose(&home, &places, &dir, &err), 0);
	assert_string_equal(strrchr(dir, '/'), "/b25");
	free(dir);
	free(eight);
	free(root);
	home_done(&home);
}

static void java_missing(void **state)
{
	struct local_home home = open_home("elasticsearch", "9.2.0");
	char *root = mem_printf("%s/jvm", base), *asked = mem_printf("%s/jvm/c17", base), *dir;
	struct java_places places = {.jvm_root = root};
	struct err old = ERR_INIT, none = ERR_INIT, wrong = ERR_INIT;

	(void)state;
	assert_int_equal(java_choose(&home, &places, &dir, &none), ERR_ENV);
	assert_string_equal(none.text, "Elasticsearch 9.2.0 needs Java 21 or newer; found none "
				       "(set cluster.java or JAVA_HOME)");
	make_java("c17", "17.0.15");
	places.asked = asked;
	assert_int_equal(java_choose(&home, &places, &dir, &old), ERR_ENV);
	assert_non_null(strstr(old.text, "needs Java 21 or newer; found 17 in "));
	places.asked = base;
	assert_int_equal(java_choose(&home, &places, &dir, &wrong), ERR_ENV);
	assert_non_null(strstr(wrong.text, "is no Java folder"));
	free(asked);
	free(root);
	home_done(&home);
}

static void ports_free_and_apart(void **state)
{
	struct port_pair pairs[LOCAL_MAX_NODES];
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(machine_ports(LOCAL_MAX_NODES, 0, 0, pairs, &err), 0);
	for (int i = 0; i < LOCAL_MAX_NODES; i++) {
		assert_true(pairs[i].http >= 19200 && pairs[i].transport > pairs[i].http);
		assert_true(i == 0 || pairs[i].http > pairs[i - 1].transport);
		assert_true(machine_port_free(pairs[i].http));
	}
}

static void port_in_use(void **state)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
	socklen_t size = sizeof at;
	struct port_pair pairs[1];
	struct err err = ERR_INIT, overlap = ERR_INIT;
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	char want[64];

	(void)state;
	assert_int_equal(bind(fd, (struct sockaddr *)&at, size) | listen(fd, 1), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &size), 0);
	snprintf(want, sizeof want, "port %d is in use (cluster.ports.http)", ntohs(at.sin_port));
	assert_int_equal(machine_ports(1, ntohs(at.sin_port), 0, pairs, &err), ERR_ENV);
	assert_string_equal(err.text, want);
	close(fd);
	assert_int_equal(machine_ports(1, 9200, 9200, pairs, &overlap), ERR_USAGE);
}

static void memory_that_is_not_there(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(machine_check_memory(9, INT64_C(1) << 40, &err), ERR_ENV);
	assert_non_null(strstr(err.text, "9 nodes with 1048576 MiB of heap need"));
}

static struct config_node example(const struct local_home *home, const struct port_pair *ports)
{
	return (struct config_node){.home = home,
				    .cluster_name = "rejoin-x",
				    .node_name = "n1",
				    .dir = "/w/n1",
				    .master_eligible = true,
				    .ports = ports[0],
				    .all_ports = ports,
				    .n_nodes = 2,
				    .n_initial_masters = 2};
}

static void config_first_boot_and_later(void **state)
{
	struct port_pair ports[] = {{19200, 19201}, {19202, 19203}};
	struct local_home home = open_home("elasticsearch", "8.19.0");
	struct config_node node = example(&home, ports);
	struct str first = STR_INIT, later = STR_INIT;

	(void)state;
	config_yml(&node, &first);
	assert_non_null(strstr(first.s, "node.roles: [master, data]\n"));
	assert_non_null(strstr(first.s, "cluster.initial_master_nodes: [n1, n2]\n"));
	assert_non_null(strstr(first.s, "[\"127.0.0.1:19201\", \"127.0.0.1:19203\"]\n"));
	assert_non_null(strstr(first.s, "\"path.data\": \"/w/n1/data\"\n"));
	assert_null(strstr(first.s, "xpack")); /* a distribution without it would not start */
	node.n_initial_masters = 0;
	node.master_eligible = false;
	config_yml(&node, &later);
	assert_null(strstr(later.s, "initial_master_nodes"));
	assert_non_null(strstr(later.s, "node.roles: [data]\n"));
	str_done(&first);
	str_done(&later);
	home_done(&home);
}

static void config_of_opensearch_and_plan(void **state)
{
	char key[] = "discovery.initial_state_timeout", value[] = "5s\n\"x\\";
	struct plan_setting settings[] = {{key, value}};
	struct port_pair ports[] = {{19200, 19201}, {19202, 19203}};
	struct local_home home = open_home("opensearch", "2.19.1");
	struct config_node node = example(&home, ports);
	struct str text = STR_INIT;

	(void)state;
	node.settings = settings;
	node.n_settings = 1;
	config_yml(&node, &text);
	assert_non_null(strstr(text.s, "node.roles: [cluster_manager, data]\n"));
	assert_non_null(strstr(text.s, "cluster.initial_cluster_manager_nodes: [n1, n2]\n"));
	assert_non_null(
		strstr(text.s, "\"discovery.initial_state_timeout\": \"5s\\x0A\\\"x\\\\\"\n"));
	assert_null(strstr(text.s, "\"0s\"")); /* the plan's instead of ours, not beside it */
	str_done(&text);
	home_done(&home);
}

static void config_owned_settings(void **state)
{
	char key[] = "node.name", value[] = "x";
	struct plan_setting settings[] = {{key, value}};
	struct err err = ERR_INIT;

	(void)state;
	assert_int_equal(config_check_settings(settings, 1, &err), ERR_USAGE);
	assert_string_equal(err.text,
			    "cluster.settings.node.name: the local driver sets it itself");
}

static void jvm_options_replaced(void **state)
{
	struct str text = STR_INIT;

	(void)state;
	config_jvm_options("# c\n-XX:+UseG1GC\n8-13:-XX:+UseConcMarkSweepGC\n"
			   "-Djava.io.tmpdir=${ES_TMPDIR}\n-Xlog:gc*:file=logs/gc.log\n"
			   "-XX:HeapDumpPath=data",
			   "/w/n1", INT64_C(256) << 20, &text);
	assert_string_equal(text.s, "-Djava.io.tmpdir=${ES_TMPDIR}\n-Xms262144k\n-Xmx262144k\n"
				    "-XX:+UseSerialGC\n-XX:TieredStopAtLevel=1\n"
				    "-Duser.timezone=UTC\n-XX:-UsePerfData\n"
				    "-XX:ErrorFile=/w/n1/logs/hs_err_pid%p.log\n");
	str_done(&text);
}

static void explain_prefers_trouble(void **state)
{
	struct str text = STR_INIT;

	(void)state;
	explain_lines("[INFO ] a\n[ERROR] b\n\tat x.y\n[INFO ] c\njava.io.IOException: d\n", 15,
		      &text);
	assert_string_equal(text.s, "  [ERROR] b\n  java.io.IOException: d\n");
	str_clear(&text);
	explain_lines("a\nb\nc\n", 2, &text);
	assert_string_equal(text.s, "  b\n  c\n");
	str_done(&text);
}

static void copy_is_readable_by_all(void **state)
{
	char *from = mem_printf("%s/from", base), *to = mem_printf("%s/to", base);
	char *link = mem_printf("%s/from/link", base), *file = mem_printf("%s/to/closed", base);
	char *program = mem_printf("%s/to/bin/run", base);
	struct err err = ERR_INIT;
	struct stat st;

	(void)state;
	make_dir("from/bin");
	make_file("from/closed", "secret", 0600);
	make_file("from/bin/run", "x", 0700);
	assert_int_equal(symlink("closed", link), 0);
	assert_false(files_tree_readable(from));
	assert_int_equal(files_copy_tree(from, to, &err), 0);
	assert_true(files_tree_readable(to));
	assert_int_equal(stat(program, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0755);
	char *text = files_read(file, 0, 100);
	assert_string_equal(text, "secret");
	free(text);
	free(program);
	free(file);
	free(link);
	free(to);
	free(from);
}

static void remove_follows_no_link(void **state)
{
	char *run = mem_printf("%s/run", base), *link = mem_printf("%s/run/out", base);
	char *kept = mem_printf("%s/kept", base);
	struct err err = ERR_INIT;

	(void)state;
	make_dir("run/deep/er");
	make_dir("kept");
	make_file("kept/file", "", 0644);
	assert_int_equal(symlink(kept, link), 0);
	assert_int_equal(files_remove_tree(run, NULL, &err), 0);
	assert_int_equal(access(run, F_OK), -1);
	assert_false(files_size(kept) > 0);
	assert_int_equal(access(kept, F_OK), 0);
	assert_int_equal(files_remove_tree(run, NULL, &err), 0);
	free(kept);
	free(link);
	free(run);
}

static void sweep_only_what_is_ours(void **state)
{
	struct loop *loop = NULL;
	struct err err = ERR_INIT, unmarked = ERR_INIT, unnamed = ERR_INIT;
	char *ours = mem_printf("%s/rejoin-a", base), *other = mem_printf("%s/rejoin-b", base);
	char *stranger = mem_printf("%s/x", base);
	int n = -1;

	(void)state;
	assert_int_equal(loop_open(&loop, &err), 0);
	make_dir("rejoin-a/3-masters/n1");
	make_file("rejoin-a/" LOCAL_MARKER, "", 0644);
	make_dir("rejoin-b/files");
	make_dir("x");
	make_file("x/" LOCAL_MARKER, "", 0644);
	assert_int_equal(run_sweep(loop, ours, &n, &err), 0);
	assert_int_equal(n, 0);
	assert_int_equal(access(ours, F_OK), -1);
	assert_int_equal(run_sweep(loop, ours, &n, &err), 0);
	assert_int_equal(run_sweep(loop, other, &n, &unmarked), ERR_ENV);
	assert_int_equal(access(other, F_OK), 0);
	assert_int_equal(run_sweep(loop, stranger, &n, &unnamed), ERR_ENV);
	assert_int_equal(access(stranger, F_OK), 0);
	free(stranger);
	free(other);
	free(ours);
	loop_close(loop);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(home_product_and_version),	     TEST(home_refused),
		TEST(java_oldest_that_suits),	     TEST(java_missing),
		TEST(ports_free_and_apart),	     TEST(port_in_use),
		TEST(memory_that_is_not_there),	     TEST(config_first_boot_and_later),
		TEST(config_of_opensearch_and_plan), TEST(config_owned_settings),
		TEST(jvm_options_replaced),	     TEST(explain_prefers_trouble),
		TEST(copy_is_readable_by_all),	     TEST(remove_follows_no_link),
		TEST(sweep_only_what_is_ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
