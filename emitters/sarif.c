/* SPDX-License-Identifier: ISC */
/*
 * SARIF 2.1.0, as GitHub's code scanning and other viewers read it. There is always exactly one
 * run, with every rule in it, so that an upload without results closes the alerts of the one
 * before. What stood in the way of a verdict (lines that are not modelled or broken, inputs that
 * could not be read) is told as notifications of the tool. Suppressed findings are left out,
 * since GitHub opens an alert for each result whatever its `suppressions` say;
 * --show-suppressed adds them.
 */
#include "emitters/sarif.h"

#include "emitters/escape.h"
#include "emitters/location.h"

#include <assert.h>
#include <string.h>

enum {
	RESULTS_MOST = 25000, /* GitHub refuses a run with more */
	LINES_MOST = 1000     /* diagnostics told of one config */
};

/*
 * Rules about what an attacker could gain, scored as CVSS 3.1 would. GitHub files results with a
 * score as security alerts; those of the other rules are about mail that does not get through.
 */
static const struct {
	const char *rule, *score;
} security[] = {
        {"AM103", "7.4"}, /* AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:N: mail read on its way */
        {"AM407", "4.8"}, /* AV:N/AC:H/PR:N/UI:N/S:U/C:N/I:L/A:L: less is inspected than meant */
        {"AM408", "4.8"}, /* the same, for the checks of TCP itself */
        {"AM604", "7.4"}, /* as AM103: anyone can pose as the server */
};

static const char *security_score(const struct rule *rule)
{
	size_t i;

	for (i = 0; i < sizeof(security) / sizeof(security[0]); i++)
		if (str_eq(str_of(rule->id), str_of(security[i].rule)))
			return security[i].score;
	return NULL;
}

/* ---- the rules */

static json_t *plain_text(struct arena *arena, struct str text)
{
	json_t *object = json_object();

	json_set(arena, object, "text", json_text(arena, text));
	return object;
}

static struct str first_paragraph(struct str text)
{
	size_t n = 0;

	while (n < text.n && !str_starts((struct str){text.s + n, text.n - n}, S("\n\n")))
		n++;
	return (struct str){text.s, n};
}

static json_t *rule_properties(struct arena *arena, const struct rule *rule)
{
	const char *score = security_score(rule);
	json_t *object = json_object(), *tags = json_array();

	json_append(arena, tags, json_string("mail"));
	if (score) {
		json_append(arena, tags, json_string("security"));
		json_set(arena, object, "security-severity", json_string(score));
	}
	json_set(arena, object, "tags", tags);
	return object;
}

static json_t *rule(struct arena *arena, const struct rule *rule)
{
	json_t *object = json_object(), *help = json_object(), *defaults = json_object();
	struct str text = str_of(rule->help);

	json_set(arena, object, "id", json_string(rule->id));
	json_set(arena, object, "name", json_string(rule->name));
	json_set(arena, object, "shortDescription", plain_text(arena, str_of(rule->title)));
	json_set(arena, object, "fullDescription", plain_text(arena, first_paragraph(text)));
	json_set(arena, help, "text", json_text(arena, text));
	json_set(arena, help, "markdown", json_text(arena, text)); /* rules.def: it is Markdown */
	json_set(arena, object, "help", help);
	json_set(arena, defaults, "level", json_string(severity_names[rule->severity]));
	json_set(arena, object, "defaultConfiguration", defaults);
	json_set(arena, object, "properties", rule_properties(arena, rule));
	return object;
}

/* ---- the notifications */

enum notice {
	NOTICE_LINE,
	NOTICE_CONFIG,
	NOTICE_UNREADABLE,
	NOTICE_SKIPPED,
	NOTICE_LEFT_OUT,
	NOTICE_COUNT
};

static const struct {
	const char *id, *what, *help;
} notices[NOTICE_COUNT] = {
        [NOTICE_LINE] = {"input-line",
                         "A line that is not modelled, broken, or refused by a device.",
                         "Where such a line could change what becomes of mail there is a result "
                         "too, and the verdict is unknown."},
        [NOTICE_CONFIG] = {"input-note", "How a configuration was judged.",
                           "With --esa, --sma or a policy file nothing has to be guessed."},
        [NOTICE_UNREADABLE] = {"input-unreadable", "An input that was named gave no result.",
                               "It could not be read, or is no configuration of a firewall."},
        [NOTICE_SKIPPED] = {"input-skipped",
                            "A file that was found is no firewall's configuration.",
                            "This is as it should be for a router, a switch or a note."},
        [NOTICE_LEFT_OUT] = {"left-out", "There is more than there is room for.",
                             "The text and JSON formats have all of it."},
};

struct notifier {
	struct arena *arena;
	const struct emit_options *options;
	json_t *array;
};

/* A place without a path stands for none, without a line for the first. */
static void notify(struct notifier *notifier, enum notice notice, enum severity severity,
                   struct place place, struct str text)
{
	struct arena *arena = notifier->arena;
	json_t *object = json_object(), *descriptor = json_object(), *locations;

	json_set(arena, descriptor, "id", json_string(notices[notice].id));
	json_set(arena, descriptor, "index", json_integer(notice));
	json_set(arena, object, "descriptor", descriptor);
	json_set(arena, object, "level", json_string(severity_names[severity]));
	json_set(arena, object, "message", sarif_message(arena, text));
	if (place.path.n) {
		locations = json_array();
		json_append(arena, locations,
		            sarif_location(arena, notifier->options, place, S("")));
		json_set(arena, object, "locations", locations);
	}
	json_append(arena, notifier->array, object);
}

static void notify_config(struct notifier *notifier, const struct config_report *config)
{
	struct place whole = {.path = config->path};
	uint32_t told = 0;

	VEC_EACH(const struct str, note, &config->notes)
		notify(notifier, NOTICE_CONFIG, SEVERITY_NOTE, whole, *note);
	VEC_EACH(const struct diag, diag, &config->diags.list) {
		struct place place = source_place(&config->sources, diag->span);

		if (told++ < LINES_MOST)
			notify(notifier, NOTICE_LINE, diag->severity, place.line ? place : whole,
			       diag->message);
	}
	if (told > LINES_MOST)
		notify(notifier, NOTICE_LEFT_OUT, SEVERITY_WARNING, whole,
		       str_printf(notifier->arena, "%u more lines like these are not listed",
		                  told - LINES_MOST));
}

static json_t *notifications(struct arena *arena, const struct report *report,
                             const struct emit_options *options, size_t results)
{
	struct notifier notifier = {arena, options, json_array()};

	if (results > RESULTS_MOST)
		notify(&notifier, NOTICE_LEFT_OUT, SEVERITY_WARNING, (struct place){0},
		       str_printf(arena,
		                  "%zu results are not listed; the %d most severe of %zu are",
		                  results - RESULTS_MOST, RESULTS_MOST, results));
	VEC_EACH(const struct unread, unread, &report->unread)
		notify(&notifier, unread->skipped ? NOTICE_SKIPPED : NOTICE_UNREADABLE,
		       unread->skipped ? SEVERITY_NOTE : SEVERITY_ERROR,
		       (struct place){.path = unread->path},
		       str_printf(arena, "%.*s: %.*s", STR(unread->path), STR(unread->reason)));
	VEC_EACH(const struct config_report, config, &report->configs)
		notify_config(&notifier, config);
	return notifier.array;
}

/* Whether every input that was named could be read. */
static bool all_read(const struct report *report)
{
	VEC_EACH(const struct unread, unread, &report->unread)
		if (!unread->skipped)
			return false;
	return report->summary.unreadable == 0;
}

static json_t *invocations(struct arena *arena, const struct report *report,
                           const struct emit_options *options, size_t results)
{
	json_t *array = json_array(), *object = json_object();

	json_set(arena, object, "executionSuccessful", json_boolean(all_read(report)));
	json_set(arena, object, "toolExecutionNotifications",
	         notifications(arena, report, options, results));
	json_append(arena, array, object);
	return array;
}

/* ---- the run */

static json_t *driver(struct arena *arena, const struct report *report)
{
	json_t *object = json_object(), *rules = json_array(), *others = json_array();
	size_t i;

	for (i = 0; i < report->n_rules; i++)
		json_append(arena, rules, rule(arena, &report->rules[i]));
	for (i = 0; i < NOTICE_COUNT; i++) {
		json_t *notice = json_object();

		json_set(arena, notice, "id", json_string(notices[i].id));
		json_set(arena, notice, "shortDescription",
		         plain_text(arena, str_of(notices[i].what)));
		json_set(arena, notice, "fullDescription",
		         plain_text(arena, str_of(notices[i].what)));
		json_set(arena, notice, "help", plain_text(arena, str_of(notices[i].help)));
		json_append(arena, others, notice);
	}
	json_set(arena, object, "name", json_string("asamend"));
	json_set(arena, object, "version", json_text(arena, str_of(report->tool_version)));
	json_set(arena, object, "rules", rules);
	json_set(arena, object, "notifications", others);
	return object;
}

/* The files, each with the hash of what was read; the contexts of one stand side by side. */
static json_t *artifacts(struct arena *arena, const struct report *report,
                         const struct emit_options *options)
{
	json_t *array = json_array();
	const struct config_report *before = NULL;

	VEC_EACH(const struct config_report, config, &report->configs) {
		json_t *artifact = json_object(), *location = json_object();
		json_t *hashes = json_object(), *roles = json_array();
		bool again = before && str_eq(before->path, config->path);

		before = config;
		if (again) {
			json_decref(artifact);
			json_decref(location);
			json_decref(hashes);
			json_decref(roles);
			continue;
		}
		json_set(arena, location, "uri",
		         json_text(arena, location_uri(arena, options->folder, config->path)));
		json_set(arena, hashes, "sha-256", json_text(arena, config->sha256));
		json_append(arena, roles, json_string("analysisTarget"));
		json_set(arena, artifact, "location", location);
		json_set(arena, artifact, "roles", roles);
		json_set(arena, artifact, "hashes", hashes);
		json_append(arena, array, artifact);
	}
	return array;
}

/* The end of a document whose last value is an empty array of results. */
static const char tail[] = "]\n    }\n  ]\n}\n";

/*
 * Fill in the results one by one, each with memory of its own: as values all of them would take
 * many times what they take as text.
 */
static void add_results(struct buf *out, const struct report *report,
                        const struct emit_options *options, const struct listing *listing)
{
	uint32_t i;

	assert(str_ends(buf_str(out), str_of(tail)));
	out->n -= strlen(tail);
	for (i = 0; i < listing->list.n && i < RESULTS_MOST; i++) {
		struct arena *arena = arena_new();
		json_t *result = sarif_result(arena, report, options, &listing->list.v[i]);

		buf_printf(out, "%s\n        ", i ? "," : "");
		json_write_element(out, result, 8);
		arena_free(arena);
	}
	if (i)
		buf_add(out, S("\n      "));
	buf_add(out, str_of(tail));
}

void emit_sarif(const struct report *report, const struct emit_options *options, struct buf *out)
{
	struct arena *arena = out->arena;
	struct listing listing = listing_of(arena, report, options->show_suppressed);
	json_t *document = json_object(), *runs = json_array(), *run = json_object();
	json_t *tool = json_object();

	json_set(arena, tool, "driver", driver(arena, report));
	json_set(arena, run, "tool", tool);
	json_set(arena, run, "invocations", invocations(arena, report, options, listing.list.n));
	json_set(arena, run, "artifacts", artifacts(arena, report, options));
	json_set(arena, run, "results", json_array());
	json_append(arena, runs, run);
	json_set(arena, document, "$schema",
	         json_string("https://json.schemastore.org/sarif-2.1.0.json"));
	json_set(arena, document, "version", json_string("2.1.0"));
	json_set(arena, document, "runs", runs);
	json_write(out, document);
	add_results(out, report, options, &listing);
}
