/* Losses survived: per size, as measured and as predicted. */
#include "report/page_impl.h"

static void add_sizes(struct page *page)
{
	const struct recording *r = page->recording;
	const struct tolerance_size *size;

	page_table(page, "The most nodes that could be lost with a master left or elected");
	if (r->model.studies.n > 1)
		page_head(page, "study");
	page_head(page, "masters");
	page_head_nr(page, "at once");
	page_head_nr(page, "predicted");
	page_head_nr(page, "one after another");
	page_head_nr(page, "predicted");
	page_body(page);
	vec_each (size, &r->tolerance.sizes) {
		page_row(page);
		if (r->model.studies.n > 1)
			page_cell(page, r->model.studies.v[size->study].label);
		html_add(page->out, "<th scope=\"row\">%ld</th>", (long)size->master_eligible);
		for (int way = 0; way < 2; way++) {
			char *text = tolerance_text(size, way);

			html_add(page->out, "<td class=\"nr\">%s</td>", text);
			page_cell_count(page, size->predicted[way]);
			free(text);
		}
	}
	page_table_end(page);
}

static void add_row(struct page *page, const struct tolerance_row *row)
{
	const struct recording *r = page->recording;

	page_row(page);
	if (r->model.studies.n > 1)
		page_cell(page, r->model.studies.v[row->study].label);
	html_add(page->out, "<th scope=\"row\">%ld</th>", (long)row->master_eligible);
	page_cell(page, row->in_turn ? "one after another" : "at once");
	page_cell(page, row->fault);
	page_cell_count(page, row->n_lost);
	page_cell_count(page, (int64_t)row->n);
	page_cell_count(page, (int64_t)row->n_survived);
	page_cell_count(page, (int64_t)row->n_predicted);
	page_cell_count(page, (int64_t)row->n_worst);
	page_cell_count(page, (int64_t)row->n_lucky);
	page_cell_seconds(page, tolerance_recovery_s(row));
}

static void add_rows(struct page *page)
{
	static const char *const counts[] = {"how many",
					     "trials",
					     "survived",
					     "predicted",
					     "worst choice",
					     "by luck",
					     "recovery, median [s]"};
	const struct recording *r = page->recording;
	const struct tolerance_row *row;

	page_table(page, "Losses, one row for each way and number of nodes");
	if (r->model.studies.n > 1)
		page_head(page, "study");
	page_head(page, "masters");
	page_head(page, "nodes lost");
	page_head(page, "by");
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		page_head_nr(page, counts[i]);
	page_body(page);
	vec_each (row, &r->tolerance.rows)
		add_row(page, row);
	page_table_end(page);
}

int page_tolerance(struct page *page, struct err *err)
{
	(void)err;
	if (!page->recording->tolerance.rows.n)
		return 0;
	html_add(page->out,
		 "<p>What counts is the worst choice of nodes, voters first: what was survived "
		 "only because a node without a vote was among those taken is luck. Predicted: "
		 "more than half of the voting configuration recorded just before was left.</p>\n");
	add_sizes(page);
	add_rows(page);
	page_note(page, "Predicted, worst choice: losses in which the voters left would be a "
			"quorum, with the nodes that were taken, and with voters taken first. "
			"Recovery: from the healing of a lost quorum to a master.");
	return 0;
}
