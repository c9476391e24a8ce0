/* sheet_record: the parts of the sheet Study that an auditor reads first. */
#ifndef REJOIN_REPORT_SHEET_RECORD_H
#define REJOIN_REPORT_SHEET_RECORD_H

#include "report/sheet.h"

/* What the plan says of study number i, and what became of its RTO. */
void sheet_record_facts(struct sheet *sheet, size_t i);
void sheet_record_sign_offs(struct sheet *sheet, size_t i);
/* What its nodes say is in force; a setting that all of a cluster's nodes share is one row. */
int sheet_record_settings(struct sheet *sheet, size_t i, struct err *err);

#endif
