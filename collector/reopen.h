/* reopen: a recording that is there already, opened to be written. */
#ifndef REJOIN_COLLECTOR_REOPEN_H
#define REJOIN_COLLECTOR_REOPEN_H

#include "schema/store.h"

/* store_open, STORE_APPEND; says where the backup copy is of a file that was of an older format. */
int reopen(const char *db, struct store **ret_store, struct err *err);

#endif
