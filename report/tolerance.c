#include "report/tolerance.h"
#include "lib/mem.h"
#include "report/stats.h"
#include "schema/sql.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct reader {
	const struct model *model;
	struct tolerance *tolerance;
};

static size_t find_study(const struct model *model, int64_t id)
{
	size_t i = 0;

	while (i < model->studies.n && model->studies.v[i].id != id)
		i++;
	return i;
}

static bool same_loss(const struct tolerance_row *a, const struct tolerance_row *b)
{
	return a->study == b->study && a->master_eligible == b->master_eligible &&
	       a->in_turn == b->in_turn && a->n_lost == b->n_lost &&
	       strcmp(a->fault, b->fault) == 0;
}

/* Rows come in the order of the table: it is the last one or a new one. */
static struct tolerance_row *row_for(struct tolerance *tolerance, const struct tolerance_row *key)
{
	size_t n = tolerance->rows.n;

	if (n && same_loss(&tolerance->rows.v[n - 1], key))
		return &tolerance->rows.v[n - 1];
	vec_push(&tolerance->rows, *key);
	tolerance->rows.v[n].fault = mem_strdup(key->fault);
	return &tolerance->rows.v[n];
}

static int on_loss(void *arg, const struct store_row *row, struct err *err)
{
	struct reader *r = arg;
	struct tolerance_row key = {.study = find_study(r->model, store_int(row, 0)),
				    .master_eligible = store_int(row, 1),
				    .in_turn = store_int(row, 2),
				    .fault = (char *)store_text(row, 3),
				    .n_lost = store_int(row, 4)};
	bool predicted = store_int(row, 5), worst = store_int(row, 6);
	struct tolerance_row *to;

	(void)err;
	if (!model_has_trial(r->model, store_int(row, 9)))
		return 0;
	to = row_for(r->tolerance, &key);
	if (store_is_null(row, 7))
		return 0; /* nobody could tell how it ended */
	to->n++;
	to->n_survived += store_int(row, 7) != 0;
	to->n_predicted += predicted;
	to->n_worst += worst;
	to->n_lucky += store_int(row, 7) && !worst;
	if (!store_is_null(row, 8))
		vec_push(&to->recoveries_s, store_double(row, 8));
	return 0;
}

static struct tolerance_size *size_for(struct tolerance *tolerance, const struct tolerance_row *row)
{
	struct tolerance_size size = {.study = row->study,
				      .master_eligible = row->master_eligible,
				      .survived = {-1, -1},
				      .predicted = {-1, -1},
				      .lucky = {-1, -1}};
	size_t n = tolerance->sizes.n;

	if (n && tolerance->sizes.v[n - 1].study == row->study &&
	    tolerance->sizes.v[n - 1].master_eligible == row->master_eligible)
		return &tolerance->sizes.v[n - 1];
	vec_push(&tolerance->sizes, size);
	return &tolerance->sizes.v[n];
}

/* Several faults may have taken as many nodes: the one that was survived least counts. */
static bool all_at_least(const struct tolerance *tolerance, const struct tolerance_row *like,
			 size_t (*count)(const struct tolerance_row *row))
{
	for (size_t i = 0; i < tolerance->rows.n; i++) {
		const struct tolerance_row *row = &tolerance->rows.v[i];

		if (row->study == like->study && row->master_eligible == like->master_eligible &&
		    row->in_turn == like->in_turn && row->n_lost <= like->n_lost && row->n &&
		    strcmp(row->fault, "partition") != 0 && count(row) < row->n)
			return false;
	}
	return true;
}

static size_t surely_survived(const struct tolerance_row *row)
{
	return row->n_survived - row->n_lucky;
}

static size_t surely_predicted(const struct tolerance_row *row)
{
	return row->n_worst;
}

static int64_t most(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static void sum_up(struct tolerance *tolerance)
{
	for (size_t i = 0; i < tolerance->rows.n; i++) {
		const struct tolerance_row *row = &tolerance->rows.v[i];
		struct tolerance_size *size;
		int way = row->in_turn;

		if (!row->n || strcmp(row->fault, "partition") == 0)
			continue;
		size = size_for(tolerance, row);
		size->survived[way] = most(size->survived[way], 0);
		size->predicted[way] = most(size->predicted[way], 0);
		if (all_at_least(tolerance, row, surely_survived))
			size->survived[way] = most(size->survived[way], row->n_lost);
		if (all_at_least(tolerance, row, surely_predicted))
			size->predicted[way] = most(size->predicted[way], row->n_lost);
		if (row->n_survived)
			size->lucky[way] = most(size->lucky[way], row->n_lost);
	}
}

int tolerance_load(struct store *store, const struct model *model, bool include_warmup,
		   struct tolerance *ret, struct err *err)
{
	const struct store_bind bind[] = {{STORE_BIND_INT, include_warmup, NULL}};
	struct reader reader = {model, ret};

	*ret = (struct tolerance){0};
	if (store_query(store, SQL_REPORT_LOSSES, bind, 1, on_loss, &reader, err))
		return err->code;
	for (size_t i = 0; i < ret->rows.n; i++)
		stats_sort(ret->rows.v[i].recoveries_s.v, ret->rows.v[i].recoveries_s.n);
	sum_up(ret);
	return 0;
}

void tolerance_done(struct tolerance *tolerance)
{
	for (size_t i = 0; i < tolerance->rows.n; i++) {
		free(tolerance->rows.v[i].fault);
		vec_done(&tolerance->rows.v[i].recoveries_s);
	}
	vec_done(&tolerance->rows);
	vec_done(&tolerance->sizes);
}

char *tolerance_text(const struct tolerance_size *size, bool in_turn)
{
	int64_t survived = size->survived[in_turn], lucky = size->lucky[in_turn];

	if (survived < 0)
		return mem_strdup("");
	if (lucky > survived)
		return mem_printf("%lld (%lld with luck)", (long long)survived, (long long)lucky);
	return mem_printf("%lld", (long long)survived);
}

double tolerance_recovery_s(const struct tolerance_row *row)
{
	size_t n = row->recoveries_s.n;

	return n ? stats_quantile(row->recoveries_s.v, n, n, 0.5) : NAN;
}
