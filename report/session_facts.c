#include "report/session_facts.h"
#include "lib/mem.h"
#include "lib/str.h"

static void add_text(session_facts *facts, const char *label, char *text)
{
	if (text)
		vec_push(facts, (struct session_fact){.label = label, .text = text});
}

static void add_column(session_facts *facts, const char *label, const struct store_row *row,
		       int column)
{
	const char *text = store_text(row, column);

	add_text(facts, label, text ? mem_strdup(text) : NULL);
}

static void add_number(session_facts *facts, const char *label, double number)
{
	vec_push(facts, (struct session_fact){.label = label, .number = number});
}

/* How the session went. */
static void add_run(session_facts *facts, const struct store_row *row)
{
	add_column(facts, "started [UTC]", row, 11);
	if (!store_is_null(row, 12))
		add_number(facts, "took [s]", store_double(row, 12));
	if (store_is_null(row, 13))
		add_text(facts, "ended by", mem_strdup("was cut off, or still runs"));
	else
		add_column(facts, "ended by", row, 13);
	add_column(facts, "reason", row, 16);
}

static void add_machine(session_facts *facts, const struct store_row *row)
{
	static const struct {
		const char *label;
		int column;
	} texts[] = {{"account", 15}, {"tool version", 2}, {"host", 3},	     {"kernel", 4},
		     {"CPU", 5},      {"command line", 8}, {"libraries", 9}, {"sysctls", 10}};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		add_column(facts, texts[i].label, row, texts[i].column);
	add_number(facts, "CPUs", (double)store_int(row, 6));
	add_text(facts, "memory", mem_printf("%.1f GiB", (double)store_int(row, 7) / (1 << 30)));
}

static char *sync_text(const struct store_row *row, int column)
{
	if (store_is_null(row, column))
		return mem_strdup("not read");
	if (!store_int(row, column))
		return mem_strdup("NOT synchronised");
	return mem_printf("synchronised, estimated error %.0f us, at most %.0f us",
			  store_double(row, column + 1), store_double(row, column + 2));
}

static void add_clocks(session_facts *facts, const struct store_row *row)
{
	add_column(facts, "clock source", row, 17);
	add_text(facts, "wall clock, start", sync_text(row, 18));
	add_text(facts, "wall clock, end", sync_text(row, 21));
	add_text(facts, "anchors",
		 mem_printf("the clocks were read together to within %.1f us",
			    store_double(row, 14)));
}

void session_facts_make(const struct store_row *row, session_facts *ret_facts)
{
	*ret_facts = (session_facts){0};
	add_run(ret_facts, row);
	add_machine(ret_facts, row);
	add_clocks(ret_facts, row);
}

void session_facts_done(session_facts *facts)
{
	for (size_t i = 0; i < facts->n; i++)
		free(facts->v[i].text);
	vec_done(facts);
}
