#include "report/verify.h"
#include "report/text.h"
#include "schema/sql.h"
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void verify_fail(struct verify *v, enum verify_area area, const char *fmt, ...)
{
	struct verify_result *result = &v->areas[area];
	char text[1024], *clean;
	va_list args;

	if (result->n++)
		return;
	va_start(args, fmt);
	vsnprintf(text, sizeof text, fmt, args);
	va_end(args);
	/* names of the file are in it: they must not look like lines of ours */
	clean = text_clean(text);
	str_add(&result->first, clean);
	free(clean);
}

void verify_head_found(struct verify *v, const unsigned char hash[HASH_SIZE])
{
	char hex[HASH_HEX_SIZE];

	hash_hex(hash, hex);
	for (size_t i = 0; i < v->options->n_heads; i++)
		if (strcmp(v->options->heads[i], hex) == 0)
			v->heads_found[i] = true;
}

/* Every sample and write is of some trial. */
static int on_rows(void *arg, const struct store_row *row, struct err *err)
{
	struct verify *v = arg;

	(void)err;
	if (store_int(row, 0) != v->n_samples)
		verify_fail(v, VERIFY_STRUCTURE, "%" PRId64 " samples are of no trial",
			    store_int(row, 0) - v->n_samples);
	if (store_int(row, 1) != v->n_writes)
		verify_fail(v, VERIFY_STRUCTURE, "%" PRId64 " writes are of no trial",
			    store_int(row, 1) - v->n_writes);
	return 0;
}

/* ---- studies and trials ---- */

typedef VEC(struct verify_study) study_list;
typedef VEC(struct verify_trial) trial_list;

static int on_study(void *arg, const struct store_row *row, struct err *err)
{
	study_list *studies = arg;
	struct verify_study study = {.study_id = store_int(row, 0),
				     .name = text_column(row, 1),
				     .uuid = mem_strdup(store_text(row, 2)),
				     .to_be_sealed = store_int(row, 3),
				     .plan_json = mem_strdup(store_text(row, 4)),
				     .n_trials = store_int(row, 5),
				     .is_open = store_int(row, 6),
				     .says_sealed = store_int(row, 7)};

	(void)err;
	vec_push(studies, study);
	return 0;
}

static int64_t int_or(const struct store_row *row, int column, int64_t null)
{
	return store_is_null(row, column) ? null : store_int(row, column);
}

static void read_seal(const struct store_row *row, struct verify_trial *t)
{
	size_t n_hash = 0, n_chain = 0;
	const void *hash = store_blob(row, 14, &n_hash), *chain = store_blob(row, 15, &n_chain);

	t->has_seal = !store_is_null(row, 13);
	t->link.ordinal = store_int(row, 13);
	t->link.sealed_utc_us = store_int(row, 16);
	t->ended_utc_us = store_int(row, 17);
	/* of another length: as zeros, which no hash is */
	if (n_hash == HASH_SIZE)
		memcpy(t->link.hash, hash, HASH_SIZE);
	if (n_chain == HASH_SIZE)
		memcpy(t->chain, chain, HASH_SIZE);
	snprintf(t->sealed_on, sizeof t->sealed_on, "%s",
		 store_text(row, 19) ? store_text(row, 19) : "");
}

static int on_trial(void *arg, const struct store_row *row, struct err *err)
{
	trial_list *trials = arg;
	const char *outcome = store_text(row, 6);
	struct verify_trial t = {.trial_id = store_int(row, 0),
				 .position = store_int(row, 1),
				 .cluster_id = store_int(row, 2),
				 .base_ns = store_int(row, 3),
				 .end_ns = store_int(row, 4),
				 .fault = mem_strdup(store_text(row, 5)),
				 .outcome = mem_strdup(outcome ? outcome : ""),
				 .old_master = (int)int_or(row, 7, -1),
				 .new_master = (int)int_or(row, 8, -1),
				 .old_ephemeral_id = mem_strdup(store_text(row, 9)),
				 .term_before = int_or(row, 10, -1),
				 .term_after = int_or(row, 11, -1),
				 .n_quiet = int_or(row, 18, 0)};

	(void)err;
	read_seal(row, &t);
	vec_push(trials, t);
	return 0;
}

static int check_trial(struct verify *v, const struct verify_study *study, struct seal_study *seal,
		       struct verify_chain *chain, struct verify_trial *t, struct err *err)
{
	struct verify_pass pass = {v, t};
	unsigned char hash[HASH_SIZE];

	if (verify_load_trial(v, t, err) ||
	    seal_hash_trial(seal, t->trial_id, verify_take_sample, &pass, hash, err))
		return err->code;
	v->n_trials++;
	verify_chain_add(v, chain, t, hash);
	if (verify_count(v, study, t, err))
		return err->code;
	return verify_derive(v, study, t, err);
}

static int check_study(struct verify *v, const struct verify_study *study, struct err *err)
{
	const struct store_bind binds[] = {{STORE_BIND_INT, study->study_id, NULL}};
	struct seal_study *seal = NULL;
	struct verify_chain chain;
	trial_list trials = {0};
	samples held = {0};

	verify_chain_begin(&chain, study);
	if (seal_study_open(v->store, study->study_id, &seal, err) == 0)
		store_query(v->store, SQL_VERIFY_TRIALS, binds, 1, on_trial, &trials, err);
	if (!err->code && (int64_t)trials.n != study->n_trials)
		verify_fail(v, VERIFY_STRUCTURE,
			    "study %s: a trial refers to a row that is not there", study->name);
	for (size_t i = 0; i < trials.n; i++) {
		/* one list for all of them: it grows only once */
		trials.v[i].samples = held;
		if (!err->code)
			check_trial(v, study, seal, &chain, &trials.v[i], err);
		held = trials.v[i].samples;
		held.n = 0;
		verify_trial_done(&trials.v[i]);
		verify_views_trial_done(v);
	}
	vec_done(&held);
	if (!err->code)
		verify_close(v, study, seal, &chain, err);
	v->n_studies++;
	vec_done(&trials);
	seal_study_free(seal);
	return err->code;
}

static int check_studies(struct verify *v, struct err *err)
{
	study_list studies = {0};

	if (store_query(v->store, SQL_VERIFY_STUDIES, NULL, 0, on_study, &studies, err) == 0)
		store_query_int(v->store, SQL_SEAL_LAST_SNAPSHOT, NULL, 0, &v->last_snapshot, err);
	for (size_t i = 0; i < studies.n; i++) {
		if (!err->code)
			check_study(v, &studies.v[i], err);
		free(studies.v[i].name);
		free(studies.v[i].uuid);
		free(studies.v[i].plan_json);
	}
	vec_done(&studies);
	return err->code;
}

/* What whoever asks knows from elsewhere. */
static void check_expected(struct verify *v)
{
	const struct verify_options *options = v->options;

	for (size_t i = 0; i < options->n_heads; i++)
		if (!v->heads_found[i])
			verify_fail(v, VERIFY_SEAL,
				    "no study has the head %s, nor sign-offs whose last link it is",
				    options->heads[i]);
	if (options->public_key && !v->n_studies)
		verify_fail(v, VERIFY_SIGNATURE, "there is no study, so none that is signed");
}

int verify_run(struct store *store, const struct verify_options *options, struct verify *ret_verify,
	       struct err *err)
{
	struct verify *v = ret_verify;
	struct verify_structure *structure = NULL;

	*v = (struct verify){.store = store, .options = options};
	v->heads_found = mem_alloc(options->n_heads + 1);
	if (store_begin_reading(store, err) == 0 &&
	    verify_structure_begin(v, &structure, err) == 0 && check_studies(v, err) == 0 &&
	    store_query(store, SQL_VERIFY_ROWS, NULL, 0, on_rows, v, err) == 0 &&
	    verify_views_used(v, err) == 0)
		check_expected(v);
	return verify_structure_end(v, structure, err);
}

void verify_done(struct verify *v)
{
	verify_views_done(v);
	for (int i = 0; i < N_VERIFY_AREAS; i++)
		str_done(&v->areas[i].first);
	str_done(&v->notes);
	str_done(&v->heads);
	free(v->heads_found);
}

bool verify_holds(const struct verify *v)
{
	for (int i = 0; i < N_VERIFY_AREAS; i++)
		if (v->areas[i].n)
			return false;
	return true;
}

const char *verify_verdict(const struct verify *v)
{
	if (!verify_holds(v))
		return "DOES NOT HOLD";
	if (!v->n_studies)
		return "holds, but there is no study in it";
	if (!v->n_never_sealed)
		return "holds";
	return v->n_never_sealed == v->n_studies ? "holds, but it is not sealed"
						 : "holds, but not all of it is sealed";
}

static void print_area(const struct verify *v, enum verify_area area, const char *name,
		       const char *holds, struct str *out)
{
	const struct verify_result *result = &v->areas[area];

	if (!result->n) {
		str_addf(out, "%-11s %s\n", name, holds);
		return;
	}
	str_addf(out, "%-11s DOES NOT HOLD: %s", name, result->first.s);
	if (result->n > 1)
		str_addf(out, " (and %zu more)", result->n - 1);
	str_add(out, "\n");
}

void verify_print(const struct verify *v, struct str *out)
{
	char derived[200], sealed[100], counted[100];

	snprintf(counted, sizeof counted,
		 "holds: %" PRId64 " polls and %" PRId64 " writes accounted for", v->n_samples,
		 v->n_writes);
	snprintf(
		derived, sizeof derived,
		"holds: %zu changes of master and %zu metrics of %zu trials derived again from the "
		"samples",
		v->n_changes, v->n_metrics, v->n_trials);
	if (v->n_studies)
		snprintf(sealed, sizeof sealed, "%s: %zu of %zu trials sealed",
			 v->n_sealed || !v->n_trials ? "holds" : "none", v->n_sealed, v->n_trials);
	else
		snprintf(sealed, sizeof sealed, "none: there is no study");
	print_area(v, VERIFY_STRUCTURE, "structure", "holds", out);
	print_area(v, VERIFY_ACCOUNTING, "accounting", counted, out);
	print_area(v, VERIFY_DERIVED, "derived", derived, out);
	print_area(v, VERIFY_SEAL, "seal", sealed, out);
	if (v->areas[VERIFY_SIGNATURE].n)
		print_area(v, VERIFY_SIGNATURE, "signature", "", out);
	if (v->heads.n)
		str_add(out, v->heads.s);
	if (v->n_underived)
		str_addf(out,
			 "note        metrics of %zu trials cannot be derived: the driver failed "
			 "before it "
			 "told when it acted\n",
			 v->n_underived);
	if (v->notes.n)
		str_add(out, v->notes.s);
}
