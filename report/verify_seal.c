/* The chain, its head, the signature and the sign-offs. */
#include "report/verify.h"
#include "schema/sql.h"
#include <stdio.h>
#include <string.h>

/* Sealed so long after its end: not by the collector that recorded it, or not at once. */
#define LATE_US (INT64_C(600) * 1000000)

struct closing {
	struct verify *v;
	bool closed, has_key;
	unsigned char head[HASH_SIZE], key[SIGN_PUBLIC_SIZE], signature[SIGN_SIZE];
	unsigned char last_sign_off[HASH_SIZE];
	bool has_sign_offs;
	int64_t n_trials, closed_utc_us;

	/* sign-offs as they come */
	unsigned char link[HASH_SIZE];
	size_t n_sign_offs, n_other_heads, n_broken;
	bool last_is_of_head;
};

/* ---- trials ---- */

void verify_chain_begin(struct verify_chain *chain, const struct verify_study *study)
{
	*chain = (struct verify_chain){0};
	seal_begin(study->uuid, chain->value);
}

static void break_chain(struct verify *v, struct verify_chain *chain, const struct verify_trial *t,
			const char *how)
{
	verify_fail(v, VERIFY_SEAL, "trial %lld (position %lld): %s", (long long)t->trial_id,
		    (long long)t->position, how);
	chain->broken = true;
}

void verify_chain_add(struct verify *v, struct verify_chain *chain, const struct verify_trial *t,
		      const unsigned char hash[HASH_SIZE])
{
	struct seal_link link = t->link;

	chain->n_trials++;
	if (!t->has_seal && !chain->unsealed)
		chain->unsealed = t;
	if (!t->has_seal)
		return;
	chain->n_seals++;
	v->n_sealed++;
	link.position = t->position;
	seal_add(chain->value, &link);
	if (memcmp(hash, t->link.hash, HASH_SIZE) != 0)
		break_chain(v, chain, t, "its rows are not those that were sealed");
	else if (t->link.ordinal != chain->n_trials)
		break_chain(v, chain, t,
			    "its place in the chain is another: a trial was removed, added or "
			    "swapped");
	else if (!chain->broken && memcmp(chain->value, t->chain, HASH_SIZE) != 0)
		break_chain(v, chain, t, "the chain breaks here");
	if (t->link.sealed_utc_us - t->ended_utc_us > LATE_US && chain->n_later++ == 0)
		memcpy(chain->later_on, t->sealed_on, sizeof chain->later_on);
}

/* ---- the head ---- */

static int take_bytes(const struct store_row *row, int column, void *to, size_t size)
{
	size_t n = 0;
	const void *bytes = store_blob(row, column, &n);

	if (n != size)
		return -1;
	memcpy(to, bytes, size);
	return 0;
}

static int on_head(void *arg, const struct store_row *row, struct err *err)
{
	struct closing *c = arg;

	(void)err;
	c->closed = true;
	c->n_trials = store_int(row, 1);
	c->closed_utc_us = store_int(row, 2);
	c->has_key = !store_is_null(row, 3) && !store_is_null(row, 4);
	c->has_sign_offs = !store_is_null(row, 5);
	if (take_bytes(row, 0, c->head, HASH_SIZE) ||
	    (c->has_key && (take_bytes(row, 3, c->key, SIGN_PUBLIC_SIZE) ||
			    take_bytes(row, 4, c->signature, SIGN_SIZE))) ||
	    (c->has_sign_offs && take_bytes(row, 5, c->last_sign_off, HASH_SIZE)))
		verify_fail(c->v, VERIFY_SEAL, "the row of study_seal is damaged");
	/* SQLite does not look at CHECK constraints of a file that is opened to be read */
	else if (store_is_null(row, 3) != store_is_null(row, 4))
		verify_fail(c->v, VERIFY_SIGNATURE,
			    "study_seal has a key without its signature, or a signature without "
			    "its key");
	return 0;
}

static int check_head(struct verify *v, const struct verify_study *study, struct seal_study *seal,
		      const struct verify_chain *chain, const struct closing *c, struct err *err)
{
	unsigned char study_hash[HASH_SIZE], head[HASH_SIZE];
	char hex[HASH_HEX_SIZE];

	if (seal_hash_study(seal, study_hash, err))
		return err->code;
	seal_head(chain->value, study_hash, c->n_trials, c->closed_utc_us, head);
	hash_hex(c->head, hex);
	verify_head_found(v, c->head);
	str_addf(&v->heads, "head        %s  %s\n", hex, study->name);
	if (chain->n_seals < chain->n_trials || c->n_trials != chain->n_seals)
		verify_fail(v, VERIFY_SEAL,
			    "study %s: closed with %lld trials, but %lld are there, %lld of them "
			    "sealed",
			    study->name, (long long)c->n_trials, (long long)chain->n_trials,
			    (long long)chain->n_seals);
	else if (!chain->broken && memcmp(head, c->head, HASH_SIZE) != 0)
		verify_fail(
			v, VERIFY_SEAL,
			"study %s: what its trials stand on (study, sessions and their clocks, "
			"clusters, nodes, arms, settings, steps, incidents) is not what was sealed",
			study->name);
	return 0;
}

/* ---- the signature ---- */

static void check_signature(struct verify *v, const struct verify_study *study,
			    const struct closing *c)
{
	const unsigned char *wanted = v->options->public_key;
	unsigned char text[SEAL_SIGNED_SIZE];
	char hex[HASH_HEX_SIZE];

	if (!c->closed || !c->has_key) {
		if (wanted)
			verify_fail(v, VERIFY_SIGNATURE, "study %s is not signed", study->name);
		return;
	}
	seal_signed_text(c->head, text);
	hash_hex(c->key, hex);
	if (!sign_holds(c->key, text, sizeof text, c->signature))
		verify_fail(v, VERIFY_SIGNATURE, "study %s: the signature is not one of this head",
			    study->name);
	else if (wanted && memcmp(wanted, c->key, SIGN_PUBLIC_SIZE) != 0)
		verify_fail(v, VERIFY_SIGNATURE, "study %s is signed with another key: %s",
			    study->name, hex);
	else
		str_addf(&v->heads, "signed by   %s  %s\n", hex, study->name);
}

/* ---- sign-offs ---- */

static int on_sign_off(void *arg, const struct store_row *row, struct err *err)
{
	struct closing *c = arg;
	const unsigned char *head;

	(void)err;
	c->n_broken += !seal_read_sign_off(c->link, row, &head);
	c->n_sign_offs++;
	c->last_is_of_head = head && c->closed && memcmp(head, c->head, HASH_SIZE) == 0;
	c->n_other_heads += !c->last_is_of_head;
	return 0;
}

/* The last link is of all sign-offs, and of the head where the last of them is. */
static void tell_sign_offs(struct verify *v, const struct verify_study *study,
			   const struct closing *c)
{
	char hex[HASH_HEX_SIZE];

	if (!c->n_sign_offs)
		return;
	hash_hex(c->link, hex);
	str_addf(&v->heads, "sign-offs   %s  %s: %zu, this is the link of the last\n", hex,
		 study->name, c->n_sign_offs);
	if (c->last_is_of_head)
		verify_head_found(v, c->link);
}

static int check_sign_offs(struct verify *v, const struct verify_study *study, struct closing *c,
			   struct err *err)
{
	const struct store_bind binds[] = {{STORE_BIND_INT, study->study_id, NULL}};

	seal_begin(study->uuid, c->link);
	if (store_query(v->store, SQL_SEAL_SIGN_OFFS, binds, 1, on_sign_off, c, err))
		return err->code;
	if (c->n_broken)
		verify_fail(v, VERIFY_SEAL, "study %s: a sign-off is not as it was given",
			    study->name);
	else if (c->closed &&
		 (c->has_sign_offs != (c->n_sign_offs > 0) ||
		  (c->has_sign_offs && memcmp(c->link, c->last_sign_off, HASH_SIZE) != 0)))
		verify_fail(v, VERIFY_SEAL, "study %s: a sign-off was removed or added",
			    study->name);
	else
		tell_sign_offs(v, study, c);
	if (c->n_other_heads)
		str_addf(&v->notes,
			 "note        study %s: %zu of %zu sign-offs are of an earlier head: the "
			 "study "
			 "went on after them\n",
			 study->name, c->n_other_heads, c->n_sign_offs);
	return 0;
}

/* ---- all of a study ---- */

static void tell_later(struct verify *v, const struct verify_study *study,
		       const struct verify_chain *chain)
{
	if (chain->n_later)
		str_addf(&v->notes,
			 "note        study %s: %zu of %lld trials were sealed later, on %s UTC: "
			 "nothing is "
			 "proven of the time before that\n",
			 study->name, chain->n_later, (long long)chain->n_trials, chain->later_on);
}

/* Only what format 1 recorded, which had no seals, may be without one. */
static void tell_open(struct verify *v, const struct verify_study *study,
		      const struct verify_chain *chain)
{
	if (!study->to_be_sealed && !chain->n_seals) {
		v->n_never_sealed++;
		str_addf(&v->notes,
			 "note        study %s is not sealed: it was recorded in format 1; nothing "
			 "proves that no row was changed\n",
			 study->name);
	} else if (study->is_open) {
		verify_fail(v, VERIFY_SEAL,
			    "study %s is not closed: it is being recorded, or its collector was "
			    "killed (rejoin-collector heal closes it)",
			    study->name);
	} else {
		verify_fail(v, VERIFY_SEAL,
			    "study %s is not sealed: its collector seals when it ends, and it has "
			    "ended: the seal was removed%s",
			    study->name,
			    study->says_sealed ? ", or the collector was killed right then "
						 "(rejoin-collector heal seals what is there)"
					       : "");
	}
}

int verify_close(struct verify *v, const struct verify_study *study, struct seal_study *seal,
		 struct verify_chain *chain, struct err *err)
{
	const struct store_bind binds[] = {{STORE_BIND_INT, study->study_id, NULL}};
	struct closing c = {.v = v};

	if (store_query(v->store, SQL_SEAL_HEAD, binds, 1, on_head, &c, err))
		return err->code;
	if (chain->unsealed && (c.closed || chain->n_seals))
		verify_fail(v, VERIFY_SEAL, "trial %lld (position %lld) is not sealed",
			    (long long)chain->unsealed->trial_id,
			    (long long)chain->unsealed->position);
	if (c.closed && check_head(v, study, seal, chain, &c, err))
		return err->code;
	if (!c.closed)
		tell_open(v, study, chain);
	tell_later(v, study, chain);
	check_signature(v, study, &c);
	return check_sign_offs(v, study, &c, err);
}
