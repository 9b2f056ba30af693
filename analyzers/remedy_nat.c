/* SPDX-License-Identifier: ISC */
/* Lifting limits of `static` and `nat`: the line is entered anew with other numbers (before 8.3).
 */
#include "analyzers/nat_table.h"
#include "analyzers/planner.h"

enum { MAX_NAT_WORDS = 40 };

struct nat_words {
	struct str word[MAX_NAT_WORDS];
	uint32_t n;
};

static bool is_number(struct str word)
{
	uint64_t value;
	return str_number(word, UINT32_MAX, &value);
}

static bool split(struct str text, struct nat_words *out)
{
	struct str rest = str_trim(text), head;
	out->n = 0;
	while (rest.n) {
		str_cut(rest, ' ', &head, &rest);
		rest = str_trim(rest);
		if (out->n == MAX_NAT_WORDS)
			return false;
		out->word[out->n++] = head;
	}
	return true;
}

/* Where the options begin: behind the addresses, ports and mask (asa-semantics 4.2). */
static uint32_t options_at(const struct legacy_nat *nat, const struct nat_words *words)
{
	uint32_t at = 0;
	if (nat->kind == NAT_STATIC) {
		at = 2 + (nat->protocol ? 3 : 1); /* static (a,b) [tcp] MAPPED [PORT] */
		at += nat->acl ? 2 : nat->protocol ? 2 : 1;
		if (at < words->n && str_eq(words->word[at], S("dns")))
			at++;
		if (at < words->n && str_eq(words->word[at], S("netmask")))
			at += 2;
	} else {
		at = 3 + (nat->acl ? 2 : 1); /* nat (a) ID REAL [MASK] */
		u128 mask;
		/* "0 0" is everything: the second is a mask too. */
		bool all = str_eq(words->word[3], S("0")) && at < words->n &&
		           str_eq(words->word[at], S("0"));
		if (!nat->acl && at < words->n && (all || addr_parse(words->word[at], &mask)))
			at++;
	}
	return at < words->n ? at : words->n;
}

/* The limits of a line with those raised that are to be lifted; what is suppressed stays. */
static struct nat_limits lifted(const struct planner *planner, const struct legacy_nat *nat)
{
	struct nat_limits limits = nat->limits;
	VEC_EACH(const struct flow_work, work, &planner->audit->flows)
		VEC_EACH(const struct bound, bound, &work->bounds) {
			if (bound->nat != nat || !plan_lifts(planner, work->flow, bound))
				continue;
			if (bound->hit.kind == LIMIT_EMBRYONIC)
				limits.embryonic = plan_minimum(planner, true);
			else
				limits.max_conns = plan_minimum(planner, false);
		}
	return limits;
}

/* The line again with other limits: order, options and port forms are kept. */
static struct str with_limits(const struct planner *planner, const struct legacy_nat *nat,
                              const struct nat_words *words)
{
	const struct nat_limits now = lifted(planner, nat);
	const uint32_t limits[2] = {now.max_conns, now.embryonic};
	struct buf out = {.arena = planner->arena};
	uint32_t from = options_at(nat, words), n = 0;
	for (uint32_t i = 0; i < words->n; i++) {
		bool after_udp = i > from && str_eq(words->word[i - 1], S("udp"));
		if (i)
			buf_char(&out, ' ');
		if (i >= from && n < 2 && is_number(words->word[i]) && !after_udp)
			buf_printf(&out, "%u", limits[n++]);
		else
			buf_add(&out, words->word[i]);
	}
	return buf_str(&out);
}

/* --- lines that are entered anew ---------------------------------------------------------- */

/* A line leaves and enters anew, as it was or with other limits. */
struct reentry {
	const struct legacy_nat *nat;
	struct str old, again;
	bool own;                /* an appliance has it to itself */
	const struct flow *flow; /* that it caps; NULL: it is to stay behind another */
};

/* So many lines one cap may move; so many are looked for. */
enum { MAX_REENTERED = 50, COLLECTED = 1000 };

struct reentries {
	VEC(struct reentry) list; /* in the order of the config once they are sorted */
};

static struct reentry *find_reentry(struct reentries *reentries, const struct legacy_nat *nat)
{
	VEC_EACH(struct reentry, old, &reentries->list)
		if (old->nat == nat)
			return old;
	return NULL;
}

static struct str line_of(const struct planner *planner, const struct legacy_nat *nat)
{
	return plan_quote(planner, nat->span);
}

/* A device holds no translation twice, with whatever limits. */
static bool is_repeated(const struct legacy_nat *a, const struct legacy_nat *b)
{
	return a->kind == b->kind && a->real_ifc == b->real_ifc && a->mapped_ifc == b->mapped_ifc &&
	       a->real.lo == b->real.lo && a->real.hi == b->real.hi &&
	       a->mapped.lo == b->mapped.lo && a->mapped_is_interface == b->mapped_is_interface &&
	       a->protocol == b->protocol && a->real_port == b->real_port &&
	       a->mapped_port == b->mapped_port && a->acl == b->acl && a->id == b->id;
}

/*
 * What is entered anew comes last. Later lines that meet it must do so too, behind it, and those
 * that meet them: so the order among all that meet stays.
 */
static struct reentries with_later_lines(struct planner *planner, struct reentries *first)
{
	struct reentries all = {0};
	VEC_EACH(const struct legacy_nat, nat, &planner->config->nats) {
		const struct reentry *wanted = find_reentry(first, nat);
		bool meets = false;
		if (all.list.n > COLLECTED)
			break; /* it is too much for a change anyway */
		struct str text = line_of(planner, nat);
		bool twice = false;
		VEC_EACH(const struct reentry, old, &all.list) {
			meets |= nat_lines_meet(planner->config, old->nat, nat);
			twice |= is_repeated(old->nat, nat);
		}
		struct reentry entry = {.nat = nat, .old = text, .again = text};
		if ((wanted || meets) && !twice)
			VEC_PUSH(planner->arena, &all.list, wanted ? *wanted : entry);
	}
	return all;
}

static void note_outage(struct planner *planner, const struct reentries *reentries)
{
	bool one = reentries->list.n == 1, own = true, inbound = false, outbound = false;
	VEC_EACH(const struct reentry, entry, &reentries->list) {
		bool is_static = entry->nat->kind == NAT_STATIC;
		own &= entry->own;
		inbound |= is_static;
		outbound |= !is_static || !entry->nat->protocol; /* a port answers only */
	}
	if (!one && !own)
		plan_note(planner, &planner->nats,
		          "the first line that fits translates, so later ones that meet it are "
		          "entered anew behind it");
	const char *whom = own ? "the appliance" : one ? "all it translates" : "all they translate";
	struct buf text = {.arena = planner->arena};
	buf_printf(&text, "between %s",
	           one ? "these two lines" : "the first and the last of these lines");
	if (inbound)
		buf_printf(&text, " new connections to %s fail", whom);
	if (outbound)
		buf_printf(&text, "%s from %s %s", inbound ? ", and those" : " new connections",
		           whom,
		           lane_nat_control(planner->config)
		                   ? "fail or go by another line that fits"
		                   : "go by another line that fits, or untranslated");
	plan_note(planner, &planner->nats, "%.*s", STR(buf_str(&text)));
}

/* So many lines are no small change: what is to be done is for a person to decide. */
static void leave_reentries(struct planner *planner, const struct reentries *reentries)
{
	static const enum rule_index about[] = {RULE_AM201, RULE_AM202};
	VEC_EACH(const struct reentry, entry, &reentries->list)
		for (size_t i = 0; entry->flow && i < sizeof(about) / sizeof(about[0]); i++)
			if (plan_wanted(planner, about[i], entry->flow))
				plan_unmended(planner, about[i], entry->flow,
				              str_printf(planner->arena,
				                         "to enter `%.*s` anew, more than %d lines "
				                         "of the same addresses would have to "
				                         "follow it in order",
				                         STR(entry->old), MAX_REENTERED));
}

static void write_reentries(struct planner *planner, const struct reentries *reentries)
{
	if (reentries->list.n == 0)
		return;
	if (reentries->list.n > MAX_REENTERED) {
		leave_reentries(planner, reentries);
		return;
	}
	note_outage(planner, reentries);
	VEC_EACH(const struct reentry, entry, &reentries->list) {
		plan_line(planner, &planner->nats, "no %.*s", STR(entry->old));
		plan_line(planner, &planner->undo_nats, "no %.*s", STR(entry->again));
	}
	VEC_EACH(const struct reentry, entry, &reentries->list) {
		plan_line(planner, &planner->nats, "%.*s", STR(entry->again));
		plan_line(planner, &planner->undo_nats, "%.*s", STR(entry->old));
	}
}

/* Those that have nothing to do with each other are written apart: the outage is shorter. */
static void write_apart(struct planner *planner, struct reentries *wanted)
{
	struct reentries all = with_later_lines(planner, wanted);
	if (all.list.n > COLLECTED) {
		leave_reentries(planner, wanted);
		return;
	}
	bool *done = NEW_ARRAY(planner->arena, bool, all.list.n + 1u);
	for (uint32_t i = 0; i < all.list.n; i++) {
		struct reentries group = {0};
		for (uint32_t k = i; k < all.list.n; k++) {
			bool meets = k == i;
			VEC_EACH(const struct reentry, old, &group.list)
				meets |= nat_lines_meet(planner->config, old->nat,
				                        all.list.v[k].nat);
			if (done[k] || !meets)
				continue;
			done[k] = true;
			VEC_PUSH(planner->arena, &group.list, all.list.v[k]);
		}
		write_reentries(planner, &group);
	}
}

/* --- a cap that others share ---------------------------------------------------------------- */

/*
 * `nat` goes by the closest network (4.2), so a line for the appliance alone lifts its cap and
 * leaves the others theirs. A list may make an exception of some packets: not with one.
 */
static bool add_closer_line(struct planner *planner, const struct bound *bound,
                            const struct legacy_nat *nat)
{
	const struct nat_limits limits = lifted(planner, nat);
	struct str host = addr_text(planner->arena, bound->lane->client);
	if (nat->kind == NAT_STATIC || nat->kind == NAT_EXEMPT || nat->acl || nat->outside ||
	    !addr_is4(bound->lane->client) || nat->real.lo == nat->real.hi)
		return false;
	VEC_EACH(const struct legacy_nat, other, &planner->config->nats)
		if (other->kind == nat->kind && other != nat && !other->acl &&
		    other->real.lo == bound->lane->client && other->real.hi == other->real.lo)
			return false;
	bool old = config_uses_fixup(planner->config);
	struct str ifc = plan_name(planner, nat->real_ifc);
	struct str line =
	        str_printf(planner->arena, "nat (%.*s) %u %.*s 255.255.255.255%s%s%s %u %u",
	                   STR(ifc), nat->kind == NAT_IDENTITY ? 0 : nat->id, STR(host),
	                   nat->dns ? " dns" : "", nat->norandomseq && !old ? " norandomseq" : "",
	                   old ? "" : " tcp", limits.max_conns, limits.embryonic);
	if (nat->norandomseq && old)
		line = str_printf(planner->arena, "%.*s norandomseq", STR(line));
	if (nat->limits.udp_max_conns && !old)
		line = str_printf(planner->arena, "%.*s udp %u", STR(line),
		                  nat->limits.udp_max_conns);
	VEC_EACH(const struct change_line, known, &planner->nats.list)
		if (str_eq(known->text, line))
			return true;
	plan_line(planner, &planner->nats, "%.*s", STR(line));
	plan_line(planner, &planner->undo_nats, "no %.*s", STR(line));
	return true;
}

/* --- all ------------------------------------------------------------------------------------ */

static void mend_nat(struct planner *planner, struct reentries *wanted, const struct flow *flow,
                     const struct bound *bound)
{
	enum rule_index rule = audit_limit_rule(planner->audit, bound);
	const struct legacy_nat *nat = bound->nat;
	struct nat_words words;
	struct iset hosts = nat_line_hosts(planner->arena, planner->config, nat);
	bool own = hosts.n == 1 && hosts.v[0].lo == hosts.v[0].hi;
	struct str text = line_of(planner, nat);
	if (find_reentry(wanted, nat))
		return; /* one line for both of its limits */
	if (!own && add_closer_line(planner, bound, nat))
		return;
	if (!own && !planner->wish->unsafe) {
		plan_unmended(planner, rule, flow,
		              str_printf(planner->arena,
		                         "`%.*s` caps others too; --unsafe lifts it for all of "
		                         "them",
		                         STR(text)));
		return;
	}
	if (!split(text, &words)) {
		plan_unmended(planner, rule, flow,
		              str_printf(planner->arena, "`%.*s` has too many words", STR(text)));
		return;
	}
	struct reentry entry = {nat, text, with_limits(planner, nat, &words), own, flow};
	if (str_eq(entry.again, text))
		return; /* nothing to gain by an outage */
	VEC_PUSH(planner->arena, &wanted->list, entry);
	if (!own)
		plan_danger(planner, &planner->nats,
		            str_printf(planner->arena,
		                       "`%.*s` caps others too: its limits are raised for all of "
		                       "them",
		                       STR(text)));
}

void plan_translations(struct planner *planner)
{
	struct reentries wanted = {0};
	VEC_EACH(const struct flow_work, work, &planner->audit->flows) {
		VEC_EACH(const struct bound, bound, &work->bounds)
			if (bound->nat && plan_lifts(planner, work->flow, bound))
				mend_nat(planner, &wanted, work->flow, bound);
	}
	write_apart(planner, &wanted);
}
