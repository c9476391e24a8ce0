/* Any bytes as a plan: it is refused with one line, or accepted and the same again out of its
 * canonical JSON. */
#include "collector/plan_impl.h"
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct plan *plan, *again;
	struct err err = ERR_INIT;

	if (size > PLAN_MAX_BYTES)
		return 0;
	if (plan_from_text("fuzz.yml", (const char *)data, size, NULL, 0, &plan, &err)) {
		if (!err.text[0] || strchr(err.text, '\n'))
			abort();
		return 0;
	}
	if (plan_from_json(plan->json, &again, &err) || strcmp(plan->sha256, again->sha256) != 0)
		abort();
	plan_free(again);
	plan_free(plan);
	return 0;
}
