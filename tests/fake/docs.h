/* docs: the one index that the fake cluster holds: its documents are numbers, shared by all nodes.
 */
#ifndef REJOIN_TESTS_FAKE_DOCS_H
#define REJOIN_TESTS_FAKE_DOCS_H

#include "lib/vec.h"
#include <stdbool.h>
#include <stdint.h>

struct docs {
	bool exists;
	VEC(int64_t) numbers;
};

bool docs_is_for(const char *url); /* the request is about an index of the write probe */
/* Does what is asked: PUT and DELETE of the index, PUT of a document, POST of _mget. The caller
 * frees the text. */
char *docs_answer(struct docs *docs, const char *method, const char *url, const char *body,
		  unsigned *ret_status);
void docs_forget(struct docs *docs, int64_t number);

#endif
