/* SPDX-License-Identifier: ISC */
#include "cli/analyze.h"

#include "analyzers/discover.h"
#include "cli/input.h"
#include "cli/output.h"

#include <limits.h>
#include <nettle/sha2.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct str sha256_hex(struct arena *arena, struct str text)
{
	struct sha256_ctx context;
	uint8_t digest[SHA256_DIGEST_SIZE];
	struct buf hex = {.arena = arena};
	sha256_init(&context);
	sha256_update(&context, text.n, (const uint8_t *)text.s);
	sha256_digest(&context, sizeof(digest), digest);
	for (size_t i = 0; i < sizeof(digest); i++)
		buf_printf(&hex, "%02x", digest[i]);
	return buf_str(&hex);
}

/* What a path is called in results: "-" by --stdin-name. */
static struct str shown_path(const struct options *options, const char *path)
{
	return str_of(strcmp(path, "-") == 0 ? options->stdin_name : path);
}

bool applied_read(struct arena *arena, const struct options *options, struct applied *applied,
                  struct str *error)
{
	struct str reason;
	VEC_EACH(const struct str, file, &options->apply) {
		struct config_input input = {.path = shown_path(options, file->s)};
		if (!input_read(arena, file->s, &input.text, &reason)) {
			*error = str_printf(arena, "--apply %s: %.*s", file->s, STR(reason));
			return false;
		}
		VEC_PUSH(arena, &applied->list, input);
	}
	return true;
}

bool capture_read(struct arena *arena, const struct options *options, const char *path,
                  const struct applied *applied, struct capture_input *input, struct str *error)
{
	*input = (struct capture_input){.path = shown_path(options, path), .applied = *applied};
	if (!input_read(arena, path, &input->text, error))
		return false;
	input->sha256 = sha256_hex(arena, input->text);
	input->parts = config_split(arena, input->text);
	return true;
}

struct config *capture_config(struct arena *arena, const struct capture_input *input, uint32_t part,
                              struct str more)
{
	VEC(struct config_input) inputs = {0};
	VEC_PUSH(arena, &inputs, (struct config_input){input->path, input->text});
	VEC_EACH(const struct config_input, applied, &input->applied.list)
		VEC_PUSH(arena, &inputs, *applied);
	if (more.n)
		VEC_PUSH(arena, &inputs, (struct config_input){S("change"), more});
	struct config *config = config_read(arena, inputs.v, inputs.n, &input->parts.list.v[part]);
	if (input->parts.captured_by.n)
		config->capture.by = input->parts.captured_by;
	return config;
}

bool context_wanted(const struct options *options, const struct config *config)
{
	bool wanted = options->contexts.n == 0;
	VEC_EACH(const struct str, context, &options->contexts)
		wanted |= str_eq(*context, config->context);
	return wanted;
}

static bool names_appliances(const struct policy *policy)
{
	bool any = policy->appliances.list.n > 0;
	VEC_EACH(const struct firewall_entry, entry, &policy->firewalls)
		any |= entry->appliances.list.n || entry->appliance_names.n;
	return any;
}

/* The clue that says most, told in a few words. */
static struct str clue_words(struct arena *arena, const struct guess *guess)
{
	const struct clue *best = guess->clues.v;
	return best->line ? str_printf(arena, "%.*s, line %u", STR(best->reason), best->line)
	                  : best->reason;
}

static void guess_appliances(struct arena *arena, const struct config *config, struct policy *here,
                             struct notes *notes)
{
	struct guesses guesses = discover_appliances(arena, config);
	uint32_t taken = 0;
	VEC_EACH(const struct guess, guess, &guesses.list) {
		struct str address = addr_text(arena, guess->appliance.addresses.list.v[0].real);
		struct str clue = clue_words(arena, guess);
		if (guess->doubt.n) {
			VEC_PUSH(arena, &notes->list,
			         str_printf(arena, "%.*s, %.*s, was passed over: %.*s",
			                    STR(address), STR(clue), STR(guess->doubt)));
			continue;
		}
		taken++;
		VEC_PUSH(arena, &here->appliances.list, guess->appliance);
		VEC_PUSH(arena, &notes->list,
		         str_printf(arena, "%.*s (%.*s) is a guess by %.*s",
		                    STR(guess->appliance.name), STR(address), STR(clue)));
	}
	if (taken == 0)
		VEC_PUSH(arena, &notes->list,
		         S("no appliance was named and none was found: nothing was judged (--esa "
		           "ADDR names one)"));
}

const struct policy *effective_policy(struct arena *arena, const struct policy *policy,
                                      struct str path, const struct config *config,
                                      struct notes *notes)
{
	struct policy *here = NEW(arena, struct policy);
	*here = policy_for(arena, policy, path, config->hostname, config->context);
	if (!names_appliances(policy))
		guess_appliances(arena, config, here, notes);
	return here;
}

void select_findings(const struct options *options, struct findings *findings)
{
	uint32_t kept = 0;
	VEC_EACH(const struct finding, finding, &findings->list)
		if (options_rule_selected(options, str_of(finding->rule->id)))
			findings->list.v[kept++] = *finding;
	findings->list.n = kept;
}

const struct audit *analyze(struct arena *arena, const struct options *options,
                            const struct policy *policy, const struct capture_input *input,
                            const struct config *config)
{
	struct config_report *report = NEW(arena, struct config_report);
	report->sha256 = input->sha256;
	struct audit *audit = audit_run(arena, config, policy, input->path, report);
	if (!options->ignore_suppressions)
		audit_suppress(audit, options->today);
	select_findings(options, &report->findings);
	return audit;
}

int status_of(const struct options *options, const struct report *report)
{
	for (int severity = (int)options->fail_on; severity < SEVERITY_COUNT; severity++)
		if (report->summary.findings[severity])
			return STATUS_FINDINGS;
	return STATUS_CLEAN;
}

int emit_all(const struct options *options, const struct report *report)
{
	int status = STATUS_CLEAN;
	char folder[PATH_MAX];
	if (!getcwd(folder, sizeof(folder)))
		folder[0] = '\0'; /* not known: paths stay as they were given */
	VEC_EACH(const struct wanted_format, format, &options->formats) {
		struct emit_options how = {
		        .color = options_color(options, format->path),
		        .quiet = options->quiet,
		        .verbose = options->verbose,
		        .show_suppressed = options->show_suppressed,
		        .rollback = options->rollback,
		        .explain = options->explain,
		        .fail_on = options->fail_on,
		        .folder = str_of(folder),
		};
		struct buf out = {.arena = options->arena};
		struct str error;
		format->emitter->emit(report, &how, &out);
		if (!output_write(options->arena, format->path, buf_str(&out), &error)) {
			fprintf(stderr, "asamend: %.*s\n", STR(error));
			status = STATUS_USAGE;
		}
	}
	return status;
}

struct report new_report(void)
{
	return (struct report){.tool_version = ASAMEND_VERSION, .rules = rules, .n_rules = n_rules};
}
