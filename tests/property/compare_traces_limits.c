/* SPDX-License-Identifier: ISC */
/* The limits that bind a traced packet. */
#include "tests/property/compare_traces.h"
#include "tests/property/owners.h"

enum { TCP = 6, UDP = 17, SCTP = 132, MAX_LIMITS = 64 };

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
	enum slow_answer bypass = owners_bypass(config, seen);
	bool embryonic = bypass != SLOW_YES, surely = bypass == SLOW_NO;
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
				          owners_certain(&conn) && !(half && !surely));
		}
	struct owners in = owners_of(config, SLOW_POLICE_IN, seen);
	struct owners out = owners_of(config, SLOW_POLICE_OUT, seen);
	for (unsigned i = 0; i < in.n; i++)
		add_limit(&limits, FROM_POLICE, LIMIT_POLICE, in.list[i].class->police_in.value,
		          owners_certain(&in));
	for (unsigned i = 0; i < out.n; i++)
		add_limit(&limits, FROM_POLICE, LIMIT_POLICE, out.list[i].class->police_out.value,
		          owners_certain(&out));
	return limits;
}

static bool is_limit(const struct limit *limit, const struct trace_limit *other)
{
	return limit->kind == other->hit.kind && limit->source == other->hit.source &&
	       limit->value == other->hit.value;
}

void look_at_limits(const struct look *look)
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
			look_differs(look, "limits", text, S("none"));
		else if (limits.list[i].certain && !certain)
			look_is_vague(look, "limits", text);
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
			look_differs(look, "limits", S("none"), text);
		else if (!found)
			look_is_vague(look, "limits", text);
		else if (one->certain && !certain)
			look_differs(look, "limits", S("not certain"), text);
	}
}
