#include "report/json_text.h"
#include <math.h>
#include <stdlib.h>

void json_text_take(json_t *root, struct str *ret_text)
{
	char *text = json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(12));

	json_decref(root);
	if (!text)
		abort();
	str_addf(ret_text, "%s\n", text);
	free(text);
}

json_t *json_text_figure(double v)
{
	return isfinite(v) ? json_real(v) : json_null();
}
