#include "report/compare_join.h"

/* Moves all elements of an array behind those of another. */
#define MOVE_ALL(to, from)                                                                         \
	do {                                                                                       \
		for (size_t move_i_ = 0; move_i_ < (from)->n; move_i_++)                           \
			vec_push(to, (from)->v[move_i_]);                                          \
		(from)->n = 0;                                                                     \
	} while (0)

static void move_studies(struct model *to, struct model *from)
{
	MOVE_ALL(&to->studies, &from->studies);
}

static void move_clusters(struct model *to, struct model *from, size_t first_study)
{
	struct model_cluster *cluster;

	vec_each (cluster, &from->clusters)
		cluster->study += first_study;
	MOVE_ALL(&to->clusters, &from->clusters);
}

static void move_arms(struct model *to, struct model *from, size_t first_study,
		      size_t first_cluster)
{
	struct model_arm *arm;

	vec_each (arm, &from->arms) {
		arm->study += first_study;
		arm->cluster += arm->cluster == MODEL_NO_CLUSTER ? 0 : first_cluster;
	}
	MOVE_ALL(&to->arms, &from->arms);
}

static void move_trials(struct model *to, struct model *from, size_t first_study, size_t first_arm)
{
	struct model_trial *trial;

	vec_each (trial, &from->trials) {
		trial->study += first_study;
		trial->arm += first_arm;
	}
	MOVE_ALL(&to->trials, &from->trials);
}

void compare_join(struct model *to, struct model *from)
{
	size_t n_studies = to->studies.n, n_clusters = to->clusters.n, n_arms = to->arms.n;

	for (int m = 0; m < N_METRICS; m++)
		to->has[m] |= from->has[m];
	to->has_writes |= from->has_writes;
	to->has_noop |= from->has_noop;
	to->has_witness |= from->has_witness;
	move_studies(to, from);
	move_clusters(to, from, n_studies);
	move_arms(to, from, n_studies, n_clusters);
	move_trials(to, from, n_studies, n_arms);
}
