/* SPDX-License-Identifier: ISC */
/*
 * A policy file to start from. Each entry is one line below the lines that speak for it, in
 * comments; an entry with a doubt is in a comment itself, so that to take it is to take the `#`
 * away. What comes from a config stands in comments or quotes, free of controls.
 */
#include "emitters/emitter.h"
#include "emitters/escape.h"

/* Lines of evidence shown for one host, without -v. */
enum { SHOWN = 6 };

/*
 * Letters of all scripts; '?' for the rest of Unicode, some of which ends a line in YAML (U+2028)
 * or is not allowed in it (U+FFFE).
 */
static void add_comment(struct buf *out, struct str text)
{
	struct str rest = escape_line(out->arena, text);

	while (rest.n) {
		unsigned n = escape_utf8_length(rest), code;

		code = n == 3 ? ((unsigned char)rest.s[0] & 0xfu) << 12 |
		                        ((unsigned char)rest.s[1] & 0x3fu) << 6 |
		                        ((unsigned char)rest.s[2] & 0x3fu)
		              : 0;
		if (n < 3 || (n == 3 && (code < 0x2000 || (code >= 0x2c00 && code < 0xd800))))
			buf_add(out, (struct str){rest.s, n});
		else
			buf_char(out, '?');
		rest = (struct str){rest.s + n, rest.n - n};
	}
}

static void add_word(struct buf *out, struct str word)
{
	/* A colon that no blank follows needs quotes in a flow list all the same. */
	buf_printf(out, str_contains(word, S(":")) ? "\"%.*s\"" : "%.*s", STR(word));
}

static void add_quoted(struct buf *out, struct str text)
{
	buf_char(out, '"');
	for (size_t i = 0; i < text.n; i++) {
		if (text.s[i] == '"' || text.s[i] == '\\')
			buf_char(out, '\\');
		buf_char(out, text.s[i]);
	}
	buf_char(out, '"');
}

/* `key: [...]` of the real or the mapped addresses. */
static void add_addresses(struct buf *out, const char *key, const struct hosts *hosts, bool mapped)
{
	bool first = true;

	buf_printf(out, "%s: [", key);
	VEC_EACH(const struct host, host, &hosts->list) {
		if (!first)
			buf_add(out, S(", "));
		first = false;
		add_word(out, addr_text(out->arena, mapped ? host->mapped : host->real));
	}
	buf_char(out, ']');
}

static void add_entry(struct buf *out, const struct appliance *appliance)
{
	const struct hosts *hosts = &appliance->addresses;
	bool mapped = hosts->list.n > 0;

	VEC_EACH(const struct host, host, &hosts->list)
		mapped &= host->has_mapped;
	buf_printf(out, "- {name: %.*s, role: %s, ", STR(appliance->name),
	           role_names[appliance->role]);
	add_addresses(out, "addresses", hosts, false);
	if (mapped) {
		buf_add(out, S(", "));
		add_addresses(out, "mapped", hosts, true);
	}
	VEC_EACH(const uint16_t, port, &appliance->smtp_ports.list)
		buf_printf(out, "%s%u%s",
		           port == appliance->smtp_ports.list.v ? ", smtp_ports: [" : ", ", *port,
		           port + 1 == port_end ? "]" : "");
	if (appliance->cpq_addresses.list.n) {
		buf_add(out, S(", cpq: {"));
		add_addresses(out, "addresses", &appliance->cpq_addresses, false);
		buf_char(out, '}');
	}
	if (appliance->ssh_addresses.list.n) {
		buf_add(out, S(", ssh: {"));
		add_addresses(out, "addresses", &appliance->ssh_addresses, false);
		buf_char(out, '}');
	}
	if (appliance->spam_quarantine)
		buf_add(out, S(", spam_quarantine: true"));
	buf_add(out, S("}\n"));
}

/* "# PATH:LINE: the line  (what it is)" */
static void add_clue(struct buf *out, const struct discovery *discovery, const struct clue *clue)
{
	struct str path = discovery->configs.v[clue->config].path;

	buf_add(out, S("  # "));
	add_comment(out, path);
	if (clue->line)
		buf_printf(out, ":%u", clue->line);
	buf_printf(out, ": %.*s", STR(clue->reason));
	if (clue->text.n)
		buf_add(out, S(": "));
	add_comment(out, clue->text);
	buf_char(out, '\n');
}

static bool same_line(const struct clue *a, const struct clue *b)
{
	return a->config == b->config && a->line == b->line && str_eq(a->reason, b->reason);
}

/* A group in a line makes a clue of each of its members: the line is shown once. */
static bool shown_before(const struct guess *guess, const struct clue *clue)
{
	return clue > guess->clues.v && same_line(clue - 1, clue);
}

static void add_clues(struct buf *out, const struct discovery *discovery, const struct guess *guess,
                      bool all)
{
	uint32_t shown = 0, more = 0;

	VEC_EACH(const struct clue, clue, &guess->clues) {
		if (shown_before(guess, clue))
			continue;
		if (all || shown < SHOWN) {
			add_clue(out, discovery, clue);
			shown++;
		} else {
			more++;
		}
	}
	if (more)
		buf_printf(out, "  # and %u more line%s (-v shows all)\n", more,
		           more == 1 ? "" : "s");
}

static void add_guess(struct buf *out, const struct discovery *discovery, const struct guess *guess,
                      const struct emit_options *options)
{
	if (!options->quiet && guess->called.n && !str_eq(guess->called, guess->appliance.name)) {
		buf_add(out, S("  # called "));
		add_comment(out, guess->called);
		buf_char(out, '\n');
	}
	if (!options->quiet)
		add_clues(out, discovery, guess, options->verbose > 0);
	if (guess->doubt.n) {
		buf_add(out, S("  # Not taken: "));
		add_comment(out, guess->doubt);
		buf_add(out, S("\n  # "));
	} else {
		buf_add(out, S("  "));
	}
	add_entry(out, &guess->appliance);
}

static void add_head(struct buf *out, const struct discovery *discovery, uint32_t taken)
{
	buf_printf(out,
	           "# A policy file for asamend, guessed from %u config%s: check every entry. The\n"
	           "# lines above an entry are what speaks for it. As asamend.yaml in the folder\n"
	           "# where audit runs it is found; else audit -p FILE.\n",
	           discovery->configs.n, discovery->configs.n == 1 ? "" : "s");
	if (!taken)
		buf_add(out, S("# No appliance was found in them that could be taken as it is.\n"));
	if (discovery->too_many)
		buf_add(out, S("# Some config has more hosts that could be appliances than were "
		               "looked at.\n"));
}

static bool is_everywhere(const struct discovery *discovery, const struct guess *guess)
{
	return guess->seen.n == discovery->configs.n;
}

static bool is_seen(const struct guess *guess, uint32_t config)
{
	VEC_EACH(const uint32_t, seen, &guess->seen)
		if (*seen == config)
			return true;
	return false;
}

/* The appliances that some of the configs have, each for those. */
static void add_firewalls(struct buf *out, const struct discovery *discovery)
{
	bool titled = false;

	VEC_EACH(const struct discovered_config, config, &discovery->configs) {
		uint32_t nth = (uint32_t)(config - discovery->configs.v), listed = 0;

		VEC_EACH(const struct guess, guess, &discovery->guesses.list) {
			if (guess->doubt.n)
				break;
			if (is_everywhere(discovery, guess) || !is_seen(guess, nth))
				continue;
			if (!titled)
				buf_add(out, S("firewalls:\n"));
			titled = true;
			if (listed == 0 && config->ambiguous)
				buf_add(out, S("  # Other configs here have this name too.\n"));
			if (listed++ == 0) {
				buf_add(out, S("  - {match: "));
				add_quoted(out, config->match);
				buf_add(out, S(", appliances: ["));
			} else {
				buf_add(out, S(", "));
			}
			buf_add(out, guess->appliance.name);
		}
		if (listed)
			buf_add(out, S("]}\n"));
	}
}

void emit_discover_yaml(const struct report *report, const struct emit_options *options,
                        struct buf *out)
{
	static const struct discovery nothing = {0};
	const struct discovery *discovery = report->discovery ? report->discovery : &nothing;
	uint32_t taken = 0;

	VEC_EACH(const struct guess, guess, &discovery->guesses.list)
		taken += guess->doubt.n == 0;
	if (!options->quiet)
		add_head(out, discovery, taken);
	buf_add(out, S("version: 1\n"));
	buf_printf(out, "appliances:%s\n", taken ? "" : " []");
	VEC_EACH(const struct guess, guess, &discovery->guesses.list)
		if (!options->quiet || !guess->doubt.n)
			add_guess(out, discovery, guess, options);
	add_firewalls(out, discovery);
	if (!options->quiet)
		buf_add(out, S("# limits: {min_connections: 1000, min_embryonic: 1000}  # as they "
		               "are unless given\n"));
}
