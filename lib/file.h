/* file: what write(2) leaves to its callers. */
#ifndef REJOIN_LIB_FILE_H
#define REJOIN_LIB_FILE_H

#include <stddef.h>

/* All n bytes, through short writes and signals. 0, or -1 with errno: some of them may be written.
 */
int file_write_all(int fd, const void *bytes, size_t n);

#endif
