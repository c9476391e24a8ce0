/* interrupt: ^C, SIGTERM and SIGHUP end a long verb between two rows, so that it can remove what it
 * has half written. */
#ifndef REJOIN_REPORT_INTERRUPT_H
#define REJOIN_REPORT_INTERRUPT_H

#include "lib/err.h"
#include <stdbool.h>

/* From now on a signal is noted; a second one ends the program at once. */
void interrupt_catch(void);
bool interrupt_seen(void);
/* ERR_INTERRUPTED once there was one. */
int interrupt_check(struct err *err);

#endif
