/* json_compact: a JSON value as one line; and what may go into one. */
#ifndef REJOIN_COLLECTOR_JSON_COMPACT_H
#define REJOIN_COLLECTOR_JSON_COMPACT_H

#include "lib/err.h"
#include <jansson.h>

/* Takes json; NULL, which jansson gives only where there is no memory, ends the program. Keys are
 * sorted: equal values have equal texts. The caller frees. */
char *json_compact(json_t *json);

/* What an option was given, "--name": ERR_USAGE where it is not UTF-8, so no text that JSON holds.
 */
int json_check_text(const char *option, const char *text, struct err *err);

#endif
