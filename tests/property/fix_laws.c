/* SPDX-License-Identifier: ISC */
#include "tests/property/fix_laws.h"

#include <stdio.h>

#include "analyzers/procedure.h"
#include "cli/mend.h"
#include "emitters/emitter.h"
#include "tests/property/boxes.h"
#include "tests/property/confirm.h"
#include "tests/property/fix_commands.h"
#include "tests/property/slow_mpf.h"
#include "tests/property/slow_permit.h"
#include "tests/property/treatment.h"

enum { TCP = 6, LONGEST_LINE = 200, FAULTS_SHOWN = 40 };

/* One fix with all configs that it is about. */
struct judged {
	struct fix_run *run;
	const struct fix_case *at;
	struct arena *arena;
	const struct audit *before;
	const struct audit *after; /* NULL: no commands */
	const struct config *restored;
	const struct change *change;
	struct points points;
	VEC(struct str) nameifs;
	VEC(u128) appliances; /* real and mapped */
};

__attribute__((format(printf, 2, 3))) static void fault(struct judged *judged, const char *format,
                                                        ...)
{
	va_list args;
	if (judged->run->faults++ >= FAULTS_SHOWN)
		return;
	va_start(args, format);
	struct str text = str_vprintf(judged->arena, format, args);
	va_end(args);
	printf("%s: %.*s\n", judged->run->name, STR(text));
}

/* --- commands ---------------------------------------------------------------------------- */

/* The text as it is printed and pasted. */
static struct str printed(struct judged *judged, bool rollback)
{
	struct report report = {0};
	struct emit_options how = {.rollback = rollback};
	struct buf out = {.arena = judged->arena};
	report.change = judged->change;
	VEC_PUSH(judged->arena, &report.configs, *judged->before->report);
	emit_change_cli(&report, &how, &out);
	return buf_str(&out);
}

static void check_length(struct judged *judged, struct str text)
{
	struct str line;
	while (text.n) {
		str_cut(text, '\n', &line, &text);
		if (line.n > judged->run->longest)
			judged->run->longest = line.n;
		if (line.n > LONGEST_LINE)
			fault(judged, "a line of %zu characters: %.*s", line.n, STR(line));
	}
}

static void check_release(struct judged *judged, struct str text)
{
	struct str line;
	while (text.n) {
		str_cut(text, '\n', &line, &text);
		line = str_trim(line);
		if (str_starts(line, S("no ")))
			line = (struct str){line.s + 3, line.n - 3};
		const char *why = line.n && line.s[0] != '!'
		                          ? command_too_new(judged->before->config, line)
		                          : NULL;
		if (why && !str_contains(line, S("remark")))
			fault(judged, "the release has %s: %.*s", why, STR(line));
	}
}

static void check_typed(struct judged *judged, struct str command)
{
	const char *why = check_too_new(judged->before->config, command);
	if (why)
		fault(judged, "the release has %s: %.*s", why, STR(command));
}

/* What is typed around the change is of the release, too. */
static void check_procedure(struct judged *judged)
{
	const struct procedure *procedure = &judged->change->procedure;
	VEC_EACH(const struct trial, trial, &procedure->trials)
		if (!trial->where.n)
			check_typed(judged, trial->command);
	VEC_EACH(const struct str, command, &judged->change->verify)
		check_typed(judged, *command);
	VEC_EACH(const struct str, command, &procedure->clears)
		check_typed(judged, *command);
}

/* The parser has nothing to say about the lines of what was applied. */
static void check_lines(struct judged *judged, const struct config *config, const char *what)
{
	const struct config *old = judged->before->config;
	uint16_t first = (uint16_t)old->sources.list.n;
	VEC_EACH(const struct invalid_line, line, &config->invalid_lines)
		if (line->span.source >= first)
			fault(judged, "%s: invalid `%.*s`: %.*s", what,
			      STR(source_quote(judged->arena, &config->sources, line->span)),
			      STR(line->problem));
	VEC_EACH(const struct unknown_line, line, &config->unknown_lines)
		if (line->span.source >= first)
			fault(judged, "%s: unknown `%.*s`", what,
			      STR(source_quote(judged->arena, &config->sources, line->span)));
	VEC_EACH(const struct diag, diag, &config->diags.list)
		if (diag->span.len && diag->span.source >= first)
			fault(judged, "%s: `%.*s`: %.*s", what,
			      STR(source_quote(judged->arena, &config->sources, diag->span)),
			      STR(diag->message));
}

/* --- findings ---------------------------------------------------------------------------- */

static bool about_inspection(const struct rule *rule)
{
	struct str id = str_of(rule->id);
	return str_starts(id, S("AM10")) || str_starts(id, S("AM40"));
}

/* What is in doubt is told as AM904, whatever the reason. */
static bool is_doubt(const struct rule *rule)
{
	struct str id = str_of(rule->id);
	return str_eq(id, S("AM901")) || str_eq(id, S("AM903")) || str_eq(id, S("AM904"));
}

static bool is_told(const struct change *change, const struct rule *rule)
{
	VEC_EACH(const struct unmended, unmended, &change->unmended)
		if (unmended->rule == rule || (is_doubt(unmended->rule) && is_doubt(rule)) ||
		    (about_inspection(unmended->rule) && about_inspection(rule)))
			return unmended->why.n > 0;
	return false;
}

static bool is_left(const struct audit *after, const struct finding *finding)
{
	VEC_EACH(const struct finding, now, &after->report->findings.list)
		if (str_eq(now->fingerprint, finding->fingerprint))
			return true;
	return false;
}

static bool is_covered(const struct judged *judged, const struct finding *finding)
{
	return remedy_covers(judged->change->form, finding->rule) &&
	       finding->suppressed.by == NOT_SUPPRESSED;
}

/* Nothing was sure of the flow's inspection before. */
static bool was_in_doubt(const struct judged *judged, const struct flow *flow)
{
	VEC_EACH(const struct flow, old, &judged->before->report->flows)
		if (flow && str_eq(old->id, flow->id))
			return old->inspected == VERDICT_UNKNOWN;
	return false;
}

static void check_findings(struct judged *judged)
{
	VEC_EACH(const struct finding, finding, &judged->before->report->findings.list) {
		bool left = !judged->after || is_left(judged->after, finding);
		if (is_covered(judged, finding) && left && !is_told(judged->change, finding->rule))
			fault(judged, "%s is left, and it is not said why: %.*s", finding->rule->id,
			      STR(finding->message));
	}
	if (judged->after && judged->change->check.done)
		VEC_EACH(const struct finding, finding, &judged->after->report->findings.list) {
			/* By allow-tls the mail stays inspected: that is told by another class. */
			bool other = remedy_covers(FORM_DEFAULT, finding->rule) &&
			             !remedy_covers(judged->change->form, finding->rule);
			/* Doubts about permission show when those about inspection are gone. */
			other |= is_doubt(finding->rule) &&
			         (str_contains(finding->message, S("permitted")) ||
			          was_in_doubt(judged, finding->flow));
			if (!other && finding->severity > SEVERITY_NOTE &&
			    !is_left(judged->before, finding) &&
			    !is_told(judged->change, finding->rule))
				fault(judged, "the change brings about %s: %.*s", finding->rule->id,
				      STR(finding->message));
		}
}

static enum fix_result result_of(const struct judged *judged)
{
	const struct change *change = judged->change;
	bool any = false;
	VEC_EACH(const struct finding, finding, &judged->before->report->findings.list)
		any |= is_covered(judged, finding);
	if (!any)
		return FIX_NOTHING;
	if (change->commands.list.n == 0)
		return FIX_REFUSED;
	if (!change->check.done || !change->check.unchanged)
		return FIX_UNPROVED;
	return change->check.cleared ? FIX_PROVED : FIX_PARTLY;
}

static void count_reasons(struct judged *judged)
{
	VEC_EACH(const struct unmended, unmended, &judged->change->unmended) {
		struct fix_run *run = judged->run;
		struct reason *reason = NULL;
		struct str why =
		        str_printf(run->kept, "%s: %.*s", unmended->rule->id, STR(unmended->why));
		if (!remedy_covers(FORM_SPLIT_CLASS, unmended->rule))
			continue;
		VEC_EACH(struct reason, old, &run->reasons)
			if (str_eq(old->text, why))
				reason = old;
		if (!reason)
			reason = VEC_PUSH(run->kept, &run->reasons, (struct reason){why, 0});
		reason->n++;
		if (run->verbose && run->looked_for && str_contains(why, str_of(run->looked_for))) {
			printf("%s: %.*s\n", run->name, STR(why));
			run->found = true;
		}
	}
}

/* --- packets ----------------------------------------------------------------------------- */

static bool is_appliance(const struct judged *judged, u128 address)
{
	VEC_EACH(const u128, known, &judged->appliances)
		if (*known == address)
			return true;
	return false;
}

static bool is_mail_port(uint16_t port)
{
	return port == 25 || port == 7025;
}

/* The mail of the appliances, by any of the addresses that a list may see. */
static bool is_mail(const struct judged *judged, const struct slow_packet *packet)
{
	bool port = is_mail_port(packet->dport) || is_mail_port(packet->real_dport);
	/* An SMA asks its ESA by ssh. */
	port |= packet->dport == 22 && is_appliance(judged, packet->src) &&
	        is_appliance(judged, packet->dst);
	return packet->proto == TCP && port &&
	       (is_appliance(judged, packet->src) || is_appliance(judged, packet->dst) ||
	        is_appliance(judged, packet->real_dst));
}

static const char *words(struct judged *judged, struct str in, struct str out,
                         const struct slow_packet *packet)
{
	return str_printf(judged->arena, "%u %.*s:%u -> %.*s:%u (real %.*s:%u) %.*s>%.*s",
	                  packet->proto, STR(addr_text(judged->arena, packet->src)), packet->sport,
	                  STR(addr_text(judged->arena, packet->dst)), packet->dport,
	                  STR(addr_text(judged->arena, packet->real_dst)), packet->real_dport,
	                  STR(in), STR(out))
	        .s;
}

static bool is_in_effects(const struct judged *judged, const struct slow_packet *packet)
{
	struct slow_packet real = *packet;
	real.dst = packet->real_dst;
	real.dport = packet->real_dport;
	VEC_EACH(const struct treatment, effect, &judged->change->check.effects)
		if (box_has(&effect->packets, packet) || box_has(&effect->packets, &real))
			return true;
	return false;
}

/* No class has the packet, by no reading: "none; none; ". */
static bool is_unlimited(struct str limits)
{
	while (str_starts(limits, S("none; "))) {
		limits.s += sizeof("none; ") - 1;
		limits.n -= sizeof("none; ") - 1;
	}
	return limits.n == 0;
}

/* No engine has the packet by any reading. */
static bool is_free(struct str inspection)
{
	return str_eq(inspection, S("none; none; none; none; (no)"));
}

static void check_packet(struct judged *judged, struct str in, struct str out,
                         const struct slow_packet *packet)
{
	struct arena *scratch = arena_new();
	const struct config *config = judged->before->config;
	struct slow_treatment old = slow_treat(scratch, config, in, out, packet);
	struct slow_treatment new = slow_treat(scratch, judged->after->config, in, out, packet);
	struct slow_treatment back = slow_treat(scratch, judged->restored, in, out, packet);
	judged->run->packets++;
	for (int part = 0; part < PART_COUNT; part++) {
		/* Which static is the first depends on the interfaces. */
		if (part == PART_STATIC && (!in.n || !out.n))
			continue;
		bool own_static = part == PART_STATIC && is_appliance(judged, packet->real_dst);
		bool wanted = part != PART_REST && (is_mail(judged, packet) || own_static);
		if (!str_eq(old.part[part], back.part[part]))
			fault(judged, "%s is not restored: %.*s, now %.*s",
			      words(judged, in, out, packet), STR(old.part[part]),
			      STR(back.part[part]));
		if (str_eq(old.part[part], new.part[part]))
			continue;
		judged->run->changed++;
		if (part == PART_LIMITS && is_unlimited(old.part[part]))
			fault(judged, "%s was limited by no class, and is now: %.*s",
			      words(judged, in, out, packet), STR(new.part[part]));
		if (part == PART_INSPECTION && is_free(old.part[part]) && !is_free(new.part[part]))
			fault(judged, "%s was not inspected: %.*s, now %.*s",
			      words(judged, in, out, packet), STR(old.part[part]),
			      STR(new.part[part]));
		if (!wanted && judged->change->check.unchanged)
			fault(judged, "%s changes: %.*s, now %.*s", words(judged, in, out, packet),
			      STR(old.part[part]), STR(new.part[part]));
		if (judged->change->check.done && !is_in_effects(judged, packet))
			fault(judged, "%s changes, and is in no effect: %.*s, now %.*s",
			      words(judged, in, out, packet), STR(old.part[part]),
			      STR(new.part[part]));
	}
	arena_free(scratch);
}

static bool has_own_policy(const struct config *config, struct str nameif)
{
	VEC_EACH(const struct service_policy, sp, &config->service_policies)
		if (str_eq_nocase(config_name(config, sp->interface), nameif))
			return true;
	return false;
}

/* The empty one stands for an interface without a policy of its own; it may be that all have one.
 */
static struct str some_nameif(struct judged *judged)
{
	uint32_t n = judged->nameifs.n;
	bool plain = false;
	VEC_EACH(const struct str, nameif, &judged->nameifs)
		plain |= !has_own_policy(judged->before->config, *nameif);
	return n == 0 || (plain && rng_percent(&judged->run->rng, 4))
	               ? S("")
	               : judged->nameifs.v[rng_below(&judged->run->rng, n)];
}

/* Near the mail of an appliance more often than not. */
static struct slow_packet some_packet(struct judged *judged)
{
	struct rng *rng = &judged->run->rng;
	struct slow_packet packet = pick_packet(rng, &judged->points);
	if (rng_percent(rng, 70)) {
		u128 address = judged->appliances.v[rng_below(rng, judged->appliances.n)];
		bool v4 = addr_is4(address), as_server = rng_percent(rng, 50);
		packet.proto = rng_percent(rng, 90) ? TCP : packet.proto;
		packet.src = as_server ? pick_address(rng, &judged->points, v4) : address;
		packet.dst = as_server ? address : pick_address(rng, &judged->points, v4);
		if (rng_percent(rng, 70))
			packet.dport = rng_percent(rng, 80) ? 25 : 7025;
	}
	packet.real_dst = packet.dst;
	packet.real_dport = packet.dport;
	if (!addr_is4(packet.src) && !config_may_have_ipv6(judged->before->config)) {
		packet.src = pick_address(rng, &judged->points, true);
		packet.dst = pick_address(rng, &judged->points, true);
	}
	/* The unspecified address is no host's. */
	packet.src += packet.src == 0;
	packet.dst += packet.dst == 0;
	packet.real_dst = packet.dst;
	return packet;
}

static void check_packets(struct judged *judged)
{
	const struct config *config = judged->before->config;
	for (unsigned i = 0; i < judged->at->packets; i++) {
		struct slow_packet packet = some_packet(judged);
		struct str in = some_nameif(judged), out = some_nameif(judged);
		packet.in = config_find_name(config, in);
		packet.out = config_find_name(config, out);
		if (rng_percent(&judged->run->rng, 50) && !slow_to_wire(config, &packet)) {
			packet.dst = packet.real_dst; /* the mapped address is not in the text */
			packet.dport = packet.real_dport;
		}
		check_packet(judged, in, out, &packet);
	}
}

static bool fares_otherwise(struct judged *judged, struct str in, struct str out,
                            struct slow_packet packet)
{
	const struct config *config = judged->before->config;
	packet.in = config_find_name(config, in);
	packet.out = config_find_name(config, out);
	struct slow_treatment old = slow_treat(judged->arena, config, in, out, &packet);
	struct slow_treatment new =
	        slow_treat(judged->arena, judged->after->config, in, out, &packet);
	for (int part = 0; part < PART_COUNT; part++)
		if (!str_eq(old.part[part], new.part[part]))
			return true;
	return false;
}

/* What a policy does otherwise for sure, by the first effect on others; no other is in the way. */
static bool is_sure(const struct judged *judged)
{
	VEC_EACH(const struct service_policy, sp, &judged->before->config->service_policies)
		if (sp->interface)
			return false;
	VEC_EACH(const struct treatment, effect, &judged->change->check.effects)
		if (!effect->wanted)
			return !str_contains(effect->before, S("perhaps")) &&
			       !str_contains(effect->after, S("perhaps")) &&
			       str_eq(effect->place, S("global"));
	return false;
}

/*
 * The packet that is shown against a change does fare otherwise: by its trace, and by the slow
 * evaluator by some way out.
 */
static void check_counterexample(struct judged *judged)
{
	const struct change_check *check = &judged->change->check;
	const struct witness *shown = &check->counterexample;
	const u128 *at = shown->packet.at;
	struct slow_packet packet = {.proto = (uint8_t)at[DIM_PROTO],
	                             .src = at[DIM_SRC],
	                             .dst = at[DIM_DST],
	                             .sport = (uint16_t)at[DIM_SPORT],
	                             .dport = (uint16_t)at[DIM_DPORT],
	                             .real_dst = at[DIM_DST],
	                             .real_dport = (uint16_t)at[DIM_DPORT]};
	judged->run->shown += check->done && !check->unchanged && check->has_counterexample;
	judged->run->unshown += check->done && !check->unchanged && !check->has_counterexample;
	if (check->has_counterexample &&
	    !traces_differ(judged->arena, judged->before->config, judged->after->config, shown))
		fault(judged, "the trace of the counterexample is as before: %s",
		      words(judged, shown->input, S(""), &packet));
	bool otherwise = !check->has_counterexample || !is_sure(judged);
	VEC_EACH(const struct str, out, &judged->nameifs)
		otherwise |= fares_otherwise(judged, shown->input, *out, packet);
	if (!otherwise && judged->nameifs.n && !str_eq(shown->input, S("any")))
		fault(judged, "the counterexample fares as before: %s",
		      words(judged, shown->input, S(""), &packet));
}

/* Flows that are said to be free are free, whichever packet of theirs is asked about. */
static void check_exempted(struct judged *judged)
{
	const struct config *config = judged->after->config;
	VEC_EACH(const struct str, id, &judged->change->check.exempted)
		VEC_EACH(const struct flow, flow, &judged->before->report->flows) {
			struct slow_packet packet = {0};
			const struct box *boxes = flow->packets.boxes.v;
			if (!str_eq(flow->id, *id) || flow->packets.boxes.n == 0)
				continue;
			const struct box *box =
			        &boxes[rng_below(&judged->run->rng, flow->packets.boxes.n)];
			if (!pick_in_box(&judged->run->rng, &judged->points, box, &packet))
				continue;
			packet.in = config_find_name(config, flow->from);
			packet.out = config_find_name(config, flow->to);
			packet.real_dst = packet.dst;
			packet.real_dport = packet.dport;
			if (flow->kind != FLOW_SMTP_OUT && !slow_to_wire(config, &packet))
				continue;
			judged->run->packets++;
			if (slow_inspected(config, &packet) != SLOW_NO)
				fault(judged, "flow %.*s is said to be exempt, but %s is inspected",
				      STR(*id), words(judged, flow->from, flow->to, &packet));
		}
}

/* --- one fix ----------------------------------------------------------------------------- */

/* The address that a packet to the host has on the wire between two interfaces. */
static void add_mapped(struct judged *judged, const struct host *host, name_id in, name_id out,
                       u128 peer)
{
	struct slow_packet packet = {.in = in,
	                             .out = out,
	                             .proto = TCP,
	                             .src = peer,
	                             .real_dst = host->real,
	                             .real_dport = 25};
	if (slow_to_wire(judged->before->config, &packet) && packet.dst &&
	    !is_appliance(judged, packet.dst))
		VEC_PUSH(judged->arena, &judged->appliances, packet.dst);
}

static void add_hosts(struct judged *judged, const struct hosts *hosts)
{
	const struct config *config = judged->before->config;
	bool policy = false;
	VEC_EACH(const struct legacy_nat, nat, &config->nats)
		policy |= nat->kind == NAT_STATIC && nat->acl;
	VEC_EACH(const struct host, host, &hosts->list) {
		if (!is_appliance(judged, host->real))
			VEC_PUSH(judged->arena, &judged->appliances, host->real);
		if (host->has_mapped)
			VEC_PUSH(judged->arena, &judged->appliances, host->mapped);
		add_mapped(judged, host, 0, 0, 0);
		VEC_EACH(const struct interface, in, &config->interfaces)
			VEC_EACH(const struct interface, out, &config->interfaces)
				if (in->nameif && out->nameif)
					add_mapped(judged, host, in->nameif, out->nameif, 0);
		/* A policy static has a mapped address for some peers. */
		for (uint32_t i = 0; policy && i < judged->points.addresses.n; i++)
			add_mapped(judged, host, 0, 0, judged->points.addresses.v[i]);
	}
}

/* Replay the change and its rollback as they are printed. */
static void replay(struct judged *judged)
{
	const struct fix_case *at = judged->at;
	struct str change = printed(judged, false), rollback = printed(judged, true);
	struct str both = str_printf(judged->arena, "%.*s%.*s", STR(change), STR(rollback));
	const struct config *after = capture_config(judged->arena, at->input, at->part, change);
	judged->restored = capture_config(judged->arena, at->input, at->part, both);
	check_length(judged, change);
	check_length(judged, rollback);
	check_release(judged, change);
	check_release(judged, rollback);
	check_lines(judged, after, "change");
	check_lines(judged, judged->restored, "rollback");
	judged->after = analyze(judged->arena, at->options, at->policy, at->input, after);
}

void fix_laws(struct fix_run *run, const struct fix_case *at)
{
	struct judged judged = {.run = run, .at = at, .arena = at->arena};
	struct remedy_wish wish = {.form = at->form, .unsafe = at->unsafe};
	const struct config *config = capture_config(at->arena, at->input, at->part, S(""));
	judged.before = analyze(at->arena, at->options, at->policy, at->input, config);
	struct change *change = mend_as(at->arena, at->options, at->policy, at->input, at->part,
	                                judged.before, &wish);
	judged.change = change;
	procedure_plan(judged.before, at->input->text, at->input->text, change);
	judged.points = points_of(at->arena, config);
	VEC_EACH(const struct appliance, appliance, &at->policy->appliances.list)
		add_hosts(&judged, &appliance->addresses);
	VEC_EACH(const struct interface, ifc, &config->interfaces)
		if (ifc->nameif)
			VEC_PUSH(at->arena, &judged.nameifs, config_name(config, ifc->nameif));
	if (change->commands.list.n)
		replay(&judged);
	check_procedure(&judged);
	check_findings(&judged);
	enum fix_result result = result_of(&judged);
	run->results[0][result]++;
	run->results[1][result] += at->form == FORM_DEFAULT && !at->unsafe;
	count_reasons(&judged);
	if (!judged.after)
		return;
	judged.points = points_of(at->arena, judged.after->config);
	check_packets(&judged);
	check_exempted(&judged);
	check_counterexample(&judged);
}
