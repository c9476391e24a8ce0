#include "collector/secret.h"
#include "lib/auth.h"
#include <errno.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static int check_hosts(const struct plan *plan, struct err *err)
{
	for (size_t i = 0; i < plan->clusters.n; i++)
		for (size_t k = 0; k < plan->clusters.v[i].hosts.n; k++) {
			const char *url = plan->clusters.v[i].hosts.v[k].url;

			if (auth_check_url(url, err))
				return err->code;
		}
	return 0;
}

int secret_apply(const struct plan *plan, struct http *http, struct err *err)
{
	struct http_access how = {.ca_file = plan->access.ca_file,
				  .pin = plan->access.pin,
				  .insecure = plan->access.insecure};
	const struct plan_access *a = &plan->access;
	const struct auth auth = {a->user,	  a->password_env, a->password_file,
				  a->api_key_env, a->api_key_file, a->bearer_env,
				  a->bearer_file};
	char *header;
	if (plan->access.ca_file && auth_check_ca(plan->access.ca_file, err))
		return err_wrap(err, "cluster.tls.ca");
	if (auth_header(&auth, &header, err))
		return err_wrap(err, "cluster.auth");
	if (header && check_hosts(plan, err)) {
		auth_wipe(header);
		return err->code;
	}
	if (header)
		prctl(PR_SET_DUMPABLE,
		      0); /* no core dump holds it, and no other process reads it */
	how.authorization = header;
	http_set_access(http, &how);
	auth_wipe(header);
	return 0;
}
