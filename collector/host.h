/* host: facts of the recording machine that bear on the figures, for the session's row. */
#ifndef REJOIN_COLLECTOR_HOST_H
#define REJOIN_COLLECTOR_HOST_H

#include <stdint.h>

struct host {
	char *name, *kernel, *cpu;
	int64_t n_cpu, memory_bytes;
	char *sysctls;	 /* JSON object */
	char *libraries; /* JSON object: name -> version */
};

void host_read(struct host *ret_host); /* what cannot be read is "unknown" or 0 */
void host_done(struct host *host);

#endif
