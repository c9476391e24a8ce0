/* Archives of which somebody changed a file and made SHA256SUMS again. */
#include "lib/hash.h"
#include "report/archive.h"
#include "tests/unit/archive_rig.h"
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct forgery {
	const char *edit; /* gets one more byte */
	const char *drop;
	const char *made_by, *made_with; /* that the manifest claims */
	const char *study_key;		 /* of its first study, other than it was */
	const char *unlist;		 /* a file that it does not list any more */
	const char *top;		 /* folder; NULL: the right one */
};

static char *in_folder(const struct archive_copy *copy, const char *name)
{
	return mem_printf("%s/%s", copy->scratch.temp, name);
}

/* The manifest says key, and what the file edited is now. */
static void claim(const struct archive_copy *copy, const char *key, const char *value,
		  const char *edited)
{
	char *path = in_folder(copy, "manifest.json"), *at = in_folder(copy, edited ? edited : "");
	json_t *root = json_load_file(path, 0, NULL), *file;
	char hex[HASH_HEX_SIZE];
	struct err err = ERR_INIT;
	int64_t size;
	size_t i;

	assert_non_null(json_object_get(root, key));
	json_object_set_new(root, key, json_string(value));
	json_array_foreach(json_object_get(root, "files"), i, file)
	{
		if (!edited ||
		    strcmp(json_string_value(json_object_get(file, "path")), edited) != 0)
			continue;
		assert_int_equal(hash_file_hex(at, hex, &size, &err), 0);
		json_object_set_new(file, "bytes", json_integer(size));
		json_object_set_new(file, "sha256", json_string(hex));
	}
	assert_int_equal(json_dump_file(root, path, JSON_INDENT(1)), 0);
	json_decref(root);
	free(path);
	free(at);
}

/* The manifest says something else of its studies or files. */
static void misstate(const struct archive_copy *copy, const struct forgery *forgery)
{
	char *path = in_folder(copy, "manifest.json");
	json_t *root = json_load_file(path, 0, NULL), *file;
	json_t *files = json_object_get(root, "files");
	json_t *study = json_array_get(json_object_get(root, "studies"), 0);
	size_t i;

	if (forgery->study_key) {
		assert_non_null(json_object_get(study, forgery->study_key));
		json_object_set_new(study, forgery->study_key, json_string("forged"));
	}
	json_array_foreach(files, i, file)
	{
		if (forgery->unlist && strcmp(json_string_value(json_object_get(file, "path")),
					      forgery->unlist) == 0) {
			json_array_remove(files, i);
			break;
		}
	}
	assert_int_equal(json_dump_file(root, path, JSON_INDENT(1)), 0);
	json_decref(root);
	free(path);
}

static void change_files(const struct archive_copy *copy, const struct forgery *forgery)
{
	if (forgery->edit) {
		char *path = in_folder(copy, forgery->edit);
		FILE *file = fopen(path, "a");

		assert_non_null(file);
		fputc(' ', file);
		fclose(file);
		free(path);
	}
	if (forgery->drop) {
		char *path = in_folder(copy, forgery->drop);

		assert_int_equal(unlink(path), 0);
		free(path);
	}
	if (forgery->made_by)
		claim(copy, "made_by", forgery->made_by, forgery->edit);
	if (forgery->made_with)
		claim(copy, "made_with", forgery->made_with, forgery->edit);
	if (forgery->study_key || forgery->unlist)
		misstate(copy, forgery);
}

static void sum_again(const struct archive_copy *copy)
{
	struct archive_files files;
	struct err err = ERR_INIT;
	struct str sums = STR_INIT;
	char *path = in_folder(copy, "SHA256SUMS");

	unlink(path);
	assert_int_equal(archive_files_list(copy->scratch.temp, &files, &err), 0);
	archive_sums(&files, &sums);
	assert_int_equal(archive_put(copy->scratch.temp, "SHA256SUMS", sums.s, sums.n, &err), 0);
	archive_files_done(&files);
	str_done(&sums);
	free(path);
}

static void forge(const struct forgery *forgery, struct archive_copy *ret_copy)
{
	struct archive_copy copy;
	struct err err = ERR_INIT;
	FILE *file;

	assert_int_equal(archive_read(good, &copy, &err), 0);
	change_files(&copy, forgery);
	sum_again(&copy);
	file = fopen(bad, "w");
	fclose(file);
	assert_int_equal(
		archive_tar(copy.scratch.temp, forgery->top ? forgery->top : TOP, 0, bad, &err), 0);
	archive_copy_done(&copy);

	assert_int_equal(archive_read(bad, ret_copy, &err), 0);
	assert_null(ret_copy->problem);
	assert_int_equal(archive_compare(ret_copy, &err), 0);
}

static void found(const struct forgery *forgery, const char *wanted)
{
	struct archive_copy copy;

	forge(forgery, &copy);
	assert_non_null(copy.problem);
	assert_string_equal(copy.problem, wanted);
	archive_copy_done(&copy);
}

static void forged(void **state)
{
	static const char *const files[] = {"views/v_metric.csv", "page.html",
					    "workbook.xlsx",	  "README.txt",
					    "manifest.json",	  "views/datapackage.json"};

	(void)state;
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		char *edited = mem_printf("%s: is not what the recording says", files[i]);
		char *gone = mem_printf("%s: is missing", files[i]);

		found(&(struct forgery){.edit = files[i]}, edited);
		if (i % 2)
			found(&(struct forgery){.drop = files[i]}, gone);
		free(edited);
		free(gone);
	}
	found(&(struct forgery){.top = "rejoin-other"},
	      "its folder is rejoin-other, that of the recording rejoin-cbc101d0");
}

/* not_compared NULL: all is */
static void not_compared(const struct forgery *forgery, const char *names)
{
	struct archive_copy copy;

	forge(forgery, &copy);
	if (copy.problem)
		fail_msg("%s", copy.problem);
	if (names)
		assert_string_equal(copy.not_compared.s, names);
	else
		assert_int_equal(copy.not_compared.n, 0);
	archive_copy_done(&copy);
}

/* Another version may make other files, and is believed in nothing: what differs was not compared.
 */
static void another_version(void **state)
{
	static const char other[] = "rejoin-report 0.0";

	(void)state;
	not_compared(&(struct forgery){0}, NULL);
	not_compared(&(struct forgery){.made_by = other}, "manifest.json");
	not_compared(&(struct forgery){.made_by = other, .edit = "views/v_metric.csv"},
		     "manifest.json, views/v_metric.csv");
	not_compared(&(struct forgery){.made_by = other, .edit = "workbook.xlsx"},
		     "manifest.json, workbook.xlsx");
	not_compared(
		&(struct forgery){.made_by = other, .drop = "page.html", .unlist = "page.html"},
		"manifest.json, page.html");
	found(&(struct forgery){.made_by = other,
				.edit = "plans/cbc101d0-3dd7-4eef-8a80-e445139e7eff.yml"},
	      "plans/cbc101d0-3dd7-4eef-8a80-e445139e7eff.yml: is not what the recording says");
	found(&(struct forgery){.drop = "manifest.json"}, "manifest.json: is missing");
	found(&(struct forgery){.made_by = "another program"},
	      "manifest.json: does not say which rejoin-report made it");
}

/* What a manifest says of studies and files depends on no version. */
static void manifest_of_another_version(void **state)
{
	static const char other[] = "rejoin-report 0.0";
	static const char *const keys[] = {"uuid", "name", "trials", "seal_head", "sign_offs"};

	(void)state;
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		found(&(struct forgery){.made_by = other, .study_key = keys[i]},
		      "manifest.json: its studies are not those of the recording");
	found(&(struct forgery){.made_by = other, .unlist = "page.html"},
	      "manifest.json: does not list every file");
	found(&(struct forgery){.made_by = other, .drop = "README.txt"},
	      "manifest.json: file 1 of its list is not there");
}

/* The workbook's bytes are those of a library too. */
static void another_library(void **state)
{
	(void)state;
	not_compared(&(struct forgery){.made_with = "libxlsxwriter 9.9"}, NULL);
	not_compared(&(struct forgery){.made_with = "libxlsxwriter 9.9", .edit = "workbook.xlsx"},
		     "workbook.xlsx");
	found(&(struct forgery){.made_with = "libxlsxwriter 9.9", .edit = "page.html"},
	      "manifest.json: is not what the recording says");
	found(&(struct forgery){.made_with = "libxlsxwriter 9.9", .drop = "workbook.xlsx"},
	      "workbook.xlsx: is missing");
}

/* ---- SHA256SUMS itself ---- */

static void sums_say(const char *text, const char *wanted)
{
	struct archive_copy copy;
	struct err err = ERR_INIT;
	char *path;
	FILE *file;

	assert_int_equal(archive_read(good, &copy, &err), 0);
	path = in_folder(&copy, "SHA256SUMS");
	file = fopen(path, "w");
	fputs(text, file);
	fclose(file);
	file = fopen(bad, "w");
	fclose(file);
	assert_int_equal(archive_tar(copy.scratch.temp, TOP, 0, bad, &err), 0);
	archive_copy_done(&copy);
	free(path);
	assert_int_equal(archive_read(bad, &copy, &err), 0);
	assert_non_null(copy.problem);
	if (!strstr(copy.problem, wanted))
		fail_msg("%s\n    was said instead of: %s", copy.problem, wanted);
	archive_copy_done(&copy);
}

/* Every file has a line, one line, and there is nothing else. */
static void sums(void **state)
{
	struct archive_copy copy;
	struct archive_files files;
	struct err err = ERR_INIT;
	struct str text = STR_INIT, twice = STR_INIT;
	char *page, *path;

	(void)state;
	assert_int_equal(archive_read(good, &copy, &err), 0);
	path = in_folder(&copy, "SHA256SUMS");
	unlink(path);
	assert_int_equal(archive_files_list(copy.scratch.temp, &files, &err), 0);
	archive_sums(&files, &text);
	page = mem_printf("%s  page.html\n", archive_files_find(&files, "page.html")->sha256);
	str_add_n(&twice, text.s, (size_t)(strstr(text.s, page) - text.s));
	str_add_n(&twice, text.s, strcspn(text.s, "\n") + 1);
	str_add(&twice, strstr(text.s, page) + strlen(page));
	sums_say(twice.s, "SHA256SUMS does not list page.html");
	str_clear(&twice);
	str_addf(&twice, "%s%s", text.s, page);
	sums_say(twice.s, "SHA256SUMS lists page.html twice");
	text.s[text.n - 1] = '\0';
	sums_say(text.s, "SHA256SUMS: its last line is cut short");
	sums_say("", "SHA256SUMS does not list README.txt");
	archive_files_done(&files);
	archive_copy_done(&copy);
	str_done(&text);
	str_done(&twice);
	free(page);
	free(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(forged),
		cmocka_unit_test(another_version),
		cmocka_unit_test(manifest_of_another_version),
		cmocka_unit_test(another_library),
		cmocka_unit_test(sums),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
