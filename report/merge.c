#include "report/merge.h"
#include "report/beside.h"
#include "report/interrupt.h"
#include "report/merge_study.h"
#include "report/text.h"
#include "schema/sql.h"
#include "schema/store_merge.h"
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

struct merging {
	const char *const *paths;
	size_t n_paths, file; /* the one at hand */
	VEC(struct merge_study) studies;
	VEC(struct merge_study *) sorted; /* by uuid, then as they came */
	VEC(bool) taken;		  /* of each of studies */
	struct merge_result *result;
};

/* ---- what there is ---- */

static int take_study(void *arg, const struct store_row *row, struct err *err)
{
	struct merging *m = arg;

	(void)err;
	vec_push(&m->studies, (struct merge_study){.file = m->file,
						   .id = store_int(row, 0),
						   .uuid = mem_strdup(store_text(row, 1)),
						   .name = text_column(row, 2),
						   .n_trials = store_int(row, 3)});
	return 0;
}

typedef int on_file(struct merging *m, struct store *store, void *arg, struct err *err);

/* Opens each recording in turn. */
static int each_file(struct merging *m, on_file *fn, void *arg, struct err *err)
{
	for (m->file = 0; m->file < m->n_paths && !err->code; m->file++) {
		struct err ignored = ERR_INIT;
		struct store *store = NULL;

		if (!interrupt_check(err) &&
		    !store_open(m->paths[m->file], STORE_READ, &store, err))
			fn(m, store, arg, err);
		store_close(store, &ignored);
	}
	return err->code;
}

static int list_studies(struct merging *m, struct store *store, void *arg, struct err *err)
{
	(void)arg;
	return store_query(store, SQL_MERGE_STUDIES, NULL, 0, take_study, m, err);
}

/* ---- the same study in several files ---- */

static int by_uuid(const void *a, const void *b)
{
	const struct merge_study *x = *(struct merge_study *const *)a;
	const struct merge_study *y = *(struct merge_study *const *)b;
	int r = strcmp(x->uuid, y->uuid);

	return r ? r : (x > y) - (x < y);
}

static bool is_pair(const struct merging *m, size_t i)
{
	return i + 1 < m->sorted.n && strcmp(m->sorted.v[i]->uuid, m->sorted.v[i + 1]->uuid) == 0;
}

static int load_several(struct merging *m, struct store *store, void *arg, struct err *err)
{
	(void)arg;
	for (size_t i = 0; i < m->sorted.n && !err->code; i++)
		if (m->sorted.v[i]->file == m->file &&
		    (is_pair(m, i) || (i > 0 && is_pair(m, i - 1))))
			merge_study_load(m->sorted.v[i], store, err);
	return err->code;
}

/* What begins every line about two copies. Takes rest. */
static char *told(const struct merge_study *study, char *rest)
{
	char *text = mem_printf("study '%s' (%.8s) %s", study->name, study->uuid, rest);

	free(rest);
	return text;
}

/* A signature of the shorter copy's head that the longer one has none for. */
static bool loses_signature(const struct merge_study *kept, const struct merge_study *other)
{
	return other->seal.signature && !kept->seal.signature;
}

/* more: what kept has more; 0: nothing. */
static void note(struct merging *m, const struct merge_study *kept, const struct merge_study *other,
		 unsigned more)
{
	const char *kept_path = m->paths[kept->file], *other_path = m->paths[other->file];
	struct str text = STR_INIT;

	if (!more) {
		str_addf(&text, "is the same in %s and %s: taken once", kept_path, other_path);
	} else if (more & MERGE_TRIALS) {
		str_addf(&text,
			 "goes on in %s (%" PRId64 " trials) after %s (%" PRId64
			 "): the longer one is taken",
			 kept_path, kept->n_trials, other_path, other->n_trials);
		if (loses_signature(kept, other))
			str_addf(&text,
				 ", without the signature that is in %s: it is of the shorter "
				 "one's head",
				 other_path);
	} else {
		str_addf(&text, "in %s has what %s lacks (", kept_path, other_path);
		merge_parts_add(&text, more);
		str_add(&text, "): it is taken");
	}
	vec_push(&m->result->notes, told(kept, str_take(&text)));
}

/* Takes text. */
static int refuse(const struct merge_study *study, struct str *text, struct err *err)
{
	char *line = told(study, str_take(text));

	err_set(err, ERR_ENV, "%s", line);
	free(line);
	return err->code;
}

static int differ(const struct merging *m, const struct merge_study *a, const struct merge_study *b,
		  const struct merge_compared *how, struct err *err)
{
	const char *a_path = m->paths[a->file], *b_path = m->paths[b->file];
	struct str text = STR_INIT;

	str_addf(&text, "is in %s and in %s, and ", a_path, b_path);
	if (*how->differ) {
		str_addf(&text, "they differ in %s", how->differ);
	} else {
		str_addf(&text, "each has what the other lacks: %s ", a_path);
		merge_parts_add(&text, how->a_more);
		str_addf(&text, ", %s ", b_path);
		merge_parts_add(&text, how->b_more);
	}
	return refuse(a, &text, err);
}

static int broken(const struct merging *m, const struct merge_study *kept,
		  const struct merge_study *other, unsigned more, struct err *err)
{
	struct str text = STR_INIT;

	str_addf(&text, "is in %s and in %s; %s has more (", m->paths[kept->file],
		 m->paths[other->file], m->paths[kept->file]);
	merge_parts_add(&text, more);
	str_add(&text, "), but its seal does not hold (rejoin-report verify says what)");
	return refuse(kept, &text, err);
}

/* Which of two copies is taken. */
static int decide_pair(struct merging *m, struct merge_study **kept, struct merge_study *other,
		       struct err *err)
{
	struct merge_study *loser = other;
	struct merge_compared how;
	unsigned more;

	merge_study_compare(*kept, other, &how);
	if (*how.differ || (how.a_more && how.b_more))
		return differ(m, *kept, other, &how, err);
	if (how.b_more) {
		loser = *kept;
		*kept = other;
	}
	more = how.a_more | how.b_more;
	if (more && !merge_study_holds(*kept))
		return broken(m, *kept, loser, more, err);
	note(m, *kept, loser, more);
	return 0;
}

/* Of studies with one uuid, which stand side by side in sorted: which is taken. */
static int decide(struct merging *m, struct err *err)
{
	for (size_t i = 0; i < m->sorted.n; i++) {
		struct merge_study *kept = m->sorted.v[i];

		while (is_pair(m, i))
			if (decide_pair(m, &kept, m->sorted.v[++i], err))
				return err->code;
		m->taken.v[kept - m->studies.v] = true;
	}
	return 0;
}

/* ---- all of it ---- */

static int copy_file(struct merging *m, struct store *store, void *arg, struct err *err)
{
	VEC(int64_t) ids = {0};

	for (size_t i = 0; i < m->studies.n; i++)
		if (m->studies.v[i].file == m->file && m->taken.v[i]) {
			vec_push(&ids, m->studies.v[i].id);
			m->result->n_studies++;
			m->result->n_trials += m->studies.v[i].n_trials;
		}
	if (ids.n)
		store_merge_add(arg, store, ids.v, ids.n, err);
	vec_done(&ids);
	return err->code;
}

static int choose(struct merging *m, struct err *err)
{
	bool several = false;

	if (each_file(m, list_studies, NULL, err))
		return err->code;
	for (size_t i = 0; i < m->studies.n; i++) {
		vec_push(&m->sorted, &m->studies.v[i]);
		vec_push(&m->taken, false);
	}
	if (m->sorted.n)
		qsort(m->sorted.v, m->sorted.n, sizeof *m->sorted.v, by_uuid);
	for (size_t i = 0; i < m->sorted.n; i++)
		several |= is_pair(m, i);
	if (several && each_file(m, load_several, NULL, err))
		return err->code;
	return decide(m, err);
}

static int write_out(struct merging *m, const char *out, struct err *err)
{
	struct beside beside = {0};
	struct store_merge *merge = NULL;

	if (!beside_file(out, &beside, err)) {
		if (!store_merge_open(beside.temp, interrupt_seen, &merge, err))
			each_file(m, copy_file, merge, err);
		store_merge_close(merge, err);
		if (!err->code)
			beside_commit(&beside, false, err);
	}
	beside_done(&beside);
	return err->code ? err_wrap(err, "cannot write %s", out) : 0;
}

int merge_files(const char *out, const char *const *paths, size_t n_paths,
		struct merge_result *ret_result, struct err *err)
{
	struct merging m = {.paths = paths, .n_paths = n_paths, .result = ret_result};

	*ret_result = (struct merge_result){0};
	if (access(out, F_OK) == 0)
		return err_set(err, ERR_USAGE, "%s: exists already", out);
	if (!choose(&m, err))
		write_out(&m, out, err);
	for (size_t i = 0; i < m.studies.n; i++)
		merge_study_done(&m.studies.v[i]);
	vec_done(&m.studies);
	vec_done(&m.sorted);
	vec_done(&m.taken);
	return err->code;
}

void merge_result_done(struct merge_result *result)
{
	for (size_t i = 0; i < result->notes.n; i++)
		free(result->notes.v[i]);
	vec_done(&result->notes);
}
