/* SPDX-License-Identifier: ISC */
/*
 * The audit of one config: its flows are laid out (flows.c), each is classified
 * (inspection.c, reachability.c, limits.c), then the rules look at the results
 * (smtp.c, caps.c, exemption.c, hygiene.c) and leave findings.
 */
#ifndef ANALYZERS_AUDIT_H
#define ANALYZERS_AUDIT_H

#include "analyzers/lane.h"
#include "analyzers/rules.h"
#include "analyzers/way.h"
#include "model/keys.h"

struct flow_work {
	struct flow *flow; /* in the report */
	const struct interface *in, *out;
	VEC(struct lane) lanes;
	VEC(struct way) ways; /* of each lane */
	struct verdict_cells inspection, permission;
	VEC(struct bound) bounds;
};

struct audit {
	struct arena *arena;
	const struct config *config;
	const struct policy *policy; /* as it holds for this config */
	struct str path;             /* as given: part of fingerprints */
	struct config_report *report;
	VEC(struct flow_work) flows;
	struct tracer tracer;
	struct keys flow_ids;            /* by hash: index into flows (flows.c) */
	const struct layout *layouts[2]; /* of IPv6 and IPv4, once they are needed */
	struct iset own_addresses;       /* of the firewall */
	struct iset no_hosts;            /* path_no_hosts(), for the rules */
	struct keys places;              /* in long lists of evidence (findings.c) */
	bool fragment; /* not a whole config: what is absent may still be on the device */
};

/*
 * Audit `config` (linked) by `policy` (policy_for()) and fill `report`: flows,
 * findings, diagnostics. `path` is the input as named by the user. Everything is
 * allocated in `arena`; the report refers to the config's sources. What was classified
 * is returned for those who go on from it (remedy.h).
 */
struct audit *audit_run(struct arena *arena, const struct config *config,
                        const struct policy *policy, struct str path, struct config_report *report);

/* The flows and what becomes of them, without the rules: what a comparison needs. */
struct audit *audit_classify(struct arena *arena, const struct config *config,
                             const struct policy *policy, struct str path,
                             struct config_report *report);

/*
 * Mark the findings that the policy's `ignore:` entries or remarks of the config cover, and add
 * AM911 and AM912 for those that are past their day or cover nothing (suppress.c). `today` is
 * YYYY-MM-DD.
 */
void audit_suppress(struct audit *audit, struct str today);

/*
 * Give the findings of a config their fingerprints (product.md): hashes of rule, path, context,
 * flow and what is at fault; of findings alike in these the second and later get a number. To be
 * called again where findings were added or the path was changed.
 */
void findings_fingerprint(struct arena *arena, struct config_report *config);

/* --- stages, in this order -------------------------------------------------------------- */

void audit_flows(struct audit *audit);           /* flows.c: lay out flows and lanes */
void audit_inspection(struct audit *audit);      /* inspection.c: flow->inspected, inspections */
void audit_permission(struct audit *audit);      /* reachability.c: flow->permitted */
void audit_limits(struct audit *audit);          /* limits.c: flow->limits */
void audit_smtp_rules(struct audit *audit);      /* smtp.c: AM101-AM108 */
void audit_cap_rules(struct audit *audit);       /* caps.c: AM201-AM208 */
void audit_block_rules(struct audit *audit);     /* blocked.c: AM301-AM304 */
void audit_exemption_rules(struct audit *audit); /* exemption.c: AM401-AM406, AM408 */
void audit_breadth_rules(struct audit *audit);   /* breadth.c: AM407 */
void audit_hygiene_rules(struct audit *audit);   /* hygiene.c: AM501, AM9xx */

/* The limits that may bind a lane of a flow, by its index; after audit_permission(). */
void audit_lane_limits(const struct audit *audit, const struct flow_work *work, uint32_t lane,
                       struct bounds *out);

/* --- findings.c -------------------------------------------------------------------------- */

/*
 * Add a finding of the rule at its default severity (lowered to warning when it is
 * not certain, and for discovered appliances). `flow` may be NULL. at_fault names what
 * is at fault, for the fingerprint. Returns it for evidence and witness.
 */
struct finding *audit_find(struct audit *audit, enum rule_index rule, const struct flow *flow,
                           struct str at_fault, bool certain, struct str message);

/* The finding is about an appliance as a whole; guesses are capped at warning. */
void audit_about(struct audit *audit, struct finding *finding, const struct appliance *appliance);

/* Add a line as evidence, once. */
void audit_evidence(struct audit *audit, struct finding *finding, struct span span);

/* --- witness.c --------------------------------------------------------------------------- */

/*
 * Give a finding that has its evidence a witness, unless it has one: a packet of `box`, a part of
 * the lane, as it arrives on the wire, whose trace shows what the finding says. None where no
 * packet that was tried does.
 */
void audit_witness(struct audit *audit, struct finding *finding, const struct lane *lane,
                   const struct box *box);

/*
 * Find a packet of the flow that the firewall passes, surely where it can be, and whose trace shows
 * what the finding says (NULL: no more is asked of it). Returns false where none that was tried is.
 */
bool audit_passing_packet(const struct audit *audit, const struct flow *flow,
                          const struct finding *like, struct witness *out);

/* --- shared by rules ---------------------------------------------------------------------- */

/* Is it mail on an SMTP port; or between an ESA and the central quarantines of an SMA? */
bool flow_is_smtp(const struct flow *flow);
bool flow_is_cpq(const struct flow *flow);
/* Add a reason for a verdict about the flow; one of the same code and text is there once. */
void flow_why(struct audit *audit, struct flow *flow, enum why_about about, enum verdict verdict,
              enum why_code code, struct str text, struct span span);
/* The verdict of a whole from its cells: all yes, all no, some of each, or unknown. */
enum verdict verdict_of(const struct verdict_cells *cells);
/* Packets of the cells with one verdict, with few boxes. */
struct pset packets_with(struct arena *arena, const struct verdict_cells *cells,
                         enum verdict verdict);
/* A limit under the policy's minimum, where 0 makes any limit one (ruling 12; caps.c). */
bool audit_is_low(const struct audit *audit, const struct limit_hit *hit);
/* The rule that finds a limit under that minimum (caps.c). */
enum rule_index audit_limit_rule(const struct audit *audit, const struct bound *bound);
/*
 * The mail of the appliances: a box for each flow and spelling of its addresses (breadth.c). They
 * may overlap.
 */
struct boxes audit_mail(const struct audit *audit);
/* The config's own text of a name. */
struct str audit_name(const struct audit *audit, name_id name);

#endif
