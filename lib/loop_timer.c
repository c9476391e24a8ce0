/* Timers: a binary heap by due_ns; timer->slot is 1 + index. */
#include "lib/clock.h"
#include "lib/loop_impl.h"

static void heap_put(struct loop *loop, size_t i, struct loop_timer *timer)
{
	loop->heap.v[i] = timer;
	timer->slot = i + 1;
}

static void heap_up(struct loop *loop, size_t i, struct loop_timer *timer)
{
	while (i > 0 && loop->heap.v[(i - 1) / 2]->due_ns > timer->due_ns) {
		heap_put(loop, i, loop->heap.v[(i - 1) / 2]);
		i = (i - 1) / 2;
	}
	heap_put(loop, i, timer);
}

static void heap_down(struct loop *loop, size_t i, struct loop_timer *timer)
{
	for (;;) {
		size_t child = 2 * i + 1;
		if (child >= loop->heap.n)
			break;
		if (child + 1 < loop->heap.n &&
		    loop->heap.v[child + 1]->due_ns < loop->heap.v[child]->due_ns)
			child++;
		if (loop->heap.v[child]->due_ns >= timer->due_ns)
			break;
		heap_put(loop, i, loop->heap.v[child]);
		i = child;
	}
	heap_put(loop, i, timer);
}

void loop_timer_stop(struct loop *loop, struct loop_timer *timer)
{
	if (!timer->slot)
		return;
	size_t i = timer->slot - 1;
	timer->slot = 0;
	struct loop_timer *last = loop->heap.v[--loop->heap.n];
	if (last == timer)
		return;
	if (i > 0 && loop->heap.v[(i - 1) / 2]->due_ns > last->due_ns)
		heap_up(loop, i, last);
	else
		heap_down(loop, i, last);
}

void loop_timer_set(struct loop *loop, struct loop_timer *timer, int64_t due_ns)
{
	loop_timer_stop(loop, timer);
	timer->due_ns = due_ns;
	vec_push(&loop->heap, timer);
	heap_up(loop, loop->heap.n - 1, timer);
}

void loop_run_timers(struct loop *loop)
{
	int64_t now = clock_mono_ns();
	while (loop->heap.n && loop->heap.v[0]->due_ns <= now) {
		struct loop_timer *timer = loop->heap.v[0];
		loop_timer_stop(loop, timer);
		timer->fn(timer->arg);
	}
}
