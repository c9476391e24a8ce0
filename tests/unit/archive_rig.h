/* archive_rig: a folder with a good archive, and a place for a bad one made from it. For one test
 * file each. */
#ifndef REJOIN_TESTS_UNIT_ARCHIVE_RIG_H
#define REJOIN_TESTS_UNIT_ARCHIVE_RIG_H

#include "report/archive.h"
#include "report/archive_read.h"
#include "tests/unit/unit.h"
#include <stdio.h>
#include <stdlib.h>

#define RECORDED "tests/upgrade/format1.sqlite"
#define TOP "rejoin-cbc101d0" /* the folder in the archive */

static char folder[64];
static char good[96], bad[96]; /* archives */

static int set_up(void **state)
{
	struct err err = ERR_INIT;

	(void)state;
	snprintf(folder, sizeof folder, "/tmp/test_archive.XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(good, sizeof good, "%s/good.tar.gz", folder);
	snprintf(bad, sizeof bad, "%s/bad.tar.gz", folder);
	return archive_write(good, RECORDED, &err);
}

static int tear_down(void **state)
{
	(void)state;
	beside_remove(folder);
	return 0;
}

#endif
