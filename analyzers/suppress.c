/* SPDX-License-Identifier: ISC */
/* Suppressions: `ignore:` of the policy file, and remarks that a config carries with it. */
#include "analyzers/audit.h"
#include "model/date.h"

struct mute {
	struct ignore ignore; /* `rule` may be a comma list */
	enum suppressed_by by;
	struct span remark;
	bool used;
};

struct mutes {
	VEC(struct mute) list;
};

/* --- reading remarks -------------------------------------------------------------------- */

static struct str next_word(struct str *rest)
{
	struct str head, tail;
	*rest = str_trim(*rest);
	str_cut(*rest, ' ', &head, &tail);
	*rest = str_trim(tail);
	return head;
}

static bool rule_exists(struct str prefix)
{
	for (size_t i = 0; i < n_rules; i++)
		if (str_starts(str_of(rules[i].id), prefix))
			return true;
	return false;
}

/* "asamend: ignore ID[,ID] [until YYYY-MM-DD] [ticket T] [reason]" */
static bool read_remark(struct str text, struct ignore *ignore)
{
	struct str mark = S("asamend:");
	if (!str_starts(text, mark))
		return false;
	struct str rest = {text.s + mark.n, text.n - mark.n};
	*ignore = (struct ignore){0};
	if (!str_eq(next_word(&rest), S("ignore")))
		return false;
	ignore->rule = next_word(&rest);
	for (;;) {
		struct str before = rest, word = next_word(&rest);
		if (str_eq(word, S("until"))) {
			ignore->until = next_word(&rest);
		} else if (str_eq(word, S("ticket"))) {
			ignore->ticket = next_word(&rest);
		} else {
			ignore->reason = before;
			return true;
		}
	}
}

/* The text of a remark: what follows the word `remark` of its line. */
static struct str remark_text(struct audit *audit, const struct ace *ace)
{
	struct str line = source_quote(audit->arena, &audit->config->sources, ace->span), word;
	do
		word = next_word(&line);
	while (word.n && !str_eq(word, S("remark")));
	return line;
}

static bool ids_known(struct str ids)
{
	struct str head, tail = ids;
	for (bool more = true; more;) {
		more = str_cut(tail, ',', &head, &tail);
		if (head.n < 3 || !rule_exists(head))
			return false;
	}
	return true;
}

static void collect_remarks(struct audit *audit, struct mutes *mutes)
{
	VEC_EACH(const struct acl, acl, &audit->config->acls) {
		if (config_acl(audit->config, acl->name) != acl)
			continue;
		VEC_EACH(const struct ace, ace, &acl->aces) {
			struct mute mute = {.by = BY_REMARK, .remark = ace->span};
			if (ace->action != ACE_REMARK ||
			    !read_remark(remark_text(audit, ace), &mute.ignore))
				continue;
			bool good = ids_known(mute.ignore.rule) &&
			            (mute.ignore.until.n == 0 || date_is_valid(mute.ignore.until));
			if (good && !audit->policy->remarks_off) {
				VEC_PUSH(audit->arena, &mutes->list, mute);
				continue;
			}
			diag_add(audit->arena, &audit->report->diags, SEVERITY_WARNING, ace->span,
			         "%s",
			         good ? "the policy refuses suppressions in remarks; this one is "
			                "not heeded"
			              : "this suppression is not heeded: expected `asamend: ignore "
			                "ID[,ID] [until "
			                "YYYY-MM-DD] [ticket T] [reason]` with ids that `asamend "
			                "rules` lists");
		}
	}
}

/* --- applying --------------------------------------------------------------------------- */

static bool covers_rule(struct str ids, struct str id)
{
	struct str head, tail = ids;
	for (bool more = true; more;) {
		more = str_cut(tail, ',', &head, &tail);
		if (head.n && str_starts(id, head))
			return true;
	}
	return false;
}

static bool covers(const struct mute *mute, const struct finding *finding)
{
	struct str flow = finding->flow ? finding->flow->id : S("");
	return covers_rule(mute->ignore.rule, str_of(finding->rule->id)) &&
	       (mute->ignore.flow.n == 0 || policy_glob(mute->ignore.flow, flow));
}

static bool is_past(const struct mute *mute, struct str today)
{
	return mute->ignore.until.n && str_cmp(mute->ignore.until, today) < 0;
}

static struct str describe(struct audit *audit, const struct mute *mute)
{
	const struct ignore *ignore = &mute->ignore;
	struct buf text = {.arena = audit->arena};
	buf_printf(&text, "%.*s", STR(ignore->rule));
	if (ignore->flow.n)
		buf_printf(&text, " of flow %.*s", STR(ignore->flow));
	if (ignore->ticket.n)
		buf_printf(&text, " (ticket %.*s)", STR(ignore->ticket));
	if (mute->by == BY_POLICY && ignore->span.len) {
		struct place place = source_place(&audit->policy->sources, ignore->span);
		buf_printf(&text, " in %.*s:%u", STR(place.path), place.line);
	}
	return buf_str(&text);
}

static void report_mute(struct audit *audit, const struct mute *mute, enum rule_index rule,
                        struct str message)
{
	struct finding *finding =
	        audit_find(audit, rule, NULL, describe(audit, mute), true, message);
	audit_evidence(audit, finding, mute->remark);
}

void audit_suppress(struct audit *audit, struct str today)
{
	struct mutes mutes = {0};
	struct findings *findings = &audit->report->findings;
	VEC_EACH(const struct ignore, ignore, &audit->policy->ignores)
		VEC_PUSH(audit->arena, &mutes.list,
		         (struct mute){.ignore = *ignore, .by = BY_POLICY});
	collect_remarks(audit, &mutes);
	VEC_EACH(struct finding, finding, &findings->list) {
		VEC_EACH(struct mute, mute, &mutes.list) {
			if (!covers(mute, finding))
				continue;
			mute->used = true;
			if (is_past(mute, today) || finding->suppressed.by != NOT_SUPPRESSED)
				continue;
			finding->suppressed =
			        (struct suppression){mute->by, mute->ignore.until,
			                             mute->ignore.ticket, mute->ignore.reason};
		}
	}
	VEC_EACH(const struct mute, mute, &mutes.list) {
		struct str text = describe(audit, mute);
		if (mute->used && is_past(mute, today))
			report_mute(audit, mute, RULE_AM911,
			            str_printf(audit->arena,
			                       "the suppression of %.*s ended on %.*s; what it "
			                       "covered counts again",
			                       STR(text), STR(mute->ignore.until)));
		else if (!mute->used)
			report_mute(audit, mute, RULE_AM912,
			            str_printf(audit->arena,
			                       "the suppression of %.*s covers nothing; it can go",
			                       STR(text)));
	}
	findings_fingerprint(audit->arena, audit->report);
}
