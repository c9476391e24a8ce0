/* The Java that a distribution runs on. */
#include "collector/local_files.h"
#include "collector/local_setup.h"
#include "lib/mem.h"
#include "lib/vec.h"
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* newest 0: none known. 24 is the first without the security manager, which these cannot do
 * without. */
struct need {
	enum product product;
	int major;
	int oldest, newest;
};

static const struct need needs[] = {
	{PRODUCT_ELASTICSEARCH, 7, 11, 23}, {PRODUCT_ELASTICSEARCH, 8, 17, 0},
	{PRODUCT_ELASTICSEARCH, 9, 21, 0},  {PRODUCT_OPENSEARCH, 2, 11, 23},
	{PRODUCT_OPENSEARCH, 3, 21, 0},
};

static struct need need_of(const struct local_home *home)
{
	struct need need = needs[0];

	/* a major version newer than the table needs at least what the newest in it does */
	for (size_t i = 0; i < sizeof needs / sizeof needs[0]; i++)
		if (needs[i].product == home->product && needs[i].major <= home->major)
			need = needs[i];
	return need;
}

static bool suits(const struct need *need, int version)
{
	return version >= need->oldest && (need->newest == 0 || version <= need->newest);
}

int java_version(const char *dir)
{
	char *program = mem_printf("%s/bin/java", dir), *file = mem_printf("%s/release", dir);
	char *text = access(program, X_OK) == 0 ? files_read(file, 0, 1 << 16) : NULL;
	char *at = text ? strstr(text, "JAVA_VERSION=\"") : NULL;
	int version = 0, old = 0;

	/* up to 8 it was called 1.8 */
	if (at && sscanf(at, "JAVA_VERSION=\"%d.%d", &version, &old) == 2 && version == 1)
		version = old;
	free(text);
	free(file);
	free(program);
	return version;
}

struct found {
	char *dir;
	int version;
};

struct search {
	struct need need;
	char *chosen;
	VEC(struct found) found;
};

static void look(struct search *search, const char *dir)
{
	char *real = dir && dir[0] ? realpath(dir, NULL) : NULL;
	int version = real ? java_version(real) : 0;
	const struct found *other;

	vec_each (other, &search->found)
		if (version && strcmp(other->dir, real) == 0)
			version = 0;
	if (version)
		vec_push(&search->found, (struct found){mem_strdup(real), version});
	free(real);
}

/* The oldest that suits among all found so far. */
static void choose(struct search *search)
{
	const struct found *found;
	int best = 0;

	if (search->chosen)
		return;
	vec_each (found, &search->found) {
		if (!suits(&search->need, found->version) || (best && found->version >= best))
			continue;
		best = found->version;
		search->chosen = found->dir;
	}
}

static void look_below(struct search *search, const char *root)
{
	DIR *dir = root ? opendir(root) : NULL;
	struct dirent *entry;

	while (dir && (entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		char *path = mem_printf("%s/%s", root, entry->d_name);
		look(search, path);
		free(path);
	}
	if (dir)
		closedir(dir);
}

static void look_in_path(struct search *search, const char *path)
{
	char *copy = mem_strdup(path ? path : ""), *rest = NULL;

	for (char *part = strtok_r(copy, ":", &rest); part; part = strtok_r(NULL, ":", &rest)) {
		char *program = mem_printf("%s/java", part);
		char *real = realpath(program, NULL); /* .../bin/java */
		for (int up = 0; real && up < 2; up++)
			if (strrchr(real, '/'))
				*strrchr(real, '/') = '\0';
		look(search, real);
		free(real);
		free(program);
	}
	free(copy);
}

static void search_all(struct search *search, const struct local_home *home,
		       const struct java_places *places)
{
	char *bundled = mem_printf("%s/jdk", home->dir);

	look(search, places->env);
	choose(search);
	look(search, places->env_java);
	choose(search);
	look(search, bundled);
	choose(search);
	look_below(search, places->jvm_root);
	look_in_path(search, places->path);
	choose(search);
	free(bundled);
}

static int refuse(const struct search *search, const struct local_home *home, struct err *err)
{
	struct str text = STR_INIT;
	const struct found *found;

	str_addf(&text, "%s %s needs Java %d", home_product(home), home->version,
		 search->need.oldest);
	if (search->need.newest)
		str_addf(&text, " to %d; found ", search->need.newest);
	else
		str_add(&text, " or newer; found ");
	vec_each (found, &search->found)
		str_addf(&text, "%s%d in %s", found == search->found.v ? "" : ", ", found->version,
			 found->dir);
	err_set(err, ERR_ENV, "%s%s (set cluster.java or JAVA_HOME)", text.s,
		search->found.n ? "" : "none");
	str_done(&text);
	return err->code;
}

int java_choose(const struct local_home *home, const struct java_places *places, char **ret_dir,
		struct err *err)
{
	struct search search = {.need = need_of(home)};
	struct found *found;

	*ret_dir = NULL;
	if (places->asked) {
		look(&search, places->asked);
		choose(&search);
	} else {
		search_all(&search, home, places);
	}
	if (search.chosen)
		*ret_dir = mem_strdup(search.chosen);
	else if (places->asked && search.found.n == 0)
		err_set(err, ERR_ENV, "cluster.java: %s is no Java folder (bin/java and release)",
			places->asked);
	else
		refuse(&search, home, err);
	vec_each (found, &search.found)
		free(found->dir);
	vec_done(&search.found);
	return err->code;
}
