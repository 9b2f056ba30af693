/* SPDX-License-Identifier: ISC */
#include "cli/baseline.h"

#include "cli/input.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

struct known {
	struct str path, context, rule, fingerprint;
	enum severity severity;
};

struct baseline {
	VEC(struct known) list; /* by path and context */
};

static struct str text_of(struct arena *arena, const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));
	return str_copy(arena, str_of(text ? text : ""));
}

static bool read_severity(struct str text, enum severity *severity)
{
	for (int i = 0; i < SEVERITY_COUNT; i++)
		if (str_eq(text, str_of(severity_names[i]))) {
			*severity = (enum severity)i;
			return true;
		}
	return false;
}

/* What was accepted by policy or remark then is judged by these again; the rest was known. */
static bool was_known(const json_t *finding)
{
	const char *by =
	        json_string_value(json_object_get(json_object_get(finding, "suppressed"), "by"));
	return !by || strcmp(by, suppressed_by_names[BY_BASELINE]) == 0;
}

static void read_config(struct arena *arena, struct baseline *baseline, const json_t *config)
{
	size_t i;
	json_t *finding;
	json_array_foreach(json_object_get(config, "findings"), i, finding)
	{
		struct known known = {.path = text_of(arena, config, "path"),
		                      .context = text_of(arena, config, "context"),
		                      .rule = text_of(arena, finding, "rule"),
		                      .fingerprint = text_of(arena, finding, "fingerprint")};
		if (was_known(finding) && known.fingerprint.n &&
		    read_severity(text_of(arena, finding, "severity"), &known.severity))
			VEC_PUSH(arena, &baseline->list, known);
	}
}

/* A whole document of audit, or one record of scan. */
static bool read_document(struct arena *arena, struct baseline *baseline, const json_t *document)
{
	size_t i;
	json_t *config, *configs = json_object_get(document, "configs");
	if (json_is_array(configs)) {
		json_array_foreach(configs, i, config) read_config(arena, baseline, config);
		return true;
	}
	if (json_is_array(json_object_get(document, "findings"))) {
		read_config(arena, baseline, document);
		return true;
	}
	return json_is_string(json_object_get(document, "kind"));
}

static int compare_places(struct str path, struct str context, const struct known *known)
{
	int paths = str_cmp(path, known->path);
	return paths ? paths : str_cmp(context, known->context);
}

static int compare_known(const void *left, const void *right)
{
	const struct known *a = left;
	return compare_places(a->path, a->context, right);
}

bool baseline_read(struct arena *arena, const char *path, struct baseline **out, struct str *error)
{
	struct str text, reason;
	struct baseline *baseline = NEW(arena, struct baseline);
	if (!input_read(arena, path, &text, &reason)) {
		*error = str_printf(arena, "--baseline %s: %.*s", path, STR(reason));
		return false;
	}
	struct str rest = str_trim(text);
	bool good = rest.n > 0, any = false;
	while (good && rest.n) {
		json_error_t problem;
		json_t *document = json_loadb(rest.s, rest.n, JSON_DISABLE_EOF_CHECK, &problem);
		good = document && read_document(arena, baseline, document);
		any |= good;
		json_decref(document);
		size_t read = good ? (size_t)problem.position : 0;
		/* A run that was cut short may have torn its last line. */
		if (!good && any && !memchr(rest.s, '\n', rest.n))
			good = true, read = rest.n;
		rest = str_trim((struct str){rest.s + read, rest.n - read});
	}
	if (!good)
		*error = str_printf(
		        arena,
		        "--baseline %s: expected the JSON or NDJSON result of an earlier audit",
		        path);
	if (baseline->list.n)
		qsort(baseline->list.v, baseline->list.n, sizeof(*baseline->list.v), compare_known);
	*out = baseline;
	return good;
}

static struct finding *find_known(const struct config_report *config, const struct known *known)
{
	VEC_EACH(struct finding, finding, &config->findings.list)
		if (str_eq(finding->fingerprint, known->fingerprint))
			return finding;
	return NULL;
}

/* The first that was known of a config, as an index. */
static uint32_t first_known(const struct baseline *baseline, const struct config_report *config)
{
	uint32_t lo = 0, hi = baseline->list.n;
	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (compare_places(config->path, config->context, &baseline->list.v[mid]) > 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo;
}

void baseline_apply(const struct baseline *baseline, const struct options *options,
                    struct config_report *config)
{
	for (uint32_t i = first_known(baseline, config); i < baseline->list.n; i++) {
		const struct known *known = &baseline->list.v[i];
		if (compare_places(config->path, config->context, known) != 0)
			break;
		struct finding *finding = find_known(config, known);
		if (!finding)
			config->fixed += options_rule_selected(options, known->rule);
		else if (finding->severity <= known->severity && !finding_is_suppressed(finding))
			finding->suppressed.by = BY_BASELINE;
	}
}
