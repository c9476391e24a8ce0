/* Findings: what the recording says, in sentences made from its numbers (findings.h). */
#include "report/findings.h"
#include "report/page_impl.h"

int page_findings(struct page *page, struct err *err)
{
	const struct finding *finding;
	struct findings findings;

	(void)err;
	if (!page->recording->model.trials.n)
		return 0;
	findings_make(page->recording, &findings);
	if (findings.all.n)
		html_add(page->out, "<ul class=\"findings\">\n");
	vec_each (finding, &findings.all) {
		/* not by colour alone: a caution says so */
		if (finding->severity == FINDING_CAUTION)
			html_add(page->out, "<li class=\"caution\"><b>Caution</b> %s</li>\n",
				 finding->text);
		else
			html_add(page->out, "<li>%s</li>\n", finding->text);
	}
	if (findings.all.n)
		html_add(page->out, "</ul>\n");
	findings_done(&findings);
	return 0;
}
