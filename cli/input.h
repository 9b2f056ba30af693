/* SPDX-License-Identifier: ISC */
/* Whole files into memory, unpacked where gzip packed them. */
#ifndef CLI_INPUT_H
#define CLI_INPUT_H

#include "model/str.h"

/*
 * Read a file, or standard input for "-", into the arena. The text has a NUL
 * one past its end, which is not part of it; NULs within it stay. False leaves
 * the reason in *error, without the path: "No such file or directory".
 */
bool input_read(struct arena *arena, const char *path, struct str *text, struct str *error);

/* The same for an open file, from its beginning. */
bool input_read_open(struct arena *arena, int fd, struct str *text, struct str *error);

#endif
