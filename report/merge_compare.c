/* Two copies of a study. */
#include "report/merge_study.h"
#include "schema/seal.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The first difference stays. */
static void differ(struct merge_compared *to, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
static void differ(struct merge_compared *to, const char *fmt, ...)
{
	va_list args;

	if (*to->differ)
		return;
	va_start(args, fmt);
	vsnprintf(to->differ, sizeof to->differ, fmt, args);
	va_end(args);
}

static void count(struct merge_compared *to, size_t n_a, size_t n_b, enum merge_part part)
{
	if (n_a > n_b)
		to->a_more |= part;
	if (n_b > n_a)
		to->b_more |= part;
}

/* NULL counts as none of it. */
static bool is_same(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

/* ---- part by part ---- */

static void compare_trials(const struct merge_study *a, const struct merge_study *b,
			   struct merge_compared *to)
{
	size_t n_a = a->hashes.n, n_b = b->hashes.n;

	for (size_t i = 0; i < n_a && i < n_b; i++)
		if (memcmp(&a->hashes.v[i], &b->hashes.v[i], sizeof *a->hashes.v) != 0)
			differ(to, "its trial %zu: one of them was changed", i + 1);
	count(to, n_a, n_b, MERGE_TRIALS);
}

static bool is_same_link(const struct merge_link *a, const struct merge_link *b)
{
	return a->trial == b->trial && a->ordinal == b->ordinal && a->position == b->position &&
	       a->sealed_utc_us == b->sealed_utc_us && strcmp(a->hash, b->hash) == 0 &&
	       strcmp(a->chain, b->chain) == 0;
}

static void compare_seals(const struct merge_seal *a, const struct merge_seal *b,
			  struct merge_compared *to)
{
	size_t n_a = a->links.n, n_b = b->links.n;

	for (size_t i = 0; i < n_a && i < n_b; i++) {
		size_t x = a->links.v[i].trial, y = b->links.v[i].trial;

		if (!is_same_link(&a->links.v[i], &b->links.v[i]))
			differ(to, "the seal of its trial %zu: one of them was changed",
			       (x < y ? x : y) + 1);
	}
	count(to, n_a, n_b, MERGE_SEALS);
}

static void compare_sign_offs(const struct merge_study *a, const struct merge_study *b,
			      struct merge_compared *to)
{
	size_t n_a = a->sign_offs.n, n_b = b->sign_offs.n;

	for (size_t i = 0; i < n_a && i < n_b; i++)
		if (strcmp(a->sign_offs.v[i], b->sign_offs.v[i]) != 0)
			differ(to, "its sign-offs: one of them was changed");
	if (n_a == n_b && a->seal.head && b->seal.head &&
	    !is_same(a->seal.last_sign_off, b->seal.last_sign_off))
		differ(to, "its sign-offs: one of them was changed");
	count(to, n_a, n_b, MERGE_SIGN_OFFS);
}

/* Of copies that end with the same trial: a study that goes on gets another head. */
static void compare_heads(const struct merge_study *a, const struct merge_study *b,
			  struct merge_compared *to)
{
	const struct merge_seal *x = &a->seal, *y = &b->seal;

	count(to, x->head != NULL, y->head != NULL, MERGE_HEAD);
	count(to, x->signature != NULL, y->signature != NULL, MERGE_SIGNATURE);
	/* sessions end, and with them the study's own rows change */
	if (!x->head != !y->head)
		return;
	if (memcmp(&a->rows, &b->rows, sizeof a->rows) != 0)
		differ(to, "what its trials stand on: one of them was changed");
	if (!is_same(x->head, y->head) || x->n_trials != y->n_trials ||
	    x->closed_utc_us != y->closed_utc_us)
		differ(to, "its head: one of them was changed");
	if (x->signature && y->signature && strcmp(x->signature, y->signature) != 0)
		differ(to, "its signature: two keys signed it, or one of them was changed");
}

void merge_study_compare(const struct merge_study *a, const struct merge_study *b,
			 struct merge_compared *ret)
{
	*ret = (struct merge_compared){0};
	compare_trials(a, b, ret);
	compare_seals(&a->seal, &b->seal, ret);
	/* of a study that went on, the seals of the later trials say nothing new */
	if (ret->a_more & MERGE_TRIALS)
		ret->a_more &= ~(unsigned)MERGE_SEALS;
	if (ret->b_more & MERGE_TRIALS)
		ret->b_more &= ~(unsigned)MERGE_SEALS;
	if (a->hashes.n == b->hashes.n)
		compare_heads(a, b, ret);
	compare_sign_offs(a, b, ret);
}

void merge_parts_add(struct str *text, unsigned parts)
{
	static const char *const names[] = {"trials", "seals", "sign-offs", "a head",
					    "a signature"};
	const char *between = "";

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (parts >> i & 1) {
			str_addf(text, "%s%s", between, names[i]);
			between = ", ";
		}
}

/* ---- one copy ---- */

static bool chain_holds(const struct merge_study *study, unsigned char chain[HASH_SIZE])
{
	seal_begin(study->uuid, chain);
	for (size_t i = 0; i < study->seal.links.n; i++) {
		const struct merge_link *at = &study->seal.links.v[i];
		struct seal_link link = {.ordinal = at->ordinal,
					 .position = at->position,
					 .sealed_utc_us = at->sealed_utc_us};
		char hex[HASH_HEX_SIZE];

		if (at->trial != i || at->ordinal != (int64_t)i + 1)
			return false;
		memcpy(link.hash, study->hashes.v[i].bytes, HASH_SIZE);
		hash_hex(link.hash, hex);
		if (strcmp(at->hash, hex) != 0)
			return false;
		seal_add(chain, &link);
		hash_hex(chain, hex);
		if (strcmp(at->chain, hex) != 0)
			return false;
	}
	return true;
}

bool merge_study_holds(const struct merge_study *study)
{
	const struct merge_seal *seal = &study->seal;
	unsigned char chain[HASH_SIZE], head[HASH_SIZE];
	char hex[HASH_HEX_SIZE], last[HASH_HEX_SIZE];

	if (!chain_holds(study, chain) || !study->links_hold)
		return false;
	if (!seal->head)
		return true;
	seal_head(chain, study->rows.bytes, seal->n_trials, seal->closed_utc_us, head);
	hash_hex(head, hex);
	hash_hex(study->link.bytes, last);
	return strcmp(seal->head, hex) == 0 && seal->n_trials == study->n_trials &&
	       seal->links.n == study->hashes.n && (!seal->signature || seal->signature_holds) &&
	       is_same(seal->last_sign_off, study->sign_offs.n ? last : NULL);
}
