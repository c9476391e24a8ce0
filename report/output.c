#include "report/output.h"
#include "lib/mem.h"
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* The file's mode as if it had been created by name: mkstemp's is for secrets. */
static void set_usual_mode(const char *temp)
{
	mode_t mask = umask(0);

	umask(mask);
	if (chmod(temp, 0666 & ~mask))
		return; /* a file system without modes */
}

int output_write(const char *path, output_fill *fill, void *arg, struct err *err)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? mem_strndup(path, (size_t)(slash - path) + 1) : mem_strdup("./");
	char *temp = mem_printf("%s.XXXXXX", path);
	int fd = mkstemp(temp);

	if (fd < 0) {
		err_set(err, ERR_ENV, "%s", strerror(errno));
	} else {
		close(fd);
		set_usual_mode(temp);
		fill(arg, temp, folder, err);
		if (!err->code && rename(temp, path))
			err_set(err, ERR_ENV, "%s", strerror(errno));
		if (err->code)
			unlink(temp);
	}
	free(temp);
	free(folder);
	return err->code ? err_wrap(err, "cannot write %s", path) : 0;
}
