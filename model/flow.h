/* SPDX-License-Identifier: ISC */
/* Flows of the appliances through one firewall, and what is known of each. */
#ifndef MODEL_FLOW_H
#define MODEL_FLOW_H

#include "model/packet_set.h"
#include "model/policy.h"

enum flow_kind {
	FLOW_SMTP_IN,
	FLOW_SMTP_OUT,
	FLOW_CPQ_QUARANTINE,
	FLOW_CPQ_RELEASE,
	FLOW_SSH_CONFIG,
	FLOW_SPAM_QUARANTINE,
	FLOW_CUSTOM,
	FLOW_KIND_COUNT
};
extern const char *const flow_kind_names[FLOW_KIND_COUNT]; /* "smtp-in", ..., "custom" */

enum verdict { VERDICT_NO, VERDICT_YES, VERDICT_PARTLY, VERDICT_UNKNOWN, VERDICT_COUNT };
extern const char *const verdict_names[VERDICT_COUNT]; /* "no", "yes", "partly", "unknown" */

/* What a reason speaks of, and the reasons there are for not knowing (product.md, JSON `why`). */
enum why_about { ABOUT_PERMITTED, ABOUT_INSPECTED, ABOUT_ON_PATH, ABOUT_COUNT };
extern const char *const why_about_names[ABOUT_COUNT]; /* "permitted", "inspected", "on_path" */

enum why_code {
	WHY_NONE,
	WHY_FQDN,
	WHY_MASKED,
	WHY_UNMODELLED,
	WHY_RELEASE,
	WHY_TWO_READINGS,
	WHY_TIME_RANGE,
	WHY_IDENTITY,
	WHY_BUDGET,
	WHY_ROUTE,
	WHY_COUNT
};
extern const char *const why_code_names[WHY_COUNT]; /* "none", "fqdn", ..., "route" */

struct why {
	enum why_about about;
	enum verdict verdict;
	enum why_code code;
	struct str text;
	struct span span; /* len 0: no line */
};

/* An engine that inspects (part of) a flow. */
struct inspection_hit {
	struct str engine;        /* "esmtp", "smtp", "http", ... */
	struct str map;           /* empty: the default map */
	struct str policy, class; /* empty for a PIX 6 fixup */
	struct str interface;     /* empty: global */
	struct span span;
};

enum limit_kind {
	LIMIT_CONN_MAX,
	LIMIT_EMBRYONIC,
	LIMIT_PER_CLIENT,
	LIMIT_PER_CLIENT_EMBRYONIC,
	LIMIT_POLICE,
	LIMIT_KIND_COUNT
};
extern const char *const limit_kind_names[LIMIT_KIND_COUNT]; /* "conn-max", ... */

enum limit_source { FROM_STATIC, FROM_NAT, FROM_SET_CONNECTION, FROM_POLICE, LIMIT_SOURCE_COUNT };
extern const char *const limit_source_names[LIMIT_SOURCE_COUNT]; /* "static", ... */

struct limit_hit {
	enum limit_kind kind;
	enum limit_source source;
	uint32_t value;      /* connections; for police bits a second */
	struct str at_fault; /* class, or NAT addresses: stable across line moves */
	struct span span;
};

struct flow {
	struct str id; /* APPLIANCE/FLOW/FROM-TO */
	enum flow_kind kind;
	struct str name; /* flow_kind_names, or the custom flow's own name */
	const struct appliance *appliance;
	struct str from, to; /* nameifs; "any" where the config names none */
	uint8_t protocol;
	struct ports ports;
	bool on_path;
	bool primary; /* permission is judged here; from other interfaces it is only listed */
	enum verdict permitted, inspected; /* meaningless when off path */
	VEC(struct why) why;
	struct pset packets;           /* the flow, by real addresses */
	struct pset permitted_packets; /* what is surely permitted (given when partly) */
	struct pset inspected_packets; /* what is surely inspected (given when partly) */
	VEC(struct inspection_hit) inspections;
	VEC(struct limit_hit) limits;
};

#endif
