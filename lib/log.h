/* log: what the programs say to the user, on stderr. Results never go through here (they go to
 * stdout). Only main files, verbs and the progress line call it; pure modules return errors. */
#ifndef REJOIN_LIB_LOG_H
#define REJOIN_LIB_LOG_H

#include <stdbool.h>

enum log_color { LOG_COLOR_AUTO, LOG_COLOR_ALWAYS, LOG_COLOR_NEVER };

/* program: the name before every error line. color AUTO: on a terminal without NO_COLOR. */
void log_init(const char *program, enum log_color color, bool quiet);

/* Each is one line: control characters in it become question marks. */
void log_error(const char *fmt, ...)
	__attribute__((format(printf, 1, 2))); /* "program: error: ..." */
void log_warn(const char *fmt, ...)
	__attribute__((format(printf, 1, 2))); /* "program: warning: ..." */
void log_info(const char *fmt, ...) __attribute__((format(printf, 1, 2))); /* silent when quiet */

/* A line that the next one overwrites. Does nothing unless stderr is a terminal. "" clears it. */
void log_status(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
bool log_is_terminal(void);

/* Escape sequences if colours are on, else "": bold, dim, red, green, yellow, reset. */
const char *log_ansi(const char *name);

#endif
