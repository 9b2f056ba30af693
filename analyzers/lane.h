/* SPDX-License-Identifier: ISC */
/*
 * The one classification that the audit and the trace share. A lane is a set of packets
 * with one way through the firewall; the functions here split it into cells with one
 * verdict each: what owns it in a feature of the service policies (asa-semantics 1 and 3),
 * what the access rules say (9.3), which limits bind it (4.3, 5).
 */
#ifndef ANALYZERS_LANE_H
#define ANALYZERS_LANE_H

#include "analyzers/path.h"

struct feature_memo;

/* One host, port and direction of a flow, or one packet: what is classified in one go. */
struct lane {
	struct box real; /* by real addresses and ports */
	struct passage passage;
	uint8_t wire_proto;
	u128 wire_dst; /* the destination as the packet arrives with it */
	uint16_t wire_port;
	bool mapped_unknown; /* the destination's mapped address is not in the text */
	bool taken;          /* others reach another host by it: a static has it */
	bool guessed; /* the appliance's own interface is not known: this way is one of several */
	bool server_is_appliance, client_is_appliance;
	bool peer_is_any;    /* the other end is whoever it may be, not a set that somebody gave */
	u128 server, client; /* the appliance's real address at either end */
	const struct legacy_nat *server_nat, *client_nat;
	bool translated;       /* some rule surely translates the source */
	struct iset leaves_as; /* the source as an outbound list sees it, where that is known */
	/* Single packets only (trace.c): NAT was followed to its end. */
	bool nat_settled;
	struct feature_memo *memo; /* answers for packets that no class tells apart, or NULL */
};

/* A part of a lane with one verdict. */
struct verdict_cell {
	const struct lane *lane;
	struct box box;             /* real addresses */
	enum verdict verdict;       /* no, yes or unknown */
	const struct claim *claims; /* features: who may own it */
	bool open;                  /* features: it may be that no class owns it */
	bool blurred;               /* features: a class that cannot be read may act on it */
	const struct ace *ace;      /* permission: the deciding ACE */
	const struct acl *acl;      /* permission: the list that decided; NULL: levels */
	enum why_code why;
	struct str why_text;
	struct span why_span;
};

struct verdict_cells {
	VEC(struct verdict_cell) list;
};

/* What lane_feature() said of one packet, kept in an arena of its own for others like it. */
struct feature_memo {
	struct arena *arena;
	bool known[N_FEATURES];
	struct verdict_cells cells[N_FEATURES];
};

/* A limit that binds a flow. */
struct bound {
	struct limit_hit hit;
	const struct lane *lane;
	struct box box; /* packets it binds */
	bool certain;
	const struct legacy_nat *nat;     /* of `static` and `nat` */
	const struct policy_class *class; /* of `set connection` and `police` */
	const struct policy_map *policy;
};

struct bounds {
	VEC(struct bound) list;
};

/* Are they one limit, of one line, whatever packets either binds? */
bool bound_same(const struct bound *a, const struct bound *b);

/*
 * Who owns a lane for a feature, by every reading of the documents (rulings 4 and 5). The
 * verdict is whether SMTP inspection does (FEATURE_INSPECT), or any class at all (others);
 * where readings or an unreadable line leave it open it is unknown. Packets under
 * tcp-state-bypass have no inspection (1.6.5).
 */
void lane_feature(struct arena *arena, const struct config *config, const struct lane *lane,
                  enum feature feature, struct verdict_cells *out);

/*
 * A box in terms of what the ingress sees, by real addresses again: only what was seen by its
 * mapped address is put back, all else stays as it was narrowed.
 */
void lane_to_real(const struct lane *lane, struct box *box);

/* What the ingress decides: its access-list, the global one, the levels or FWSM's rule (9.3). */
void lane_ingress(struct arena *arena, const struct config *config, const struct lane *lane,
                  struct verdict_cells *out);

/* What the outbound list of the egress decides for a part of the lane, as it was seen coming in. */
void lane_egress(struct arena *arena, const struct config *config, const struct lane *lane,
                 const struct box *seen, struct verdict_cells *out);

/* Both: a cell is permitted by the ingress and the egress, or else has who stops it. */
void lane_permission(struct arena *arena, const struct config *config, const struct lane *lane,
                     struct verdict_cells *out);

/* Limits of `static` and `nat`, by the rules that translate the lane's ends (nat_limits.c). */
void lane_nat_limits(struct arena *arena, const struct config *config, const struct lane *lane,
                     struct bounds *out);

/*
 * Beside those of translation, which `out` holds: every limit that may bind a part of the lane,
 * each once. Embryonic ones of both kinds go where state bypass takes them away (5;
 * lane_limits.c).
 */
void lane_limits(struct arena *arena, const struct config *config, const struct lane *lane,
                 struct bounds *out);

/* Why something is not known. */
struct doubt {
	enum why_code code;
	struct str text;
	struct span span;
};

/*
 * What `same-security-traffic` says, whatever the lists permit (9.3): one interface in and out
 * needs it (NO); for two of one level that a list permits the documents do not tell (UNKNOWN).
 */
enum verdict lane_same_security(const struct config *config, const struct lane *lane,
                                struct doubt *why);

/* Is translation required from higher to lower levels (`nat-control`, 9.3)? */
bool lane_nat_control(const struct config *config);

/* --- what leaves it open (lane_doubts.c) -------------------------------------------------- */

/* A line that is not known may decide anything: the first is told; false when there is none. */
bool lane_stray_line(const struct config *config, struct doubt *doubt);

/* Why a lane with mapped_unknown is, in words. */
struct str lane_unknown_mapping(const struct lane *lane);

/* Reasons why a lane that nothing in the text inspects may be inspected all the same. */
bool lane_doubt_absent(const struct config *config, const struct lane *lane, struct doubt *doubt);

/*
 * May an interface policy that is perhaps on the way of a lane which is inspected end that? The
 * reason is told.
 */
bool lane_doubt_present(const struct config *config, const struct lane *lane, struct doubt *doubt);

#endif
