#include "tests/unit/made.h"
#include "lib/mem.h"
#include <math.h>

size_t made_study(struct model *model, const char *name)
{
	vec_push(&model->studies, (struct model_study){.id = (int64_t)model->studies.n + 1,
						       .uuid = mem_strdup("0"),
						       .name = mem_strdup(name),
						       .label = mem_strdup(name),
						       .is_finished = true});
	return model->studies.n - 1;
}

size_t made_cluster(struct model *model, size_t study, int64_t master_eligible)
{
	vec_push(&model->clusters, (struct model_cluster){.id = (int64_t)model->clusters.n + 1,
							  .study = study,
							  .label = mem_strdup("c"),
							  .product = mem_strdup("elasticsearch"),
							  .version = mem_strdup("8.19.0"),
							  .master_eligible = master_eligible,
							  .n_nodes = 5});
	return model->clusters.n - 1;
}

size_t made_arm(struct model *model, size_t study, size_t cluster, const char *fault,
		const char *more)
{
	vec_push(&model->arms,
		 (struct model_arm){.id = (int64_t)model->arms.n + 1,
				    .study = study,
				    .cluster = cluster,
				    .master_eligible = model->clusters.v[cluster].master_eligible,
				    .fault = mem_strdup(fault),
				    .target = mem_strdup("master"),
				    .factors = json_loads(more, 0, NULL)});
	return model->arms.n - 1;
}

size_t made_trial(struct model *model, size_t arm, enum metric metric, double seconds,
		  double width_s, double limit_s)
{
	bool censored = isinf(seconds);
	struct model_trial trial = {
		.id = (int64_t)model->trials.n + 1,
		.study = model->arms.v[arm].study,
		.arm = arm,
		.position = (int64_t)model->trials.n + 1,
		.outcome = censored ? OUTCOME_NO_REELECTION : OUTCOME_RECOVERED,
		.terms = censored ? -1 : 1,
		.took_s = NAN,
		.acknowledged = -1,
		.lost = -1,
		.false_changes = -1,
		.witness_s = NAN,
	};

	trial.values[metric] = (struct model_value){
		.lo_ns = llround((censored ? limit_s : seconds - width_s / 2) * 1e9),
		.hi_ns = llround((censored ? limit_s : seconds + width_s / 2) * 1e9),
		.censored = censored,
		.present = true,
	};
	model->has[metric] = true;
	vec_push(&model->trials, trial);
	return model->trials.n - 1;
}

void made_trials(struct model *model, size_t arm, enum metric metric, const double *seconds,
		 size_t n)
{
	for (size_t i = 0; i < n; i++)
		made_trial(model, arm, metric, seconds[i], 0.005, 120);
}
