/* The distribution: what it is and which version. */
#include "collector/local_files.h"
#include "collector/local_setup.h"
#include "lib/mem.h"
#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
	const char *product, *program, *env, *master;
	int major, minor; /* oldest that is driven */
} facts[] = {
	[PRODUCT_ELASTICSEARCH] = {"Elasticsearch", "elasticsearch", "ES", "master", 7, 17},
	[PRODUCT_OPENSEARCH] = {"OpenSearch", "opensearch", "OPENSEARCH", "cluster_manager", 2, 0},
};

const char *home_product(const struct local_home *home)
{
	return facts[home->product].product;
}

const char *home_program(const struct local_home *home)
{
	return facts[home->product].program;
}

const char *home_env(const struct local_home *home)
{
	return facts[home->product].env;
}

const char *home_master(const struct local_home *home)
{
	return facts[home->product].master;
}

bool home_has(const struct local_home *home, const char *path)
{
	char *whole = mem_printf("%s/%s", home->dir, path);
	bool has = access(whole, F_OK) == 0;

	free(whole);
	return has;
}

/* "8.19.0" out of "elasticsearch-8.19.0.jar"; NULL for "elasticsearch-core-8.19.0.jar". */
static char *version_in_name(const char *name, const char *program)
{
	size_t n = strlen(program), length = strlen(name);

	if (length < n + 6 || strncmp(name, program, n) != 0 || name[n] != '-' ||
	    !isdigit((unsigned char)name[n + 1]) || strcmp(name + length - 4, ".jar") != 0)
		return NULL;
	return mem_strndup(name + n + 1, length - n - 5);
}

static char *find_version(const struct local_home *home)
{
	char *lib = mem_printf("%s/lib", home->dir);
	char *script = mem_printf("bin/%s", home_program(home));
	DIR *dir = home_has(home, script) ? opendir(lib) : NULL;
	struct dirent *entry;
	char *version = NULL;

	while (dir && version == NULL && (entry = readdir(dir)) != NULL)
		version = version_in_name(entry->d_name, home_program(home));
	if (dir)
		closedir(dir);
	free(script);
	free(lib);
	return version;
}

static int check_version(struct local_home *home, struct err *err)
{
	int major = facts[home->product].major, minor = facts[home->product].minor;

	if (sscanf(home->version, "%d.%d", &home->major, &home->minor) != 2)
		return err_set(err, ERR_ENV, "%s: version %s is not understood", home->dir,
			       home->version);
	if (home->major < major || (home->major == major && home->minor < minor))
		return err_set(err, ERR_ENV, "%s: %s %s is too old; %d.%d or newer is needed",
			       home->dir, home_product(home), home->version, major, minor);
	return 0;
}

int home_open(const char *dir, struct local_home *ret_home, struct err *err)
{
	*ret_home = (struct local_home){.dir = realpath(dir, NULL)};

	for (int p = PRODUCT_ELASTICSEARCH; ret_home->dir && p <= PRODUCT_OPENSEARCH; p++) {
		ret_home->product = (enum product)p;
		ret_home->version = find_version(ret_home);
		if (ret_home->version)
			break;
	}
	if (ret_home->version == NULL)
		err_set(err, ERR_ENV,
			"%s is no unpacked Elasticsearch or OpenSearch; run 'make dist' or point "
			"cluster.home at one",
			dir);
	else
		check_version(ret_home, err);
	if (err->code)
		home_done(ret_home);
	return err->code;
}

void home_done(struct local_home *home)
{
	free(home->dir);
	free(home->version);
	*home = (struct local_home){0};
}
