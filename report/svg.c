#include "report/svg.h"
#include "report/bins.h"
#include "report/html.h"
#include <math.h>

void svg_ticks(struct svg_axis *axis, int n_wanted)
{
	double step, first;

	if (!isfinite(axis->from))
		axis->from = 0;
	if (!isfinite(axis->to) || axis->to - axis->from < 1e-9)
		axis->to = axis->from + 1;
	step = bins_round((axis->to - axis->from) / n_wanted);
	if (axis->whole)
		step = fmax(1, step);
	first = ceil(axis->from / step - 1e-9);
	axis->n_ticks = 0;
	for (size_t i = 0; i < SVG_MAX_TICKS; i++) {
		double tick = (first + (double)i) * step;

		if (tick > axis->to + step * 1e-6)
			break;
		axis->ticks[axis->n_ticks++] = tick;
	}
	axis->digits = (int)fmax(0, ceil(-log10(step) - 1e-9));
}

void svg_ticks_log(struct svg_axis *axis)
{
	static const double within[] = {1, 2, 5};
	double low = fmin(axis->from, axis->to), high = fmax(axis->from, axis->to);
	size_t n_within = high / low < 1000 ? 3 : 1;

	axis->log = true;
	axis->n_ticks = 0;
	for (int power = (int)floor(log10(low) + 1e-9); power <= (int)floor(log10(high)); power++)
		for (size_t i = 0; i < n_within && axis->n_ticks < SVG_MAX_TICKS; i++) {
			double tick = within[i] * pow(10, power);

			if (tick >= low * 0.9999999 && tick <= high * 1.0000001)
				axis->ticks[axis->n_ticks++] = tick;
		}
}

double svg_place(const struct svg_axis *axis, double value)
{
	double share = axis->log ? log(value / axis->from) / log(axis->to / axis->from)
				 : (value - axis->from) / (axis->to - axis->from);

	return axis->at + fmin(1, fmax(0, share)) * axis->length;
}

static void tick_label(struct str *out, const struct svg_axis *axis, double value, bool percent)
{
	if (percent)
		html_add(out, "%.6g %%", value * 100);
	else if (axis->log)
		html_add(out, "%.6g", value);
	else
		html_add(out, "%.*f", axis->digits, value);
}

void svg_axis_x(struct str *out, const struct svg_axis *axis, double top, double bottom)
{
	html_add(out, "<g class=\"axis x\">");
	for (size_t i = 0; i < axis->n_ticks; i++) {
		double x = svg_place(axis, axis->ticks[i]);

		html_add(out,
			 "<path class=\"grid\" d=\"M%.1f %.1fV%.1f\"/><text x=\"%.1f\" "
			 "y=\"%.1f\">",
			 x, top, bottom, x, bottom + 15);
		tick_label(out, axis, axis->ticks[i], false);
		html_add(out, "</text>");
	}
	html_add(out, "<path class=\"line\" d=\"M%.1f %.1fh%.1f\"/>", axis->at, bottom,
		 axis->length);
	if (axis->title)
		html_add(out, "<text class=\"name\" x=\"%.1f\" y=\"%.1f\">%s</text>",
			 axis->at + axis->length, bottom + 31, axis->title);
	html_add(out, "</g>\n");
}

void svg_axis_y(struct str *out, const struct svg_axis *axis, double left, double right,
		bool percent)
{
	html_add(out, "<g class=\"axis y\">");
	for (size_t i = 0; i < axis->n_ticks; i++) {
		double y = svg_place(axis, axis->ticks[i]);

		html_add(out,
			 "<path class=\"grid\" d=\"M%.1f %.1fH%.1f\"/><text x=\"%.1f\" "
			 "y=\"%.1f\">",
			 left, y, right, left - 5, y + 4);
		tick_label(out, axis, axis->ticks[i], percent);
		html_add(out, "</text>");
	}
	if (axis->title)
		html_add(out, "<text class=\"name\" x=\"2\" y=\"11\">%s</text>", axis->title);
	html_add(out, "</g>\n");
}

void svg_open(struct str *out, const char *id, double height, const char *title, const char *text)
{
	html_add(out,
		 "<svg role=\"img\" viewBox=\"0 0 %d %.0f\" aria-labelledby=\"%s-t\" "
		 "aria-describedby=\"%s-d\"><title id=\"%s-t\">%s</title><desc id=\"%s-d\">%s"
		 "</desc>\n",
		 SVG_WIDTH, height, id, id, id, title, id, text);
}

void svg_close(struct str *out)
{
	html_add(out, "</svg>\n");
}

void svg_marker(struct str *out, size_t i, double x, double y, const char *title)
{
	html_add(out, "<path class=\"m dot%s\" d=\"", i % 8 < 4 ? "" : " hole");
	switch (i % 4) {
	case 0:
		html_add(out, "M%.1f %.1fa4 4 0 1 0 8 0a4 4 0 1 0-8 0z", x - 4, y);
		break;
	case 1:
		html_add(out, "M%.1f %.1fh7v7h-7z", x - 3.5, y - 3.5);
		break;
	case 2:
		html_add(out, "M%.1f %.1fl4.5 8h-9z", x, y - 5);
		break;
	default:
		html_add(out, "M%.1f %.1fl5 5-5 5-5-5z", x, y - 5);
	}
	html_add(out, "\">");
	if (title)
		html_add(out, "<title>%s</title>", title);
	html_add(out, "</path>");
}

void svg_text(struct str *out, double x, double y, const char *classes, const char *text)
{
	html_add(out, "<text x=\"%.1f\" y=\"%.1f\" class=\"%s\">%s</text>", x, y, classes, text);
}
