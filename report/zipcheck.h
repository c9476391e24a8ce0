/* zipcheck: whether the parts of a workbook are whole.
 *
 * libxlsxwriter does not look whether writing its temporary files succeeded: on a full disk it
 * packs what got there and reports success. Each part is XML, so a whole one ends with '>'. */
#ifndef REJOIN_REPORT_ZIPCHECK_H
#define REJOIN_REPORT_ZIPCHECK_H

#include "lib/err.h"

/* 0, or ERR_ENV when a part of the zip file is cut short, or the file itself. */
int zipcheck(const char *path, struct err *err);

#endif
