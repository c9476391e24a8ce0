/* timeline_chart: a timeline drawn into a sheet: a line for each node, coloured by the master that
 * it shows, over the whole trial and around the election. */
#ifndef REJOIN_REPORT_TIMELINE_CHART_H
#define REJOIN_REPORT_TIMELINE_CHART_H

#include "report/chart.h"
#include "report/timeline.h"

enum { TIMELINE_DATA_COL = 20 }; /* the charts' data stand from here on */

/* Below the sheet's last row; sheet->row is past the charts then. */
void timeline_draw(struct sheet *sheet, const struct timeline *timeline);

#endif
