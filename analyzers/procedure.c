/* SPDX-License-Identifier: ISC */
/*
 * Only commands that the release has are given: PIX 6 has neither packet-tracer nor
 * `show service-policy`, and `clear conn` came late in 7.0, 7.2 and 8.0. Where the text
 * does not tell the release, the commands are those of a recent one.
 */
#include "analyzers/procedure_parts.h"

#include "analyzers/nat_table.h"

#include <string.h>

/* --- the text ----------------------------------------------------------------------------- */

static struct str next_line(struct str *rest)
{
	struct str line;
	str_cut(*rest, '\n', &line, rest);
	if (str_ends(line, S("\r")))
		line.n--;
	return line;
}

/* One that was masked is none: a device prints digits. */
static bool is_checksum(struct str text)
{
	for (size_t i = 0; i < text.n; i++)
		if (!strchr("0123456789abcdefABCDEF ", text.s[i]))
			return false;
	return text.n > 0;
}

static struct str find_checksum(struct arena *arena, struct str text)
{
	struct str label = S("Cryptochecksum:"), found = {"", 0};
	while (text.n) {
		struct str line = next_line(&text);
		if (str_starts(line, label))
			found = str_trim((struct str){line.s + label.n, line.n - label.n});
	}
	return is_checksum(found) ? str_copy(arena, found) : S("");
}

/* A pair has `failover`; a device that could be one of a pair prints `no failover`. */
static bool find_failover(struct str text)
{
	bool on = false;
	while (text.n) {
		struct str line = next_line(&text);
		while (line.n && line.s[line.n - 1] == ' ')
			line.n--;
		if (str_eq(line, S("no failover")))
			return false;
		on |= str_eq(line, S("failover")) || str_starts(line, S("failover "));
	}
	return on;
}

/* --- what the release has ----------------------------------------------------------------- */

/* `clear conn` by address came with 7.0(8), 7.2(4) and 8.0(4), each in its own train. */
static bool has_clear_conn(const struct config *config)
{
	static const struct version since[] = {{7, 0, 8, 0}, {7, 2, 4, 0}, {8, 0, 4, 0}};
	struct version version = config->version;
	if (config_uses_fixup(config) || config->platform == PLATFORM_FWSM)
		return false;
	for (size_t i = 0; i < sizeof(since) / sizeof(since[0]); i++)
		if (version.major == since[i].major && version.minor == since[i].minor)
			return version.maintenance >= since[i].maintenance;
	return !version.major || version_cmp(version, 8, 2, 0) >= 0;
}

/* --- old connections ---------------------------------------------------------------------- */

static void add_clear(const struct guide *guide, struct str command)
{
	VEC_EACH(const struct str, old, &guide->procedure->clears)
		if (str_eq(*old, command))
			return;
	VEC_PUSH(guide->arena, &guide->procedure->clears, command);
}

static void clear_host(const struct guide *guide, const struct flow *flow, struct str address)
{
	if (guide->procedure->clears_hosts) {
		add_clear(guide, str_printf(guide->arena, "clear local-host %.*s", STR(address)));
		return;
	}
	VEC_EACH(const uint16_t, port, &flow->ports.list)
		add_clear(guide,
		          str_printf(guide->arena, "clear conn protocol tcp address %.*s port %u",
		                     STR(address), *port));
}

static void plan_clears(const struct guide *guide)
{
	guide->procedure->clears_hosts = !has_clear_conn(guide->config);
	guide->procedure->clears_xlate =
	        config_uses_fixup(guide->config) && guide->procedure->outages.n;
	VEC_EACH(const struct flow, old, &guide->audit->report->flows) {
		struct subject subject;
		if (!procedure_subject(guide, old, &subject))
			continue;
		VEC_EACH(const struct host, host, &procedure_hosts(old)->list)
			clear_host(guide, old, addr_text(guide->arena, host->real));
	}
}

/* --- outage ------------------------------------------------------------------------------- */

/* The appliance that has this address; empty: none has it. */
static struct str appliance_at(const struct guide *guide, u128 address)
{
	VEC_EACH(const struct flow, flow, &guide->audit->report->flows)
		if (flow->appliance)
			VEC_EACH(const struct host, host, &procedure_hosts(flow)->list)
				if (host->real == address)
					return str_printf(guide->arena, "%.*s (%.*s)",
					                  STR(flow->appliance->name),
					                  STR(addr_text(guide->arena, address)));
	return S("");
}

/* The appliance whose own line it is; empty: it is not one appliance's alone. */
static struct str owner(const struct guide *guide, struct str line)
{
	VEC_EACH(const struct legacy_nat, nat, &guide->config->nats) {
		struct iset hosts = nat_line_hosts(guide->arena, guide->config, nat);
		if (hosts.n == 1 && hosts.v[0].lo == hosts.v[0].hi &&
		    str_eq(str_trim(source_quote(guide->arena, &guide->config->sources, nat->span)),
		           line))
			return appliance_at(guide, hosts.v[0].lo);
	}
	return S("");
}

/* A static of one port answers only; `nat` is for those who begin. */
static void find_directions(struct outage *outage)
{
	struct str word, interfaces, rest;
	str_cut(outage->line, ' ', &word, &rest);
	str_cut(rest, ' ', &interfaces, &rest);
	bool one_port = str_starts(rest, S("tcp ")) || str_starts(rest, S("udp "));
	outage->inbound = str_eq(word, S("static"));
	outage->outbound = !outage->inbound || !one_port;
}

static void plan_outages(const struct guide *guide)
{
	guide->procedure->leaves_bare = !lane_nat_control(guide->config);
	VEC_EACH(const struct change_line, line, &guide->change->commands.list) {
		struct str text = line->text, no = S("no ");
		if (line->note ||
		    (!str_starts(text, S("no static ")) && !str_starts(text, S("no nat "))))
			continue;
		text = (struct str){text.s + no.n, text.n - no.n};
		struct outage outage = {.line = text, .whose = owner(guide, text)};
		outage.own = outage.whose.n > 0;
		if (!outage.own)
			outage.whose = S("all hosts that it translates");
		find_directions(&outage);
		VEC_PUSH(guide->arena, &guide->procedure->outages, outage);
	}
}

/* --- all ---------------------------------------------------------------------------------- */

void procedure_plan(const struct audit *audit, struct str capture, struct str part,
                    struct change *change)
{
	const struct config *config = audit->config;
	bool old_pix = config_uses_fixup(config);
	struct guide guide = {
	        .audit = audit,
	        .config = config,
	        .arena = audit->arena,
	        .change = change,
	        .procedure = &change->procedure,
	};
	change->procedure = (struct procedure){
	        .cryptochecksum = find_checksum(audit->arena, part),
	        .applied = config->sources.list.n > 1,
	        .failover = find_failover(capture),
	        .pasteable = config->platform != PLATFORM_FTD,
	        .keep = old_pix ? S("write terminal") : S("show running-config"),
	        .leave = old_pix ? S("exit") : S("end"),
	};
	if (!change->commands.list.n)
		return;
	plan_outages(&guide);
	procedure_trials(&guide);
	plan_clears(&guide);
	change->verify.n = 0;
	VEC_EACH(const struct trial, trial, &change->procedure.trials)
		if (!trial->where.n)
			VEC_PUSH(audit->arena, &change->verify, trial->command);
}
