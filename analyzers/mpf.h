/* SPDX-License-Identifier: ISC */
/*
 * Which class of which service policy acts on packets, per feature (asa-semantics
 * 1 and 3, rulings 1 to 6). A region is split into pieces; a piece carries every
 * claim that may own it, and whether it may be owned by none.
 */
#ifndef ANALYZERS_MPF_H
#define ANALYZERS_MPF_H

#include "analyzers/paint.h"

/* Features are searched separately: the first class with an action of the feature that matches. */
enum feature {
	FEATURE_INSPECT,    /* all exclusive inspections together (ruling 2) */
	FEATURE_CONN,       /* set connection limits, timeouts, sequence numbers (ruling 6) */
	FEATURE_TCP,        /* tcp-map and tcp-state-bypass */
	FEATURE_POLICE_IN,  /* where packets enter */
	FEATURE_POLICE_OUT, /* where they leave */
	FEATURE_MODULE
};
enum { N_FEATURES = FEATURE_MODULE + 1 };

/* A class that owns, or may own, a piece. */
struct claim {
	const struct service_policy *service_policy; /* NULL for a fixup */
	const struct policy_map *policy;
	const struct policy_class *class;
	const struct inspect *inspect; /* FEATURE_INSPECT only */
	const struct fixup *fixup;     /* instead of all above on PIX 6 */
	const struct claim *next;      /* another that may own the same piece */
};

/* The engine of a claim of FEATURE_INSPECT. */
name_id mpf_engine(const struct claim *claim);

struct piece {
	struct box box;
	const struct claim *claims;
	bool open;    /* it may be that no class of the feature acts on it */
	bool blurred; /* a class with an unreadable action may act on it in any way */
	/* Why it is not known, where claims and open leave more than one possibility. */
	enum why_code why;
	struct str why_text;
	struct span why_span;
};

struct pieces {
	VEC(struct piece) list;
};

/*
 * The two questions that the documents leave open. A verdict holds if all readings
 * give it; else it is unknown and names them.
 */
struct reading {
	bool per_feature;    /* ruling 4: a policy that holds an engine hides it in the others */
	bool real_in_global; /* ruling 5: before 8.3 a global policy sees the real address */
};

/* Where packets enter and leave, and how they look to an access-list at the ingress. */
struct passage {
	const struct interface *in, *out; /* NULL: not known */
	struct box seen;                  /* as on the ingress interface */
	struct box
	        global; /* as a global policy may see it instead; equal to `seen` but before 8.3 */
};

/*
 * The pieces of a passage for one feature under one reading. Boxes are in terms of
 * `seen`, whatever the reading.
 */
void mpf_classify(struct arena *arena, const struct config *config, enum feature feature,
                  const struct passage *passage, struct reading reading, struct pieces *pieces);

/*
 * The pieces of a region under one policy-map alone, as it acts wherever it is applied. Which
 * class comes first does not depend on the place, so two policies are compared by this.
 */
void mpf_classify_policy(struct arena *arena, const struct config *config, enum feature feature,
                         const struct policy_map *policy, const struct box *region,
                         struct pieces *pieces);

/*
 * The same of FEATURE_INSPECT behind other policies (NULL: none), whose engines act in it no more
 * by one reading of ruling 4.
 */
void mpf_classify_behind(struct arena *arena, const struct config *config,
                         const struct policy_map *policy, const struct policy_map *const before[2],
                         const struct box *region, struct pieces *pieces);

/* The default ports of an engine (asa-semantics section 2) as at most 3 boxes; how many. */
uint32_t mpf_default_ports(struct arena *arena, const struct config *config, name_id engine,
                           struct box *boxes);

/* Never blocks another inspection (ruling 2). */
bool mpf_is_combinable(const struct config *config, name_id engine);

/*
 * The other reading of 1.1.7: an inspection of a later class of the same policy that matches (a
 * part of) the box too and stands before the claim's engine in the fixed order that older books
 * print. NULL when there is none. Ruling 2 goes by class order; a finding names this one.
 */
const struct claim *mpf_other_reading(struct arena *arena, const struct config *config,
                                      const struct claim *claim, const struct box *box);

/* Is the engine one that inspects SMTP (`esmtp`, or `smtp` of FWSM and PIX)? */
bool mpf_is_smtp(const struct config *config, name_id engine);

/*
 * The service policies that a passage meets for a feature, in the order in which they are asked;
 * how many, at most 3.
 */
uint32_t mpf_asked(const struct config *config, enum feature feature, const struct passage *passage,
                   const struct service_policy **asked);

/* The service policies and their maps that exist; NULL when the map is missing. */
const struct policy_map *mpf_policy(const struct config *config, const struct service_policy *sp);

/*
 * Does the policy hold an action of the feature in some class? By one reading of ruling 4 it then
 * hides the policies that are asked after it; in inspection each engine by itself does so.
 */
bool mpf_implements(const struct config *config, const struct policy_map *policy,
                    enum feature feature);

/* Does some class of the policy inspect with this engine? `esmtp` and `smtp` are one. */
bool mpf_inspects_with(const struct config *config, const struct policy_map *policy,
                       struct str engine);

/*
 * Does `set connection` in a class set only limits of 0, which are none (ruling 12)? Whether that
 * is an action of the feature is open (asa-semantics 5).
 */
bool mpf_sets_no_limit(const struct policy_class *class);

/* Does the class hold an action of the feature? */
bool mpf_class_has(const struct config *config, const struct policy_class *class,
                   enum feature feature);

#endif
