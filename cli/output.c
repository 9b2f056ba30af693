/* SPDX-License-Identifier: ISC */
/* Writing with write(2), every error seen. */
#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool output_write_fd(int fd, struct str text)
{
	while (text.n) {
		ssize_t n = write(fd, text.s, text.n);

		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0)
			text = (struct str){text.s + n, text.n - (size_t)n};
	}
	return true;
}

static bool fail(struct arena *arena, struct str *error, const char *path)
{
	*error = str_printf(arena, "cannot write %s: %s", path, strerror(errno));
	return false;
}

/* A name beside `path` that no file has yet; the file is made and open. */
static int open_beside(struct arena *arena, const char *path, const char **temporary)
{
	for (unsigned i = 0; i < 100; i++) {
		int fd;

		*temporary = str_cstr(arena,
		                      str_printf(arena, "%s.%ld-%u.tmp", path, (long)getpid(), i));
		fd = open(*temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		if (fd >= 0 || errno != EEXIST)
			return fd;
	}
	return -1;
}

/* Everything up to the name is done under the temporary one. */
static bool write_temporary(int fd, struct str text, const struct stat *old)
{
	bool ok = output_write_fd(fd, text);
	int error;

	/* A file that is replaced keeps its mode. */
	if (ok && old && fchmod(fd, old->st_mode & 07777) != 0)
		ok = false;
	if (ok && fsync(fd) != 0 && errno != EINVAL)
		ok = false;
	error = errno;
	if (close(fd) != 0 && ok)
		return false;
	errno = error;
	return ok;
}

/* `path` is the file itself, `shown` what the user calls it. */
static bool replace_file(struct arena *arena, const char *path, const char *shown, struct str text,
                         const struct stat *old, struct str *error)
{
	const char *temporary;
	int fd = open_beside(arena, path, &temporary);

	if (fd < 0)
		return fail(arena, error, shown);
	if (!write_temporary(fd, text, old) || rename(temporary, path) != 0) {
		fail(arena, error, shown);
		unlink(temporary);
		return false;
	}
	return true;
}

/* A pipe or device cannot be replaced. */
static bool write_in_place(struct arena *arena, const char *path, struct str text,
                           struct str *error)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok;

	if (fd < 0)
		return fail(arena, error, path);
	ok = output_write_fd(fd, text);
	if (!ok)
		fail(arena, error, path);
	close(fd);
	return ok;
}

static bool write_file(struct arena *arena, const char *path, struct str text, struct str *error)
{
	char real[PATH_MAX];
	struct stat old;

	if (stat(path, &old) != 0)
		return replace_file(arena, path, path, text, NULL, error);
	if (S_ISDIR(old.st_mode)) {
		errno = EISDIR;
		return fail(arena, error, path);
	}
	if (!S_ISREG(old.st_mode))
		return write_in_place(arena, path, text, error);
	/* A link stays; the file it leads to is replaced. */
	if (!realpath(path, real))
		return fail(arena, error, path);
	return replace_file(arena, real, path, text, &old, error);
}

bool output_write(struct arena *arena, const char *path, struct str text, struct str *error)
{
	*error = S("");
	if (path)
		return write_file(arena, path, text, error);
	if (output_write_fd(STDOUT_FILENO, text) || errno == EPIPE)
		return true;
	return fail(arena, error, "standard output");
}
