/* SPDX-License-Identifier: ISC */
/*
 * What the command handlers (cmd_*.c) share: the state of a replay, a cursor
 * over the words of a line, and the ways to say what a line was.
 */
#ifndef PARSER_READER_H
#define PARSER_READER_H

#include "model/config.h"

/* The configuration modes that asamend tells apart. */
enum mode {
	MODE_TOP,
	MODE_INTERFACE,
	MODE_OBJECT_NETWORK,
	MODE_OBJECT_SERVICE,
	MODE_GROUP,
	MODE_CLASS_MAP,
	MODE_POLICY_MAP,
	MODE_CLASS,         /* class C inside a policy-map */
	MODE_ESMTP_MAP,     /* policy-map type inspect esmtp */
	MODE_ESMTP_PARAMS,  /* its parameters */
	MODE_ESMTP_MATCH,   /* one of its matches: action lines */
	MODE_IRRELEVANT,    /* a block that has nothing to do with mail */
	MODE_UNKNOWN_BLOCK, /* below a line that is not known */
	MODE_COUNT
};

struct open_mode {
	enum mode mode;
	uint32_t indent; /* of the line that opened it */
};

enum { MAX_MODES = 8 };

struct reader {
	struct config *config;
	struct arena *arena;
	struct span line; /* the line being read, trimmed */
	uint32_t base;    /* blanks that every line of this source begins with */
	uint32_t indent;  /* its leading blanks beyond them */
	bool negated;     /* it began with `no` */
	bool flat;        /* this source has lost its indentation */
	bool applied;     /* this source is replayed on top of a config (--apply) */

	struct open_mode modes[MAX_MODES]; /* modes[0] is MODE_TOP */
	uint32_t n_modes;

	/* Indexes of what the open modes work on. */
	uint32_t interface, object, group, class_map, policy_map, class, inspect_map;
	uint32_t asa_signs, ios_signs; /* lines that only an ASA or PIX, or only a router, has */
};

/* The words of a line, and how far they were read. */
struct cursor {
	struct reader *reader;
	const struct str *words;
	uint32_t n, i;
};

/* What a handler made of its line. */
enum handled {
	HANDLED,            /* modelled */
	HANDLED_IRRELEVANT, /* read, and nothing to do with mail */
	HANDLED_NOT_MINE,   /* the words fit another mode's command: look further out */
	HANDLED_UNKNOWN,    /* could not be read: may change any verdict */
	HANDLED_DOUBT       /* could not be read; the object it belongs to is marked unknown */
};

/*
 * A handler gets all words of its line but a leading `no` (reader->negated), the cursor
 * behind the first word.
 */
typedef enum handled command_fn(struct reader *reader, struct cursor *cursor);

/* The next word without or with taking it; the empty view at the end of the line. */
struct str peek(const struct cursor *cursor);
struct str peek_at(const struct cursor *cursor, uint32_t ahead);
struct str take(struct cursor *cursor);
bool at_end(const struct cursor *cursor);
bool next_is(const struct cursor *cursor, const char *word);
bool accept(struct cursor *cursor, const char *word); /* take it if it is `word` */
void skip_words(struct cursor *cursor, uint32_t n);

/* The span of a word of this line. */
struct span word_span(const struct cursor *cursor, struct str word);

/* Open a mode below the current line. */
void open_mode(struct reader *reader, enum mode mode);

/* The line as read, and what the device would have said to it (AM501). Reading goes on. */
__attribute__((format(printf, 2, 3))) void invalid_line(struct reader *reader, const char *format,
                                                        ...);

/* A diagnostic at a word of the line. */
__attribute__((format(printf, 4, 5))) void
complain(struct cursor *cursor, struct str word, enum severity severity, const char *format, ...);

name_id name_of(struct reader *reader, struct str text);

/* --- values.c: the small languages inside commands. Each takes words and says whether it could. */

bool take_number(struct cursor *cursor, uint32_t max, uint32_t *value);
/* An address or a label of `name`; *unknown when it is masked or never defined. */
bool take_address(struct cursor *cursor, u128 *address, bool *unknown);
/* "A M" as a network; host bits and bad masks become AM501 (ruling 14). */
bool take_network(struct cursor *cursor, struct range *range, bool *unknown);
/* The address part of an ACE or a group member: any, host X, A M, v6/len, object, object-group. */
bool take_addr_spec(struct cursor *cursor, struct addr_spec *spec);
/* A port by name or number. */
bool take_port(struct cursor *cursor, uint16_t *port);
/* [eq|neq|gt|lt P | range A B | object-group G]; PORT_ANY when there is none. */
bool take_port_spec(struct cursor *cursor, struct port_spec *spec);
/* A protocol by name or number. */
bool take_protocol(struct cursor *cursor, uint8_t *lo, uint8_t *hi);
/* icmp type and code, if given, as the ports of a service. */
bool take_icmp(struct cursor *cursor, struct service_spec *spec);
/* [H:]M:S of a timeout in seconds. */
bool take_time(struct cursor *cursor, uint32_t *seconds);
/* Does the word look like an address somebody masked: x.x.x.x, 10.x.x.1, <removed>? */
bool looks_masked(struct str word);

#endif
