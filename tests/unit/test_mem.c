#include "lib/mem.h"
#include "lib/vec.h"
#include "tests/unit/unit.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static void size_zero_is_memory_too(void **state)
{
	void *p = mem_alloc(0), *q = mem_resize(NULL, 0, 8);

	(void)state;
	assert_non_null(p);
	assert_non_null(q);
	q = mem_resize(q, 3, 0);
	assert_non_null(q);
	free(p);
	free(q);
}

static void copies(void **state)
{
	char *whole = mem_strdup("node"), *part = mem_strndup("node", 2);
	char *made = mem_printf("%s-%d", "n", 7);

	(void)state;
	assert_null(mem_strdup(NULL));
	assert_string_equal(whole, "node");
	assert_string_equal(part, "no");
	assert_string_equal(made, "n-7");
	free(whole);
	free(part);
	free(made);
}

static void overflow_ends_the_program(void **state)
{
	pid_t child;
	int status;

	(void)state;
	child = fork();
	if (child == 0) {
		close(STDERR_FILENO);
		free(mem_resize(NULL, SIZE_MAX / 2, 4));
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 3);
}

static void vec_grows(void **state)
{
	VEC(int) v = {0};
	int *p, sum = 0;

	(void)state;
	for (int i = 0; i < 100; i++)
		vec_push(&v, i);
	vec_each (p, &v)
		sum += *p;
	assert_int_equal(v.n, 100);
	assert_int_equal(sum, 4950);
	vec_done(&v);
	assert_null(v.v);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(size_zero_is_memory_too),
		cmocka_unit_test(copies),
		cmocka_unit_test(overflow_ends_the_program),
		cmocka_unit_test(vec_grows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
