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

int json_check_text(const char *option, const char *text, struct err *err)
{
	json_t *json = json_string(text);

	json_decref(json);
	return json ? 0 : err_set(err, ERR_USAGE, "%s: UTF-8 text is expected", option);
}
