/* SPDX-License-Identifier: ISC */
/*
 * Captures: how a config got into a file, and what that left around it. A capture is split
 * into its configs, and its lines are freed of what terminals add. All here works on text;
 * nothing knows commands.
 */
#ifndef PARSER_CAPTURE_H
#define PARSER_CAPTURE_H

#include "model/report.h"
#include "model/source.h"

/* One config inside a capture: a context, or the part of a show-tech that is its config. */
struct config_part {
	uint32_t offset, len;
	uint32_t first_line; /* from 1 */
	struct str context;  /* named by what stands around it; empty: it may say so itself */
	const struct source *capture; /* the whole capture and its lines, shared by all parts */
};

struct config_parts {
	VEC(struct config_part) list;
	struct str captured_by; /* "show-tech", "oxidized", "rancid", "terminal", or empty */
};

/*
 * The configs that a capture holds, in order: split at version lines, where a prompt says
 * `changeto context`, at Oxidized's marks; only the running-config section of a show
 * tech-support. At least one part, the whole text, when nothing divides it.
 */
struct config_parts config_split(struct arena *arena, struct str text);

/* The next line of a text from *at on, without its line end; *at moves behind it. */
struct str capture_line(struct str text, size_t *at);

/* Blanks at the front of a line. */
uint32_t capture_depth(struct str line);

/* "ASA Version 9.8(4)15 <context>" and its kind: the words after `Version`. */
bool capture_version(struct str line, enum platform *platform, struct str *version,
                     struct str *context);

/*
 * Cut paging marks and what wiped them from the front of a line, byte order marks, form
 * feeds. *paged tells whether there was a mark.
 */
struct str capture_unpage(struct str line, bool *paged);

/* "host/ctx(config-if)# nameif x": the prompt's length (0: none) and what it says. */
struct prompt {
	size_t len;
	bool configuring;   /* what follows is a command of the config */
	struct str command; /* what was typed at it */
};
bool capture_prompt(struct str line, struct prompt *prompt);

enum noise {
	NOISE_NONE,
	NOISE_COMMENT, /* ! and : */
	NOISE_END,     /* ": end", Cryptochecksum: all of the config was seen */
	NOISE_DEVICE,  /* what the device says around a config, harmless */
	NOISE_ERROR    /* the device complains: something is missing */
};
enum noise capture_noise(struct str line);

/* Does this command, typed at a prompt, print something that is not the config? */
bool capture_prints_other(struct str command);

#endif
