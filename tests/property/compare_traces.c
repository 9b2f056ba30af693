/* SPDX-License-Identifier: ISC */
/* Traces of single packets, step by step beside those of the slow evaluator. */
#include <stdio.h>
#include <string.h>

#include "analyzers/acl_index.h"
#include "analyzers/trace.h"
#include "tests/property/aim.h"
#include "tests/property/slow_mpf.h"
#include "tests/property/slow_path.h"

enum { TCP = 6, UDP = 17, SCTP = 132, N_READINGS = 4, MAX_LIMITS = 64 };

/* One packet with both answers. */
struct look {
	struct run *run;
	const struct slow_packet *packet;
	const struct slow_path *want;
	const struct trace *got;
};

/* The answers differ: one of the two is wrong. */
static void differ(const struct look *look, const char *what, struct str want, struct str got)
{
	disagree(look->run,
	         "path %s: %s: expected %.*s, got %.*s (result %s: %.*s; expected %s: %s)",
	         packet_text(look->run, look->packet), what, STR(want), STR(got),
	         trace_result_names[look->got->result], STR(look->got->reason),
	         slow_answer_names[look->want->passes],
	         look->want->because ? look->want->because : "");
}

/* The program is less sure than the text allows. */
static void vague(const struct look *look, const char *what, struct str why)
{
	look->run->tally.paths_vague++;
	if (look->run->verbose)
		printf("%s: %s: %s is vague: %.*s (expected %s: %s)\n", look->run->name,
		       packet_text(look->run, look->packet), what, STR(why),
		       slow_answer_names[look->want->passes],
		       look->want->because ? look->want->because : "");
}

/* The evaluator does not know. */
static void unjudged(const struct look *look)
{
	look->run->tally.paths_unjudged++;
}

/* --- features ---------------------------------------------------------------------------- */

/* All that may own the packet in a feature, over the readings. */
struct owners {
	struct slow_owner list[SLOW_MAX_OWNERS];
	unsigned n;
	bool open, blurred, excused;
};

static bool same_owner(const struct slow_owner *a, const struct slow_owner *b)
{
	return a->service_policy == b->service_policy && a->class == b->class &&
	       a->inspect == b->inspect && a->fixup == b->fixup;
}

static void add_owner(struct owners *owners, const struct slow_owner *one)
{
	for (unsigned i = 0; i < owners->n; i++)
		if (same_owner(&owners->list[i], one))
			return;
	if (owners->n < SLOW_MAX_OWNERS)
		owners->list[owners->n++] = *one;
}

static void add_owners(struct owners *owners, const struct slow_owners *more)
{
	for (unsigned i = 0; i < more->n; i++)
		add_owner(owners, &more->list[i]);
	owners->open |= more->open;
	owners->blurred |= more->blurred;
	owners->excused |= more->excused;
}

static struct slow_reading reading_of(int i)
{
	return (struct slow_reading){(i & 1) != 0, (i & 2) != 0};
}

/* State bypass ends the inspection of TCP (1.6.5). */
static enum slow_answer bypass_in(const struct config *config, const struct slow_packet *packet,
                                  struct slow_reading reading)
{
	struct slow_owners owners;
	bool some = false, all = true;
	if (packet->proto != TCP)
		return SLOW_NO;
	slow_search(config, SLOW_TCP, packet, reading, &owners);
	for (unsigned i = 0; i < owners.n; i++) {
		some |= owners.list[i].class->state_bypass;
		all &= owners.list[i].class->state_bypass;
	}
	/* The lines of a class that cannot be read do not take its own bypass back. */
	bool own =
	        owners.n == 1 && !owners.blurred_twice && owners.blurring == owners.list[0].class;
	if (some && all && !owners.open && (!owners.blurred || own))
		return SLOW_YES;
	if (owners.blurred)
		return SLOW_UNKNOWN;
	return some ? SLOW_UNKNOWN : SLOW_NO;
}

static struct owners owners_of(const struct config *config, enum slow_feature feature,
                               const struct slow_packet *packet)
{
	struct owners owners = {0};
	for (int i = 0; i < N_READINGS; i++) {
		struct slow_owners one;
		enum slow_answer bypass = SLOW_NO;
		slow_search(config, feature, packet, reading_of(i), &one);
		if (feature == SLOW_INSPECT && (one.n || one.blurred))
			bypass = bypass_in(config, packet, reading_of(i));
		if (bypass == SLOW_YES) {
			one.n = 0;
			one.blurred = false;
		}
		if (bypass != SLOW_NO)
			one.open = true;
		add_owners(&owners, &one);
	}
	return owners;
}

static bool is_certain(const struct owners *owners)
{
	return owners->n == 1 && !owners->open && !owners->blurred;
}

static bool is_none(const struct owners *owners)
{
	return owners->n == 0 && !owners->blurred;
}

static bool is_unknown(const struct owners *owners)
{
	return !is_certain(owners) && !is_none(owners);
}

static const struct trace_phase *phase_with(const struct trace *trace, const char *type,
                                            struct span line)
{
	VEC_EACH(const struct trace_phase, phase, &trace->phases) {
		if (strcmp(phase->type, type) != 0)
			continue;
		if (line.len == 0)
			return phase;
		VEC_EACH(const struct span, span, &phase->lines)
			if (span->source == line.source && span->offset == line.offset)
				return phase;
	}
	return NULL;
}

static bool unsure_phase(const struct trace *trace, const char *type)
{
	VEC_EACH(const struct trace_phase, phase, &trace->phases)
		if (strcmp(phase->type, type) == 0 && phase->result == TRACE_UNKNOWN)
			return true;
	return false;
}

static void compare_feature(const struct look *look, enum slow_feature feature, const char *type,
                            const struct owners *owners)
{
	static const char *const names[] = {"inspect",   "conn",       "tcp",
	                                    "police in", "police out", "module"};
	const struct trace *got = look->got;
	if (got->result == TRACE_DROP)
		return; /* its phases end there */
	if (is_certain(owners)) {
		struct span class = owners->list[0].class->span;
		const struct trace_phase *phase = phase_with(got, type, class);
		if (!phase)
			differ(look, names[feature], S("a phase of its class"), S("none"));
		else if (phase->result != TRACE_ALLOW)
			vague(look, names[feature], phase->detail);
	} else if (is_unknown(owners) && !unsure_phase(got, type)) {
		differ(look, names[feature], S("unknown"), S("sure"));
	}
}

/* --- inspection -------------------------------------------------------------------------- */

static bool is_it(const struct slow_owner *owner, const struct trace_inspection *inspection)
{
	struct span span = owner->fixup ? owner->fixup->span : owner->inspect->span;
	return span.source == inspection->hit.span.source &&
	       span.offset == inspection->hit.span.offset;
}

static struct str owner_text(const struct look *look, const struct owners *owners)
{
	struct buf buf = {.arena = look->run->arena};
	const struct config *config = look->run->config;
	for (unsigned i = 0; i < owners->n; i++) {
		const struct slow_owner *owner = &owners->list[i];
		if (owner->fixup)
			buf_printf(&buf, "fixup ");
		else
			buf_printf(&buf, "%.*s/%.*s ", STR(config_name(config, owner->class->name)),
			           STR(owner->inspect ? config_name(config, owner->inspect->engine)
			                              : S("")));
	}
	buf_printf(&buf, "%s%s", owners->open ? "or none" : "", owners->blurred ? " blurred" : "");
	return buf_str(&buf);
}

static struct str engines_text(const struct look *look)
{
	struct buf buf = {.arena = look->run->arena};
	VEC_EACH(const struct trace_inspection, one, &look->got->inspections)
		buf_printf(&buf, "%.*s/%.*s%s ", STR(one->hit.class), STR(one->hit.engine),
		           one->certain ? "" : "?");
	return buf.n ? buf_str(&buf) : S("none");
}

/* A text that is not whole may lack the inspection that there is (ruling 10). */
static bool may_lack(const struct config *config)
{
	bool whole = config->platform_known || config->has_end;
	if (config->cut_short)
		return true;
	if (slow_fixups(config))
		return config->fixups.n == 0;
	return !whole && config->service_policies.n == 0 && config->fixups.n == 0;
}

/*
 * What is open about a packet that gets through is open about its trace only if it is whether SMTP
 * inspection sees it: another engine, a limit or a rate does not end a connection that begins.
 */
static bool smtp_is_open(const struct config *config, const struct slow_packet *packet,
                         const struct owners *owners)
{
	unsigned smtp = 0;
	if (packet->proto != TCP)
		return false;
	for (unsigned i = 0; i < owners->n; i++) {
		const struct slow_owner *owner = &owners->list[i];
		struct str engine = config_name(config, owner->fixup ? owner->fixup->engine
		                                                     : owner->inspect->engine);
		smtp += str_eq(engine, S("smtp")) || str_eq(engine, S("esmtp"));
	}
	if (owners->n == 0 && may_lack(config))
		return true;
	return owners->blurred || (smtp && (smtp < owners->n || owners->open));
}

static void compare_inspections(const struct look *look, const struct owners *owners)
{
	const struct trace *got = look->got;
	bool some_certain = false, listed = false;
	VEC_EACH(const struct trace_inspection, one, &got->inspections) {
		some_certain |= one->certain;
		listed |= owners->n && is_it(&owners->list[0], one);
	}
	if (is_certain(owners)) {
		if (!listed)
			differ(look, "inspection", owner_text(look, owners), engines_text(look));
		else if (!some_certain)
			vague(look, "inspection", engines_text(look));
		else if (got->inspections.n > 1)
			differ(look, "inspection", owner_text(look, owners), engines_text(look));
	} else if (is_none(owners)) {
		if (some_certain)
			differ(look, "inspection", S("none"), engines_text(look));
		else if (got->inspections.n)
			vague(look, "inspection", engines_text(look));
	} else if (some_certain || (got->inspections.n == 0 && got->result != TRACE_DROP &&
	                            !unsure_phase(got, "INSPECT"))) {
		differ(look, "inspection", owner_text(look, owners), engines_text(look));
	}
}

/* --- limits ------------------------------------------------------------------------------ */

struct limit {
	enum limit_kind kind;
	enum limit_source source;
	uint32_t value;
	bool certain;
};

struct limits {
	struct limit list[MAX_LIMITS];
	unsigned n;
};

static void add_limit(struct limits *limits, enum limit_source source, enum limit_kind kind,
                      uint32_t value, bool certain)
{
	if (value && limits->n < MAX_LIMITS)
		limits->list[limits->n++] = (struct limit){kind, source, value, certain};
}

static void nat_limits(const struct legacy_nat *nat, uint8_t proto, bool may_embryonic,
                       bool embryonic_sure, enum limit_source source, struct limits *limits)
{
	if (proto == UDP)
		add_limit(limits, source, LIMIT_CONN_MAX, nat->limits.udp_max_conns, true);
	if (proto != TCP)
		return;
	add_limit(limits, source, LIMIT_CONN_MAX, nat->limits.max_conns, true);
	if (may_embryonic)
		add_limit(limits, source, LIMIT_EMBRYONIC, nat->limits.embryonic, embryonic_sure);
}

static struct limits limits_of(const struct look *look)
{
	static const enum limit_kind kinds[CONN_LIMIT_COUNT] = {
	        [CONN_MAX] = LIMIT_CONN_MAX,
	        [CONN_EMBRYONIC] = LIMIT_EMBRYONIC,
	        [CONN_PER_CLIENT] = LIMIT_PER_CLIENT,
	        [CONN_PER_CLIENT_EMBRYONIC] = LIMIT_PER_CLIENT_EMBRYONIC,
	};
	const struct config *config = look->run->config;
	const struct slow_packet *seen = &look->want->seen;
	const struct slow_end *to = &look->want->destination, *from = &look->want->source;
	struct limits limits = {0};
	unsigned yes = 0, maybe = 0;
	for (int i = 0; i < N_READINGS; i++) {
		enum slow_answer bypass = bypass_in(config, seen, reading_of(i));
		yes += bypass == SLOW_YES;
		maybe += bypass != SLOW_NO;
	}
	bool embryonic = yes < N_READINGS, surely = maybe == 0;
	if (to->done == SLOW_YES && to->nat->legacy && slow_nat_is_static(to->nat))
		nat_limits(to->nat->legacy, seen->proto, embryonic, surely, FROM_STATIC, &limits);
	if (from->done != SLOW_NO && from->nat->legacy && !slow_nat_is_static(from->nat) &&
	    !slow_nat_is_exempt(from->nat))
		nat_limits(from->nat->legacy, seen->proto, embryonic, surely, FROM_NAT, &limits);
	struct owners conn = owners_of(config, SLOW_CONN, seen);
	for (unsigned i = 0; i < conn.n; i++)
		for (int k = 0; k < CONN_LIMIT_COUNT; k++) {
			bool half = k == CONN_EMBRYONIC || k == CONN_PER_CLIENT_EMBRYONIC;
			const struct setting_number *limit = &conn.list[i].class->limits[k];
			if (seen->proto != TCP &&
			    (half || (seen->proto != UDP && seen->proto != SCTP)))
				continue;
			if (limit->set && !(half && !embryonic))
				add_limit(&limits, FROM_SET_CONNECTION, kinds[k], limit->value,
				          is_certain(&conn) && !(half && !surely));
		}
	struct owners in = owners_of(config, SLOW_POLICE_IN, seen);
	struct owners out = owners_of(config, SLOW_POLICE_OUT, seen);
	for (unsigned i = 0; i < in.n; i++)
		add_limit(&limits, FROM_POLICE, LIMIT_POLICE, in.list[i].class->police_in.value,
		          is_certain(&in));
	for (unsigned i = 0; i < out.n; i++)
		add_limit(&limits, FROM_POLICE, LIMIT_POLICE, out.list[i].class->police_out.value,
		          is_certain(&out));
	return limits;
}

static bool is_limit(const struct limit *limit, const struct trace_limit *other)
{
	return limit->kind == other->hit.kind && limit->source == other->hit.source &&
	       limit->value == other->hit.value;
}

static void compare_limits_of(const struct look *look)
{
	struct limits limits = limits_of(look);
	struct arena *arena = look->run->arena;
	for (unsigned i = 0; i < limits.n; i++) {
		bool found = false, certain = false;
		VEC_EACH(const struct trace_limit, one, &look->got->limits)
			if (is_limit(&limits.list[i], one)) {
				found = true;
				certain |= one->certain;
			}
		struct str text = str_printf(arena, "%s %u", limit_kind_names[limits.list[i].kind],
		                             limits.list[i].value);
		if (!found)
			differ(look, "limits", text, S("none"));
		else if (limits.list[i].certain && !certain)
			vague(look, "limits", text);
	}
	VEC_EACH(const struct trace_limit, one, &look->got->limits) {
		bool found = false, certain = false;
		for (unsigned i = 0; i < limits.n; i++)
			if (is_limit(&limits.list[i], one)) {
				found = true;
				certain |= limits.list[i].certain;
			}
		struct str text =
		        str_printf(arena, "%s %u", limit_kind_names[one->hit.kind], one->hit.value);
		if (!found && one->certain)
			differ(look, "limits", S("none"), text);
		else if (!found)
			vague(look, "limits", text);
		else if (one->certain && !certain)
			differ(look, "limits", S("not certain"), text);
	}
}

/* --- translation, list, output ----------------------------------------------------------- */

static struct str end_text(const struct look *look, bool applies, bool known, u128 address,
                           uint16_t port)
{
	struct arena *arena = look->run->arena;
	if (!applies)
		return S("none");
	if (!known)
		return S("some");
	return str_printf(arena, "%.*s/%u", STR(addr_text(arena, address)), port);
}

static bool same_line(struct span a, struct span b)
{
	return a.source == b.source && a.offset == b.offset;
}

static void compare_end(const struct look *look, const char *what, const struct slow_end *want,
                        const struct trace_nat *got)
{
	if (want->coarse) {
		unjudged(look);
		return;
	}
	bool told = want->done == SLOW_YES && !want->refused;
	struct str wanted = end_text(look, want->done != SLOW_NO, told && !want->pooled,
	                             want->address, want->port);
	struct str is = end_text(look, got->applies, got->address_known && got->port_known,
	                         got->address, got->port);
	if ((want->done != SLOW_NO) != got->applies) {
		differ(look, what, wanted, is);
		return;
	}
	if (want->done == SLOW_NO)
		return;
	if (!same_line(slow_nat_span(want->nat), got->span)) {
		differ(look, what, S("another line"), is);
	} else if (told != got->certain) {
		if (told)
			vague(look, what, wanted);
		else
			differ(look, what, S("unknown"), is);
	} else if (told && !want->pooled && !str_eq(wanted, is)) {
		differ(look, what, wanted, is);
	} else if (told && want->pooled && got->port_known) {
		differ(look, what, S("some of a pool"), is);
	}
}

static void compare_list(const struct look *look)
{
	const struct slow_path *want = look->want;
	const struct trace_list *got = &look->got->list;
	struct str name = want->list ? config_name(look->run->config, want->list->name) : S("none");
	if (!want->destination_told && slow_real_addresses(look->run->config)) {
		unjudged(look);
		return;
	}
	if (want->list_missing) {
		if (got->applies && got->action != LIST_UNKNOWN)
			differ(look, "list", S("not in the text"), got->name);
		return;
	}
	if ((want->list != NULL) != got->applies) {
		differ(look, "list", name, got->applies ? got->name : S("none"));
		return;
	}
	if (!want->list)
		return;
	if (want->list_permits == SLOW_UNKNOWN) {
		if (got->action != LIST_UNKNOWN)
			differ(look, "list", S("unknown"), str_of(list_action_names[got->action]));
		return;
	}
	if (got->action == LIST_UNKNOWN) {
		vague(look, "list", name);
		return;
	}
	bool permits = got->action == LIST_PERMIT;
	if (permits != (want->list_permits == SLOW_YES) || !str_eq(name, got->name))
		differ(look, "list", name, got->name);
	else if (!same_line(want->ace ? want->ace->span : (struct span){0}, got->span) &&
	         (want->ace || got->span.len))
		differ(look, "list line", S("another"), got->name);
}

static void compare_output(const struct look *look)
{
	struct str want = config_name(look->run->config, look->want->seen.out);
	if (str_eq_nocase(want, look->got->output))
		return;
	if (look->got->output.n == 0 && look->got->result != TRACE_DROP)
		vague(look, "output", want);
	else if (look->got->output.n)
		differ(look, "output", want, look->got->output);
}

/* --- the result -------------------------------------------------------------------------- */

static void compare_result(const struct look *look, enum slow_answer want)
{
	static const enum slow_answer answers[] = {
	        [TRACE_ALLOW] = SLOW_YES,
	        [TRACE_DROP] = SLOW_NO,
	        [TRACE_UNKNOWN] = SLOW_UNKNOWN,
	};
	enum slow_answer got = answers[look->got->result];
	bool open = !look->want->destination_told;
	look->run->tally.paths_by[want]++;
	if ((got == SLOW_YES) != (look->got->reason.n == 0))
		differ(look, "reason", got == SLOW_YES ? S("none") : S("one"), look->got->reason);
	if (want == got)
		return;
	if (got == SLOW_UNKNOWN)
		vague(look, "result", look->got->reason);
	else if (want == SLOW_UNKNOWN && (look->want->coarse || (open && got == SLOW_NO)))
		unjudged(look);
	else
		differ(look, "result", str_of(slow_answer_names[want]),
		       str_of(trace_result_names[look->got->result]));
}

static void compare_trace(struct run *run, const struct slow_packet *packet,
                          const struct slow_path *want, const struct trace *got)
{
	const struct look look = {run, packet, want, got};
	const struct slow_packet *seen = &want->seen;
	enum slow_answer result = want->passes;
	run->tally.paths++;
	run->tally.paths6 += !addr_is4(packet->dst);
	run->tally.paths_unknown += result == SLOW_UNKNOWN;
	compare_end(&look, "destination", &want->destination, &got->destination);
	if (want->for_itself) {
		compare_result(&look, result);
		return;
	}
	compare_list(&look);
	compare_output(&look);
	if (seen->out)
		compare_end(&look, "source", &want->source, &got->source);
	/* Where it goes, and so who else acts, is not known. */
	if (!seen->out || !want->destination_told) {
		if (result != SLOW_YES)
			compare_result(&look, result);
		return;
	}
	struct owners inspect = owners_of(run->config, SLOW_INSPECT, seen);
	compare_inspections(&look, &inspect);
	bool unknown = smtp_is_open(run->config, seen, &inspect);
	static const struct {
		enum slow_feature feature;
		const char *type;
		bool stops; /* a packet may end there */
	} features[] = {{SLOW_CONN, "CONN-SETTINGS", false},
	                {SLOW_TCP, "CONN-SETTINGS", false},
	                {SLOW_MODULE, "MODULE", true},
	                {SLOW_POLICE_IN, "QOS", false},
	                {SLOW_POLICE_OUT, "QOS", false}};
	for (size_t i = 0; i < sizeof(features) / sizeof(features[0]); i++) {
		struct owners owners = owners_of(run->config, features[i].feature, seen);
		compare_feature(&look, features[i].feature, features[i].type, &owners);
		unknown |= features[i].stops && is_unknown(&owners);
	}
	compare_limits_of(&look);
	compare_result(&look, unknown ? slow_and(result, SLOW_UNKNOWN) : result);
}

/* --- all of it ---------------------------------------------------------------------------- */

void compare_traces(struct run *run, unsigned n)
{
	struct arena *arena = run->arena, *scratch = arena_new();
	const struct tracer alone = tracer_of(arena, run->config);
	const struct tracer many = tracer_for_many(arena, run->config);
	struct slow_nats nats = slow_nats_of(arena, run->config);
	for (unsigned i = 0; i < n; i++) {
		struct slow_packet packet;
		struct slow_path want;
		struct trace got;
		if (!aim_packet(run, &nats, &packet))
			continue;
		const struct interface *in = slow_interface(run->config, packet.in);
		if (!in)
			continue; /* no interface that a packet could come in by */
		struct packet wire;
		wire.at[DIM_PROTO] = packet.proto;
		wire.at[DIM_SRC] = packet.src;
		wire.at[DIM_DST] = packet.dst;
		wire.at[DIM_SPORT] = packet.sport;
		wire.at[DIM_DPORT] = packet.dport;
		/* Most by the way that many packets are traced; the other must say the same. */
		const struct tracer *tracer = i % 8 ? &many : &alone;
		trace_packet(scratch, tracer, in, &wire, &got);
		slow_path(run->config, &nats, &packet, &want);
		packet.out = want.seen.out;
		compare_trace(run, &packet, &want, &got);
		if (arena_used(scratch) > 1 << 22) {
			arena_free(scratch);
			scratch = arena_new();
		}
	}
	arena_free(scratch);
}
