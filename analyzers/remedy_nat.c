/* SPDX-License-Identifier: ISC */
/* Lifting limits of `static` and `nat`: the line is entered anew with other numbers (before 8.3).
 */
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

static uint32_t raised(uint32_t value, uint32_t minimum)
{
	if (value == 0)
		return 0; /* no limit stays none */
	if (minimum == 0)
		return 0; /* no cap is wanted at all */
	return value < minimum ? minimum : value;
}

/* The line again with other limits: order, options and port forms are kept. */
static struct str with_limits(const struct planner *planner, const struct legacy_nat *nat,
                              const struct nat_words *words)
{
	const struct limits_wanted *wanted_limits = &planner->audit->policy->limits;
	const uint32_t limits[2] = {
	        raised(nat->limits.max_conns, wanted_limits->min_connections),
	        raised(nat->limits.embryonic, wanted_limits->min_embryonic),
	};
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

static bool ranges_meet(struct range a, struct range b)
{
	return a.lo <= b.hi && b.lo <= a.hi;
}

/* A translation behind this one that it would fall behind when it is entered anew. */
static bool order_matters(const struct config *config, const struct legacy_nat *nat)
{
	VEC_EACH(const struct legacy_nat, other, &config->nats) {
		if (other <= nat || other->kind != nat->kind || other->real_ifc != nat->real_ifc)
			continue;
		bool vague = nat->acl || other->acl || nat->real_unknown || other->real_unknown;
		bool ports_apart =
		        nat->protocol && other->protocol &&
		        (nat->protocol != other->protocol || nat->real_port != other->real_port);
		bool mapped_apart = nat->mapped_ifc != other->mapped_ifc;
		if (!ports_apart && !mapped_apart && (vague || ranges_meet(nat->real, other->real)))
			return true;
	}
	return false;
}

static void mend_nat(struct planner *planner, const struct flow *flow, const struct bound *bound,
                     enum rule_index rule)
{
	const struct legacy_nat *nat = bound->hit.source == FROM_STATIC ? bound->lane->server_nat
	                                                                : bound->lane->client_nat;
	struct nat_words words;
	bool own = nat->kind == NAT_STATIC && nat->acl == 0 && nat->real.lo == nat->real.hi;
	struct str text = source_quote(planner->arena, &planner->config->sources, nat->span);
	if (!own && !planner->wish->unsafe) {
		plan_unmended(
		        planner, rule, flow,
		        str_printf(planner->arena,
		                   "`%.*s` caps others too; --unsafe lifts it for all of them",
		                   STR(text)));
		return;
	}
	if (order_matters(planner->config, nat) || !split(text, &words)) {
		plan_unmended(
		        planner, rule, flow,
		        str_printf(planner->arena,
		                   "entering `%.*s` anew would move it behind another translation "
		                   "of the same host",
		                   STR(text)));
		return;
	}
	struct str again = with_limits(planner, nat, &words);
	VEC_EACH(const struct change_line, old, &planner->nats.list)
		if (str_eq(old->text, again))
			return; /* one line for both of its limits */
	plan_note(planner, &planner->nats,
	          "between these two lines new connections of %s are refused",
	          own ? "the appliance" : "all it translates");
	plan_line(planner, &planner->nats, "no %.*s", STR(text));
	plan_line(planner, &planner->nats, "%.*s", STR(again));
	plan_line(planner, &planner->undo_nats, "no %.*s", STR(again));
	plan_line(planner, &planner->undo_nats, "%.*s", STR(text));
	planner->change->safe &= own;
}

void plan_translations(struct planner *planner)
{
	VEC_EACH(const struct flow_work, work, &planner->audit->flows) {
		VEC_EACH(const struct bound, bound, &work->bounds) {
			bool nat =
			        bound->hit.source == FROM_STATIC || bound->hit.source == FROM_NAT;
			enum rule_index rule =
			        bound->hit.kind == LIMIT_EMBRYONIC ? RULE_AM202 : RULE_AM201;
			if (nat && plan_wanted(planner, rule, work->flow))
				mend_nat(planner, work->flow, bound, rule);
		}
	}
}
