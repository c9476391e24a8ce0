/* compare_join: the models of two files as one. */
#ifndef REJOIN_REPORT_COMPARE_JOIN_H
#define REJOIN_REPORT_COMPARE_JOIN_H

#include "report/model.h"

/* The studies, clusters, arms and trials of from become some of to, behind its own, and from is
 * left without any. Ids may be there twice afterwards; places, by which a model refers, are not. */
void compare_join(struct model *to, struct model *from);

#endif
