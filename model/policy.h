/* SPDX-License-Identifier: ISC */
/*
 * The site policy: which appliances there are, what they need, and how findings
 * are judged. Read from YAML (parser/policy_yaml) or made from --esa and --sma.
 */
#ifndef MODEL_POLICY_H
#define MODEL_POLICY_H

#include "model/diag.h"
#include "model/interval.h"

enum role { ROLE_ESA, ROLE_SMA, ROLE_COUNT };
extern const char *const role_names[ROLE_COUNT]; /* "esa", "sma" */

/* One address of an appliance, with the address others see it by where that is known. */
struct host {
	u128 real;
	u128 mapped;
	bool has_mapped;
};

struct hosts {
	VEC(struct host) list;
};

struct ports {
	VEC(uint16_t) list;
};

struct appliance {
	struct str name;
	enum role role;
	struct hosts addresses;
	struct ports smtp_ports;    /* empty means 25 */
	struct hosts cpq_addresses; /* empty means `addresses` */
	uint16_t cpq_port;          /* 0 means 7025 */
	struct hosts ssh_addresses; /* empty means `addresses` */
	bool spam_quarantine;       /* asks for the spam-quarantine flow */
	bool named_here; /* named on the command line or for this very firewall: AM905 applies */
	bool discovered; /* a guess of ours: findings are capped at warning */
};

/* One end of a custom flow: an appliance by name, or addresses ("any" is all of them). */
struct flow_end {
	struct str appliance; /* empty: `addresses` counts */
	struct iset addresses;
};

struct custom_flow {
	struct str name;
	struct flow_end from, to; /* at least one is an appliance */
	uint8_t protocol;         /* tcp unless given */
	struct ports ports;
};

/* `rules:` and the command line change a rule's severity or turn it off. */
struct rule_setting {
	struct str rule; /* a whole id */
	bool off;
	enum severity severity;
};

struct ignore {
	struct str rule;     /* id or prefix */
	struct str firewall; /* glob; empty: all */
	struct str flow;     /* glob over flow ids; empty: all */
	struct str until;    /* "YYYY-MM-DD"; empty: no end */
	struct str ticket, reason;
	struct span span;
};

struct limits_wanted {
	uint32_t min_connections, min_embryonic; /* caps under these are findings; 0: any cap is */
};

enum fix_form {
	FORM_DEFAULT,
	FORM_SPLIT_CLASS,
	FORM_TECHNOTE,
	FORM_ALLOW_TLS,
	FORM_GLOBAL_OFF,
	FORM_COUNT
};
extern const char *const fix_form_names[FORM_COUNT]; /* "default", "split-class", ... */

struct appliances {
	VEC(struct appliance) list;
};

/* A `firewalls:` entry: what holds for the configs that match. */
struct firewall_entry {
	struct str match; /* glob over path, hostname, hostname/context */
	VEC(struct str) appliance_names;
	struct appliances appliances; /* whole entries given in place */
	bool has_limits;
	struct limits_wanted limits;
	struct span span;
};

struct policy {
	struct sources sources; /* the policy file, for its spans; may be empty */
	struct appliances appliances;
	struct limits_wanted limits;
	VEC(struct custom_flow) flows;
	VEC(struct rule_setting) rules;
	VEC(struct ignore) ignores;
	VEC(struct firewall_entry) firewalls;
	enum fix_form form;
	struct str name_prefix; /* of names that fix makes; empty: "ESMTP" */
	bool remarks_off;       /* suppressions in remarks are refused */
};

/* The policy without a file: no appliances, limits 1000 and 1000. */
struct policy policy_default(void);

/*
 * The policy as it holds for one config: its appliances (all general ones that no
 * `firewalls:` entry limits elsewhere, then those of every matching entry, the later
 * winning by name) and limits. Matching is by glob over path, hostname and
 * hostname/context. Strings and sets are shared with `policy`.
 */
struct policy policy_for(struct arena *arena, const struct policy *policy, struct str path,
                         struct str hostname, struct str context);

/*
 * What the policy makes of a path, whatever is in the file: equal texts of which this is equal too
 * are judged alike. A word of a letter for each pattern that is held against the path.
 */
struct str policy_path_key(struct arena *arena, const struct policy *policy, struct str path);

/* Shell glob: * (any run, '/' included), ? (one byte), [abc], [a-z], [!...]. Case counts. */
bool policy_glob(struct str pattern, struct str text);

/* The addresses and ports an appliance uses for a purpose, defaults filled in. */
const struct hosts *appliance_cpq_addresses(const struct appliance *appliance);
const struct hosts *appliance_ssh_addresses(const struct appliance *appliance);
uint16_t appliance_cpq_port(const struct appliance *appliance);

#endif
