/* err: one error with its text, carried up by the callers.
 *
 * A function that can fail returns 0 or one of the negative codes below and fills the struct err
 * it was given. The first error wins: setting a second one changes nothing. Callers add context on
 * the way up with err_wrap: "trial 7: stop node n2: no such process". A text is one line: control
 * characters become '?'. Nothing in here prints.
 *
 * The codes are the negated exit codes of the programs (README, "Exit codes"). */
#ifndef REJOIN_LIB_ERR_H
#define REJOIN_LIB_ERR_H

enum err_code {
	ERR_USAGE = -2,	      /* bad option, bad plan: what the user typed */
	ERR_ENV = -3,	      /* machine, cluster or file cannot be used */
	ERR_INTERRUPTED = -4, /* a signal ended it; everything is healed */
	ERR_UNHEALED = -5,    /* something could not be brought back */
};

struct err {
	int code; /* 0: no error yet */
	char text[1024];
};

#define ERR_INIT                                                                                   \
	{                                                                                          \
		0                                                                                  \
	}

/* Sets code and text if err holds no error yet. Returns the code that err then holds. */
int err_set(struct err *err, int code, const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* Puts "context: " before the text. Returns err's code. */
int err_wrap(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* The exit code for a returned code: 0 for 0, else its negation. */
int err_exit_code(int code);

#endif
