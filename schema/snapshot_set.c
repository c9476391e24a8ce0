/* What is asked of snapshots, and the set of those seen. */
#include "lib/mem.h"
#include "schema/snapshot.h"
#include <stdlib.h>
#include <string.h>

const struct snapshot_member *snapshot_member_by_id(const struct snapshot *s, const char *id)
{
	for (size_t i = 0; id && i < s->n_members; i++)
		if (strcmp(s->members[i].id, id) == 0)
			return &s->members[i];
	return NULL;
}

const struct snapshot_member *snapshot_member_by_name(const struct snapshot *s, const char *name)
{
	for (size_t i = 0; name && i < s->n_members; i++)
		if (strcmp(s->members[i].name, name) == 0)
			return &s->members[i];
	return NULL;
}

const char *snapshot_master_name(const struct snapshot *s)
{
	const struct snapshot_member *master = snapshot_member_by_id(s, s->master_id);

	return master ? master->name : s->master_id;
}

size_t snapshot_live_voters(const struct snapshot *s)
{
	size_t n = 0;

	for (size_t i = 0; i < s->n_voters; i++)
		n += snapshot_member_by_id(s, s->voters[i]) != NULL;
	return n;
}

bool snapshot_same_master(const struct snapshot *a, const struct snapshot *b)
{
	if (!a->master_id || !b->master_id)
		return !a->master_id && !b->master_id;
	return strcmp(a->master_id, b->master_id) == 0;
}

struct slot {
	uint64_t hash;
	struct snapshot *s; /* NULL: free */
};

/* Open addressing; n_slots is a power of two, at most half of them taken. */
struct snapshot_set {
	struct slot *slots;
	size_t n, n_slots;
};

/* FNV-1a */
static uint64_t hash_text(const char *s)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	for (; *s; s++)
		hash = (hash ^ (unsigned char)*s) * UINT64_C(0x100000001b3);
	return hash;
}

/* The slot that holds the body, or the free one where it belongs. */
static struct slot *find(const struct snapshot_set *set, uint64_t hash, const char *body)
{
	size_t i = hash & (set->n_slots - 1);

	while (set->slots[i].s &&
	       (set->slots[i].hash != hash || strcmp(set->slots[i].s->body, body) != 0))
		i = (i + 1) & (set->n_slots - 1);
	return &set->slots[i];
}

static void grow(struct snapshot_set *set)
{
	struct snapshot_set bigger = {.n = set->n, .n_slots = set->n_slots * 2};

	bigger.slots = mem_alloc(bigger.n_slots * sizeof *bigger.slots);
	for (size_t i = 0; i < set->n_slots; i++)
		if (set->slots[i].s)
			*find(&bigger, set->slots[i].hash, set->slots[i].s->body) = set->slots[i];
	free(set->slots);
	*set = bigger;
}

struct snapshot_set *snapshot_set_new(void)
{
	struct snapshot_set *set = mem_alloc(sizeof *set);

	set->n_slots = 64;
	set->slots = mem_alloc(set->n_slots * sizeof *set->slots);
	return set;
}

struct snapshot *snapshot_set_take(struct snapshot_set *set, struct snapshot *s)
{
	uint64_t hash = hash_text(s->body);
	struct slot *slot = find(set, hash, s->body);

	if (slot->s) {
		if (slot->s != s)
			snapshot_free(s);
		return slot->s;
	}
	*slot = (struct slot){hash, s};
	if (++set->n * 2 > set->n_slots)
		grow(set);
	return s;
}

void snapshot_set_free(struct snapshot_set *set)
{
	if (!set)
		return;
	for (size_t i = 0; i < set->n_slots; i++)
		snapshot_free(set->slots[i].s);
	free(set->slots);
	free(set);
}
