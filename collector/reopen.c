#include "collector/reopen.h"
#include "lib/log.h"

int reopen(const char *db, struct store **ret_store, struct err *err)
{
	int code = store_open(db, STORE_APPEND, ret_store, err);

	if (!code && store_backup(*ret_store))
		log_info("%s was of an older format and is brought up to format %d; as it was: %s",
			 db, STORE_FORMAT, store_backup(*ret_store));
	return code;
}
