#include "collector/host.h"
#include "collector/json_compact.h"
#include "lib/http.h"
#include "lib/mem.h"
#include "lib/str.h"
#include "schema/store.h"
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timex.h>
#include <sys/utsname.h>
#include <unistd.h>
#include <yaml.h>

/* net.ipv4.tcp_retries2 bounds how long a silent peer goes unnoticed; the rest tell how the host
 * schedules, swaps and hands out ports. */
static const char *const sysctls[] = {
	"net/ipv4/tcp_retries2",
	"net/ipv4/tcp_syn_retries",
	"net/ipv4/tcp_keepalive_time",
	"net/ipv4/ip_local_port_range",
	"vm/swappiness",
	"vm/max_map_count",
	"kernel/sched_rt_runtime_us",
	"fs/file-max",
};

/* The first line of a small file, NULL if it cannot be read. */
static char *read_line(const char *path)
{
	char line[512];
	FILE *f = fopen(path, "re");
	if (!f)
		return NULL;
	char *got = fgets(line, sizeof line, f);
	fclose(f);
	if (!got)
		return NULL;
	line[strcspn(line, "\n")] = '\0';
	return mem_strdup(line);
}

static char *read_sysctls(void)
{
	json_t *object = json_object();
	for (size_t i = 0; i < sizeof sysctls / sizeof *sysctls; i++) {
		char path[128], name[128];
		snprintf(path, sizeof path, "/proc/sys/%s", sysctls[i]);
		snprintf(name, sizeof name, "%s", sysctls[i]);
		for (char *p = name; *p; p++)
			if (*p == '/')
				*p = '.';
		char *value = read_line(path);
		if (value)
			json_object_set_new(object, name, json_string(value));
		free(value);
	}
	return json_compact(object);
}

static char *read_libraries(void)
{
	json_t *object = json_object();
	json_object_set_new(object, "libcurl", json_string(http_library_version()));
	json_object_set_new(object, "sqlite", json_string(store_library_version()));
	json_object_set_new(object, "jansson", json_string(jansson_version_str()));
	json_object_set_new(object, "libyaml", json_string(yaml_get_version_string()));
	return json_compact(object);
}

static char *read_cpu(void)
{
	char line[512];
	char *model = NULL;
	FILE *f = fopen("/proc/cpuinfo", "re");
	while (f && !model && fgets(line, sizeof line, f)) {
		char *colon = strchr(line, ':');
		line[strcspn(line, "\n")] = '\0';
		if (colon && str_starts(line, "model name"))
			model = mem_strdup(colon + 2);
	}
	if (f)
		fclose(f);
	return model ? model : mem_strdup("unknown");
}

struct store_sync host_sync(void)
{
	struct timex tx = {0};
	int state = adjtimex(&tx);
	if (state < 0)
		return (struct store_sync){-1, -1, -1};
	return (struct store_sync){.synchronised = state != TIME_ERROR,
				   .est_error_ns = (int64_t)tx.esterror * NS_PER_US,
				   .max_error_ns = (int64_t)tx.maxerror * NS_PER_US};
}

char *host_account(void)
{
	const struct passwd *account = getpwuid(getuid());
	return account ? mem_strdup(account->pw_name) : mem_printf("uid %ld", (long)getuid());
}

void host_read(struct host *host)
{
	struct utsname u;
	char name[256] = "unknown";
	gethostname(name, sizeof name - 1);
	uname(&u);
	host->name = mem_strdup(name);
	host->kernel = mem_printf("%s %s %s %s", u.sysname, u.release, u.version, u.machine);
	host->cpu = read_cpu();
	host->clock_source =
		read_line("/sys/devices/system/clocksource/clocksource0/current_clocksource");
	host->n_cpu = sysconf(_SC_NPROCESSORS_ONLN);
	host->memory_bytes = sysconf(_SC_PHYS_PAGES) * sysconf(_SC_PAGESIZE);
	host->sysctls = read_sysctls();
	host->libraries = read_libraries();
}

void host_done(struct host *host)
{
	free(host->name);
	free(host->kernel);
	free(host->cpu);
	free(host->clock_source);
	free(host->sysctls);
	free(host->libraries);
}
