/* SPDX-License-Identifier: ISC */
/* The policy as it holds for one config: pure selection over what was read. */
#include "model/policy.h"

const char *const role_names[ROLE_COUNT] = {
        [ROLE_ESA] = "esa",
        [ROLE_SMA] = "sma",
};

const char *const fix_form_names[FORM_COUNT] = {
        [FORM_DEFAULT] = "default",       [FORM_SPLIT_CLASS] = "split-class",
        [FORM_TECHNOTE] = "technote",     [FORM_ALLOW_TLS] = "allow-tls",
        [FORM_GLOBAL_OFF] = "global-off",
};

/* ESA and SMA use this port for centralized quarantines until an admin changes it. */
enum { CPQ_PORT = 7025 };

struct policy policy_default(void)
{
	return (struct policy){.limits = {.min_connections = 1000, .min_embryonic = 1000}};
}

/*
 * Whether the set that begins at pattern[at] == '[' holds `c`; *after becomes
 * the index behind it. An unclosed '[' is no set: *after stays at `at`.
 */
static bool glob_set(struct str pattern, size_t at, char c, size_t *after)
{
	size_t i = at + 1;
	bool negated = i < pattern.n && pattern.s[i] == '!';
	bool found = false;

	*after = at;
	i += negated;
	/* A ']' that comes first is a member. */
	for (size_t first = i; i < pattern.n && (pattern.s[i] != ']' || i == first); i++) {
		unsigned char lo = (unsigned char)pattern.s[i], hi = lo;

		if (i + 2 < pattern.n && pattern.s[i + 1] == '-' && pattern.s[i + 2] != ']') {
			i += 2;
			hi = (unsigned char)pattern.s[i];
		}
		found = found || (lo <= (unsigned char)c && (unsigned char)c <= hi);
	}
	if (i >= pattern.n)
		return false;
	*after = i + 1;
	return found != negated;
}

/* Whether the one item of the pattern at *p, which is not '*', takes `c`; *p moves behind it. */
static bool glob_one(struct str pattern, size_t *p, char c)
{
	size_t after = *p;
	bool match;

	switch (pattern.s[*p]) {
	case '?':
		++*p;
		return true;
	case '[':
		match = glob_set(pattern, *p, c, &after);
		if (after != *p) {
			*p = after;
			return match;
		}
		break;
	}
	return pattern.s[(*p)++] == c;
}

bool policy_glob(struct str pattern, struct str text)
{
	size_t p = 0, t = 0;
	/* Where to go on when the last star has to take one byte more. */
	size_t star = 0, resume = 0;
	bool starred = false;

	while (t < text.n || p < pattern.n) {
		if (p < pattern.n && pattern.s[p] == '*') {
			starred = true;
			star = ++p;
			resume = t;
			continue;
		}
		if (p < pattern.n && t < text.n && glob_one(pattern, &p, text.s[t])) {
			t++;
			continue;
		}
		if (!starred || resume >= text.n)
			return false;
		p = star;
		t = ++resume;
	}
	return true;
}

/* The names by which a glob may mean a config. */
struct config_names {
	struct str path, hostname, context; /* context: "HOSTNAME/CONTEXT", or empty */
};

static bool glob_means(struct str glob, const struct config_names *names)
{
	return (names->path.n && policy_glob(glob, names->path)) ||
	       (names->hostname.n && policy_glob(glob, names->hostname)) ||
	       (names->context.n && policy_glob(glob, names->context));
}

static const struct appliance *find_appliance(const struct appliances *appliances, struct str name)
{
	VEC_EACH(struct appliance, appliance, &appliances->list) {
		if (str_eq(appliance->name, name))
			return appliance;
	}
	return NULL;
}

/* Whether some `firewalls:` entry names the appliance, so it holds for those firewalls alone. */
static bool is_limited(const struct policy *policy, struct str name)
{
	VEC_EACH(struct firewall_entry, entry, &policy->firewalls) {
		VEC_EACH(struct str, named, &entry->appliance_names) {
			if (str_eq(*named, name))
				return true;
		}
	}
	return false;
}

/* Append, or replace the one of the same name. */
static void put_appliance(struct arena *arena, struct appliances *appliances,
                          const struct appliance *appliance, bool named_here)
{
	struct appliance *slot = NULL;

	VEC_EACH(struct appliance, a, &appliances->list) {
		if (str_eq(a->name, appliance->name))
			slot = a;
	}
	if (slot)
		*slot = *appliance;
	else
		slot = VEC_PUSH(arena, &appliances->list, *appliance);
	slot->named_here = slot->named_here || named_here;
}

static void add_entry(struct arena *arena, struct policy *out, const struct policy *policy,
                      const struct firewall_entry *entry)
{
	VEC_EACH(struct str, name, &entry->appliance_names) {
		const struct appliance *appliance = find_appliance(&policy->appliances, *name);

		if (appliance)
			put_appliance(arena, &out->appliances, appliance, true);
	}
	VEC_EACH(struct appliance, appliance, &entry->appliances.list)
		put_appliance(arena, &out->appliances, appliance, true);
	if (entry->has_limits)
		out->limits = entry->limits;
}

static bool end_is_here(const struct policy *policy, const struct flow_end *end)
{
	return !end->appliance.n || find_appliance(&policy->appliances, end->appliance);
}

struct policy policy_for(struct arena *arena, const struct policy *policy, struct str path,
                         struct str hostname, struct str context)
{
	struct policy out = *policy;
	struct config_names names = {.path = path, .hostname = hostname};

	if (hostname.n && context.n)
		names.context = str_printf(arena, "%.*s/%.*s", STR(hostname), STR(context));

	out.appliances = (struct appliances){0};
	out.flows.v = NULL;
	out.flows.n = out.flows.cap = 0;
	out.ignores.v = NULL;
	out.ignores.n = out.ignores.cap = 0;
	out.firewalls.v = NULL;
	out.firewalls.n = out.firewalls.cap = 0;

	VEC_EACH(struct appliance, appliance, &policy->appliances.list) {
		if (!is_limited(policy, appliance->name))
			put_appliance(arena, &out.appliances, appliance, false);
	}
	VEC_EACH(struct firewall_entry, entry, &policy->firewalls) {
		if (glob_means(entry->match, &names))
			add_entry(arena, &out, policy, entry);
	}
	VEC_EACH(struct custom_flow, flow, &policy->flows) {
		if (end_is_here(&out, &flow->from) && end_is_here(&out, &flow->to))
			VEC_PUSH(arena, &out.flows, *flow);
	}
	VEC_EACH(struct ignore, ignore, &policy->ignores) {
		if (!ignore->firewall.n || glob_means(ignore->firewall, &names))
			VEC_PUSH(arena, &out.ignores, *ignore);
	}
	return out;
}

const struct hosts *appliance_cpq_addresses(const struct appliance *appliance)
{
	return appliance->cpq_addresses.list.n ? &appliance->cpq_addresses : &appliance->addresses;
}

const struct hosts *appliance_ssh_addresses(const struct appliance *appliance)
{
	return appliance->ssh_addresses.list.n ? &appliance->ssh_addresses : &appliance->addresses;
}

uint16_t appliance_cpq_port(const struct appliance *appliance)
{
	return appliance->cpq_port ? appliance->cpq_port : CPQ_PORT;
}

struct str policy_path_key(struct arena *arena, const struct policy *policy, struct str path)
{
	struct buf key = {.arena = arena};

	VEC_EACH(const struct firewall_entry, entry, &policy->firewalls)
		buf_char(&key, policy_glob(entry->match, path) ? 'y' : 'n');
	VEC_EACH(const struct ignore, ignore, &policy->ignores)
		buf_char(&key, policy_glob(ignore->firewall, path) ? 'y' : 'n');
	return buf_str(&key);
}
