/* fake: a fake cluster (tests/fake) as the child of a test, driven line by line. */
#ifndef REJOIN_TESTS_UNIT_FAKE_H
#define REJOIN_TESTS_UNIT_FAKE_H

#include "collector/driver.h"
#include "lib/loop.h"
#include "lib/str.h"
#include <jansson.h>

struct fake {
	struct loop *loop;
	pid_t pid;
	int in_fd, out_fd;
	struct loop_source *source;
	struct str out; /* what it told; the first line is about the ports */
	size_t n_lines, n_wanted;
	bool ended;
	json_t *about;
};

/* nodes: "n1 n2 n3"; settings: lines that come before, or "". */
void fake_start(struct fake *fake, struct loop *loop, const char *settings, const char *nodes);
void fake_stop(struct fake *fake);
char *fake_url(const struct fake *fake, const char *node); /* caller frees */
/* Lets a driver that has no nodes know n1, n2, ... of them; and frees what it knows. */
void fake_nodes(const struct fake *fake, struct driver *driver, size_t n);
void fake_nodes_done(struct driver *driver);
/* Says a line, and waits until n_changes of it (one a node) are made. */
void fake_say(struct fake *fake, const char *line, size_t n_changes);
/* Says a line, and does not wait. */
void fake_plan(struct fake *fake, const char *line);
/* Waits until it has told of n changes since its start. */
void fake_await(struct fake *fake, size_t n_changes);
json_t *fake_truth(const struct fake *fake); /* array of the changes told; caller frees */

#endif
