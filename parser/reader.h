/* SPDX-License-Identifier: ISC */
/*
 * What the command handlers (cmd_*.c) share: the state of a replay, a cursor
 * over the words of a line, and the ways to say what a line was.
 */
#ifndef PARSER_READER_H
#define PARSER_READER_H

#include <string.h>

#include "model/config.h"
#include "parser/edits.h"

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
	uint32_t depth; /* blanks before the line that opened it */
	bool indented;  /* its own lines stand deeper than that; else the text lost its indentation
	                 */
};

enum { MAX_MODES = 8 };

/* The place of a thing by its name, for things of which there can be many. */
struct places {
	struct name_index hardware, nameif; /* interfaces; nameif in lower case */
	struct name_index class_maps, policy_maps, inspect_maps, object_nats, regexes;
	struct name_index class_uses;       /* how many policy-map classes name a class-map */
	struct name_index policy_uses;      /* how many service-policies name a policy-map */
	struct name_index groups_at[3][2];  /* access-groups: by direction, IPv6; of an interface */
	struct name_index groups_of;        /* the last access-group of a list ... */
	VEC(uint32_t) groups_before;        /* ... and the one before each, as position + 1 */
	struct name_index service_policies; /* by interface */
};

/* Lists under edit (edits.h); NULL until something is removed or inserted. */
struct edited {
	VEC(struct edits *) aces;    /* one an access-list */
	VEC(struct edits *) members; /* one a group */
	struct edits *routes, *nats, *globals, *conduits;
	struct edits *twice_nats[2]; /* before object NAT, and after it */
};

/* The last line of an access-list, to tell what `show access-list` expands (9.1). */
struct shown_ace {
	name_id acl;
	uint32_t line, depth;
};

struct reader {
	struct config *config;
	struct arena *arena;
	const struct grammar *grammar;

	struct str text;     /* of the source being read */
	size_t end, next;    /* where the part ends; where the next line begins */
	uint32_t wrap_width; /* the terminal cut lines at this width; 0: it did not */
	bool applied;        /* this source is replayed on top of a config (--apply) */

	struct span line;        /* the line being read, trimmed */
	uint32_t depth;          /* its leading blanks */
	bool negated;            /* it began with `no` */
	bool skipping;           /* inside the output of another show command */
	bool prose;              /* a banner goes on: lines that are no commands are its text */
	bool no_banner_end;      /* no end of a banner is ahead: do not look again */
	struct span last_opener; /* the last line, if it opened a block and nothing followed */
	bool last_unknown;       /* the last line could not be read */

	struct open_mode modes[MAX_MODES]; /* modes[0] is MODE_TOP */
	uint32_t n_modes;
	struct str *words; /* room for the words of a line */

	/* Indexes of what the open modes work on. */
	uint32_t interface, object, group, class_map, policy_map, class, inspect_map, match;
	uint32_t block, block_depth;   /* of model/block.h: index + 1, and the depth of its head */
	uint32_t asa_signs, ios_signs; /* lines that only an ASA or PIX, or only a router, has */

	struct places places;
	struct edited edited;
	VEC(struct twice_nat) twice_nats[2]; /* until all is read */
	struct shown_ace shown;
	name_id shown_twice; /* a list that the running-config had and `show access-list` repeats */
	struct str last_acl; /* name of the last access-list line, as text and id */
	name_id last_acl_name;
	uint32_t n_clears;
	bool removed; /* something was removed that config_compact() has to take out */
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

/* --- words.c: the words of a line ------------------------------------------------------- */

/* The next word without or with taking it; the empty view at the end of the line. */
static inline struct str peek_at(const struct cursor *cursor, uint32_t ahead)
{
	uint32_t i = cursor->i + ahead;
	return i < cursor->n ? cursor->words[i] : (struct str){"", 0};
}

static inline struct str peek(const struct cursor *cursor)
{
	return peek_at(cursor, 0);
}

static inline bool at_end(const struct cursor *cursor)
{
	return cursor->i >= cursor->n;
}

/* Inline, so that the length of `word` is known where it is compared. */
static inline bool next_is(const struct cursor *cursor, const char *word)
{
	struct str next = peek(cursor);
	return next.n == strlen(word) && memcmp(next.s, word, next.n) == 0;
}

static inline bool accept(struct cursor *cursor, const char *word) /* take it if it is `word` */
{
	bool yes = next_is(cursor, word);
	cursor->i += yes;
	return yes;
}

/* The next word, taken; words passed over, no more than there are. */
struct str take(struct cursor *cursor);
void skip_words(struct cursor *cursor, uint32_t n);

/* Take one of a list of words; its place in the list, or -1. */
int accept_one(struct cursor *cursor, const char *const *list, size_t n);
bool word_in(struct str word, const char *const *list, size_t n);
#define ACCEPT_ONE(cursor, list) accept_one((cursor), (list), sizeof(list) / sizeof((list)[0]))
#define WORD_IN(word, list)      word_in((word), (list), sizeof(list) / sizeof((list)[0]))

/* The span of a word of this line. */
struct span word_span(const struct cursor *cursor, struct str word);
/* The text of a line from a word on, as written. */
struct str rest_of_line(const struct reader *reader, struct str from);
/* Are the words of two lines the same, but for a leading `no`? */
bool same_words(const struct config *config, struct span a, struct span b);

/* Open a mode below the current line. */
void open_mode(struct reader *reader, enum mode mode);

/* The line as read, and what the device would have said to it (AM501). Reading goes on. */
__attribute__((format(printf, 2, 3))) void invalid_line(struct reader *reader, const char *format,
                                                        ...);

/* A diagnostic at a word of the line. */
__attribute__((format(printf, 4, 5))) void
complain(struct cursor *cursor, struct str word, enum severity severity, const char *format, ...);

/* The id of a name, which is interned when new. */
name_id name_of(struct reader *reader, struct str text);

/* Count who names a thing, in an index: what is in use cannot be removed (1.7). */
void count_use(struct reader *reader, struct name_index *uses, name_id name, int by);

/* --- account.c: what became of a line --------------------------------------------------- */

/* Count a line for the coverage. */
void count_line(struct reader *reader, enum line_use use);
/* Mark what must never be shown: words after `password` and the like, user:password@ of a URL. */
void mark_secrets(struct reader *reader, const struct str *words, uint32_t n);
/* The same in a remark. */
void mark_secrets_in_prose(struct reader *reader, const struct str *words, uint32_t n);
/* An unknown line: noted, and shown with two words at most. `local`: see struct unknown_line. */
void report_unknown(struct reader *reader, const struct str *words, uint32_t n, bool local);
/* Make the object of the innermost mode uncertain; false if no object is open. */
bool mark_unknown(struct reader *reader);
/* A sign of a cut or damaged capture. The first of a kind is kept. */
void note_truncation(struct reader *reader, struct span span, const char *text);
/* The part of the current line that may be shown although it is not known what it is. */
struct span showable(const struct reader *reader, const struct str *words, uint32_t n);

/* --- blocks.c: commands that are kept as text ------------------------------------------- */

/* The words of a line without a leading `no`, after it was read. */
void note_block_line(struct reader *reader, const struct str *words, uint32_t n);

/* --- finish.c: after the last line ------------------------------------------------------ */

/* What only the whole text tells: lists in their order, learned routes, what is in doubt. */
void reader_finish(struct reader *reader);
/* Put all lists under edit in order, for who wants to walk them. */
void reader_settle(struct reader *reader);

/* --- edits of lists that live in several files ------------------------------------------ */

/* The editor of an access-list, by its index, up to its last line. */
struct edits *aces_under_edit(struct reader *reader, uint32_t acl);
/* A list that is gone takes its access-group lines with it (1.7). */
void drop_acl(struct reader *reader, name_id name);
/* By its index; it stays in the array without a list until all is read. */
void remove_access_group(struct reader *reader, uint32_t at);
/* The fixups that the factory configs of PIX 6.2 and 6.3 have in common (`clear fixup`). */
void put_factory_fixups(struct reader *reader);

/* --- values.c: the small languages inside commands. Each takes words and says whether it could. */

/* A number from 0 to `max`. */
bool take_number(struct cursor *cursor, uint32_t max, uint32_t *value);
/* An address or a label of `name`; *unknown when it is masked or never defined. */
bool take_address(struct cursor *cursor, u128 *address, bool *unknown);
/* A dotted mask, or the 0 that stands for 0.0.0.0. */
bool take_mask(struct cursor *cursor, u128 *mask);
/* "A M" as a network; host bits and bad masks become AM501 (ruling 14). */
bool take_network(struct cursor *cursor, struct range *range, bool *unknown);
/* The address part of an ACE or a group member: any, host X, A M, v6/len, object, object-group. */
bool take_addr_spec(struct cursor *cursor, struct addr_spec *spec);
/* Does an address begin here? */
bool address_follows(const struct cursor *cursor, uint32_t ahead);
/* A port by name or number. */
bool take_port(struct cursor *cursor, uint16_t *port);
/* [eq|neq|gt|lt P | range A B]; PORT_ANY when there is none. */
bool take_port_spec(struct cursor *cursor, struct port_spec *spec);
/* A protocol by name or number. */
bool take_protocol(struct cursor *cursor, uint8_t *lo, uint8_t *hi);
/* icmp type and code, if given, as the ports of a service. */
bool take_icmp(struct cursor *cursor, struct service_spec *spec);
/* What stands behind `service` and `service-object`. */
bool take_object_service(struct cursor *cursor, struct service_spec *spec);
/* [H:]M:S of a timeout in seconds. */
bool take_time(struct cursor *cursor, uint32_t *seconds);
/* "(inside,outside)" or "(inside)", perhaps with a blank after the comma; 0 for any. */
bool take_interfaces(struct cursor *cursor, name_id *first, name_id *second, bool *pair);
/* Does the word look like an address somebody masked: x.x.x.x, 10.x.x.1, <removed>? */
bool looks_masked(struct str word);

/* An empty service: every port of no protocol yet. */
struct service_spec service_any(void);
bool same_addr(const struct addr_spec *a, const struct addr_spec *b);
bool same_service(const struct service_spec *a, const struct service_spec *b);
bool same_ports(const struct port_spec *a, const struct port_spec *b);
/* Hashes for lists under edit. */
uint64_t hash_mix(uint64_t hash, uint64_t value);
uint64_t hash_addr(uint64_t hash, const struct addr_spec *spec);
uint64_t hash_ports(uint64_t hash, const struct port_spec *spec);

#endif
