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

/* SQLite keeps what is not yet in the recording in files of these names, and believes them. */
static bool is_of_recording(const char *out, const char *recording)
{
	static const char *const suffixes[] = {"-wal", "-shm", "-journal"};
	bool found = false;

	for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
		size_t n = strlen(out), k = strlen(suffixes[i]);
		char *base = n > k && strcmp(out + n - k, suffixes[i]) == 0
				     ? mem_strndup(out, n - k)
				     : NULL;

		found |= base && same_file(recording, base);
		free(base);
	}
	return found;
}

int output_check(const char *out, const char *recording, const char *wanted, struct err *err)
{
	if (!out)
		return err_set(err, ERR_USAGE, "%s", wanted);
	if (strcmp(out, "-") == 0)
		return err_set(err, ERR_USAGE, "-: the name of a file is expected");
	if (is_of_recording(out, recording))
		return err_set(err, ERR_USAGE, "-o %s belongs to the recording", out);
	if (same_file(recording, out))
		return err_set(err, ERR_USAGE, "-o %s is the recording itself", out);
	return 0;
}

int output_write(const char *path, output_fill *fill, void *arg, struct err *err)
{
	struct beside beside = {0};

	if (!beside_file(path, &beside, err)) {
		const char *slash = strrchr(beside.temp, '/');
		char *folder = slash ? mem_strndup(beside.temp, (size_t)(slash - beside.temp) + 1)
				     : mem_strdup("./");

		if (!fill(arg, beside.temp, folder, err))
			beside_commit(&beside, true, err);
		free(folder);
	}
	beside_done(&beside);
	return err->code ? err_wrap(err, "cannot write %s", path) : 0;
}
