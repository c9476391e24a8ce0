/* where: "--where size=4,fault=kill", the choice of trials by the levels of their factors. */
#ifndef REJOIN_REPORT_WHERE_H
#define REJOIN_REPORT_WHERE_H

#include "report/model.h"

/* Leaves in the model only the arms that have these levels. Comma-separated factor=level; the same
 * factor again, or a level without a factor before it, means either. A comma, = or backslash in a
 * level follows a backslash. ERR_USAGE, with what there is: no such factor, no such level, no arm
 * that has all of them. ret_text: "masters 3 or 4, fault kill"; the caller frees it. */
int where_choose(struct model *model, const char *where, char **ret_text, struct err *err);

#endif
