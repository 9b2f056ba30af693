/* SPDX-License-Identifier: ISC */
#include "cli/progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define WAIT     0.2 /* seconds between two lines */
#define PATIENCE 1.0 /* seconds before a rest is guessed */

static double now(void)
{
	struct timespec at;
	clock_gettime(CLOCK_MONOTONIC, &at);
	return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

struct progress progress_begin(const struct options *options, size_t all, uint64_t bytes_all)
{
	struct progress progress = {.all = all, .bytes_all = bytes_all, .begun = now()};
	progress.shown = options->progress == PROGRESS_ALWAYS ||
	                 (options->progress == PROGRESS_AUTO && isatty(STDERR_FILENO));
	return progress;
}

static void print_rest(double seconds)
{
	unsigned long s = (unsigned long)(seconds + 0.5);
	if (s >= 3600)
		fprintf(stderr, ", %lu:%02lu:%02lu left", s / 3600, s / 60 % 60, s % 60);
	else
		fprintf(stderr, ", %lu:%02lu left", s / 60, s % 60);
}

void progress_tell(struct progress *progress, size_t done, uint64_t bytes_done,
                   const struct summary *summary)
{
	double at = now(), spent = at - progress->begun;
	if (!progress->shown || (at - progress->told < WAIT && done < progress->all))
		return;
	progress->told = at;
	/* Bytes tell more of the rest than files do; pipes have no size. */
	double part = progress->bytes_all ? (double)bytes_done / (double)progress->bytes_all
	                                  : (double)done / (double)progress->all;
	fprintf(stderr, "\r\033[K%zu of %zu (%.0f %%)", done, progress->all, part * 100);
	if (spent > 0)
		fprintf(stderr, ", %.0f/s", (double)done / spent);
	if (spent > PATIENCE && part > 0 && done < progress->all)
		print_rest(spent / part - spent);
	fprintf(stderr, ": %u errors, %u warnings, %u unreadable",
	        summary->findings[SEVERITY_ERROR], summary->findings[SEVERITY_WARNING],
	        summary->unreadable);
	fflush(stderr);
}

void progress_clear(const struct progress *progress)
{
	if (!progress->shown)
		return;
	fputs("\r\033[K", stderr);
	fflush(stderr);
}
