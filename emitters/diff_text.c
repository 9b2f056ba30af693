/* SPDX-License-Identifier: ISC */
/* What two configs treat differently, for people: by flow, before and after, with the lines. */
#include "emitters/console.h"
#include "emitters/diff_words.h"
#include "emitters/emitter.h"

enum {
	BOXES_SHOWN = 6, /* of one change, without -v */
	LINES_SHOWN = 4  /* of one side, without -v */
};

static void print_boxes(struct console *console, const struct pset *set, unsigned column, bool all)
{
	uint32_t shown = 0;

	VEC_EACH(const struct box, box, &set->boxes) {
		if (!all && shown++ == BOXES_SHOWN)
			break;
		console_column(console, column);
		console->indent = column + 2;
		console_wrap(console, STYLE_PLAIN, diff_packets(console->out->arena, box));
		console_end(console);
	}
	if (!all && set->boxes.n > BOXES_SHOWN) {
		console_column(console, column);
		console_printf(console, STYLE_PLAIN, "and %u more sets (-v shows all)",
		               set->boxes.n - BOXES_SHOWN);
		console_end(console);
	}
}

static void print_packets(struct console *console, const struct diff_change *change, bool all)
{
	print_boxes(console, &change->packets, 4, all);
	if (change->except.boxes.n) {
		console_column(console, 4);
		console_put(console, STYLE_PLAIN, S("but not:"));
		console_end(console);
	}
	print_boxes(console, &change->except, 6, all);
	console->indent = 6;
}

static void print_lines(struct console *console, const struct diff_config *config,
                        const struct diff_change *change, enum diff_side side, bool all)
{
	const struct sources *sources = &config->sources[side];
	uint32_t shown = 0;

	VEC_EACH(const struct span, span, &change->lines[side].list) {
		struct place place = source_place(sources, *span);
		struct arena *arena = console->out->arena;

		if (!all && shown++ == LINES_SHOWN)
			break;
		console_column(console, 4);
		console_put(console, side == DIFF_OLD ? STYLE_BAD : STYLE_GOOD,
		            side == DIFF_OLD ? S("-") : S("+"));
		console_space(console);
		console_put(console, STYLE_DIM,
		            str_printf(arena, "%.*s:%u:", STR(place.path), place.line));
		console_space(console);
		console_put(console, STYLE_PLAIN, str_trim(source_quote(arena, sources, *span)));
		console_end(console);
	}
}

static void print_change(struct console *console, const struct diff_config *config,
                         const struct diff_change *change, bool all)
{
	struct arena *arena = console->out->arena;

	console_column(console, 2);
	console->indent = 6;
	console_put(console, STYLE_BOLD, diff_what(arena, change));
	console_put(console, STYLE_PLAIN, S(":"));
	console_space(console);
	console_wrap(console, STYLE_PLAIN, change->before);
	console_space(console);
	console_put(console, STYLE_PLAIN, S("->"));
	console_space(console);
	console_wrap(console, STYLE_PLAIN, change->after);
	if (change->undecided) {
		console_space(console);
		console_put(console, STYLE_WARNING, S("(undecided)"));
	}
	console_end(console);
	print_packets(console, change, all);
	print_lines(console, config, change, DIFF_OLD, all);
	print_lines(console, config, change, DIFF_NEW, all);
	if (change->has_witness) {
		console_column(console, 4);
		console_put(console, STYLE_PLAIN, S("= witness:"));
		console_space(console);
		console_put(console, STYLE_PLAIN, packet_tracer_text(arena, &change->witness));
		console_end(console);
	}
}

static void print_groups(struct console *console, const struct diff_config *config, bool mail,
                         bool all)
{
	VEC_EACH(const struct diff_change, first, &config->changes) {
		if (first->mail != mail || !diff_begins_group(config, first))
			continue;
		console_gap(console);
		console->indent = 4;
		console_put(console, mail ? STYLE_BAD : STYLE_NOTE, diff_group(first));
		console_end(console);
		for (const struct diff_change *change = first; change < first_end; change++)
			if (diff_same_group(first, change))
				print_change(console, config, change, all);
	}
}

static void print_config(struct console *console, const struct diff_config *config,
                         const struct emit_options *options)
{
	console_gap(console);
	console->indent = 4;
	console_put(console, STYLE_BOLD, S("=="));
	console_space(console);
	console_wrap(console, STYLE_BOLD, diff_title(console->out->arena, config));
	console_end(console);
	VEC_EACH(const struct str, note, &config->notes) {
		console_column(console, 2);
		console->indent = 6;
		console_put(console, STYLE_NOTE, S("note:"));
		console_space(console);
		console_wrap(console, STYLE_PLAIN, *note);
		console_end(console);
	}
	print_groups(console, config, true, options->verbose > 0);
	print_groups(console, config, false, options->verbose > 0);
}

/* One line a change. */
static void print_quiet(struct console *console, const struct diff_config *config)
{
	VEC_EACH(const struct diff_change, change, &config->changes) {
		struct arena *arena = console->out->arena;

		console_put(console, STYLE_PLAIN,
		            str_printf(arena, "%.*s: %.*s: %.*s -> %.*s%s", STR(diff_group(change)),
		                       STR(diff_what(arena, change)), STR(change->before),
		                       STR(change->after),
		                       change->undecided ? " (undecided)" : ""));
		console_end(console);
	}
}

void emit_diff_text(const struct report *report, const struct emit_options *options,
                    struct buf *out)
{
	static const struct diff none = {.equal = true};
	const struct diff *diff = report->diff ? report->diff : &none;
	struct console console = {.out = out, .color = options->color};

	VEC_EACH(const struct diff_config, config, &diff->configs) {
		if (options->quiet)
			print_quiet(&console, config);
		else
			print_config(&console, config, options);
	}
	if (options->quiet)
		return;
	console_gap(&console);
	console.indent = 4;
	console_wrap(&console, diff->equal ? STYLE_GOOD : STYLE_BOLD,
	             diff_summary(out->arena, diff));
	console_end(&console);
}
