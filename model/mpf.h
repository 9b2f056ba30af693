/* SPDX-License-Identifier: ISC */
/* The Modular Policy Framework: class-maps, policy-maps, service-policies (asa-semantics 1-3, 5).
 */
#ifndef MODEL_MPF_H
#define MODEL_MPF_H

#include "model/inspect_map.h"
#include "model/object.h"

enum match_kind {
	MATCH_ANY,
	MATCH_ACL,
	MATCH_PORT, /* destination port of one protocol */
	MATCH_DEFAULT_INSPECTION,
	MATCH_HEADER, /* dscp, precedence, rtp, tunnel-group, flow: not told from addresses and
	                 ports */
	MATCH_UNKNOWN /* could not be read */
};

struct class_match {
	enum match_kind kind;
	name_id acl;
	uint8_t protocol; /* of MATCH_PORT */
	uint16_t lo, hi;
	bool rtp;        /* of MATCH_HEADER: UDP only */
	bool doubtful;   /* the device would refuse the line: it may not match at all */
	struct str text; /* as written, after `match` */
	struct span span;
};

/* class-map [type ...] N. Classes of a type do not classify through traffic. */
struct class_map {
	name_id name;
	bool typed;
	bool match_any_of; /* class-map match-any */
	VEC(struct class_match) matches;
	VEC(struct class_match) refused; /* more of them, which the device refuses (section 2) */
	struct span span;
};

struct inspect {
	name_id engine; /* its words, e.g. "h323 h225", "esmtp", "dns" */
	name_id map;    /* 0: none named */
	struct span span;
};

enum conn_limit {
	CONN_MAX,
	CONN_EMBRYONIC,
	CONN_PER_CLIENT,
	CONN_PER_CLIENT_EMBRYONIC,
	CONN_LIMIT_COUNT
};

enum conn_timeout { TIMEOUT_IDLE, TIMEOUT_EMBRYONIC, TIMEOUT_HALF_CLOSED, TIMEOUT_COUNT };

/* As `set connection` has them: "conn-max", "idle" (config.c). */
extern const char *const conn_limit_words[CONN_LIMIT_COUNT];
extern const char *const conn_timeout_words[TIMEOUT_COUNT];

/* A number that a line may have set. */
struct setting_number {
	bool set;
	uint32_t value;
	struct span span;
};

/* csc, ips, cxsc, sfr, cx, scansafe: traffic is sent through a module. */
struct module_action {
	name_id module;
	bool copy_only; /* promiscuous, monitor-only: the module sees a copy */
	struct span span;
};

/* class C inside a policy-map, with its actions. */
struct policy_class {
	name_id name;
	VEC(struct inspect) inspects;
	struct setting_number limits[CONN_LIMIT_COUNT];
	struct setting_number timeouts[TIMEOUT_COUNT]; /* seconds; 0: never */
	bool conn_other;      /* another action of the same feature: one of the next two */
	bool random_sequence; /* random-sequence-number enable or disable ... */
	bool sequence_kept;   /* ... the latter */
	bool dcd;
	uint32_t dcd_retry, dcd_tries; /* as written; 0: by default */
	bool state_bypass;
	name_id tcp_map; /* 0: none */
	struct span state_bypass_span;
	struct setting_number police_in, police_out; /* bits a second */
	VEC(struct module_action) modules;
	VEC(struct span) negated; /* `no inspect` of what was not there: an exemption attempt */
	VEC(struct span) others;  /* actions that have nothing to do with mail */
	uint32_t other_actions;   /* how many */
	bool unknown;             /* a line in it could not be read */
	VEC(struct span) lines;   /* every command entered in it, in order */
	struct span span;
};

struct policy_map {
	name_id name;
	VEC(struct policy_class) classes; /* in order, class-default last whatever the text says */
	struct span span;
};

/* service-policy P {global | interface IFC} */
struct service_policy {
	name_id policy;
	name_id interface; /* 0: global */
	bool fail_close;
	struct span span;
};

/* fixup protocol ENGINE [PORT[-PORT]], PIX up to 6.x and FWSM up to 2.x */
struct fixup {
	name_id engine;    /* its words, e.g. "smtp", "h323 ras" */
	uint8_t transport; /* TCP or UDP; 0: the engine is not known, it may be either */
	bool perhaps_udp;  /* `sip PORT` where no `sip udp` tells: UDP may be meant too */
	uint16_t lo, hi;   /* destination ports; 0: it is not about ports */
	bool off;          /* stored as `no fixup ...` */
	struct str text;   /* as written, after `protocol` */
	struct span span;
};

#endif
