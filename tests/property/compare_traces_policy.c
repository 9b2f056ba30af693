/* SPDX-License-Identifier: ISC */
/* Which classes act on a traced packet, and what inspects it. */
#include <string.h>

#include "tests/property/compare_traces.h"
#include "tests/property/owners.h"

enum { TCP = 6 };

/* --- features ---------------------------------------------------------------------------- */

static const struct trace_phase *phase_with(const struct trace *trace, const char *type,
                                            struct span line)
{
	VEC_EACH(const struct trace_phase, phase, &trace->phases) {
		if (strcmp(phase->type, type) != 0)
			continue;
		if (line.len == 0)
			return phase;
		VEC_EACH(const struct span, span, &phase->lines)
			if (span_same(*span, line))
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
	if (owners_certain(owners)) {
		struct span class = owners->list[0].class->span;
		const struct trace_phase *phase = phase_with(got, type, class);
		if (!phase)
			look_differs(look, names[feature], S("a phase of its class"), S("none"));
		else if (phase->result != TRACE_ALLOW)
			look_is_vague(look, names[feature], phase->detail);
	} else if (owners_unknown(owners) && !unsure_phase(got, type)) {
		look_differs(look, names[feature], S("unknown"), S("sure"));
	}
}

/* --- inspection -------------------------------------------------------------------------- */

static bool is_it(const struct slow_owner *owner, const struct trace_inspection *inspection)
{
	struct span span = owner->fixup ? owner->fixup->span : owner->inspect->span;
	return span_same(span, inspection->hit.span);
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
	if (owners_certain(owners)) {
		if (!listed)
			look_differs(look, "inspection", owner_text(look, owners),
			             engines_text(look));
		else if (!some_certain)
			look_is_vague(look, "inspection", engines_text(look));
		else if (got->inspections.n > 1)
			look_differs(look, "inspection", owner_text(look, owners),
			             engines_text(look));
	} else if (owners_none(owners)) {
		if (some_certain)
			look_differs(look, "inspection", S("none"), engines_text(look));
		else if (got->inspections.n)
			look_is_vague(look, "inspection", engines_text(look));
	} else if (some_certain || (got->inspections.n == 0 && got->result != TRACE_DROP &&
	                            !unsure_phase(got, "INSPECT"))) {
		look_differs(look, "inspection", owner_text(look, owners), engines_text(look));
	}
}

bool look_at_policies(const struct look *look)
{
	static const struct {
		enum slow_feature feature;
		const char *type;
		bool stops; /* a packet may end there */
	} features[] = {{SLOW_CONN, "CONN-SETTINGS", false},
	                {SLOW_TCP, "CONN-SETTINGS", false},
	                {SLOW_MODULE, "MODULE", true},
	                {SLOW_POLICE_IN, "QOS", false},
	                {SLOW_POLICE_OUT, "QOS", false}};
	const struct config *config = look->run->config;
	const struct slow_packet *seen = &look->want->seen;
	struct owners inspect = owners_of(config, SLOW_INSPECT, seen);
	compare_inspections(look, &inspect);
	bool open = smtp_is_open(config, seen, &inspect);
	for (size_t i = 0; i < sizeof(features) / sizeof(features[0]); i++) {
		struct owners owners = owners_of(config, features[i].feature, seen);
		compare_feature(look, features[i].feature, features[i].type, &owners);
		open |= features[i].stops && owners_unknown(&owners);
	}
	return open;
}
