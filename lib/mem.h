/* mem: allocation that does not return NULL.
 *
 * Out of memory ends the program with one line and exit code 3. What that leaves undone is on disk
 * as an intent (see schema/store.h), and `rejoin-collector heal` finishes it. */
#ifndef REJOIN_LIB_MEM_H
#define REJOIN_LIB_MEM_H

#include <stddef.h>

void *mem_alloc(size_t size_bytes);			/* zeroed */
void *mem_resize(void *p, size_t n, size_t size_bytes); /* n * size_bytes, checked for overflow */
char *mem_strdup(const char *s);			/* NULL gives NULL */
char *mem_strndup(const char *s, size_t n);
char *mem_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
