/* unit: what every unit test includes. cmocka.h needs the four headers before it. */
#ifndef REJOIN_TESTS_UNIT_H
#define REJOIN_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
