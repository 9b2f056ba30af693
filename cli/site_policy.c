/* SPDX-License-Identifier: ISC */
/* Finding and reading the policy file, and putting the command line over it. */
#include "cli/site_policy.h"

#include "cli/input.h"
#include "parser/policy_yaml.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define POLICY_NAME "asamend.yaml"

/* Whether two folders are one: the root is its own parent. */
static bool is_same(const char *a, const char *b)
{
	struct stat x, y;

	return stat(a, &x) != 0 || stat(b, &y) != 0 ||
	       (x.st_dev == y.st_dev && x.st_ino == y.st_ino);
}

/* The nearest policy file from here up, or NULL. */
static const char *find_upwards(struct arena *arena)
{
	struct str folder = S("."), parent, file = S(POLICY_NAME);

	while (access(file.s, F_OK) != 0) {
		parent = str_printf(arena, "%.*s/..", STR(folder));
		if (is_same(folder.s, parent.s))
			return NULL;
		folder = parent;
		/* Without the leading "./". */
		file = str_printf(arena, "%s/" POLICY_NAME, folder.s + 2);
	}
	return file.s;
}

static void print_diags(const struct policy *policy, const struct diags *diags)
{
	VEC_EACH(struct diag, diag, &diags->list) {
		struct place place = source_place(&policy->sources, diag->span);

		if (place.line)
			fprintf(stderr, "%.*s:%u:%u: %.*s\n", STR(place.path), place.line,
			        place.column, STR(diag->message));
		else if (place.path.n)
			fprintf(stderr, "%.*s: %.*s\n", STR(place.path), STR(diag->message));
		else
			fprintf(stderr, "asamend: %.*s\n", STR(diag->message));
	}
}

static bool read_file(const struct options *options, const char *path, struct policy *policy,
                      struct diags *diags)
{
	struct str text, error;

	if (!input_read(options->arena, path, &text, &error)) {
		fprintf(stderr, "asamend %s: cannot read the policy %s: %.*s\n",
		        command_name(options->command), path, STR(error));
		return false;
	}
	return policy_yaml_read(options->arena, str_of(path), text, policy, diags);
}

static void set_cpq_ports(struct appliances *appliances, uint16_t port)
{
	VEC_EACH(struct appliance, appliance, &appliances->list)
		appliance->cpq_port = port;
}

static bool end_is_known(const struct policy *policy, const struct flow_end *end)
{
	if (!end->appliance.n)
		return true;
	VEC_EACH(struct appliance, appliance, &policy->appliances.list) {
		if (str_eq(appliance->name, end->appliance))
			return true;
	}
	return false;
}

static void replace_appliances(const struct options *options, struct policy *policy,
                               struct diags *diags)
{
	uint32_t kept = 0;

	policy->appliances = options->appliances;
	VEC_EACH(struct firewall_entry, entry, &policy->firewalls) {
		entry->appliance_names.n = 0;
		entry->appliances.list.n = 0;
	}
	VEC_EACH(struct custom_flow, flow, &policy->flows) {
		if (end_is_known(policy, &flow->from) && end_is_known(policy, &flow->to))
			policy->flows.v[kept++] = *flow;
		else
			diag_add(
			        options->arena, diags, SEVERITY_NOTE, (struct span){0},
			        "the flow \"%.*s\" of the policy is left out: its appliance is not "
			        "among those of the command line",
			        STR(flow->name));
	}
	policy->flows.n = kept;
}

void site_policy_override(const struct options *options, struct policy *policy, struct diags *diags)
{
	if (options->appliances.list.n)
		replace_appliances(options, policy, diags);
	if (options->cpq_port) {
		set_cpq_ports(&policy->appliances, options->cpq_port);
		VEC_EACH(struct firewall_entry, entry, &policy->firewalls)
			set_cpq_ports(&entry->appliances, options->cpq_port);
	}
	if (options->form != FORM_DEFAULT)
		policy->form = options->form;
	if (options->name_prefix.n)
		policy->name_prefix = options->name_prefix;
}

bool site_policy_load(const struct options *options, const struct str *ids, size_t n,
                      struct policy *policy)
{
	const char *path = options->policy;
	struct diags diags = {0};
	struct str error;
	bool ok = true;

	*policy = policy_default();
	if (!path && !options->no_policy)
		path = find_upwards(options->arena);
	if (path)
		ok = read_file(options, path, policy, &diags) &&
		     policy_check_rules(options->arena, policy, ids, n, &diags);
	if (ok)
		site_policy_override(options, policy, &diags);
	print_diags(policy, &diags);
	if (!options_check_rules(options, ids, n, &error)) {
		fprintf(stderr, "asamend %s: %.*s\n", command_name(options->command), STR(error));
		ok = false;
	}
	return ok;
}
