/* sheet_record: the parts of the sheet Study that an auditor reads first. */
#ifndef REJOIN_REPORT_SHEET_RECORD_H
#define REJOIN_REPORT_SHEET_RECORD_H

#include "report/sheet.h"

/* Columns of the sheet: names of settings and their values are the longest texts of its tables. */
enum { STUDY_COLUMNS = 10 };
extern const double study_widths[STUDY_COLUMNS];

/* Texts from the left, wrapped; returns the lines of the longest. */
double sheet_record_cells(struct sheet *sheet, const char *const *texts, size_t n);

/* A fact; a long one goes over several lines and columns. */
void sheet_record_pair(struct sheet *sheet, const char *key, const char *text);

/* What the plan says of study number i, and what became of its RTO. */
void sheet_record_facts(struct sheet *sheet, size_t i);
void sheet_record_sign_offs(struct sheet *sheet, size_t i);
/* What its nodes say is in force; a setting on which nodes and clusters agree is one row. */
int sheet_record_settings(struct sheet *sheet, size_t i, struct err *err);

#endif
