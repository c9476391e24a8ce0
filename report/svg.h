/* svg: axes and shapes of the page's charts. Pure.
 *
 * A chart is drawn in a box of SVG_WIDTH units, about as many as a phone has pixels, so that its
 * text can be read there; wider screens show it larger. Colours, line widths and fonts are the
 * style sheet's (report/page.css): shapes carry classes. Anything that can be pointed at is a mark:
 * a shape of class "m" with a title, which browsers show by themselves and page.js shows at once
 * and by keyboard. */
#ifndef REJOIN_REPORT_SVG_H
#define REJOIN_REPORT_SVG_H

#include "lib/str.h"
#include <stdbool.h>
#include <stddef.h>

enum { SVG_WIDTH = 400, SVG_MAX_TICKS = 16 };

/* One axis: values from..to lie at..at + length (length below 0: upward). */
struct svg_axis {
	double from, to;
	double at, length;
	bool log;
	bool whole; /* counts: no ticks between integers */
	const char *title;
	double ticks[SVG_MAX_TICKS];
	size_t n_ticks;
	int digits; /* behind the point, of the ticks' labels */
};

/* Chooses round ticks, about n_wanted of them. from and to stay as they are; where they are equal
 * or not finite, they become something to draw on. */
void svg_ticks(struct svg_axis *axis, int n_wanted);
/* As a ruler for shares: 100 %, 10 %, 1 %, ... or 1, 10, 100, by powers of ten. */
void svg_ticks_log(struct svg_axis *axis);

/* Where a value lies. What is outside the axis lies at its end. */
double svg_place(const struct svg_axis *axis, double value);

/* Grid lines, ticks, labels and title of a horizontal axis with the plot from top to bottom, or of
 * a vertical one with the plot from left to right. percent: labels are percentages. */
void svg_axis_x(struct str *out, const struct svg_axis *axis, double top, double bottom);
void svg_axis_y(struct str *out, const struct svg_axis *axis, double left, double right,
		bool percent);

/* "<svg ...>" of class with a role, a title and a description; id must be unique in the page. */
void svg_open(struct str *out, const char *id, double height, const char *title, const char *text);
void svg_close(struct str *out);

/* The marker of series i around (x, y): circle, square, triangle, diamond, again with a hole. */
void svg_marker(struct str *out, size_t i, double x, double y, const char *title);

/* A text at (x, y), with classes. */
void svg_text(struct str *out, double x, double y, const char *classes, const char *text);

#endif
