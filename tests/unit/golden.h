/* golden: reads tests/oracles/golden.txt (see make_golden.py there), one case after another. */
#ifndef REJOIN_TESTS_GOLDEN_H
#define REJOIN_TESTS_GOLDEN_H

#include <stdbool.h>
#include <stddef.h>

struct golden_field {
	char key[16];
	double *v;
	size_t n;
};

struct golden {
	void *file;
	struct golden_field fields[20]; /* of the present case; free at the next one */
	size_t n_fields;
	size_t n_cases; /* of that kind so far */
};

/* Goes to the next case of the kind. At the end: closes, checks that there was one, false. Start
 * with a zeroed struct. */
bool golden_next(struct golden *g, const char *kind);

const struct golden_field *golden_field(const struct golden *g, const char *key); /* NULL: none */
double golden_number(const struct golden *g, const char *key, size_t i);
const double *golden_array(const struct golden *g, const char *key, size_t *ret_n);

/* Fails unless equal up to that relative error, both NAN, or the same infinity. */
void golden_near(const char *what, double is, double want, double tolerance);

void golden_sort(const struct golden *g, const char *key);

#endif
