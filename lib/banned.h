/* banned: functions that no source of ours may call. Every source but the tests' is compiled with
 * "-include lib/banned.h". The headers that declare these functions come first: a poisoned name
 * may not even be declared afterwards. */
#ifndef REJOIN_LIB_BANNED_H
#define REJOIN_LIB_BANNED_H

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>
#include <unistd.h>

#undef sprintf /* clang's are macros with _FORTIFY_SOURCE */
#undef vsprintf
/* write past the end of their buffer: use str, mem_printf, snprintf */
#pragma GCC poison strcpy stpcpy strcat strncat sprintf vsprintf gets
/* one hidden state for the whole process: use strtok_r, gmtime_r */
#pragma GCC poison strtok gmtime localtime ctime asctime
/* cannot report what is not a number: use strtoll, strtod */
#pragma GCC poison atoi atol atoll atof
/* stop the event loop: use a loop_timer */
#pragma GCC poison usleep nanosleep
/* a shell between us and the program: use posix_spawn */
#pragma GCC poison popen
/* names that others can guess */
#pragma GCC poison tmpnam tempnam mktemp

/* As bad, but good names for members too, or named by macros of xlsxwriter.h: only the function is
 * refused, and by clang not where _FORTIFY_SOURCE has defined it already. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wattributes"
#define BANNED(function, instead)                                                                  \
	extern __typeof__(function) function __attribute__((deprecated(instead)))
BANNED(strncpy, "leaves no NUL: use str, mem_strndup, memcpy");
BANNED(sleep, "stops the event loop: use a loop_timer");
BANNED(system, "runs a shell: use posix_spawn");
BANNED(signal, "races: use loop_catch_signals");
#undef BANNED
#pragma GCC diagnostic pop

#endif
