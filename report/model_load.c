/* The model of what a recording holds. */
#include "report/model.h"
#include "report/text.h"
#include "schema/sql.h"
#include <math.h>
#include <string.h>

static enum model_outcome outcome_of(const char *name)
{
	for (int o = 0; name && o < OUTCOME_UNFINISHED; o++)
		if (strcmp(name, outcome_names[o]) == 0)
			return o;
	return OUTCOME_UNFINISHED;
}

/* What the loading callbacks share. The index maps trial ids (the schema bounds them) to trials. */
struct loader {
	struct model *model;
	uint32_t *place_of_trial; /* 1 + its place in trials; 0: none */
	size_t n_places;
};

static int broken(struct err *err, const char *what, int64_t id)
{
	return err_set(err, ERR_ENV,
		       "the recording is damaged: %s %lld refers to what is not there", what,
		       (long long)id);
}

/* Finds the element with this id in an array of structs that start with their id. */
#define FIND(vec, wanted, ret_place)                                                               \
	do {                                                                                       \
		size_t find_i_ = 0;                                                                \
		while (find_i_ < (vec).n && (vec).v[find_i_].id != (wanted))                       \
			find_i_++;                                                                 \
		*(ret_place) = find_i_;                                                            \
	} while (0)

static int load_study(void *arg, const struct store_row *row, struct err *err)
{
	struct loader *loader = arg;

	(void)err;
	vec_push(&loader->model->studies, (struct model_study){
						  .id = store_int(row, 0),
						  .uuid = text_column(row, 1),
						  .name = text_column(row, 2),
						  .plan_file = text_column(row, 3),
						  .plan_text = mem_strdup(store_text(row, 4)),
						  .plan_sha256 = text_column(row, 5),
						  .seed = store_int(row, 6),
						  .trials_planned = store_int(row, 7),
						  .created_utc_us = store_int(row, 8),
						  .is_finished = !store_is_null(row, 9),
						  .created = text_column(row, 10),
						  .finished = text_column(row, 11),
					  });
	return 0;
}

static int load_cluster(void *arg, const struct store_row *row, struct err *err)
{
	struct model *model = ((struct loader *)arg)->model;
	size_t study;

	FIND(model->studies, store_int(row, 1), &study);
	if (study == model->studies.n)
		return broken(err, "cluster", store_int(row, 0));
	vec_push(&model->clusters, (struct model_cluster){
					   .id = store_int(row, 0),
					   .study = study,
					   .label = text_column(row, 2),
					   .driver = text_column(row, 3),
					   .uuid = text_column(row, 4),
					   .product = text_column(row, 5),
					   .version = text_column(row, 6),
					   .master_eligible = store_int(row, 7),
					   .n_nodes = store_int(row, 8),
					   .settings = text_column(row, 9),
					   .insecure = store_int(row, 10),
				   });
	return 0;
}

/* The names fit for people, as all other texts; of two that look alike then, the later gets a mark.
 * The levels stay what they are: factor_level_text cleans them. NULL: no object of JSON. */
static json_t *load_factors(const char *text)
{
	json_t *raw = json_loads(text, 0, NULL),
	       *factors = json_is_object(raw) ? json_object() : NULL;
	const char *name;
	json_t *level;

	json_object_foreach(raw, name, level)
	{
		char *clean = text_clean(name);

		while (json_object_get(factors, clean)) {
			char *marked = mem_printf("%s_", clean);

			free(clean);
			clean = marked;
		}
		json_object_set(factors, clean, level);
		free(clean);
	}
	json_decref(raw);
	return factors;
}

static int load_arm(void *arg, const struct store_row *row, struct err *err)
{
	struct model *model = ((struct loader *)arg)->model;
	char *factors = text_column(row, 6);
	size_t study, cluster = MODEL_NO_CLUSTER;

	FIND(model->studies, store_int(row, 1), &study);
	if (!store_is_null(row, 2))
		FIND(model->clusters, store_int(row, 2), &cluster);
	vec_push(&model->arms, (struct model_arm){
				       .id = store_int(row, 0),
				       .study = study,
				       .cluster = cluster,
				       .master_eligible = store_int(row, 3),
				       .fault = text_column(row, 4),
				       .target = text_column(row, 5),
				       .factors = load_factors(factors ? factors : ""),
			       });
	free(factors);
	if (study == model->studies.n)
		return broken(err, "arm", store_int(row, 0));
	if (!model->arms.v[model->arms.n - 1].factors)
		return err_set(err, ERR_ENV, "the recording is damaged: factors of arm %lld",
			       (long long)store_int(row, 0));
	return 0;
}

/* Lets the index answer for id. */
static void reach(struct loader *loader, size_t id)
{
	size_t n = id * 2 + 64;

	if (id < loader->n_places)
		return;
	loader->place_of_trial =
		mem_resize(loader->place_of_trial, n, sizeof *loader->place_of_trial);
	memset(loader->place_of_trial + loader->n_places, 0,
	       (n - loader->n_places) * sizeof *loader->place_of_trial);
	loader->n_places = n;
}

static int load_trial(void *arg, const struct store_row *row, struct err *err)
{
	struct loader *loader = arg;
	struct model *model = loader->model;
	size_t arm, id = (size_t)store_int(row, 0);

	FIND(model->arms, store_int(row, 2), &arm);
	if (arm == model->arms.n || id > UINT32_MAX)
		return broken(err, "trial", store_int(row, 0));
	reach(loader, id);
	vec_push(&model->trials,
		 (struct model_trial){
			 .id = (int64_t)id,
			 .study = model->arms.v[arm].study,
			 .arm = arm,
			 .position = store_int(row, 3),
			 .block = store_int(row, 4),
			 .warmup = store_int(row, 5),
			 .started = text_column(row, 6),
			 .outcome = outcome_of(store_text(row, 7)),
			 .reason = text_column(row, 8),
			 .victim = text_column(row, 9),
			 .old_master = text_column(row, 10),
			 .new_master = text_column(row, 11),
			 .witness_s = NAN,
			 .terms = store_is_null(row, 12) ? -1 : store_int(row, 12),
			 .took_s = store_is_null(row, 13) ? NAN : store_double(row, 13),
			 .acknowledged = store_is_null(row, 14) ? -1 : store_int(row, 14),
			 .lost = store_is_null(row, 15) ? -1 : store_int(row, 15),
			 .false_changes = store_is_null(row, 16) ? -1 : store_int(row, 16),
		 });
	model->has_writes |= !store_is_null(row, 14);
	model->has_noop |= !store_is_null(row, 16);
	loader->place_of_trial[id] = (uint32_t)model->trials.n;
	return 0;
}

static int load_metric(void *arg, const struct store_row *row, struct err *err)
{
	struct loader *loader = arg;
	size_t id = (size_t)store_int(row, 0);
	int metric = metric_by_name(store_text(row, 1));
	struct model_trial *trial;

	(void)err;
	/* A name that this version does not know is not an error: the file may know more. */
	if (metric < 0 || id >= loader->n_places || !loader->place_of_trial[id] ||
	    strcmp(store_text(row, 2), origin_names[metric_origin(metric, loader->model->from)]) !=
		    0)
		return 0;
	trial = &loader->model->trials.v[loader->place_of_trial[id] - 1];
	trial->values[metric] = (struct model_value){
		.lo_ns = store_int(row, 3),
		.hi_ns = store_int(row, 4),
		.censored = (int8_t)store_int(row, 5),
		.present = true,
	};
	loader->model->has[metric] = true;
	return 0;
}

static int load_incidents(void *arg, const struct store_row *row, struct err *err)
{
	struct model *model = ((struct loader *)arg)->model;
	struct model_study *study;
	size_t place;

	FIND(model->studies, store_int(row, 0), &place);
	if (place == model->studies.n)
		return broken(err, "incident of study", store_int(row, 0));
	study = &model->studies.v[place];
	vec_push(&study->incidents,
		 (struct model_incidents){text_column(row, 1), store_int(row, 2)});
	study->n_incidents += store_int(row, 2);
	return 0;
}

/* Leaves lines of trials that are not in the model. */
static void add_witness(struct loader *loader, const struct witness_pair *pair)
{
	size_t id = (size_t)pair->trial_id;
	struct model_trial *trial;
	struct model_study *study;

	if (id >= loader->n_places || !loader->place_of_trial[id])
		return;
	trial = &loader->model->trials.v[loader->place_of_trial[id] - 1];
	study = &loader->model->studies.v[trial->study];
	vec_push(&study->witness, pair->diff_s);
	study->n_early += pair->is_early;
	trial->witness_s = trial->n_witness
				   ? trial->witness_s + (pair->diff_s - trial->witness_s) /
								(double)(trial->n_witness + 1)
				   : pair->diff_s;
	trial->n_witness++;
	loader->model->has_witness = true;
}

static int load_witness(struct loader *loader, struct store *store, struct err *err)
{
	const struct witness_pair *pair;
	int r = witness_match(store, &loader->model->witness, err);

	if (!r)
		vec_each (pair, &loader->model->witness)
			add_witness(loader, pair);
	return r;
}

static void label_studies(struct model *model)
{
	struct model_study *a, *b;

	vec_each (a, &model->studies) {
		bool twice = false;

		vec_each (b, &model->studies)
			twice |= a != b && strcmp(a->name, b->name) == 0;
		a->label = twice ? mem_printf("%s (%.8s)", a->name, a->uuid) : mem_strdup(a->name);
	}
}

int model_load(struct store *store, enum origin from, struct model *ret_model, struct err *err)
{
	static const struct {
		int sql_id;
		store_row_fn *fn;
	} parts[] = {
		{SQL_REPORT_STUDIES, load_study},
		{SQL_REPORT_CLUSTERS, load_cluster},
		{SQL_REPORT_ARMS, load_arm},
		{SQL_REPORT_TRIALS, load_trial},
		{SQL_REPORT_INCIDENT_COUNTS, load_incidents},
	};
	const struct store_bind bind = {.type = STORE_BIND_TEXT, .s = origin_names[from]};
	struct loader loader = {.model = ret_model};
	int r = 0;

	*ret_model = (struct model){.from = from};
	for (size_t i = 0; !r && i < sizeof parts / sizeof *parts; i++)
		r = store_query(store, parts[i].sql_id, NULL, 0, parts[i].fn, &loader, err);
	if (!r)
		r = store_query(store, SQL_REPORT_METRICS, &bind, 1, load_metric, &loader, err);
	if (!r)
		r = load_witness(&loader, store, err);
	free(loader.place_of_trial);
	if (!r)
		r = study_record_load(store, ret_model, err);
	if (r)
		model_done(ret_model);
	else
		label_studies(ret_model);
	return r;
}
