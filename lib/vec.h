/* vec: a growable array of any type. VEC(int) v = {0}; vec_push(&v, 3); v.v[0]; v.n; vec_done(&v).
 */
#ifndef REJOIN_LIB_VEC_H
#define REJOIN_LIB_VEC_H

#include "lib/mem.h"
#include <stdlib.h>

#define VEC(type)                                                                                  \
	struct {                                                                                   \
		type *v;                                                                           \
		size_t n, cap;                                                                     \
	}

#define vec_reserve(vec, want)                                                                     \
	do {                                                                                       \
		if ((vec)->cap < (want)) {                                                         \
			size_t vec_cap_ = (vec)->cap ? (vec)->cap * 2 : 8;                         \
			if (vec_cap_ < (want))                                                     \
				vec_cap_ = (want);                                                 \
			(vec)->v = mem_resize((vec)->v, vec_cap_, sizeof *(vec)->v);               \
			(vec)->cap = vec_cap_;                                                     \
		}                                                                                  \
	} while (0)

#define vec_push(vec, ...)                                                                         \
	do {                                                                                       \
		vec_reserve(vec, (vec)->n + 1);                                                    \
		(vec)->v[(vec)->n++] = (__VA_ARGS__);                                              \
	} while (0)

/* for each element: `p` points at it */
#define vec_each(p, vec) for ((p) = (vec)->v; (p) < (vec)->v + (vec)->n; (p)++)

#define vec_done(vec)                                                                              \
	do {                                                                                       \
		free((vec)->v);                                                                    \
		(vec)->v = NULL;                                                                   \
		(vec)->n = (vec)->cap = 0;                                                         \
	} while (0)

#endif
