/* SPDX-License-Identifier: ISC */
/* What translation does to one packet, as the trace tells it, and in words. */
#include "analyzers/compare_translation.h"
#include "analyzers/pat.h"

/* The phase that drops it, or else one of translation that cannot be told; NULL: none. */
static const struct trace_phase *phase_that_counts(const struct trace *trace)
{
	if (trace->result == TRACE_DROP)
		return &trace->phases.v[trace->phases.n - 1];
	VEC_EACH(const struct trace_phase, phase, &trace->phases)
		if (phase->result == TRACE_UNKNOWN && str_eq(phase->subtype, S("rpf-check")))
			return phase;
	return NULL;
}

/* It ends at the firewall itself, or as broadcast and multicast do. */
static bool ends_here(const struct trace *trace)
{
	VEC_EACH(const struct trace_phase, phase, &trace->phases)
		if (str_eq(phase->subtype, S("identity")) &&
		    str_eq(str_of(phase->type), S("ROUTE-LOOKUP")))
			return true;
	return false;
}

/* What the source becomes; `unsure` where the documents do not tell whether PAT takes it. */
static void find_source(const struct scope *scope, enum side side, const struct nat_packet *at,
                        struct outcome *outcome)
{
	const struct tracer *tracer = &scope->all->tracer[side];
	outcome->from = (struct xlate){.address_known = true,
	                               .port_known = true,
	                               .address = at->wire.at[DIM_SRC],
	                               .port = (uint16_t)at->wire.at[DIM_SPORT]};
	if (!at->out)
		return;
	outcome->from = nat_source(scope->asking, tracer->config, &tracer->nat, at, &outcome->to);
	struct xlate limited = outcome->from;
	pat_limit(scope->asking, tracer->config, at, &limited);
	outcome->unsure = outcome->from.done == VERDICT_YES && limited.done == VERDICT_UNKNOWN &&
	                  !limited.refused;
	if (!outcome->unsure)
		outcome->from = limited;
}

struct outcome outcome_of(const struct scope *scope, enum side side, const struct interface *in,
                          const struct packet *packet)
{
	const struct tracer *tracer = &scope->all->tracer[side];
	struct nat_packet at = {*packet, in, NULL};
	struct outcome outcome = {0};
	struct trace trace;
	trace_way(scope->asking, tracer, in, packet, &trace);
	const struct trace_phase *phase = phase_that_counts(&trace);
	outcome.dropped = trace.result == TRACE_DROP;
	outcome.open = phase && !outcome.dropped;
	outcome.goes_on = !outcome.dropped && !ends_here(&trace);
	if (phase)
		outcome.why = phase->detail.n ? phase->detail : trace.reason;
	if (trace.output.n)
		outcome.out = at.out = compare_interface(tracer->config, trace.output);
	outcome.to = nat_destination(scope->asking, tracer->config, &tracer->nat, &at);
	find_source(scope, side, &at, &outcome);
	return outcome;
}

struct outcome outcome_if(const struct scope *scope, enum side side, const struct outcome *outcome,
                          const struct interface *in, const struct interface *out,
                          const struct packet *packet)
{
	const struct nat_packet at = {*packet, in, out};
	struct outcome next = *outcome;
	next.out = out;
	find_source(scope, side, &at, &next);
	return next;
}

static uint32_t number_of(const struct scope *scope, enum side side, const struct nat_rule *rule)
{
	return rule ? scope->all->number[side][rule - scope->all->tracer[side].nat.rules.v] : 0;
}

static bool same_end(const struct scope *scope, const struct xlate *a, const struct xlate *b)
{
	if (a->done == VERDICT_UNKNOWN || b->done == VERDICT_UNKNOWN)
		return a->done == b->done && str_eq(a->why_text, b->why_text) &&
		       number_of(scope, SIDE_OLD, a->rule) == number_of(scope, SIDE_NEW, b->rule);
	if (a->address_known != b->address_known || a->port_known != b->port_known)
		return false;
	bool address = a->address_known ? a->address == b->address
	                                : iset_equal(xlate_addresses(a), xlate_addresses(b));
	return address && (!a->port_known || a->port == b->port);
}

static unsigned options_of(const struct xlate *xlate)
{
	const struct legacy_nat *legacy = xlate->rule ? xlate->rule->legacy : NULL;
	return legacy ? (unsigned)legacy->dns | (unsigned)legacy->norandomseq << 1 : 0;
}

static struct str out_name(const struct scope *scope, enum side side, const struct outcome *outcome)
{
	return outcome->out ? config_name(scope->compare->config[side], outcome->out->nameif)
	                    : S("an interface that is not known");
}

bool outcome_is_same(const struct scope *scope, const struct outcome *a, const struct outcome *b)
{
	bool diverted = a->to.changed || b->to.changed;
	if (a->dropped && b->dropped)
		return true;
	return a->dropped == b->dropped && a->open == b->open && a->unsure == b->unsure &&
	       same_end(scope, &a->to, &b->to) && same_end(scope, &a->from, &b->from) &&
	       options_of(&a->to) == options_of(&b->to) &&
	       options_of(&a->from) == options_of(&b->from) &&
	       (!diverted ||
	        str_eq_nocase(out_name(scope, SIDE_OLD, a), out_name(scope, SIDE_NEW, b)));
}

bool outcome_is_open(const struct outcome *outcome)
{
	bool from = outcome->from.done == VERDICT_UNKNOWN && !outcome->from.refused;
	return !outcome->dropped &&
	       (outcome->open || outcome->unsure || outcome->to.done == VERDICT_UNKNOWN || from);
}

/* --- in words --------------------------------------------------------------------------- */

/* "10.0.0.0-10.0.0.255": what two ends of the box become. */
static void add_addresses(struct buf *text, const struct xlate *lo, const struct xlate *hi)
{
	u128 first = lo->address < hi->address ? lo->address : hi->address;
	u128 last = lo->address < hi->address ? hi->address : lo->address;
	if (!lo->address_known || !hi->address_known) {
		struct iset pool = xlate_addresses(lo);
		for (uint32_t i = 0; i < pool.n; i++) {
			buf_printf(text, "%s", i ? ", " : "");
			addr_add(text, pool.v[i].lo);
			buf_printf(text, "-");
			addr_add(text, pool.v[i].hi);
		}
		return;
	}
	addr_add(text, first);
	if (first == last)
		return;
	buf_printf(text, "-");
	addr_add(text, last);
}

/* One end by what both samples become, or by the one that shows the difference alone. */
static void add_end(struct buf *text, const char *word, const struct xlate *shown,
                    const struct xlate *other, const struct packet *packet, enum dim port)
{
	if (!shown->changed)
		return;
	buf_printf(text, "%s%s ", text->n ? ", " : "", word);
	add_addresses(text, shown, other->changed ? other : shown);
	if (shown->port_known && shown->port != packet->at[port])
		buf_printf(text, " port %u", shown->port);
}

struct str outcome_text(const struct scope *scope, enum side side, const struct sample *sample,
                        bool with_out)
{
	struct buf text = {.arena = scope->arena};
	const struct outcome *shown = &sample->outcomes[side][sample->first];
	const struct outcome *other = &sample->outcomes[side][1 - sample->first];
	const struct packet *packet = &sample->packets[sample->first];
	unsigned options = options_of(&shown->to) | options_of(&shown->from);
	if (shown->dropped)
		return STR_JOIN(scope->arena, S("dropped: "), shown->why);
	if (shown->to.done == VERDICT_UNKNOWN)
		return STR_JOIN(scope->arena, S("unknown: "), shown->to.why_text);
	if (shown->from.done == VERDICT_UNKNOWN && !shown->from.refused)
		return STR_JOIN(scope->arena, S("unknown: "), shown->from.why_text);
	add_end(&text, "to", &shown->to, &other->to, packet, DIM_DPORT);
	add_end(&text, "from", &shown->from, &other->from, packet, DIM_SPORT);
	if (!text.n)
		buf_add(&text, S("not translated"));
	if (options & 1)
		buf_add(&text, S(", dns"));
	if (options & 2)
		buf_add(&text, S(", norandomseq"));
	if (with_out)
		buf_printf(&text, ", out by %.*s", STR(out_name(scope, side, shown)));
	if (shown->unsure)
		buf_add(&text, S(", if PAT takes such packets"));
	if (shown->open)
		buf_printf(&text, ", unless %.*s", STR(shown->why));
	return buf_str(&text);
}
