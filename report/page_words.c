/* The page's words for metrics and groups. */
#include "report/factor.h"
#include "report/page_impl.h"
#include <string.h>

char *page_metric_text(const struct page *page, enum metric metric)
{
	const struct model *model = &page->recording->model;

	if (metric == METRIC_DUAL_MASTER)
		return mem_printf("H%s.", metric_meanings[metric] + strlen("for h"));
	if (metric_default_origin(metric) != ORIGIN_FAULT_ISSUED)
		return mem_printf("Time %s.", metric_meanings[metric]);
	return mem_printf("Time %s; counted from %s.", metric_meanings[metric],
			  model_from_text(model));
}

char *page_level_label(const struct page *page, const struct group *group, size_t i)
{
	const struct grouping *grouping = &page->recording->grouping;
	const char *name = grouping->names.v[i];
	char *text = group_level_text(grouping, group, i), *label = text;

	if (strcmp(name, "master_eligible") == 0)
		label = mem_printf("%s master%s", text, strcmp(text, "1") == 0 ? "" : "s");
	else if (strcmp(name, "study") != 0)
		label = mem_printf("%s %s", factor_title(name), text);
	if (label != text)
		free(text);
	return label;
}

char *page_group_label(const struct page *page, const struct group *group)
{
	struct str label = STR_INIT;

	for (size_t i = 0; i < page->recording->grouping.names.n; i++) {
		char *text = page_level_label(page, group, i);

		str_addf(&label, "%s%s", i ? ", " : "", text);
		free(text);
	}
	return label.n ? str_take(&label) : mem_strdup("all trials");
}
