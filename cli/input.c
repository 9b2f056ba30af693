/* SPDX-License-Identifier: ISC */
/* Reading with read(2): a mapped file that shrinks would end the program. */
#include "cli/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

/* Offsets into a text, and one past its end, have 32 bits. */
#define TEXT_MAX ((size_t)UINT32_MAX - 1)

static bool fail(struct arena *arena, struct str *error, const char *reason)
{
	*error = str_copy(arena, str_of(reason));
	return false;
}

/*
 * Read up to `size` bytes. Fewer only at the end of the file; -1 with errno.
 */
static ssize_t read_fully(int fd, char *bytes, size_t size)
{
	size_t n = 0;

	while (n < size) {
		ssize_t got = read(fd, bytes + n, size - n);

		if (got == 0)
			break;
		if (got < 0 && errno != EINTR)
			return -1;
		if (got > 0)
			n += (size_t)got;
	}
	return (ssize_t)n;
}

/* A file of known size: one block of the arena. */
static bool read_sized(struct arena *arena, int fd, size_t size, struct str *text,
                       struct str *error)
{
	char *bytes = arena_alloc(arena, size + 1, 1);
	ssize_t n = read_fully(fd, bytes, size);

	if (n < 0)
		return fail(arena, error, strerror(errno));
	*text = (struct str){bytes, (size_t)n};
	return true;
}

/* A pipe or terminal: the buffer doubles outside the arena, which gets what was read. */
static bool read_stream(struct arena *arena, int fd, struct str *text, struct str *error)
{
	size_t n = 0, size = 1 << 16;
	char *bytes = malloc(size);
	const char *reason = bytes ? NULL : strerror(ENOMEM);

	while (!reason) {
		ssize_t got = read_fully(fd, bytes + n, size - n);
		char *larger;

		if (got < 0) {
			reason = strerror(errno);
			break;
		}
		n += (size_t)got;
		if (n < size)
			break;
		if (n > TEXT_MAX) {
			reason = "larger than 4 GiB";
			break;
		}
		larger = realloc(bytes, size * 2);
		if (!larger) {
			reason = strerror(ENOMEM);
			break;
		}
		bytes = larger;
		size *= 2;
	}
	if (!reason && n > TEXT_MAX)
		reason = "larger than 4 GiB";
	if (!reason)
		*text = str_copy(arena, (struct str){bytes, n});
	free(bytes);
	return reason ? fail(arena, error, reason) : true;
}

static bool read_open(struct arena *arena, int fd, struct str *text, struct str *error)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return fail(arena, error, strerror(errno));
	if (S_ISDIR(st.st_mode))
		return fail(arena, error, "is a directory");
	/* Files that say they are empty may be so (or be of the kind in /proc). */
	if (!S_ISREG(st.st_mode) || st.st_size == 0)
		return read_stream(arena, fd, text, error);
	if ((uint64_t)st.st_size > TEXT_MAX)
		return fail(arena, error, "larger than 4 GiB");
	return read_sized(arena, fd, (size_t)st.st_size, text, error);
}

/* ---- gzip */

/* What a file may grow to: some ten times the largest config there is. */
#define UNPACKED_MAX ((size_t)1 << 30)

static bool is_packed(struct str text)
{
	return text.n > 2 && memcmp(text.s, "\x1f\x8b\x08", 3) == 0;
}

/* Unpack all members one after the other into memory of malloc(); NULL with the reason. */
static char *inflate_all(struct str packed, size_t *n, const char **reason)
{
	z_stream stream = {.next_in = (Bytef *)(uintptr_t)packed.s, .avail_in = (uInt)packed.n};
	size_t size = packed.n * 4 + 4096;
	char *bytes = malloc(size);
	int status = inflateInit2(&stream, MAX_WBITS + 16);

	*n = 0;
	*reason = !bytes ? strerror(ENOMEM) : status != Z_OK ? "zlib cannot be used" : NULL;
	while (!*reason) {
		stream.next_out = (Bytef *)bytes + *n;
		stream.avail_out = (uInt)(size - *n);
		status = inflate(&stream, Z_NO_FLUSH);
		*n = size - stream.avail_out;
		if (status == Z_STREAM_END && stream.avail_in == 0)
			break;
		if (status == Z_STREAM_END) {
			status = inflateReset(&stream);
		} else if (stream.avail_out == 0) {
			char *larger = size < UNPACKED_MAX ? realloc(bytes, size * 2) : NULL;

			if (!larger)
				*reason = "larger than 1 GiB when unpacked";
			bytes = larger ? larger : bytes;
			size *= 2;
		} else if (stream.avail_in == 0) {
			*reason = "the gzip data is cut short";
		}
		if (status != Z_OK && status != Z_BUF_ERROR && !*reason)
			*reason = "the gzip data is damaged";
	}
	inflateEnd(&stream);
	if (*reason) {
		free(bytes);
		bytes = NULL;
	}
	return bytes;
}

static bool unpack(struct arena *arena, struct str *text, struct str *error)
{
	const char *reason;
	size_t n;
	char *bytes;

	if (!is_packed(*text))
		return true;
	bytes = inflate_all(*text, &n, &reason);
	if (!bytes)
		return fail(arena, error, reason);
	*text = str_copy(arena, (struct str){bytes, n});
	free(bytes);
	return true;
}

bool input_read_open(struct arena *arena, int fd, struct str *text, struct str *error)
{
	*text = *error = S("");
	if (lseek(fd, 0, SEEK_SET) < 0)
		return fail(arena, error, strerror(errno));
	return read_open(arena, fd, text, error);
}

bool input_read(struct arena *arena, const char *path, struct str *text, struct str *error)
{
	bool ok;
	int fd;

	*text = *error = S("");
	if (strcmp(path, "-") == 0)
		return read_open(arena, STDIN_FILENO, text, error) && unpack(arena, text, error);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return fail(arena, error, strerror(errno));
	ok = read_open(arena, fd, text, error) && unpack(arena, text, error);
	close(fd);
	return ok;
}
