/* SPDX-License-Identifier: ISC */
#include "cli/record_file.h"

#include "analyzers/rules.h"
#include "parser/results.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- going on */

struct resuming {
	struct arena *arena;
	struct resumed *resumed;
	struct str last;       /* the input of the latest record */
	struct summary before; /* the sums without its records */
};

static void begin_input(struct resuming *resuming, struct str path, uint64_t offset)
{
	struct resumed *resumed = resuming->resumed;
	if (resuming->last.s && str_eq(path, resuming->last))
		return;
	if (resuming->last.s)
		intern(resumed->done, resuming->last);
	resuming->last = str_copy(resuming->arena, path);
	resuming->before = resumed->summary;
	resumed->keep = offset;
}

/* Take in one record, which stands at `offset` of the file. */
static void take(struct resuming *resuming, const struct record *record, uint64_t offset,
                 uint64_t end)
{
	struct resumed *resumed = resuming->resumed;
	switch (record->kind) {
	case RECORD_RUN:
		resumed->keep = end;
		resumed->run.policy_sha256 = str_copy(resuming->arena, record->run.policy_sha256);
		resumed->run.settings = str_copy(resuming->arena, record->run.settings);
		resumed->run.started = str_copy(resuming->arena, record->run.started);
		resumed->run.today = str_copy(resuming->arena, record->run.today);
		break;
	case RECORD_CONFIG:
		begin_input(resuming, record->config.path, offset);
		summary_add(&resumed->summary, &record->config);
		break;
	case RECORD_UNREAD:
		begin_input(resuming, record->unread.path, offset);
		resumed->summary.skipped += record->unread.skipped;
		resumed->summary.unreadable += !record->unread.skipped;
		break;
	case RECORD_END:
		resumed->complete = true;
		resumed->keep = end;
		break;
	}
}

/* Read line by line, each into memory of its own: the file may be larger than that. */
static bool read_lines(struct resuming *resuming, FILE *file, struct str *error)
{
	struct rule_table table = {rules, n_rules};
	char *line = NULL;
	size_t size = 0;
	uint64_t offset = 0;
	uint32_t number = 0;
	bool good = true;
	for (ssize_t n; good && (n = getline(&line, &size, file)) > 0; offset += (uint64_t)n) {
		struct arena *scratch = arena_new();
		struct record record;
		struct str text = str_trim((struct str){line, (size_t)n}), problem;
		bool whole = line[n - 1] == '\n';
		number++;
		good = !whole || results_record(scratch, table, text, &record, &problem);
		if (good && whole)
			take(resuming, &record, offset, offset + (uint64_t)n);
		else if (!good)
			*error = str_printf(resuming->arena, "line %u: %.*s", number, STR(problem));
		if (good && number == 1 && whole && record.kind != RECORD_RUN) {
			*error = S("line 1: expected a record of kind run");
			good = false;
		}
		arena_free(scratch);
	}
	free(line);
	return good;
}

bool record_file_resume(struct arena *arena, const char *path, struct resumed *resumed,
                        struct str *error)
{
	struct resuming resuming = {.arena = arena, .resumed = resumed};
	*resumed = (struct resumed){.done = interns_new(arena)};
	FILE *file = fopen(path, "re");
	if (!file && errno == ENOENT)
		return true;
	if (!file) {
		*error = str_printf(arena, "--resume: cannot read %s: %s", path, strerror(errno));
		return false;
	}
	bool good = read_lines(&resuming, file, error);
	fclose(file);
	if (!good)
		*error = str_printf(arena, "--resume: %s is not the result of a scan: %.*s", path,
		                    STR(*error));
	else if (!resumed->complete && resuming.last.s)
		resumed->summary = resuming.before;
	return good;
}

/* ---- writing */

static int temporary(void)
{
	const char *folder = getenv("TMPDIR");
	char path[4096];
	snprintf(path, sizeof(path), "%s/asamend-XXXXXX", folder && *folder ? folder : "/tmp");
	int fd = mkstemp(path);
	if (fd >= 0)
		unlink(path);
	return fd;
}

int record_file_open(struct arena *arena, const char *path, uint64_t keep, struct str *error)
{
	int fd = path ? open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_APPEND, 0666) : temporary();
	struct stat st;
	bool good = fd >= 0;
	/* A pipe or device takes records too. */
	if (good && path && fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		good = ftruncate(fd, (off_t)keep) == 0;
	if (good)
		return fd;
	*error = str_printf(arena, "cannot write %s: %s", path ? path : "a temporary file",
	                    strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}
