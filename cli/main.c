/* SPDX-License-Identifier: ISC */
/*
 * asamend: audits and mends the mail path through Cisco ASA and PIX firewalls.
 *
 * This is the map of the program. A folder is a layer; includes run down only:
 * cli -> emitters, analyzers, parser -> model. Data runs one way:
 *
 *	bytes -> parser -> model -> analyzers -> findings -> report -> emitters -> bytes
 *	                                |
 *	                                +-> change -> parser -> analyzers: is it one?
 *
 * cli/: main(), in main.c, finds the subcommand and hands it its options.
 *
 * - cmd.h: the subcommands
 *     - cmd_audit.c, cmd_fix.c, cmd_diff.c, cmd_trace.c, cmd_scan.c, cmd_report.c, cmd_rules.c:
 *       cmd_discover.c, cmd_completion.c: one file each
 *     - completion.h, completion_bash.c, completion_zsh.c, completion_fish.c: scripts for shells
 *     - analyze.[ch]: a config, read and audited; audit_input.[ch]: all configs of an input
 *     - prove.[ch]: a change is replayed and judged before it is printed; mend.[ch]: planned,
 *       tried whole, else in parts
 *     - site_policy.[ch]: the policy file, found and read, and the command line over it
 *     - baseline.[ch]: an earlier result, whose findings are no news
 *     - walk.[ch]: the inputs of a scan; workers.[ch]: jobs on threads, results in order;
 *       twins.[ch]: equal contents; record_file.[ch]: where records go, and going on with them;
 *       progress.[ch]; results.[ch]: records put together into one report
 *     - run_info.[ch]: how a run was started
 *     - packet_args.[ch]: a packet in the words of packet-tracer; packet_stream.[ch]: many of them
 * - options_parse(): the command line
 *     - options.[ch]: parsing; option_table.[ch]: all options there are; option_words.[ch]: the
 *       words that values can be; options_help.c: --help
 * - input.[ch], output.[ch]: whole files in (unpacked), whole files out
 *
 * parser/: config_read() replays the commands of a running-config, and those of --apply and of a
 * change after them; policy_yaml_read() reads what the site wants.
 *
 * - capture.[ch]: the configs in a capture, and its lines without what terminals add
 * - config_reader.[ch]: lines, modes and contexts; account.c: what became of each line
 *     - signs.[ch]: a firewall's config or a router's
 *     - commands.def: the grammar, one row a command; grammar.[ch]: finding a line's row
 *     - reader.h: what the functions of commands share
 *     - words.c, values.c: words of a line; addresses, ports and times in them
 *     - cmd_interface.c, cmd_route.c: interfaces, static routes
 *     - cmd_object.c, cmd_group.c: labels and objects, object-groups
 *     - cmd_crypto.c: what crypto maps take into tunnels
 *     - cmd_acl.c, cmd_conduit.c: access-lists, conduits; ace.[ch]: one line of them
 *     - cmd_nat_pix.c, cmd_nat.c: translation before and from 8.3
 *     - cmd_class_map.c, cmd_policy_map.c, cmd_set_connection.c, cmd_service_policy.c: service
 *       policies; cmd_fixup.c: fixup; cmd_inspect_map.c: ESMTP maps; cmd_regex.c
 *     - cmd_clear.c: clear configure; cmd_misc.c: the rest; blocks.c: what is kept as text
 *     - edits.[ch]: lists under edit, `no` and `line N`; finish.c: after the last line
 * - policy_yaml.[ch]: the schema of the policy file; policy_appliance.[ch], policy_firewalls.c,
 *   policy_flows.c, policy_rules.c: its parts; policy_parts.h: what these share
 *     - policy_values.[ch]: addresses, ports and patterns in it
 *     - yaml_tree.[ch], yaml_schema.[ch]: YAML as a tree with places; tables of fields
 * - results.[ch]: earlier results, read back; results_config.[ch], results_trace.[ch],
 *   results_change.[ch]: their parts
 *     - excerpt.[ch]: sources made anew from the lines that results speak of
 *     - json_read.[ch]: values out of JSON objects
 *
 * analyzers/: audit_run() lays out the flows, classifies them and lets the rules look at them;
 * remedy_plan() writes the change. audit.[ch] has the order of it all.
 *
 * - flows.c: which flows there are here; path.[ch]: where addresses lie and how they look there
 * - what becomes of a flow, exactly
 *     - lane.[ch]: packets with one way through, split by who acts on them; lane_limits.c: limits;
 *       lane_doubts.c: what the text leaves open; lane_access.c with lane_levels.c and
 *       lane_nat_control.c: access rules; lane_parts.h: what these share
 *     - paint.[ch]: which access-list entry owns which packets; acl_index.[ch]: which entries of
 *       one or several lists can meet a packet
 *     - cuts.[ch]: an extent, cut where sets begin or end
 *     - engines.[ch]: the inspection engines, their ports and order
 *     - mpf.[ch]: which class of which service policy acts, for each feature
 *         - mpf_class.c: what one class takes; mpf_fixups.c: what fixups take; mpf_search.h: what
 *           these share; mpf_actions.c: what classes and policies hold for each feature
 *         - class_match.[ch]: what a class-map matches, line by line
 *     - inspection.c, reachability.c, limits.c: inspected, permitted, limited; nat_limits.c: the
 *       limits of `static` and `nat`, by the rules that packets meet
 * - what that means: rules.[ch], rules.def: ids, names, severities and texts of all rules
 *     - smtp.c: AM1xx, with esmtp.[ch]: what an ESMTP map does to a session
 *     - caps.c: AM2xx; blocked.c: AM3xx; hygiene.c: AM5xx, AM9xx
 *     - exemption.c with exemption_class.c, exemption_deny.c, exemption_bypass.c: AM4xx, but for
 *       breadth.c: AM407; exemption_parts.h: what these share
 *     - findings.c: making a finding; witness.c: a packet that shows it, and that the trace
 *       confirms; suppress.c: those that are known and accepted
 * - remedy.[ch]: the change and its rollback
 *     - remedy_class.c, remedy_limits.c, remedy_nat.c: inspection, `set connection`, translation;
 *       remedy_made.c: new lists and classes; remedy_off.c: global-off; remedy_parts.h: what these
 *       share
 *     - planner.[ch]: the change as it grows; targets.c: classes that mail is to be free of;
 *       place.c: what a class has where it stands, and who would have it elsewhere; vacancy.c:
 *       exemptions that were begun; permits.c: what a class matches as lines of a list;
 *       narrow.c: what of the mail a class limits, as lines; policy_edit.c: classes in their
 *       order; entries.c: access-list entries for the mail; lists.c: lists that take them
 * - compare.[ch]: two configs, where do they differ
 *     - compare_policy.[ch], compare_pieces.c, compare_passage.c: service policies, and all that
 *       act on a way; compare_doubts.c: lines that leave open which class acts
 *     - compare_fixups.c, compare_access.c, compare_path.c: place by place
 *     - compare_nat.c: which rules of translation stand in both; compare_translation.[ch],
 *       translation_reach.c, translation_split.c, translation_outcome.c: what the others do to
 *       packets
 *     - same.[ch]: parts that are equal in other words; same_align.c: lists of numbers, paired;
 *       same_blocks.c: what is kept as text; same_doubt.c: addresses that are not in the text
 *     - delta.[ch]: two access-lists, exactly, by delta_sweep.[ch], what both do in one box,
 *       delta_split.c, a box in parts, and delta_broad.c, a line that meets too much;
 *       delta_parts.h: what these share
 *     - line_finder.[ch]: lines that can meet a box; alike.[ch]: points that are in the same sets
 *     - counterexample.[ch]: a packet that two configs trace otherwise
 *     - compare_parts.h: what these share
 * - effects.[ch]: a change's blast radius; unmended.[ch]: what a change leaves, and why
 * - diff.[ch]: what that means for the flows (diff_flows.c, diff_limits.c), and what is left for
 *   everything else (diff_others.c); diff_parts.h: what these share
 * - trace.[ch]: one packet, phase by phase; trace_walk.[ch] with trace_nat.c, trace_route.c,
 *   trace_access.c, trace_policy.c, trace_vpn.c, trace_address.c: the phases
 *     - nat_path.h, nat_rule.[ch] with nat_destination.c, nat_source.c, nat_flow.c: translation;
 *       nat_table.[ch], nat_index.c: the rules in order, and which may meet an address;
 *       pat.[ch]: what PAT cannot translate
 *     - acl_point.[ch]: what a list says to one packet; address_rows.[ch]: which sets hold an
 *       address
 *     - way.[ch]: what translation and routes do to what the rules permit
 *     - trace_memo.[ch]: what policies tell, kept for packets that they cannot tell apart
 * - procedure.[ch]: what a person does on the device around the change, as its release has it;
 *   procedure_subject.c: what a change does to a flow, and a packet to try it with;
 *   procedure_trials.c: what is tried before and after; procedure_parts.h: what these share
 * - discover.[ch]: which hosts are appliances, where none is named; by clues.[ch] with
 *   clue_translations.c, clue_rules.c and, by names, clue_words.c; clue_parts.h: what these share
 *
 * emitters/: bytes from a finished report. emitter.h, emitters.c: the table of formats.
 *
 * - text.c, text_flows.[ch], text_findings.[ch]: for people; console.[ch]: styled, wrapped lines
 * - json.c: the audit; ndjson.[ch]: as records; json_config.[ch]: a config; json_change.[ch]: a
 *   change; json_value.[ch]: JSON values
 * - sarif.c, sarif_results.c, junit.c, gitlab.c, github.c, csv.c, markdown.c: for sites that
 *   host code
 *     - listing.[ch]: all findings in one order; location.[ch]: files named from the current folder
 * - report_html.[ch]: the report as a page; report_html_fleet.c, report_html_charts.c: all
 *   firewalls; report_html_firewall.c, report_html_findings.c: one of them
 *     - page.[ch]: what HTML pages share; web.c, web/: their style and script
 * - flow_rows.[ch], finding_groups.[ch]: flows and findings that are told as one
 * - change.c: a change, as commands and as JSON
 * - ticket.[ch]: a change ticket as data, made once; ticket_flows.c, ticket_claims.c,
 *   ticket_steps.c, ticket_effects.c (the blast radius): its sections; ticket_text.c: their texts
 *   and blocks; text_table.[ch]: a table for a narrow screen
 *     - ticket_markdown.c, ticket_json.[ch], ticket_html.c: printed; ticket_picture.c: the path of
 *       the mail, drawn; ticket_page.h, ticket_style.c: the looks
 * - discover_yaml.c, discover_json.c: guessed appliances
 * - diff_text.c, diff_json.c, diff_markdown.c: two configs; diff_words.[ch]: what these say alike
 * - trace.h: trace_text.c, trace_json.c: a traced packet
 * - packets.[ch]: packets in words; escape.[ch]: what each format must quote
 * - schema/: JSON Schemas of what goes in and out
 *
 * model/: types and set algebra, no syntax and no verdicts.
 *
 * - arena.[ch], str.[ch], intern.[ch]: memory that is freed as a whole, strings, names
 * - source.[ch], diag.[ch]: input files and places in them, what there is to say about them
 * - address.[ch], interval.[ch], packet_set.[ch]: exact sets of packets
 * - ports.[ch], date.[ch]: names of ports and protocols, calendar dates
 * - config.[ch]: a firewall as its commands left it; link.c: names resolved to sets
 *     - spec_text.[ch], service_set.[ch]: addresses and services as written, and as sets
 *     - dump.[ch], dump_mpf.c: all of a config as text, to compare
 *     - interface.h, crypto.h, object.h, acl.h, nat.h, mpf.h, inspect_map.h: the parts of it
 * - policy.[ch]: what the site wants
 * - flow.[ch], finding.[ch], change.h, report.[ch]: what came out; trace.[ch]: of one packet;
 *   difference.[ch]: of two configs; discovery.[ch]: guesses and their evidence
 * - keys.[ch]: tables of 128-bit keys
 */
#include "cli/cmd.h"
#include "cli/options.h"
#include "cli/output.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#ifndef ASAMEND_VERSION
#define ASAMEND_VERSION "0.1.0"
#endif

static const struct {
	const char *name;
	int (*run)(struct options *options);
} commands[COMMAND_COUNT] = {
#define X(id, name, operands, least, most, emit, summary) [CMD_##id] = {#name, cmd_##name},
        COMMANDS(X)
#undef X
};

/* What was asked for itself, on standard output. */
static int print(struct arena *arena, struct str text)
{
	struct str error;

	if (output_write(arena, NULL, text, &error))
		return STATUS_CLEAN;
	fprintf(stderr, "asamend: %.*s\n", STR(error));
	return STATUS_USAGE;
}

static int print_version(struct arena *arena)
{
	return print(arena, S("asamend " ASAMEND_VERSION "\n"));
}

/* The word is no command: say what it may have been meant for. */
static int unknown_command(const char *word)
{
	struct str names[COMMAND_COUNT + 2] = {S("--help"), S("--version")};
	int nearest;

	for (int i = 0; i < COMMAND_COUNT; i++)
		names[2 + i] = str_of(commands[i].name);
	nearest = str_nearest(str_of(word), names, COMMAND_COUNT + 2);
	fprintf(stderr, "asamend: unknown %s %s", word[0] == '-' ? "option" : "command", word);
	if (nearest >= 0)
		fprintf(stderr, "; did you mean %.*s?", STR(names[nearest]));
	else if (word[0] != '-' && access(word, R_OK) == 0)
		fprintf(stderr, "; did you mean asamend audit %s?", word);
	fprintf(stderr, "\nTry asamend --help\n");
	return STATUS_USAGE;
}

static int run(struct arena *arena, enum command command, int argc, char *const argv[])
{
	struct options options;
	struct str error;

	switch (options_parse(&options, arena, command, argc, argv, &error)) {
	case OPTIONS_RUN:
		return commands[command].run(&options);
	case OPTIONS_HELP:
		return print(arena, options_help(arena, command));
	case OPTIONS_VERSION:
		return print_version(arena);
	case OPTIONS_WRONG:
		break;
	}
	fprintf(stderr, "asamend %s: %.*s\nTry asamend %s --help\n", command_name(command),
	        STR(error), command_name(command));
	return STATUS_USAGE;
}

static int dispatch(struct arena *arena, int argc, char *argv[])
{
	if (argc < 2) {
		struct str overview = options_overview(arena);

		fprintf(stderr, "%.*s", STR(overview));
		return STATUS_USAGE;
	}
	for (int i = 0; i < COMMAND_COUNT; i++) {
		if (strcmp(argv[1], commands[i].name) == 0)
			return run(arena, (enum command)i, argc - 2, argv + 2);
	}
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
		return print(arena, options_overview(arena));
	if (strcmp(argv[1], "--version") == 0)
		return print_version(arena);
	return unknown_command(argv[1]);
}

int main(int argc, char *argv[])
{
	struct arena *arena = arena_new();
	int status;

	/* A reader that goes away shows as EPIPE where we write. */
	signal(SIGPIPE, SIG_IGN);
	status = dispatch(arena, argc, argv);
	arena_free(arena);
	return status;
}
