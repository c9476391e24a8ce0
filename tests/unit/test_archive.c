#include "report/archive.h"
#include "tests/unit/archive_rig.h"
#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- an archive made from a good one ---- */

struct change {
	const char *drop;	 /* this entry is left out */
	const char *rename, *to; /* this one gets another name */
	const char *edit;	 /* this one gets another first byte */
	const char *add;	 /* a new entry, last */
	unsigned add_type;	 /* AE_IFREG, AE_IFLNK */
	int twice;		 /* the first entry again at the end */
};

static void write_entry(struct archive *to, struct archive_entry *entry, const char *content,
			size_t n)
{
	assert_int_equal(archive_write_header(to, entry), ARCHIVE_OK);
	if (n)
		assert_int_equal(archive_write_data(to, content, n), n);
}

static void add_entry(struct archive *to, const char *name, unsigned type)
{
	struct archive_entry *entry = archive_entry_new();

	archive_entry_set_pathname(entry, name);
	archive_entry_set_filetype(entry, type);
	archive_entry_set_perm(entry, 0644);
	archive_entry_set_size(entry, type == AE_IFREG ? 3 : 0);
	if (type == AE_IFLNK)
		archive_entry_set_symlink(entry, "/etc/passwd");
	write_entry(to, entry, "abc", type == AE_IFREG ? 3 : 0);
	archive_entry_free(entry);
}

static int is(const char *name, const char *wanted)
{
	return wanted && strcmp(name, wanted) == 0;
}

static void copy_changed(const struct change *change)
{
	struct archive *from = archive_read_new(), *to = archive_write_new();
	struct archive_entry *entry;
	char *first = NULL;

	archive_read_support_filter_gzip(from);
	archive_read_support_format_tar(from);
	assert_int_equal(archive_read_open_filename(from, good, 65536), ARCHIVE_OK);
	archive_write_add_filter_gzip(to);
	archive_write_set_format_pax_restricted(to);
	assert_int_equal(archive_write_open_filename(to, bad), ARCHIVE_OK);
	while (archive_read_next_header(from, &entry) == ARCHIVE_OK) {
		size_t n = (size_t)archive_entry_size(entry);
		char *content = malloc(n + 1);
		const char *name = archive_entry_pathname(entry);

		assert_int_equal(archive_read_data(from, content, n), n);
		if (!first)
			first = strdup(name);
		if (is(name, change->edit))
			content[0] ^= 1;
		if (!is(name, change->drop)) {
			if (is(name, change->rename))
				archive_entry_set_pathname(entry, change->to);
			write_entry(to, entry, content, n);
		}
		free(content);
	}
	if (change->add)
		add_entry(to, change->add, change->add_type);
	if (change->twice)
		add_entry(to, first, AE_IFREG);
	free(first);
	archive_write_close(to);
	archive_write_free(to);
	archive_read_free(from);
}

/* The problem that is found with the archive; NULL: none. */
static char *find_problem(const char *path)
{
	struct archive_copy copy;
	struct err err = ERR_INIT;
	char *found;

	assert_int_equal(archive_read(path, &copy, &err), 0);
	if (!copy.problem)
		assert_int_equal(archive_compare(&copy, &err), 0);
	assert_int_equal(copy.not_compared.n, 0);
	found = copy.problem ? strdup(copy.problem) : NULL;
	archive_copy_done(&copy);
	return found;
}

static void holds(void **state)
{
	char *found;

	(void)state;
	assert_true(archive_is(good));
	assert_false(archive_is(RECORDED));
	found = find_problem(good);
	assert_null(found);
	free(found);
}

static void says(const struct change *change, const char *wanted)
{
	char *found;

	copy_changed(change);
	found = find_problem(bad);
	assert_non_null(found);
	if (!strstr(found, wanted))
		fail_msg("%s\n    was said instead of: %s", found, wanted);
	free(found);
}

static void changed(void **state)
{
	(void)state;
	says(&(struct change){.edit = TOP "/recording.sqlite"}, "recording.sqlite: its content");
	says(&(struct change){.edit = TOP "/README.txt"}, "README.txt: its content");
	says(&(struct change){.edit = TOP "/SHA256SUMS"}, "SHA256SUMS");
	says(&(struct change){.drop = TOP "/SHA256SUMS"}, "SHA256SUMS is missing");
	says(&(struct change){.drop = TOP "/views/v_trial.csv"}, "names no file");
	says(&(struct change){.drop = TOP "/recording.sqlite"}, "names no file");
	says(&(struct change){.add = TOP "/views/v_more.csv", .add_type = AE_IFREG},
	     "SHA256SUMS does not list views/v_more.csv");
	says(&(struct change){.rename = TOP "/views/v_trial.csv", .to = TOP "/views/v_trail.csv"},
	     "names no file");
	says(&(struct change){.twice = 1}, "twice");
	says(&(struct change){.rename = TOP "/workbook.xlsx", .to = "rejoin-other/workbook.xlsx"},
	     "rejoin-other/workbook.xlsx: is not in the folder rejoin-cbc101d0");
}

/* Nothing is written outside the private folder, and no link is made. */
static void leads_elsewhere(void **state)
{
	static const char *const names[] = {
		"/tmp/test_archive_escaped",
		"../test_archive_escaped",
		TOP "/../../test_archive_escaped",
		TOP "/views/../../../test_archive_escaped",
		TOP "/views/.hidden",
		TOP "/views//v_x.csv",
		TOP "/views/",
		TOP "/other.txt",
		TOP "/views/a\nb.csv",
		TOP "/views/a b.csv",
		"other/recording.sqlite",
		"rejoin-cbc101d0",
	};

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		says(&(struct change){.add = names[i], .add_type = AE_IFREG},
		     "no archive has such an entry");
	says(&(struct change){.add = TOP "/views/v_link.csv", .add_type = AE_IFLNK},
	     "no archive has such an entry");
	assert_int_not_equal(access("/tmp/test_archive_escaped", F_OK), 0);
}

/* Cut off at every 16th of its length, and with single bits changed. */
static void damaged(void **state)
{
	struct stat st;
	char *all;
	FILE *file = fopen(good, "r");

	(void)state;
	assert_int_equal(stat(good, &st), 0);
	all = malloc((size_t)st.st_size);
	assert_int_equal(fread(all, 1, (size_t)st.st_size, file), st.st_size);
	fclose(file);
	for (int i = 0; i < 64; i++) {
		bool cut = i < 16;
		size_t n = cut ? (size_t)st.st_size * (size_t)i / 16 : (size_t)st.st_size;
		size_t at = 10 + (size_t)(st.st_size - 20) * (size_t)i / 64;
		struct archive_copy copy;
		struct err err = ERR_INIT;
		int rc;

		file = fopen(bad, "w");
		if (!cut)
			all[at] ^= (char)(1 << i % 8);
		assert_int_equal(fwrite(all, 1, n, file), n);
		if (!cut)
			all[at] ^= (char)(1 << i % 8);
		fclose(file);
		rc = archive_read(bad, &copy, &err);
		if (rc) {
			assert_int_equal(rc, ERR_ENV);
			assert_non_null(strstr(err.text, "bad.tar.gz"));
		} else {
			assert_non_null(copy.problem);
			archive_copy_done(&copy);
		}
	}
	free(all);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(holds),
		cmocka_unit_test(changed),
		cmocka_unit_test(leads_elsewhere),
		cmocka_unit_test(damaged),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
