/* SPDX-License-Identifier: ISC */
/*
 * Reading a running-config: its commands are replayed in order, `no` and `clear
 * configure` included. Commands applied on top (--apply, a change, a rollback)
 * are further inputs of the same replay.
 */
#ifndef PARSER_CONFIG_READER_H
#define PARSER_CONFIG_READER_H

#include "model/config.h"
#include "parser/capture.h"

struct config_input {
	struct str path, text; /* by reference; they must outlive the config */
};

/*
 * Replay `part` of the first input, then the others whole. All memory is taken from
 * `arena`. Never fails: what cannot be read is in config.diags and unknown_lines.
 */
struct config *config_read(struct arena *arena, const struct config_input *inputs, uint32_t n,
                           const struct config_part *part);

/*
 * Is the first input a firewall's config at all? False with what it looks like instead
 * ("an IOS router's config", "a binary file", "empty") in *looks_like.
 */
bool config_recognised(const struct config *config, struct str *looks_like);

#endif
