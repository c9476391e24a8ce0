/* host: facts of the recording machine that bear on the figures, for the session's row. */
#ifndef REJOIN_COLLECTOR_HOST_H
#define REJOIN_COLLECTOR_HOST_H

#include "schema/store.h"
#include <stdint.h>

struct host {
	char *name, *kernel, *cpu;
	char *clock_source; /* NULL: not known */
	int64_t n_cpu, memory_bytes;
	char *sysctls;	 /* JSON object */
	char *libraries; /* JSON object: name -> version */
};

void host_read(struct host *ret_host); /* what cannot be read is "unknown" or 0 */
/* What the kernel says of the wall clock at this moment. */
struct store_sync host_sync(void);
/* Name of the account that runs this; its number where it has no name. The caller frees. */
char *host_account(void);
void host_done(struct host *host);

#endif
