/* SPDX-License-Identifier: ISC */
/* Why the change is made, what it leaves, what can go wrong, and what is proved of it. */
#include "emitters/ticket.h"

/* --- why ---------------------------------------------------------------------------------- */

static bool is_left(const struct change *change, const struct finding *finding)
{
	VEC_EACH(const struct unmended, left, &change->unmended)
		if (left->rule == finding->rule &&
		    (!finding->flow || str_eq(left->flow_id, finding->flow->id)))
			return true;
	return false;
}

/* The same trouble; a fingerprint has the name of the class at fault, which may be a new one. */
static bool is_same(const struct finding *a, const struct finding *b)
{
	if (a->flow && b->flow)
		return a->rule == b->rule && str_eq(a->flow->id, b->flow->id);
	return str_eq(a->fingerprint, b->fingerprint);
}

/* A finding that the change ends: it is there before and gone after. */
static bool is_mended(const struct change *change, const struct finding *finding)
{
	if (finding_is_suppressed(finding) || is_left(change, finding) || !change->after)
		return false;
	VEC_EACH(const struct finding, other, &change->after->findings.list)
		if (is_same(other, finding))
			return false;
	return true;
}

static bool told_before(const struct change *change, const struct findings *findings,
                        const struct finding *finding)
{
	for (const struct finding *old = findings->list.v; old < finding; old++)
		if (old->rule == finding->rule && str_eq(old->message, finding->message) &&
		    is_mended(change, old))
			return true;
	return false;
}

static struct str flows_of(struct arena *arena, const struct change *change,
                           const struct findings *findings, const struct finding *like)
{
	struct words flows = {0};

	VEC_EACH(const struct finding, finding, &findings->list)
		if (finding->flow && finding->rule == like->rule && is_mended(change, finding) &&
		    str_eq(finding->message, like->message))
			VEC_PUSH(arena, &flows.list, ticket_clean(arena, finding->flow->id));
	return flows.list.n ? words_join(arena, &flows, ", ") : S("the config as a whole");
}

static void fill_reasons(struct arena *arena, struct section *section, const struct report *report)
{
	static const char *const titles[] = {"Found", "What it means", "Flows"};
	const struct findings *findings = &report->configs.v->findings;
	struct block *table = NULL;

	VEC_EACH(const struct finding, finding, &findings->list) {
		struct cells *cells;

		if (!is_mended(report->change, finding) ||
		    told_before(report->change, findings, finding))
			continue;
		if (!table) {
			table = ticket_block(arena, section, BLOCK_TABLE);
			ticket_titles(arena, table, titles, sizeof(titles) / sizeof(titles[0]));
		}
		cells = ticket_cells(arena, table);
		ticket_cell(arena, cells, TONE_PLAIN,
		            str_printf(arena, "%s %s", finding->rule->id, finding->rule->name));
		ticket_cell(arena, cells, TONE_PLAIN, ticket_prose(arena, finding->message));
		ticket_cell(arena, cells, TONE_PLAIN,
		            flows_of(arena, report->change, findings, finding));
	}
}

/* --- what is left ------------------------------------------------------------------------- */

static bool is_same_reason(const struct unmended *a, const struct unmended *b)
{
	return a->rule == b->rule && str_eq(a->why, b->why);
}

/* "AM302 cpq-blocked, FLOW, FLOW: why", each reason once. */
static void fill_unmended(struct arena *arena, struct section *section, const struct change *change)
{
	struct block *list = NULL;

	VEC_EACH(const struct unmended, left, &change->unmended) {
		struct words flows = {0};
		bool told = false;

		for (const struct unmended *old = change->unmended.v; old < left; old++)
			told |= is_same_reason(old, left);
		if (told)
			continue;
		VEC_EACH(const struct unmended, more, &change->unmended)
			if (is_same_reason(more, left) && more->flow_id.n)
				words_add_once(arena, &flows, ticket_clean(arena, more->flow_id));
		if (!list)
			list = ticket_block(arena, section, BLOCK_LIST);
		ticket_row(arena, list,
		           str_printf(arena, "%s %s%s%.*s: %.*s", left->rule->id, left->rule->name,
		                      flows.list.n ? ", " : "",
		                      STR(words_join(arena, &flows, ", ")),
		                      STR(ticket_prose(arena, left->why))));
	}
}

/* --- risk --------------------------------------------------------------------------------- */

/* Where there are many, the first of them; `fix --explain` has them all. */
enum { EFFECTS_SHOWN = 200 };

/* The blast radius: exactly which packets are treated otherwise. */
static void add_effects(struct arena *arena, struct section *section,
                        const struct change_check *check)
{
	struct block *table;

	if (!check->done)
		return;
	if (!check->effects.n) {
		ticket_say(
		        arena, section,
		        S("No packet is inspected, limited, permitted or translated otherwise."));
		return;
	}
	ticket_say(arena, section,
	           check->unchanged
	                   ? S("Exactly these packets are treated otherwise, and no others:")
	                   : S("Exactly these packets are treated otherwise; some of them are "
	                       "others' traffic:"));
	table = ticket_block(arena, section, BLOCK_TABLE);
	ticket_effects(arena, check, table);
	if (table->rows.n <= EFFECTS_SHOWN + 1)
		return;
	table->rows.n = EFFECTS_SHOWN + 1;
	ticket_say(arena, section,
	           S("These are the first; " CODE("asamend fix --explain") " prints them all."));
}

/* What fails while a translation is away, and for whom. */
static struct str outage_text(struct arena *arena, const struct procedure *procedure)
{
	struct words words = {0};
	bool own = true, inbound = false, outbound = false;

	VEC_EACH(const struct outage, outage, &procedure->outages) {
		own &= outage->own;
		inbound |= outage->inbound;
		outbound |= outage->outbound;
	}
	VEC_PUSH(arena, &words.list,
	         S("Outage expected: yes, for seconds. A translation is taken out and entered "
	           "anew."));
	if (inbound)
		VEC_PUSH(arena, &words.list,
		         S("In between, new connections to its mapped addresses fail."));
	if (outbound)
		VEC_PUSH(arena, &words.list,
		         procedure->leaves_bare
		                 ? S("New connections that its hosts make meanwhile leave "
		                     "untranslated, or by another line that fits, since there is "
		                     "no " CODE("nat-control") ".")
		                 : S("New connections that its hosts make meanwhile fail, where no "
		                     "other "
		                     "line fits."));
	VEC_PUSH(arena, &words.list,
	         own ? S("Sending servers try again, so mail is late, not lost.")
	             : S("That is so for all traffic of all these hosts. Mail is late, not lost, "
	                 "since sending servers try again; other applications may not."));
	return words_join(arena, &words, " ");
}

static void add_outage(struct arena *arena, struct section *section, const struct change *change)
{
	const struct procedure *procedure = &change->procedure;
	struct block *list;

	if (!procedure->outages.n) {
		ticket_say(
		        arena, section,
		        S("Outage expected: no. Connections that are open stay open, new ones are "
		          "accepted all the while."));
		return;
	}
	ticket_say_with_tone(arena, section, TONE_WARNING, outage_text(arena, procedure));
	list = ticket_block(arena, section, BLOCK_LIST);
	VEC_EACH(const struct outage, outage, &procedure->outages)
		ticket_row(arena, list,
		           str_printf(arena, "%.*s: " CODE("%.*s"),
		                      STR(ticket_clean(arena, outage->whose)),
		                      STR(ticket_clean(arena, outage->line))));
}

/* What it changes for others: in the words of the plan, or at least that it does. */
static void add_dangers(struct arena *arena, struct block *list, const struct change *change)
{
	if (!change->dangers.n)
		ticket_row(arena, list,
		           S("This form is not safe: traffic of others is treated otherwise too."));
	VEC_EACH(const struct str, danger, &change->dangers)
		ticket_row(arena, list,
		           str_printf(arena, "This form is not safe: %.*s.",
		                      STR(ticket_prose(arena, *danger))));
}

static struct str limits_risk(struct arena *arena, const struct ticket_flows *flows)
{
	static const struct {
		const char *now, *floods;
	} words[] = {
	        [LIMITS_KEPT] = {"", ""},
	        [LIMITS_RAISED] = {"With higher limits", " sets in later"},
	        [LIMITS_LIFTED] = {"Without these limits", " by them ends"},
	        [LIMITS_RAISED_OR_LIFTED] = {"With higher limits, or none",
	                                     " sets in later, or not at all"},
	};
	enum limits_deed deed = ticket_limits_deed(flows);
	const char *also = "", *floods = "";

	VEC_EACH(const struct ticket_flow, row, &flows->list)
		if (row->floods) {
			also = ", and protection against SYN floods";
			floods = words[deed].floods;
		}
	return str_printf(arena, "%s the appliances may have more connections at once%s%s.",
	                  words[deed].now, also, floods);
}

static void fill_risk(struct arena *arena, const struct ticket *ticket, struct section *section,
                      const struct change *change)
{
	const struct ticket_flows *flows = &ticket->flows;
	bool frees = change->check.exempted.n > 0 || ticket_frees(flows);
	struct block *list;

	add_outage(arena, section, change);
	list = ticket_block(arena, section, BLOCK_LIST);
	if (!change->safe && change->check.done)
		add_dangers(arena, list, change);
	if (ticket_has_command(change, "no inspect ") && ticket_has_command(change, "inspect "))
		ticket_row(arena, list,
		           ticket_prose(arena,
		                        S("Between `no inspect` and the `inspect` after it, "
		                          "connections that begin are not inspected, whosever they "
		                          "are: the block goes in as a whole.")));
	if (ticket_has_command(change, "no class "))
		ticket_row(arena, list,
		           S("Classes leave the policy and enter anew behind the new one, since "
		             "order counts and a new class comes last. Connections that begin in "
		             "between are treated as if these classes were not there."));
	if (ticket_has_command(change, "no match "))
		ticket_row(arena, list,
		           ticket_prose(arena, S("Between `no match` and the `match` after it the "
		                                 "class matches nothing.")));
	if (frees)
		ticket_row(arena, list,
		           S("The exempted mail no longer meets the engines that inspected it. "
		             "Access-lists, translation and TCP checks apply to it as before."));
	if (ticket_limits_deed(flows) != LIMITS_KEPT)
		ticket_row(arena, list, limits_risk(arena, flows));
	if (frees)
		ticket_row(
		        arena, list,
		        S("Compliance: where a baseline asks for application inspection of all "
		          "traffic (DISA STIG V-239869), exempting traffic may need an exception "
		          "on record."));
	if (!list->rows.n)
		section->blocks.n--;
	add_effects(arena, section, &change->check);
}

/* --- proof -------------------------------------------------------------------------------- */

static void add_claim(struct arena *arena, struct block *table, const char *claim, bool holds)
{
	struct cells *cells = ticket_cells(arena, table);

	ticket_cell(arena, cells, TONE_PLAIN, str_of(claim));
	ticket_cell(arena, cells, holds ? TONE_GOOD : TONE_BAD, holds ? S("yes") : S("no"));
}

static void add_exempted(struct arena *arena, struct section *section,
                         const struct change_check *check)
{
	struct words ids = {0};

	VEC_EACH(const struct str, id, &check->exempted)
		VEC_PUSH(arena, &ids.list, ticket_clean(arena, *id));
	if (ids.list.n)
		ticket_say(arena, section,
		           str_printf(arena, "Free of SMTP inspection after the change: %.*s.",
		                      STR(words_join(arena, &ids, ", "))));
}

static void add_counterexample(struct arena *arena, struct section *section,
                               const struct change_check *check)
{
	struct str command, packet;

	if (!check->has_counterexample)
		return;
	str_cut(packet_tracer_text(arena, &check->counterexample), ' ', &command, &packet);
	ticket_say_with_tone(arena, section, TONE_BAD,
	                     str_printf(arena,
	                                "A packet of others that is treated otherwise, as " CODE(
	                                        "asamend trace") " takes it: " CODE("%.*s"),
	                                STR(ticket_clean(arena, packet))));
}

/* What the text leaves open of the mail itself: neither proved nor refuted. */
static void add_doubts(struct arena *arena, struct section *section, const struct ticket *ticket)
{
	struct words ids = {0};

	VEC_EACH(const struct ticket_flow, row, &ticket->flows.list)
		if (row->in_doubt)
			VEC_PUSH(arena, &ids.list, ticket_clean(arena, row->flow->id));
	if (ids.list.n)
		ticket_say_with_tone(
		        arena, section, TONE_WARNING,
		        str_printf(arena,
		                   "The text does not decide whether this mail is inspected "
		                   "after the change: %.*s. The checks on the device tell.",
		                   STR(words_join(arena, &ids, ", "))));
}

static void fill_proof(struct arena *arena, struct section *section, const struct ticket *ticket,
                       const struct change *change)
{
	const struct change_check *check = &change->check;
	static const char *const titles[] = {"Claim", "Holds"};
	struct block *table;

	if (!check->done) {
		ticket_say_with_tone(
		        arena, section, TONE_BAD,
		        S("Nothing was proved of this change. Do not rely on it before the "
		          "checks below have passed on the device."));
		return;
	}
	ticket_say(
	        arena, section,
	        str_printf(
	                arena,
	                "asamend %s replayed the commands on the text of the config and compared "
	                "both configs over all packets: every protocol, address and port.",
	                ticket->tool_version));
	table = ticket_block(arena, section, BLOCK_TABLE);
	ticket_titles(arena, table, titles, sizeof(titles) / sizeof(titles[0]));
	add_claim(arena, table, "Everything found that this form can mend is mended",
	          check->cleared);
	add_claim(arena, table,
	          "Every packet of others is inspected, limited, permitted and translated "
	          "as before",
	          check->unchanged);
	add_claim(arena, table, "The rollback restores the config", check->rollback_restores);
	add_claim(arena, table, "Pasted twice is as pasted once", check->idempotent);
	add_exempted(arena, section, check);
	add_doubts(arena, section, ticket);
	add_counterexample(arena, section, check);
	ticket_say(
	        arena, section,
	        S("The proof is about the text that was read and the documented behaviour of the "
	          "release. "
	          "The checks below show that the device agrees."));
}

void ticket_fill_claims(struct arena *arena, struct ticket *ticket, const struct report *report)
{
	const struct change *change = report->change;

	fill_unmended(arena, &ticket->parts[PART_UNMENDED], change);
	if (!change->commands.list.n)
		return;
	fill_reasons(arena, &ticket->parts[PART_REASONS], report);
	fill_risk(arena, ticket, &ticket->parts[PART_RISK], change);
	fill_proof(arena, &ticket->parts[PART_PROOF], ticket, change);
}
