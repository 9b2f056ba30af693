/* SPDX-License-Identifier: ISC */
/*
 * GitLab's Code Quality report: a JSON array with an element a finding. GitLab has no word for a
 * suppressed one; where --show-suppressed asks for them they are of the lowest severity and say
 * so. What has no finding (an input that cannot be read) has no place in this format: the exit
 * status tells, and the junit format has a case for it.
 */
#include "emitters/emitter.h"
#include "emitters/json_value.h"
#include "emitters/listing.h"
#include "emitters/location.h"

static const char *severity_word(const struct finding *finding)
{
	static const char *const words[SEVERITY_COUNT] = {
	        [SEVERITY_NOTE] = "info",
	        [SEVERITY_WARNING] = "major",
	        [SEVERITY_ERROR] = "critical",
	};

	return finding_is_suppressed(finding) ? "info" : words[finding->severity];
}

static struct str description(struct arena *arena, const struct listed *listed)
{
	const struct suppression *by = &listed->finding->suppressed;
	struct str text = str_printf(arena, "%s: %.*s", listed->finding->rule->id,
	                             STR(listed_sentence(arena, listed)));

	if (by->by == NOT_SUPPRESSED)
		return text;
	return str_printf(arena, "%.*s; %.*s", STR(text), STR(suppression_text(arena, by)));
}

static json_t *issue(struct arena *arena, const struct emit_options *options,
                     const struct listed *listed)
{
	json_t *object = json_object(), *location = json_object(), *lines = json_object();

	json_set(arena, object, "description", json_text(arena, description(arena, listed)));
	json_set(arena, object, "check_name",
	         json_text(arena, str_printf(arena, "%s %s", listed->finding->rule->id,
	                                     listed->finding->rule->name)));
	json_set(arena, object, "fingerprint", json_text(arena, listed->finding->fingerprint));
	json_set(arena, object, "severity", json_string(severity_word(listed->finding)));
	json_set(arena, lines, "begin", json_integer(listed->place.line));
	json_set(arena, location, "path",
	         json_text(arena, location_path(arena, options->folder, listed->place.path)));
	json_set(arena, location, "lines", lines);
	json_set(arena, object, "location", location);
	return object;
}

/* Written one by one: there may be many. */
void emit_gitlab(const struct report *report, const struct emit_options *options, struct buf *out)
{
	struct listing listing = listing_of(out->arena, report, options->show_suppressed);
	uint32_t i;

	buf_char(out, '[');
	for (i = 0; i < listing.list.n; i++) {
		struct arena *arena = arena_new();

		buf_printf(out, "%s\n  ", i ? "," : "");
		json_write_element(out, issue(arena, options, &listing.list.v[i]), 2);
		arena_free(arena);
	}
	buf_add(out, i ? S("\n]\n") : S("]\n"));
}
