#include "report/model.h"
#include <stdlib.h>
#include <string.h>

/* Where each part goes: its new place, SIZE_MAX for what is left out. */
struct places {
	size_t *studies, *clusters, *arms;
};

static size_t *nowhere(size_t n)
{
	size_t *places = mem_alloc((n + 1) * sizeof *places);

	for (size_t i = 0; i < n; i++)
		places[i] = SIZE_MAX;
	return places;
}

/* Moves what is kept (places[i] not SIZE_MAX) to the front and numbers it; frees the rest. */
#define COMPACT(vec, places, done)                                                                 \
	do {                                                                                       \
		size_t compact_n_ = 0;                                                             \
		for (size_t compact_i_ = 0; compact_i_ < (vec)->n; compact_i_++) {                 \
			if ((places)[compact_i_] == SIZE_MAX) {                                    \
				done(&(vec)->v[compact_i_]);                                       \
				continue;                                                          \
			}                                                                          \
			(places)[compact_i_] = compact_n_;                                         \
			(vec)->v[compact_n_++] = (vec)->v[compact_i_];                             \
		}                                                                                  \
		(vec)->n = compact_n_;                                                             \
	} while (0)

/* What is left of arms, studies and clusters, and where it goes. */
static void choose_parts(struct model *model, const bool *keep, struct places *to)
{
	for (size_t i = 0; i < model->arms.n; i++)
		if (keep[i]) {
			to->arms[i] = 0;
			to->studies[model->arms.v[i].study] = 0;
		}
	for (size_t i = 0; i < model->clusters.n; i++)
		to->clusters[i] = to->studies[model->clusters.v[i].study];
	COMPACT(&model->studies, to->studies, model_study_done);
	COMPACT(&model->clusters, to->clusters, model_cluster_done);
	COMPACT(&model->arms, to->arms, model_arm_done);
}

static void renumber(struct model *model, const struct places *to)
{
	struct model_cluster *cluster;
	struct model_arm *arm;

	vec_each (cluster, &model->clusters)
		cluster->study = to->studies[cluster->study];
	vec_each (arm, &model->arms) {
		arm->study = to->studies[arm->study];
		if (arm->cluster != MODEL_NO_CLUSTER)
			arm->cluster = to->clusters[arm->cluster];
	}
}

static void choose_trials(struct model *model, const struct places *to)
{
	size_t *places = nowhere(model->trials.n);
	struct model_trial *trial;

	memset(model->has, 0, sizeof model->has);
	model->has_writes = model->has_noop = model->has_witness = false;
	for (size_t i = 0; i < model->trials.n; i++) {
		trial = &model->trials.v[i];
		if (to->arms[trial->arm] != SIZE_MAX)
			places[i] = 0;
		else if (to->studies[trial->study] != SIZE_MAX)
			model->studies.v[to->studies[trial->study]].n_left_out++;
	}
	COMPACT(&model->trials, places, model_trial_done);
	free(places);
	vec_each (trial, &model->trials) {
		trial->arm = to->arms[trial->arm];
		trial->study = to->studies[trial->study];
		for (int m = 0; m < N_METRICS; m++)
			model->has[m] |= trial->values[m].present;
		model->has_writes |= trial->acknowledged >= 0;
		model->has_noop |= trial->false_changes >= 0;
		model->has_witness |= trial->n_witness > 0;
		vec_push(&model->chosen, trial->id);
	}
}

static int by_id(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

void model_choose(struct model *model, const bool *keep)
{
	struct places to = {nowhere(model->studies.n), nowhere(model->clusters.n),
			    nowhere(model->arms.n)};

	choose_parts(model, keep, &to);
	renumber(model, &to);
	choose_trials(model, &to);
	if (model->chosen.n)
		qsort(model->chosen.v, model->chosen.n, sizeof *model->chosen.v, by_id);
	model->is_chosen = true;
	free(to.studies);
	free(to.clusters);
	free(to.arms);
}

bool model_has_trial(const struct model *model, int64_t trial_id)
{
	return !model->is_chosen ||
	       (model->chosen.n && bsearch(&trial_id, model->chosen.v, model->chosen.n,
					   sizeof *model->chosen.v, by_id));
}
