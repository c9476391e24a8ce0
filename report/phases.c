#include "report/phases.h"

const struct phase phases[N_PHASES] = {
	{"detection", "fault to the first survivor that no longer shows the old master", -1,
	 METRIC_DETECTION},
	{"election", "then to the first survivor that shows the new one", METRIC_DETECTION,
	 METRIC_REELECTION},
	{"agreement", "then to the last survivor that shows it", METRIC_REELECTION,
	 METRIC_AGREEMENT},
	{"boot", "start asked to the node's first answer", -1, METRIC_BOOT},
	{"rejoin", "then to the first survivor that lists it anew", METRIC_BOOT, METRIC_REJOIN},
	{"redundancy", "then to as many live voters, and a health, as before", METRIC_REJOIN,
	 METRIC_REDUNDANCY},
};

void phases_collect(const struct model *model, const struct group *group, const struct phase *phase,
		    group_values *ret)
{
	ret->n = 0;
	for (size_t i = 0; i < group->trials.n; i++) {
		const struct model_trial *t = &model->trials.v[group->trials.v[i]];
		const struct model_value *to = &t->values[phase->to];
		const struct model_value *from = phase->from < 0 ? to : &t->values[phase->from];

		if (!outcome_is_measured(t->outcome) || !to->present || to->censored > 0 ||
		    !from->present || from->censored > 0)
			continue;
		vec_push(ret, model_value_s(to) - (phase->from < 0 ? 0 : model_value_s(from)));
	}
	stats_sort(ret->v, ret->n);
}
