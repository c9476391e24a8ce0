/* json_text: how programs are given JSON: indented, and 12 digits a number. */
#ifndef REJOIN_REPORT_JSON_TEXT_H
#define REJOIN_REPORT_JSON_TEXT_H

#include "lib/str.h"
#include <jansson.h>

/* Adds root and a newline to ret_text; takes root. Every text in it must be clean UTF-8 and every
 * number finite. */
void json_text_take(json_t *root, struct str *ret_text);

/* 12 digits tell half-nanoseconds in minutes apart, and keep 0.1 from being printed as 0.1000...01.
 * null: not given, or without end. */
json_t *json_text_figure(double v);

#endif
