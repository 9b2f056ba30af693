/* SPDX-License-Identifier: ISC */
/*
 * Annotations of a GitHub workflow: a command a finding, to be printed by a step. GitHub shows
 * the first ten of each kind and step, so the most severe come first. Suppressed findings are
 * notices that say so, where --show-suppressed asks for them.
 */
#include "emitters/emitter.h"
#include "emitters/escape.h"
#include "emitters/listing.h"
#include "emitters/location.h"
#include "emitters/packets.h"

static const char *const commands[SEVERITY_COUNT] = {
        [SEVERITY_NOTE] = "notice",
        [SEVERITY_WARNING] = "warning",
        [SEVERITY_ERROR] = "error",
};

/* "::error file=PATH,line=N,title=TITLE::TEXT"; without a line where that is 0. */
static void annotate(struct buf *out, const struct emit_options *options, enum severity severity,
                     struct place place, struct str title, struct str text)
{
	struct arena *arena = out->arena;
	struct str path = location_path(arena, options->folder, place.path);

	buf_printf(out, "::%s file=", commands[severity]);
	buf_add(out, escape_github_property(arena, path));
	if (place.line)
		buf_printf(out, ",line=%u", place.line);
	buf_add(out, S(",title="));
	buf_add(out, escape_github_property(arena, title));
	buf_add(out, S("::"));
	buf_add(out, escape_github(arena, text));
	buf_char(out, '\n');
}

static void annotate_finding(struct buf *out, const struct emit_options *options,
                             const struct listed *listed)
{
	const struct finding *finding = listed->finding;
	struct arena *arena = arena_new(); /* of this one alone: there may be many */
	struct buf line = {.arena = arena};
	bool suppressed = finding_is_suppressed(finding);
	struct str title = str_printf(arena, "%s %s", finding->rule->id, finding->rule->name);
	struct buf text = {.arena = arena};

	buf_add(&text, listed_sentence(arena, listed));
	if (suppressed) {
		buf_add(&text, S("\n"));
		buf_add(&text, suppression_text(arena, &finding->suppressed));
	}
	if (finding->has_witness) {
		buf_add(&text, S("\nTo see it: "));
		buf_add(&text, packet_tracer_text(arena, &finding->witness));
	}
	annotate(&line, options, suppressed ? SEVERITY_NOTE : finding->severity, listed->place,
	         title, buf_str(&text));
	buf_add(out, buf_str(&line));
	arena_free(arena);
}

void emit_github(const struct report *report, const struct emit_options *options, struct buf *out)
{
	struct listing listing = listing_of(out->arena, report, options->show_suppressed);

	VEC_EACH(const struct unread, unread, &report->unread)
		if (!unread->skipped)
			annotate(out, options, SEVERITY_ERROR, (struct place){.path = unread->path},
			         S("not read"), unread->reason);
	VEC_EACH(const struct listed, listed, &listing.list)
		annotate_finding(out, options, listed);
	VEC_EACH(const struct config_report, config, &report->configs)
		VEC_EACH(const struct str, note, &config->notes)
			annotate(out, options, SEVERITY_NOTE, (struct place){.path = config->path},
			         S("asamend"), *note);
}
