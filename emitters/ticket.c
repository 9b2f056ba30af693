/* SPDX-License-Identifier: ISC */
/* The ticket put together: its head here, its sections by ticket_*.c. */
#include "emitters/ticket.h"

const char *const ticket_part_titles[PART_COUNT] = {
        [PART_SUMMARY] = "Summary",
        [PART_REASONS] = "Why",
        [PART_FLOWS] = "Mail flows",
        [PART_UNMENDED] = "What is not mended",
        [PART_RISK] = "Risk and outage",
        [PART_PROOF] = "What was proved",
        [PART_PREPARE] = "Step 1: the right device, the right config",
        [PART_BEFORE] = "Step 2: check before",
        [PART_CHANGE] = "Step 3: the change",
        [PART_CONNECTIONS] = "Step 4: existing connections",
        [PART_AFTER] = "Step 5: check after",
        [PART_SAVE] = "Step 6: save",
        [PART_ROLLBACK] = "Rollback",
};

static const char *const platform_titles[PLATFORM_COUNT] = {
        [PLATFORM_ASA] = "Cisco ASA",
        [PLATFORM_PIX] = "Cisco PIX",
        [PLATFORM_FWSM] = "Cisco FWSM",
        [PLATFORM_FTD] = "Cisco FTD",
};

/* --- the head ----------------------------------------------------------------------------- */

static struct str firewall_name(struct arena *arena, const struct config_report *config)
{
	struct str hostname = ticket_clean(arena, config->hostname);

	if (!config->context.n)
		return hostname;
	return str_printf(arena, "%.*s/%.*s", STR(hostname),
	                  STR(ticket_clean(arena, config->context)));
}

static struct str device_text(struct arena *arena, const struct config_report *config)
{
	const char *platform = platform_titles[config->platform];

	if (!config->version.n)
		return str_printf(arena, "%s, as it seems: the text names no release", platform);
	return str_printf(arena, "%s %.*s", platform, STR(ticket_clean(arena, config->version)));
}

enum { NAMES_SHOWN = 4 };

/* The appliances whose flows change, "esa1, esa2", "esa1, esa2, esa3, esa4 and 8 more". */
static struct str appliances_text(struct arena *arena, const struct ticket_flows *flows)
{
	struct words names = {0};
	struct str shown;
	uint32_t n;

	VEC_EACH(const struct ticket_flow, row, &flows->list)
		if (row->changed)
			words_add_once(arena, &names,
			               ticket_clean(arena, row->flow->appliance->name));
	n = names.list.n;
	if (n > NAMES_SHOWN)
		names.list.n = NAMES_SHOWN;
	shown = words_join(arena, &names, ", ");
	if (n > NAMES_SHOWN)
		return str_printf(arena, "%.*s and %u more", STR(shown), n - NAMES_SHOWN);
	return n ? shown : S("the mail appliances");
}

/* What a change is for: its form says, unless only limits change. */
static bool is_about_inspection(const struct ticket *ticket, const struct change *change)
{
	if (!change->check.done)
		return ticket_has_command(change, "policy-map ");
	VEC_EACH(const struct ticket_flow, row, &ticket->flows.list)
		if (row->reinspected)
			return true;
	return false;
}

/* Tried, and no flow fares otherwise. */
static bool is_idle(const struct ticket *ticket, const struct change *change)
{
	VEC_EACH(const struct ticket_flow, row, &ticket->flows.list)
		if (row->changed)
			return false;
	return change->check.done;
}

/* The engines that the change is about: "SMTP", "SMTP, http". */
static struct str engines_text(struct arena *arena, const struct ticket_flows *flows)
{
	struct words engines = {0};

	VEC_EACH(const struct ticket_flow, row, &flows->list)
		VEC_EACH(const struct str, engine, &row->engines.list)
			words_add_once(arena, &engines, *engine);
	return engines.list.n ? words_join(arena, &engines, ", ") : S("SMTP");
}

/* What is done about inspection, for the appliances named. */
static struct str deed_text(struct arena *arena, const struct ticket *ticket, enum fix_form form,
                            struct str names)
{
	struct str engines = engines_text(arena, &ticket->flows);

	switch (form) {
	case FORM_SPLIT_CLASS:
		return str_printf(arena, "exempt mail of %.*s from %.*s inspection", STR(names),
		                  STR(engines));
	case FORM_TECHNOTE:
		return str_printf(arena, "the TechNote's class for mail of %.*s (exempts nothing)",
		                  STR(names));
	case FORM_ALLOW_TLS:
		return str_printf(arena, "let STARTTLS of %.*s pass SMTP inspection", STR(names));
	case FORM_GLOBAL_OFF:
		return str_printf(arena, "end %.*s inspection for everybody, for the sake of %.*s",
		                  STR(engines), STR(names));
	case FORM_DEFAULT:
	case FORM_COUNT:
		break;
	}
	return str_printf(arena, "let mail of %.*s pass as it is", STR(names));
}

static const char *const limits_verbs[] = {
        [LIMITS_KEPT] = "",
        [LIMITS_RAISED] = "raise",
        [LIMITS_LIFTED] = "lift",
        [LIMITS_RAISED_OR_LIFTED] = "raise or lift",
};

static struct str title_text(struct arena *arena, const struct ticket *ticket,
                             const struct change *change)
{
	struct str names = appliances_text(arena, &ticket->flows);
	const char *limits = limits_verbs[ticket_limits_deed(&ticket->flows)];
	struct str deed;

	if (!change->commands.list.n)
		return change->unmended.n ? S("no change can be proved for what was found")
		                          : S("no change is needed");
	if (is_idle(ticket, change))
		return S("commands that help no mail flow: not to be applied");
	if (!is_about_inspection(ticket, change))
		return str_printf(arena, "%s the connection limits of %.*s", limits, STR(names));
	deed = deed_text(arena, ticket, change->form, names);
	return *limits ? str_printf(arena, "%.*s, %s connection limits", STR(deed), limits) : deed;
}

static void add_fact(struct arena *arena, struct ticket *ticket, const char *name, enum tone tone,
                     struct str value)
{
	struct cells *cells;

	if (!value.n)
		return;
	cells = ticket_cells(arena, &ticket->facts);
	ticket_cell(arena, cells, TONE_PLAIN, str_of(name));
	ticket_cell(arena, cells, tone, value);
}

static struct str code_or_nothing(struct arena *arena, struct str text)
{
	if (!text.n)
		return text;
	return str_printf(arena, CODE("%.*s"), STR(ticket_clean(arena, text)));
}

/* The proof in a few words; of a change that is not safe the rest of it still counts. */
static struct cell proof_cell(const struct ticket *ticket, const struct change *change)
{
	const struct change_check *check = &change->check;
	bool undone = check->rollback_restores && check->idempotent;

	if (!check->done)
		return (struct cell){S("none was made"), TONE_BAD};
	if (!undone || (change->safe && !check->unchanged))
		return (struct cell){S("not all of it holds: see below"), TONE_BAD};
	if (!check->unchanged)
		return (struct cell){
		        S("the rollback is proved; others' traffic changes too, exactly "
		          "as listed below"),
		        TONE_WARNING};
	VEC_EACH(const struct ticket_flow, row, &ticket->flows.list)
		if (row->in_doubt)
			return (struct cell){
			        S("proved for others' traffic; whether all mail is free "
			          "after it, the text does not decide"),
			        TONE_WARNING};
	if (!check->cleared)
		return (struct cell){
		        S("proved over all packets; not all that was found is mended: see below"),
		        TONE_WARNING};
	return (struct cell){S("proved over all packets"), TONE_GOOD};
}

static void add_outcome(struct arena *arena, struct ticket *ticket, const struct change *change)
{
	bool outage = change->procedure.outages.n > 0;
	struct cell proof = proof_cell(ticket, change);

	if (!change->commands.list.n)
		return;
	add_fact(arena, ticket, "Form", change->safe ? TONE_GOOD : TONE_WARNING,
	         str_printf(arena, "%s, %s", fix_form_names[change->form],
	                    change->safe ? "safe: only the appliances' traffic is treated otherwise"
	                    : change->check.done
	                            ? "not safe: others are treated otherwise too"
	                            : "not called safe: what it changes was not looked at"));
	add_fact(arena, ticket, "Proof", proof.tone, proof.text);
	add_fact(arena, ticket, "Outage", outage ? TONE_WARNING : TONE_GOOD,
	         outage ? S("yes, seconds: see below") : S("none expected"));
}

static void add_facts(struct arena *arena, struct ticket *ticket, const struct report *report)
{
	const struct config_report *config = report->configs.v;
	const struct procedure *procedure = &report->change->procedure;
	struct str window = {"", 0};

	if (ticket->start.n)
		window = str_printf(arena, "%.*s to %.*s", STR(ticket->start), STR(ticket->end));
	add_fact(arena, ticket, "Change", TONE_PLAIN, ticket->id);
	add_fact(arena, ticket, "Window", TONE_PLAIN, window);
	add_fact(arena, ticket, "Firewall", TONE_PLAIN, ticket->firewall);
	add_fact(arena, ticket, "Device", TONE_PLAIN, ticket->device);
	add_outcome(arena, ticket, report->change);
	add_fact(arena, ticket, "Config read", TONE_PLAIN, code_or_nothing(arena, config->path));
	add_fact(arena, ticket, "SHA-256", TONE_PLAIN, code_or_nothing(arena, config->sha256));
	add_fact(arena, ticket, "Cryptochecksum", TONE_PLAIN,
	         code_or_nothing(arena, procedure->cryptochecksum));
}

/* --- summary ------------------------------------------------------------------------------ */

/* What the change does; of split-class its commands tell. */
static const char *const summaries[FORM_COUNT] = {
        [FORM_DEFAULT] = "",
        [FORM_SPLIT_CLASS] = "",
        [FORM_TECHNOTE] = ("These are the access-list and the class-map that the TechNote gives. "
                           "The class has no action, so by the documented matching rules it "
                           "exempts nothing."),
        [FORM_ALLOW_TLS] = ("The mail stays inspected, by a map that lets STARTTLS pass, shows the "
                            "banner and drops nothing. What is sent before STARTTLS still goes "
                            "through the engine."),
        [FORM_GLOBAL_OFF] = ("The inspection that the mail of the appliances meets ends for "
                             "everybody, not for them alone."),
};

bool ticket_has_command(const struct change *change, const char *words)
{
	VEC_EACH(const struct change_line, line, &change->commands.list)
		if (!line->note && str_starts(str_trim(line->text), str_of(words)))
			return true;
	return false;
}

/* A class that the change makes, or one that is there already, begins to inspect. */
static bool inspects_anew(struct arena *arena, const struct change *change, bool made)
{
	bool wanted = false;

	VEC_EACH(const struct change_line, line, &change->commands.list) {
		struct str text = str_trim(line->text), word, name;

		str_cut(text, ' ', &word, &name);
		if (!line->note && str_eq(word, S("class")))
			wanted = made ==
			         ticket_has_command(
			                 change,
			                 str_cstr(arena, STR_JOIN(arena, S("class-map "), name)));
		if (!line->note && wanted && str_eq(word, S("inspect")))
			return true;
	}
	return false;
}

/* Entries are put into a list that is there already. */
static bool adds_to_list(const struct change *change)
{
	VEC_EACH(const struct change_line, line, &change->commands.list)
		if (!line->note && str_starts(line->text, S("access-list ")) &&
		    str_contains(line->text, S(" line ")))
			return true;
	return false;
}

/* By which of its ways split-class frees the mail here. */
static struct str split_summary(struct arena *arena, const struct change *change)
{
	struct words words = {0};
	struct str moved = S("The inspection moves into a class of its own, whose access-list "
	                     "leaves out the mail of the appliances.");
	struct str repaired = S("A class that was to exempt the mail is put to use: it takes the "
	                        "inspection, and its access-list leaves out the mail of the "
	                        "appliances.");
	struct str ended = S("A class that takes the mail of the appliances inspects no more.");
	struct str swapped =
	        S("A class goes by a copy of its access-list, which leaves out the mail "
	          "of the appliances.");
	struct str added = S("New lines in the access-list of a class leave out the mail of the "
	                     "appliances.");

	bool new = inspects_anew(arena, change, true), old = inspects_anew(arena, change, false);

	if (new)
		VEC_PUSH(arena, &words.list, moved);
	if (old)
		VEC_PUSH(arena, &words.list, repaired);
	if (!new && !old && ticket_has_command(change, "no inspect "))
		VEC_PUSH(arena, &words.list, ended);
	if (ticket_has_command(change, "no match "))
		VEC_PUSH(arena, &words.list, swapped);
	if (adds_to_list(change))
		VEC_PUSH(arena, &words.list, added);
	VEC_PUSH(arena, &words.list,
	         change->check.unchanged
	                 ? S("Everybody else's traffic is inspected as before.")
	                 : S("Some traffic of others is treated otherwise too: what changes is "
	                     "listed below."));
	return words_join(arena, &words, " ");
}

static struct str limits_summary(struct arena *arena, const struct ticket_flows *flows)
{
	static const char *const done[] = {
	        [LIMITS_KEPT] = "",
	        [LIMITS_RAISED] = "raised",
	        [LIMITS_LIFTED] = "lifted",
	        [LIMITS_RAISED_OR_LIFTED] = "raised or lifted",
	};
	enum limits_deed deed = ticket_limits_deed(flows);

	if (deed == LIMITS_KEPT)
		return S("");
	return str_printf(arena, "The limits on connections of the appliances are %s.", done[deed]);
}

/* What the commands do. */
static struct str deeds_summary(struct arena *arena, const struct ticket *ticket,
                                const struct change *change)
{
	struct str limits = limits_summary(arena, &ticket->flows);
	struct str inspection = change->form == FORM_SPLIT_CLASS ? split_summary(arena, change)
	                                                         : str_of(summaries[change->form]);

	if (is_idle(ticket, change))
		return S("The commands change nothing for the mail of the appliances. Do not "
		         "apply them.");
	if (!is_about_inspection(ticket, change))
		return STR_JOIN(arena, limits, S(" Inspection stays as it is."));
	return limits.n ? STR_JOIN(arena, inspection, S(" "), limits) : inspection;
}

static void add_summary(struct arena *arena, struct ticket *ticket, const struct change *change)
{
	struct section *section = &ticket->parts[PART_SUMMARY];

	if (change->commands.list.n)
		ticket_say(arena, section, deeds_summary(arena, ticket, change));
	else if (change->unmended.n)
		ticket_say(arena, section,
		           S("There is nothing to paste: what was found is not mended by a change "
		             "that could be proved. The reasons are below."));
	else
		ticket_say(
		        arena, section,
		        S("Nothing is to be done: no flow of the appliances is inspected, capped "
		          "or exempted in vain in a way that a change would mend."));
	if (change->commands.list.n && change->unmended.n && change->check.done)
		ticket_say_with_tone(arena, section, TONE_WARNING,
		                     S("Not all that was found is mended: what is left is told "
		                       "below."));
}

/* --- all ---------------------------------------------------------------------------------- */

/* Printers may be given any report: one without a change is one without commands. */
static struct report completed(struct arena *arena, const struct report *report)
{
	static const struct change none = {.safe = true};
	struct report whole = *report;

	if (!whole.change)
		whole.change = &none;
	if (!whole.configs.n)
		VEC_PUSH(arena, &whole.configs, (struct config_report){0});
	return whole;
}

struct ticket ticket_build(struct arena *arena, const struct report *given)
{
	struct report whole = completed(arena, given), *report = &whole;
	const struct config_report *config = report->configs.v;
	const struct change *change = report->change;
	struct ticket ticket = {
	        .change = change->commands.list.n > 0,
	        .firewall = firewall_name(arena, config),
	        .device = device_text(arena, config),
	        .id = ticket_clean(arena, report->request.id),
	        .start = ticket_clean(arena, report->request.start),
	        .end = ticket_clean(arena, report->request.end),
	        .facts = {.kind = BLOCK_TABLE},
	        .flows = ticket_flows(arena, config, change),
	        .tool_version = report->tool_version,
	};
	struct str title = title_text(arena, &ticket, change);

	if (ticket.firewall.n)
		title = str_printf(arena, "%.*s: %.*s", STR(ticket.firewall), STR(title));
	ticket.title = ticket_shortened(arena, title, SHORT_DESCRIPTION_MAX);
	add_facts(arena, &ticket, report);
	add_summary(arena, &ticket, change);
	ticket_fill_flows(arena, &ticket, report);
	ticket_fill_claims(arena, &ticket, report);
	if (change->commands.list.n)
		ticket_fill_steps(arena, &ticket, report);
	return ticket;
}
