/* json_compact: a JSON value as one line. */
#ifndef REJOIN_COLLECTOR_JSON_COMPACT_H
#define REJOIN_COLLECTOR_JSON_COMPACT_H

#include <jansson.h>

/* Takes json; NULL, which jansson gives only where there is no memory, ends the program. Keys are
 * sorted: equal values have equal texts. The caller frees. */
char *json_compact(json_t *json);

#endif
