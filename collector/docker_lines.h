/* docker_lines: the lines of a log out of what the engine sends of it. Pure. */
#ifndef REJOIN_COLLECTOR_DOCKER_LINES_H
#define REJOIN_COLLECTOR_DOCKER_LINES_H

#include "lib/str.h"
#include <stdbool.h>

/* Adds the payload of frames (a byte for the stream, three zeros, length, so many bytes): what
 * the engine sends of a container without a terminal. A last one that was cut counts. False: these
 * are no frames. */
bool docker_unframe(const char *bytes, size_t n, struct str *ret_text);

/* Adds the text with lines that are JSON, as Elasticsearch's own images log (ECS from 8 on, another
 * layout before), turned into the default layout, which is what collector/logs.h reads. Others stay
 * as they are. */
void docker_plain_lines(const char *text, size_t n, struct str *ret_text);

#endif
