#include "report/output.h"
#include "lib/mem.h"
#include "report/beside.h"
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static bool same_file(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

int output_check(const char *out, const char *recording, const char *wanted, struct err *err)
{
	if (!out)
		return err_set(err, ERR_USAGE, "%s", wanted);
	if (same_file(recording, out))
		return err_set(err, ERR_USAGE, "-o %s is the recording itself", out);
	return 0;
}

int output_write(const char *path, output_fill *fill, void *arg, struct err *err)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? mem_strndup(path, (size_t)(slash - path) + 1) : mem_strdup("./");
	struct beside beside = {0};

	if (!beside_file(path, &beside, err) && !fill(arg, beside.temp, folder, err))
		beside_commit(&beside, true, err);
	beside_done(&beside);
	free(folder);
	return err->code ? err_wrap(err, "cannot write %s", path) : 0;
}
