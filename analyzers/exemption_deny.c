/* SPDX-License-Identifier: ISC */
/*
 * AM402, AM403 and AM404: mail that a deny line was to exempt, and that is inspected all the same.
 * It is denied in another class, or by an address that is not seen there, or one way only.
 */
#include "analyzers/exemption_parts.h"

static bool by_default_ports(const struct audit *audit, name_id class)
{
	const struct class_map *map = config_class_map(audit->config, class);
	if (map)
		VEC_EACH(const struct class_match, match, &map->matches)
			if (match->kind == MATCH_DEFAULT_INSPECTION)
				return true;
	return false;
}

/* Has the list a deny line that may meet the box, by its addresses? */
static bool may_deny(const struct config *config, const struct acl *acl, const struct box *box)
{
	VEC_EACH(const struct ace, ace, &acl->aces)
		if (ace->action == ACE_DENY && !ace->inactive &&
		    iset_overlaps(config_addr_set(config, ace->src)->may, box->dim[DIM_SRC]) &&
		    iset_overlaps(config_addr_set(config, ace->dst)->may, box->dim[DIM_DST]))
			return true;
	return false;
}

/* The explicit deny that keeps (part of) a lane out of a class by its access-list. */
static const struct ace *denied_by(struct audit *audit, const struct policy_class *class,
                                   const struct box *seen)
{
	const struct class_match *match = exemption_acl_match(audit, class->name);
	const struct acl *acl = match ? config_acl(audit->config, match->acl) : NULL;
	struct cells cells = {0};
	if (!acl || acl->kind != ACL_EXTENDED || !may_deny(audit->config, acl, seen))
		return NULL;
	if (by_default_ports(audit, class->name))
		acl_paint_addresses(audit->arena, audit->config, acl, seen, &cells);
	else
		acl_paint(audit->arena, audit->config, acl, seen, &cells);
	VEC_EACH(const struct cell, cell, &cells.list)
		if (cell->can == CAN_DENY && cell->ace)
			return cell->ace;
	return NULL;
}

/* Classes in force that inspect SMTP, over all service policies. */
struct inspecting {
	const struct policy_class *class;
	const struct service_policy *service_policy;
};

struct inspectings {
	VEC(struct inspecting) list;
};

static struct inspectings inspecting_classes(struct audit *audit)
{
	struct inspectings out = {0};
	VEC_EACH(const struct service_policy, sp, &audit->config->service_policies) {
		const struct policy_map *policy = mpf_policy(audit->config, sp);
		if (!policy)
			continue;
		VEC_EACH(const struct policy_class, class, &policy->classes)
			if (exemption_inspects_smtp(audit, class))
				VEC_PUSH(audit->arena, &out.list, (struct inspecting){class, sp});
	}
	return out;
}

/* AM402: a class denies this flow, so it was to be exempt, and another class inspects it. */
static bool find_shadowed(struct audit *audit, const struct flow_work *work,
                          const struct verdict_cell *cell, const struct inspectings *all)
{
	const struct claim *owner = cell->claims;
	if (!owner || owner->fixup)
		return false;
	VEC_EACH(const struct inspecting, other, &all->list) {
		if (other->class == owner->class)
			continue;
		const struct ace *deny = denied_by(audit, other->class, &cell->lane->passage.seen);
		if (!deny)
			continue;
		struct str name = audit_name(audit, other->class->name);
		struct str message = str_printf(
		        audit->arena,
		        "class %.*s is made to exempt this mail, but class %.*s still "
		        "inspects it: a deny line only keeps packets out of its own class",
		        STR(name), STR(audit_name(audit, owner->class->name)));
		struct finding *finding =
		        audit_find(audit, RULE_AM402, work->flow, name, true, message);
		finding->fix = FIX_SAFE;
		audit_evidence(audit, finding, deny->span);
		audit_evidence(audit, finding, other->class->span);
		audit_evidence(audit, finding, owner->inspect->span);
		exemption_witness(audit, finding, work);
		return true;
	}
	return false;
}

/* The lane as it would look by the appliance's other address; false if it has none. */
static bool other_address(struct audit *audit, const struct lane *lane, struct box *box,
                          u128 *wrong, u128 *right)
{
	bool real_matches = config_uses_real_addresses(audit->config);
	*box = lane->passage.seen;
	if (lane->server_is_appliance) {
		*right = real_matches ? lane->server : lane->wire_dst;
		*wrong = real_matches ? lane->wire_dst : lane->server;
		box->dim[DIM_DST] = iset_point(audit->arena, *wrong);
		return *right != *wrong && !lane->mapped_unknown;
	}
	struct seen_as seen = path_seen(audit->config, &audit->tracer.nat, audit->arena,
	                                lane->client, 25, lane->passage.in, lane->passage.out);
	*right = lane->client;
	*wrong = seen.address;
	box->dim[DIM_SRC] = iset_point(audit->arena, *wrong);
	return seen.translated && !seen.unknown && *right != *wrong;
}

/* AM403: the class that inspects denies the appliance by an address that is never seen there. */
static bool find_wrong_address(struct audit *audit, const struct flow_work *work,
                               const struct verdict_cell *cell, const struct inspectings *all)
{
	struct box box;
	u128 wrong, right;
	if (!other_address(audit, cell->lane, &box, &wrong, &right))
		return false;
	VEC_EACH(const struct inspecting, inspecting, &all->list) {
		if (denied_by(audit, inspecting->class, &cell->lane->passage.seen))
			continue;
		const struct ace *deny = denied_by(audit, inspecting->class, &box);
		if (!deny)
			continue;
		struct str name = audit_name(audit, inspecting->class->name);
		struct str message = str_printf(
		        audit->arena,
		        "the exemption in class %.*s names %.*s, but here the class sees %.*s (%s)",
		        STR(name), STR(addr_text(audit->arena, wrong)),
		        STR(addr_text(audit->arena, right)),
		        config_uses_real_addresses(audit->config)
		                ? "from 8.3 classes match real addresses"
		                : "before 8.3 classes match addresses as the ingress interface "
		                  "sees them");
		struct finding *finding =
		        audit_find(audit, RULE_AM403, work->flow, name, true, message);
		finding->fix = FIX_SAFE;
		audit_evidence(audit, finding, deny->span);
		audit_evidence(audit, finding, inspecting->class->span);
		exemption_witness(audit, finding, work);
		return true;
	}
	return false;
}

/* The state bypass that surely frees a part of a lane, or an empty span. */
static struct span bypassed_by(struct audit *audit, const struct lane *lane)
{
	struct reading reading = {false, false};
	struct pieces pieces = {0};
	mpf_classify(audit->arena, audit->config, FEATURE_TCP, &lane->passage, reading, &pieces);
	VEC_EACH(const struct piece, piece, &pieces.list)
		if (piece->claims && !piece->open && piece->claims->class->state_bypass)
			return piece->claims->class->state_bypass_span;
	return (struct span){0};
}

/* The line that makes a flow of this kind exempt: a deny, or a state bypass. Empty: none does. */
static struct span exempt_by(struct audit *audit, const struct appliance *appliance,
                             enum flow_kind kind, const struct inspectings *all)
{
	VEC_EACH(const struct flow_work, work, &audit->flows) {
		if (work->flow->appliance != appliance || work->flow->kind != kind ||
		    !work->flow->on_path || work->flow->inspected != VERDICT_NO)
			continue;
		VEC_EACH(const struct lane, lane, &work->lanes) {
			struct span bypass = bypassed_by(audit, lane);
			if (bypass.len)
				return bypass;
			VEC_EACH(const struct inspecting, inspecting, &all->list) {
				const struct ace *deny =
				        denied_by(audit, inspecting->class, &lane->passage.seen);
				if (deny)
					return deny->span;
			}
		}
	}
	return (struct span){0};
}

/* What exempt_by() said of an appliance and a kind of flows, which come in a row. */
struct exempt {
	const struct appliance *appliance; /* NULL: nothing yet */
	enum flow_kind kind;
	struct span span;
};

static enum flow_kind opposite(enum flow_kind kind)
{
	switch (kind) {
	case FLOW_SMTP_IN:
		return FLOW_SMTP_OUT;
	case FLOW_SMTP_OUT:
		return FLOW_SMTP_IN;
	case FLOW_CPQ_QUARANTINE:
		return FLOW_CPQ_RELEASE;
	case FLOW_CPQ_RELEASE:
		return FLOW_CPQ_QUARANTINE;
	case FLOW_SSH_CONFIG:
	case FLOW_SPAM_QUARANTINE:
	case FLOW_CUSTOM:
	case FLOW_KIND_COUNT:
		break;
	}
	return FLOW_KIND_COUNT;
}

/* AM404: the way back is exempt, this way is not. */
static void find_one_way(struct audit *audit, const struct flow_work *work,
                         const struct verdict_cell *cell, const struct inspectings *all,
                         struct exempt *exempt)
{
	const struct flow *flow = work->flow;
	enum flow_kind back = opposite(flow->kind);
	if (exempt->appliance != flow->appliance || exempt->kind != back)
		*exempt = (struct exempt){flow->appliance, back,
		                          exempt_by(audit, flow->appliance, back, all)};
	if (!exempt->span.len || !cell->claims || !cell->claims->inspect)
		return;
	struct str message = str_printf(
	        audit->arena, "the other direction is exempt, this one is not: the appliance is "
	                      "server and client, so the list needs a line each way");
	struct finding *finding =
	        audit_find(audit, RULE_AM404, flow, audit_name(audit, cell->claims->class->name),
	                   true, message);
	finding->fix = FIX_SAFE;
	audit_evidence(audit, finding, exempt->span);
	audit_evidence(audit, finding, cell->claims->inspect->span);
	exemption_witness(audit, finding, work);
}

void exemption_failed_denies(struct audit *audit)
{
	struct inspectings all = inspecting_classes(audit);
	struct exempt exempt = {0};
	VEC_EACH(const struct flow_work, work, &audit->flows) {
		if (!exemption_still_inspected(work->flow) ||
		    opposite(work->flow->kind) == FLOW_KIND_COUNT)
			continue;
		const struct verdict_cell *cell = NULL;
		VEC_EACH(const struct verdict_cell, c, &work->inspection.list)
			if (c->verdict == VERDICT_YES && !cell)
				cell = c;
		if (!cell)
			continue;
		bool shadowed = find_shadowed(audit, work, cell, &all);
		bool wrong = find_wrong_address(audit, work, cell, &all);
		if (!shadowed && !wrong)
			find_one_way(audit, work, cell, &all, &exempt);
	}
}
