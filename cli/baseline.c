/* SPDX-License-Identifier: ISC */
#include "cli/baseline.h"

#include "cli/input.h"

#include <jansson.h>

struct known {
	struct str path, context, fingerprint;
	enum severity severity;
};

struct baseline {
	VEC(struct known) list;
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

static void read_config(struct arena *arena, struct baseline *baseline, const json_t *config)
{
	size_t i;
	json_t *finding;
	json_array_foreach(json_object_get(config, "findings"), i, finding)
	{
		struct known known = {.path = text_of(arena, config, "path"),
		                      .context = text_of(arena, config, "context"),
		                      .fingerprint = text_of(arena, finding, "fingerprint")};
		bool suppressed = json_is_object(json_object_get(finding, "suppressed"));
		if (!suppressed && known.fingerprint.n &&
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

bool baseline_read(struct arena *arena, const char *path, struct baseline **out, struct str *error)
{
	struct str text, reason;
	struct baseline *baseline = NEW(arena, struct baseline);
	if (!input_read(arena, path, &text, &reason)) {
		*error = str_printf(arena, "--baseline %s: %.*s", path, STR(reason));
		return false;
	}
	bool good = str_trim(text).n > 0;
	for (size_t at = 0; good && str_trim((struct str){text.s + at, text.n - at}).n;) {
		json_error_t problem;
		json_t *document =
		        json_loadb(text.s + at, text.n - at, JSON_DISABLE_EOF_CHECK, &problem);
		good = document && read_document(arena, baseline, document);
		json_decref(document);
		at += good ? (size_t)problem.position : 0;
	}
	if (!good)
		*error = str_printf(
		        arena,
		        "--baseline %s: expected the JSON or NDJSON result of an earlier audit",
		        path);
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

void baseline_apply(const struct baseline *baseline, struct report *report)
{
	VEC_EACH(const struct known, known, &baseline->list) {
		VEC_EACH(struct config_report, config, &report->configs) {
			if (!str_eq(config->path, known->path) ||
			    !str_eq(config->context, known->context))
				continue;
			struct finding *finding = find_known(config, known);
			if (!finding)
				report->summary.fixed++;
			else if (finding->severity <= known->severity &&
			         finding->suppressed.by == NOT_SUPPRESSED)
				finding->suppressed.by = BY_BASELINE;
		}
	}
}
