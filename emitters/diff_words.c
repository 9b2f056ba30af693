/* SPDX-License-Identifier: ISC */
#include "emitters/diff_words.h"

bool diff_same_group(const struct diff_change *a, const struct diff_change *b)
{
	return a->mail == b->mail && str_eq(a->flow, b->flow);
}

bool diff_begins_group(const struct diff_config *config, const struct diff_change *change)
{
	const struct diff_change *at;

	for (at = config->changes.v; at < change; at++)
		if (diff_same_group(at, change))
			return false;
	return true;
}

struct str diff_group(const struct diff_change *change)
{
	if (change->flow.n)
		return change->flow;
	return change->mail ? S("mail, or what may be") : S("other traffic");
}

struct str diff_what(struct arena *arena, const struct diff_change *change)
{
	const char *what = diff_what_names[change->what];

	if (!change->place.n)
		return str_of(what);
	return str_printf(arena, "%s, %.*s", what, STR(change->place));
}

/* " with a, b applied" */
static void add_applied(struct buf *buf, const struct diff_config *config)
{
	VEC_EACH(const struct str, path, &config->applied)
		buf_printf(buf, "%s%.*s", path == config->applied.v ? " with " : ", ",
		           STR(str_eq(*path, S("-")) ? S("standard input") : *path));
	if (config->applied.n)
		buf_add(buf, S(" applied"));
}

struct str diff_title(struct arena *arena, const struct diff_config *config)
{
	bool both = config->there[DIFF_OLD] && config->there[DIFF_NEW];
	struct buf buf = {.arena = arena};
	enum diff_side one = config->there[DIFF_NEW] ? DIFF_NEW : DIFF_OLD;

	if (both)
		buf_printf(&buf, "%.*s -> %.*s", STR(config->path[DIFF_OLD]),
		           STR(config->path[DIFF_NEW]));
	else
		buf_printf(&buf, "%.*s only", STR(config->path[one]));
	add_applied(&buf, config);
	if (config->hostname[one].n)
		buf_printf(&buf, ": %.*s", STR(config->hostname[one]));
	if (config->context.n)
		buf_printf(&buf, ", context %.*s", STR(config->context));
	return buf_str(&buf);
}

enum { WORDS_SHOWN = 12 }; /* of one list of addresses or ports */

/* The words, or the first of many. */
static struct str some(struct arena *arena, const struct words *words)
{
	struct words few = *words;

	if (words->list.n <= WORDS_SHOWN)
		return words_join(arena, words, ", ");
	few.list.n = WORDS_SHOWN - 2;
	return str_printf(arena, "%.*s and %u more", STR(words_join(arena, &few, ", ")),
	                  words->list.n - few.list.n);
}

/* "any4 except A, B, ... and 90 more", which is one word. */
static struct str shortened(struct arena *arena, struct str word)
{
	struct str head, rest = word;
	unsigned n = 0;

	while (rest.n && n < WORDS_SHOWN - 2) {
		str_cut(rest, ',', &head, &rest);
		n++;
	}
	head = (struct str){word.s, word.n - rest.n};
	for (n = 0; rest.n; n++)
		str_cut(rest, ',', &(struct str){0}, &rest);
	if (n <= 2)
		return word;
	return str_printf(arena, "%.*s and %u more%s", (int)head.n - 1, head.s, n,
	                  str_ends(word, S(")")) ? ")" : "");
}

static struct str addresses(struct arena *arena, const struct box *box, enum dim dim)
{
	struct words words = {0};

	box_addresses_short(arena, box, dim, &words);
	VEC_EACH(struct str, word, &words.list)
		*word = shortened(arena, *word);
	return some(arena, &words);
}

static void add_ports(struct buf *buf, const char *before, struct iset ports)
{
	struct words words = {0};

	if (ports_are_any(ports))
		return;
	ports_text(buf->arena, ports, &words);
	buf_printf(buf, " %s %.*s", before, STR(some(buf->arena, &words)));
}

struct str diff_packets(struct arena *arena, const struct box *box)
{
	struct buf buf = {.arena = arena};
	struct words protocols = {0};
	struct str names;
	bool numbers = false;

	protocols_text(arena, box->dim[DIM_PROTO], &protocols);
	names = words_join(arena, &protocols, ", ");
	/* Names tell that they are protocols, numbers do not. */
	VEC_EACH(const struct str, word, &protocols.list)
		numbers |= word->n && word->s[0] >= '0' && word->s[0] <= '9';
	buf_printf(&buf, "%s%.*s from %.*s", numbers ? "protocol " : "", STR(names),
	           STR(addresses(arena, box, DIM_SRC)));
	bool icmp = iset_equal(box->dim[DIM_PROTO], iset_point(arena, PROTO_ICMP));
	add_ports(&buf, icmp ? "type" : "port", box->dim[DIM_SPORT]);
	buf_printf(&buf, " to %.*s", STR(addresses(arena, box, DIM_DST)));
	add_ports(&buf, icmp ? "code" : "port", box->dim[DIM_DPORT]);
	return buf_str(&buf);
}

struct counts {
	unsigned flows, mail, decided_mail, undecided, others, contexts;
};

static struct counts count(const struct diff *diff)
{
	struct counts n = {0};

	VEC_EACH(const struct diff_config, config, &diff->configs) {
		n.contexts += !config->there[DIFF_OLD] || !config->there[DIFF_NEW];
		VEC_EACH(const struct diff_change, change, &config->changes) {
			n.undecided += change->undecided;
			n.decided_mail += change->mail && !change->undecided;
			if (!change->mail)
				n.others++;
			else if (!change->flow.n)
				n.mail++;
			else
				n.flows += diff_begins_group(config, change);
		}
	}
	return n;
}

static void add_count(struct buf *buf, unsigned n, const char *one, const char *many)
{
	if (n)
		buf_printf(buf, "%s%u %s", buf->n ? ", " : "", n, n == 1 ? one : many);
}

struct str diff_summary(struct arena *arena, const struct diff *diff)
{
	struct counts n = count(diff);
	struct buf buf = {.arena = arena};
	bool mail = n.flows || n.mail || n.contexts;

	if (diff->equal)
		return S("equal: mail and everything else that was compared is treated alike");
	add_count(&buf, n.flows, "flow of mail", "flows of mail");
	add_count(&buf, n.mail, "other change that touches mail", "other changes that touch mail");
	add_count(&buf, n.others, "change to other traffic", "changes to other traffic");
	add_count(&buf, n.contexts, "context on one side only", "contexts on one side only");
	return str_printf(arena, "%s: %.*s%s",
	                  n.decided_mail || n.contexts ? "mail is treated differently"
	                  : mail                       ? "mail may be treated differently"
	                                               : "mail is treated alike",
	                  STR(buf_str(&buf)),
	                  n.undecided ? " (not all of it could be decided)" : "");
}
