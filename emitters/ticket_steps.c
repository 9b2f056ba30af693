/* SPDX-License-Identifier: ISC */
/* What is done on the device, step by step. */
#include "emitters/ticket.h"

#include "emitters/change.h"

/* --- step 1 ------------------------------------------------------------------------------- */

/* Prose in which `backticks` mark what is typed or seen. */
static struct str prose(struct arena *arena, const char *text)
{
	return ticket_prose(arena, str_of(text));
}

static struct str checksum_text(struct arena *arena, const struct procedure *procedure)
{
	struct str checksum = ticket_clean(arena, procedure->cryptochecksum);
	struct str text;

	if (checksum.n)
		text = str_printf(
		        arena,
		        "`show checksum` must print `%.*s`, perhaps in groups of eight "
		        "digits. If it differs, the config was changed since: audit again "
		        "before going on.",
		        STR(checksum));
	else
		text = str_printf(arena,
		                  "The text has no Cryptochecksum to compare with `show checksum`. "
		                  "Fetch the config again with `%.*s` and compare it with the file "
		                  "that was read; where they differ, audit again before going on.",
		                  STR(procedure->keep));
	return ticket_prose(arena, text);
}

static void fill_prepare(struct arena *arena, struct section *section, const struct report *report)
{
	const struct config_report *config = report->configs.v;
	const struct procedure *procedure = &report->change->procedure;
	struct block *list = ticket_block(arena, section, BLOCK_LIST);

	if (procedure->failover)
		ticket_row(arena, list,
		           prose(arena, "The device is one of a failover pair: work on the active "
		                        "unit (`show failover` says `This host: ... Active`). The "
		                        "standby unit takes the change over from it."));
	else if (config->context.n)
		ticket_row(arena, list,
		           prose(arena,
		                 "Whether the device is one of a failover pair is set in "
		                 "its system space: `show failover` tells. If it is, work on "
		                 "the unit on which this context is active."));
	if (config->context.n)
		ticket_row(arena, list,
		           str_printf(arena,
		                      "Go into the context: " CODE("changeto context %.*s") ".",
		                      STR(ticket_clean(arena, config->context))));
	ticket_row(arena, list, checksum_text(arena, procedure));
	if (procedure->applied)
		ticket_row(
		        arena, list,
		        S("The config was read with other commands applied on top: these must be "
		          "on the device already, and the checksum is that of before them."));
	ticket_row(arena, list,
	           str_printf(arena, "Keep the output of " CODE("%.*s") " with this ticket.",
	                      STR(procedure->keep)));
}

/* --- steps 2 and 5 ------------------------------------------------------------------------ */

static struct str where_text(struct arena *arena, const struct trial *trial)
{
	return trial->where.n ? ticket_clean(arena, trial->where) : S("the firewall");
}

static void fill_trials(struct arena *arena, struct section *section, const struct change *change,
                        bool after)
{
	static const char *const titles[] = {"On", "Command", "Expected"};
	struct block *commands = NULL, *table = NULL;

	VEC_EACH(const struct trial, trial, &change->procedure.trials) {
		struct str expected = after ? trial->after : trial->before;
		struct cells *cells;

		if (!expected.n)
			continue;
		if (!table && after)
			ticket_say(arena, section,
			           change->check.done
			                   ? S("The commands of step 2 again; they show now:")
			                   : S("The commands of step 2 again. Only if the class "
			                       "should exempt the mail after all, they show now:"));
		if (!table) {
			table = ticket_block(arena, section, BLOCK_TABLE);
			ticket_titles(arena, table, titles, sizeof(titles) / sizeof(titles[0]));
		}
		cells = ticket_cells(arena, table);
		ticket_cell(arena, cells, TONE_PLAIN, where_text(arena, trial));
		ticket_cell(
		        arena, cells, TONE_PLAIN,
		        str_printf(arena, CODE("%.*s"), STR(ticket_clean(arena, trial->command))));
		ticket_cell(arena, cells, TONE_PLAIN, ticket_prose(arena, expected));
	}
	if (!table) {
		ticket_say(arena, section,
		           S("No command shows the effect of this change by itself: compare the "
		             "config."));
		return;
	}
	if (after)
		return;
	ticket_say(arena, section, S("Those on the firewall, to paste:"));
	commands = ticket_block(arena, section, BLOCK_COMMANDS);
	VEC_EACH(const struct trial, trial, &change->procedure.trials)
		if (!trial->where.n)
			ticket_row(arena, commands, ticket_clean(arena, trial->command));
}

/* --- steps 3, 4, 6 and back --------------------------------------------------------------- */

static void add_lines(struct arena *arena, struct section *section,
                      const struct change_lines *lines)
{
	struct block *commands = ticket_block(arena, section, BLOCK_COMMANDS);
	struct buf text = {.arena = arena};
	struct str rest, line;

	change_add_lines(&text, lines, true); /* notes are short lines: they are pasted, too */
	for (rest = buf_str(&text); str_cut(rest, '\n', &line, &rest);)
		ticket_row(arena, commands, ticket_clean(arena, line));
}

static void fill_commands(struct arena *arena, struct section *section,
                          const struct procedure *procedure, const struct change_lines *lines)
{
	if (procedure->pasteable)
		ticket_say(
		        arena, section,
		        ticket_prose(arena, str_printf(arena,
		                                       "After `configure terminal`, in this order "
		                                       "and as a whole; then `%.*s`.",
		                                       STR(procedure->leave))));
	else
		ticket_say_with_tone(
		        arena, section, TONE_WARNING,
		        S("Not to be pasted: this device has no configure mode. The text goes "
		          "into a FlexConfig object of the manager that deploys to it."));
	add_lines(arena, section, lines);
}

static void fill_change(struct arena *arena, struct section *section, const struct change *change)
{
	fill_commands(arena, section, &change->procedure, &change->commands);
	if (change->procedure.pasteable)
		ticket_say(arena, section,
		           prose(arena, "Where the device answers a line with `ERROR`, `Invalid "
		                        "input` or `Incomplete command`, stop and roll back."));
}

static void fill_connections(struct arena *arena, struct section *section,
                             const struct procedure *procedure)
{
	struct block *commands;

	ticket_say(arena, section,
	           S("Connections that began before the change keep their old treatment until they "
	             "end. "
	             "Mail connections are short: most are gone within minutes."));
	if (!procedure->clears.n)
		return;
	ticket_say(arena, section, S("To end them at once:"));
	commands = ticket_block(arena, section, BLOCK_COMMANDS);
	VEC_EACH(const struct str, clear, &procedure->clears)
		ticket_row(arena, commands, ticket_clean(arena, *clear));
	ticket_say_with_tone(
	        arena, section, TONE_WARNING,
	        procedure->clears_hosts
	                ? S("This ends all connections of the host, not its mail alone: the "
	                    "release has nothing narrower. Sending servers try again.")
	                : S("This cuts off messages in transfer; sending servers try again."));
	if (procedure->clears_xlate)
		ticket_say(arena, section,
		           prose(arena,
		                 "The documents of the release ask for `clear xlate` after a "
		                 "static was changed. It ends every translated connection "
		                 "through the firewall: only if the checks below do not show "
		                 "the new limits."));
}

static void fill_save(struct arena *arena, struct section *section, const struct change *change,
                      bool context)
{
	struct block *commands;

	if (!change->procedure.pasteable) {
		ticket_say(arena, section, S("The manager that deploys the change saves it."));
		return;
	}
	ticket_say(arena, section, S("Only when all checks have passed:"));
	commands = ticket_block(arena, section, BLOCK_COMMANDS);
	ticket_row(arena, commands, S("write memory"));
	ticket_say(arena, section,
	           context ? S("Within the context, so that its own config is saved. Until then a "
	                       "reload "
	                       "of "
	                       "the device undoes the change.")
	                   : S("Until then a reload of the device undoes the change."));
}

static void fill_rollback(struct arena *arena, struct section *section, const struct change *change)
{
	if (!change->rollback.list.n)
		return;
	ticket_say(arena, section,
	           change->procedure.outages.n ? S("When a check fails. The translations are "
	                                           "entered anew once more, with the "
	                                           "same short outage.")
	                                       : S("When a check fails."));
	fill_commands(arena, section, &change->procedure, &change->rollback);
	ticket_say(arena, section,
	           prose(arena, change->procedure.pasteable
	                                ? "Then the checks of step 2 again, and, if the change was "
	                                  "saved, `write memory`. Connections that began meanwhile "
	                                  "keep the treatment that they began with."
	                                : "Then the checks of step 2 again. Connections that began "
	                                  "meanwhile keep the treatment that they began with."));
}

void ticket_fill_steps(struct arena *arena, struct ticket *ticket, const struct report *report)
{
	const struct change *change = report->change;
	struct section *parts = ticket->parts;

	fill_prepare(arena, &parts[PART_PREPARE], report);
	fill_trials(arena, &parts[PART_BEFORE], change, false);
	fill_change(arena, &parts[PART_CHANGE], change);
	fill_connections(arena, &parts[PART_CONNECTIONS], &change->procedure);
	fill_trials(arena, &parts[PART_AFTER], change, true);
	fill_save(arena, &parts[PART_SAVE], change, report->configs.v->context.n > 0);
	fill_rollback(arena, &parts[PART_ROLLBACK], change);
}
