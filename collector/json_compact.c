#include "collector/json_compact.h"
#include <stdlib.h>

char *json_compact(json_t *json)
{
	char *text = json ? json_dumps(json, JSON_SORT_KEYS | JSON_COMPACT) : NULL;

	if (!text)
		abort();
	json_decref(json);
	return text;
}
