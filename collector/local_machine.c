/* Ports, users, memory and disk of this machine. */
#include "collector/local_files.h"
#include "collector/local_setup.h"
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <grp.h>
#include <netinet/in.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define MIB (INT64_C(1) << 20)
#define NODE_OVERHEAD_BYTES (250 * MIB) /* of a JVM beside its heap, launcher included */
#define NODE_DISK_BYTES (100 * MIB)
#define FIRST_PORT 19200
#define LAST_PORT 65535
#define FIRST_UID 52000
#define LAST_UID 64000

bool machine_port_free(int port)
{
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;
	struct sockaddr_in address = {.sin_family = AF_INET,
				      .sin_port = htons((uint16_t)port),
				      .sin_addr = {htonl(INADDR_LOOPBACK)}};

	if (fd < 0)
		return false;
	/* as the nodes do: connections that only wait for their end do not count */
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
	bool is_free =
		bind(fd, (struct sockaddr *)&address, sizeof address) == 0 && listen(fd, 1) == 0;
	close(fd);
	return is_free;
}

static int check_given(int n, int first, const char *key, struct err *err)
{
	if (first + n - 1 > LAST_PORT)
		return err_set(err, ERR_USAGE,
			       "cluster.ports.%s: %d: %d ports from there on end after %d", key,
			       first, n, LAST_PORT);
	for (int port = first; port < first + n; port++)
		if (!machine_port_free(port))
			return err_set(err, ERR_ENV, "port %d is in use (cluster.ports.%s)", port,
				       key);
	return 0;
}

static bool in_pairs(const struct port_pair *ports, int n, int port)
{
	for (int i = 0; i < n; i++)
		if (ports[i].http == port || ports[i].transport == port)
			return true;
	return false;
}

/* Free, in no pair, and not among those that the kernel gives to outgoing connections; 0: none
 * left. */
static int next_free(int *cursor, const struct port_pair *ports, int n)
{
	int lo = 32768, hi = 60999, port;
	char *range = files_read("/proc/sys/net/ipv4/ip_local_port_range", 0, 64);

	if (range)
		sscanf(range, "%d %d", &lo, &hi);
	free(range);
	while (*cursor <= LAST_PORT) {
		port = (*cursor)++;
		if ((port < lo || port > hi) && !in_pairs(ports, n, port) &&
		    machine_port_free(port))
			return port;
	}
	return 0;
}

int machine_ports(int n, int http_first, int transport_first, struct port_pair *ret_ports,
		  struct err *err)
{
	/* two runs that begin at the same moment look at different places */
	int cursor = FIRST_PORT + (int)(getpid() % 600) * 20;

	for (int i = 0; i < n; i++)
		ret_ports[i] = (struct port_pair){http_first ? http_first + i : 0,
						  transport_first ? transport_first + i : 0};
	if (http_first && transport_first && abs(http_first - transport_first) < n)
		return err_set(err, ERR_USAGE,
			       "cluster.ports: http %d and transport %d overlap with %d nodes",
			       http_first, transport_first, n);
	if ((http_first && check_given(n, http_first, "http", err) != 0) ||
	    (transport_first && check_given(n, transport_first, "transport", err) != 0))
		return err->code;
	for (int i = 0; i < n; i++) {
		if (!http_first)
			ret_ports[i].http = next_free(&cursor, ret_ports, n);
		if (!transport_first)
			ret_ports[i].transport = next_free(&cursor, ret_ports, n);
		if (!ret_ports[i].http || !ret_ports[i].transport)
			return err_set(err, ERR_ENV, "no free ports for %d nodes (cluster.ports)",
				       n);
	}
	return 0;
}

static bool process_has_uid(uid_t first, int n)
{
	DIR *dir = opendir("/proc");
	struct dirent *entry;
	struct stat st;
	bool found = false;

	while (dir && !found && (entry = readdir(dir)) != NULL)
		found = fstatat(dirfd(dir), entry->d_name, &st, 0) == 0 && st.st_uid >= first &&
			st.st_uid < first + (uid_t)n;
	if (dir)
		closedir(dir);
	return found;
}

static bool account_has_uid(uid_t first, int n)
{
	for (uid_t uid = first; uid < first + (uid_t)n; uid++)
		if (getpwuid(uid) || getgrgid(uid))
			return true;
	return false;
}

int machine_free_uids(int n, uid_t *ret_first, struct err *err)
{
	uid_t first = FIRST_UID + (uid_t)(getpid() % 600) * 10;

	for (; first + (uid_t)n <= LAST_UID; first += 10) {
		if (account_has_uid(first, n) || process_has_uid(first, n))
			continue;
		*ret_first = first;
		return 0;
	}
	return err_set(err, ERR_ENV, "no %d free user ids between %d and %d for the nodes", n,
		       FIRST_UID, LAST_UID);
}

int machine_check_memory(int n_nodes, int64_t heap_bytes, struct err *err)
{
	char *text = files_read("/proc/meminfo", 0, 1 << 14);
	const char *at = text ? strstr(text, "MemAvailable:") : NULL;
	int64_t need = n_nodes * (heap_bytes + NODE_OVERHEAD_BYTES), kib;

	if (at && sscanf(at, "MemAvailable: %ld", &kib) == 1 && kib * 1024 < need)
		err_set(err, ERR_ENV,
			"%d nodes with %lld MiB of heap need %lld MiB of memory; %lld MiB are free "
			"(cluster.nodes, cluster.heap)",
			n_nodes, (long long)(heap_bytes / MIB), (long long)(need / MIB),
			(long long)(kib / 1024));
	free(text);
	return err->code;
}

int machine_check_disk(const char *dir, int n_nodes, struct err *err)
{
	struct statvfs fs;
	int64_t need = n_nodes * NODE_DISK_BYTES, have;

	if (statvfs(dir, &fs) != 0)
		return err_set(err, ERR_ENV, "cannot use %s: %s", dir, strerror(errno));
	have = (int64_t)fs.f_bavail * (int64_t)fs.f_frsize;
	if (have < need)
		return err_set(err, ERR_ENV,
			       "%d nodes need %lld MiB of disk; %lld MiB are free in %s", n_nodes,
			       (long long)(need / MIB), (long long)(have / MIB), dir);
	return 0;
}
