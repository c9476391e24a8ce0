#include "collector/driver.h"
#include <string.h>

const char *const action_names[N_ACTIONS] = {
	[ACTION_START] = "start",     [ACTION_STOP] = "stop",	  [ACTION_KILL] = "kill",
	[ACTION_PAUSE] = "pause",     [ACTION_RESUME] = "resume", [ACTION_CUT] = "cut",
	[ACTION_MEND] = "mend",	      [ACTION_NOOP] = "noop",	  [ACTION_EXCLUDE] = "exclude",
	[ACTION_INCLUDE] = "include",
};

bool action_undoes(enum action action)
{
	return action == ACTION_START || action == ACTION_RESUME || action == ACTION_MEND ||
	       action == ACTION_INCLUDE;
}

static const struct {
	const struct driver_ops *ops;
	int (*make)(const struct plan *plan, struct loop *loop, const char *work_dir,
		    struct driver **ret_driver, struct err *err);
} kinds[] = {
	{&driver_local_ops, driver_local_new},
	{&driver_command_ops, driver_command_new},
	{&driver_docker_ops, driver_docker_new},
	{&driver_none_ops, driver_none_new},
};

#define N_KINDS (sizeof kinds / sizeof kinds[0])

const struct driver_ops *driver_ops_by_name(const char *name)
{
	for (size_t i = 0; i < N_KINDS; i++)
		if (strcmp(kinds[i].ops->name, name) == 0)
			return kinds[i].ops;
	return NULL;
}

int driver_new(const struct plan *plan, struct loop *loop, const char *work_dir,
	       struct driver **ret_driver, struct err *err)
{
	const struct driver_ops *ops = driver_ops_by_name(plan->driver);

	for (size_t i = 0; i < N_KINDS; i++)
		if (kinds[i].ops == ops)
			return kinds[i].make(plan, loop, work_dir, ret_driver, err);
	return err_set(err, ERR_USAGE, "cluster.driver: %s: this version has no such driver",
		       plan->driver);
}

int driver_sweep_nothing(struct loop *loop, const char *work_dir, int *ret_n, struct err *err)
{
	(void)loop;
	(void)work_dir;
	(void)err;
	*ret_n = 0;
	return 0;
}
