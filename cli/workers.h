/* SPDX-License-Identifier: ISC */
/* Many jobs on many threads, with their results in order. */
#ifndef CLI_WORKERS_H
#define CLI_WORKERS_H

#include <stdbool.h>
#include <stddef.h>

struct work {
	/* Do job i, on some thread; the result is handed to done(). */
	void *(*job)(void *context, size_t i);
	/*
	 * Take the result of job i, on the calling thread: 0 first, then 1, ... False: begin no
	 * more jobs; those begun still come.
	 */
	bool (*done)(void *context, size_t i, void *result);
	void *context;
};

/* How many processors this process may use, at least 1. */
unsigned workers_available(void);

/*
 * Run jobs 0 to n-1 on `threads` threads. No job is begun that is far ahead of the next result to
 * be taken, so as few results wait as there are threads, times a small number. Where no
 * thread can be started the caller does the jobs itself.
 */
void workers_run(const struct work *work, size_t n, unsigned threads);

#endif
