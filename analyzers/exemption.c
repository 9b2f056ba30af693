/* SPDX-License-Identifier: ISC */
/*
 * AM401 to AM408: exemptions from inspection that do not do what they were made
 * for. An exemption that works shows in the verdict; these rules look at appliances
 * whose mail is still inspected and say why what was written does not help.
 */
#include "analyzers/audit.h"

/* --- what a class is -------------------------------------------------------------------- */

static bool inspects_smtp(const struct audit *audit, const struct policy_class *class)
{
	VEC_EACH(const struct inspect, inspect, &class->inspects)
		if (mpf_is_smtp(audit->config, inspect->engine))
			return true;
	return false;
}

static bool has_actions(const struct audit *audit, const struct policy_class *class)
{
	return class->inspects.n || class->modules.n || class->police_in.set ||
	       class->police_out.set || class->other_actions || class->unknown ||
	       mpf_class_has(audit->config, class, FEATURE_CONN) ||
	       mpf_class_has(audit->config, class, FEATURE_TCP);
}

static const struct class_match *acl_match(const struct audit *audit, name_id class)
{
	const struct class_map *map = config_class_map(audit->config, class);
	if (map)
		VEC_EACH(const struct class_match, match, &map->matches)
			if (match->kind == MATCH_ACL)
				return match;
	return NULL;
}

static bool by_default_ports(const struct audit *audit, name_id class)
{
	const struct class_map *map = config_class_map(audit->config, class);
	if (map)
		VEC_EACH(const struct class_match, match, &map->matches)
			if (match->kind == MATCH_DEFAULT_INSPECTION)
				return true;
	return false;
}

/* --- does a list speak of an appliance? ------------------------------------------------- */

/* Networks up to this size name somebody; larger ones speak of everybody. */
enum { NAMED_AT_MOST = 65536 };

static bool names(struct iset set, u128 address)
{
	return iset_contains(set, address) &&
	       iset_size_capped(set, NAMED_AT_MOST + 1) <= NAMED_AT_MOST;
}

static bool ace_names_host(const struct audit *audit, const struct ace *ace,
                           const struct host *host)
{
	const struct addr_set *ends[] = {config_addr_set(audit->config, ace->src),
	                                 config_addr_set(audit->config, ace->dst)};
	for (size_t i = 0; i < 2; i++)
		if (names(ends[i]->must, host->real) ||
		    (host->has_mapped && names(ends[i]->must, host->mapped)))
			return true;
	return false;
}

/* The first active ACE that names an address of the appliance, real or mapped. */
static const struct ace *naming_ace(const struct audit *audit, const struct acl *acl,
                                    const struct appliance *appliance)
{
	VEC_EACH(const struct ace, ace, &acl->aces) {
		if (ace->action == ACE_REMARK || ace->action == ACE_UNKNOWN || ace->inactive)
			continue;
		VEC_EACH(const struct host, host, &appliance->addresses.list)
			if (ace_names_host(audit, ace, host))
				return ace;
	}
	return NULL;
}

static const struct ace *class_names(const struct audit *audit, name_id class,
                                     const struct appliance *appliance)
{
	const struct class_match *match = acl_match(audit, class);
	const struct acl *acl = match ? config_acl(audit->config, match->acl) : NULL;
	return acl ? naming_ace(audit, acl, appliance) : NULL;
}

/* --- is mail of the appliance still inspected? ------------------------------------------ */

static bool still_inspected(const struct flow *flow)
{
	return flow->on_path &&
	       (flow->inspected == VERDICT_YES || flow->inspected == VERDICT_PARTLY);
}

static bool is_inspected_mail(const struct flow *flow, const struct appliance *appliance)
{
	return flow->appliance == appliance && still_inspected(flow) &&
	       (flow_is_smtp(flow) || flow_is_cpq(flow));
}

/* A packet of a flow that is inspected. */
static void witness_inspected(struct audit *audit, struct finding *finding,
                              const struct flow_work *work)
{
	VEC_EACH(const struct verdict_cell, cell, &work->inspection.list)
		if (cell->verdict == VERDICT_YES)
			audit_witness(audit, finding, cell->lane, &cell->box);
}

/* The same of any flow of an appliance. */
static void witness_appliance(struct audit *audit, struct finding *finding,
                              const struct appliance *appliance)
{
	VEC_EACH(const struct flow_work, work, &audit->flows)
		if (is_inspected_mail(work->flow, appliance))
			witness_inspected(audit, finding, work);
}

/* A cell of a flow of the appliance that is inspected; NULL if none is. */
static const struct verdict_cell *inspected_cell(const struct audit *audit,
                                                 const struct appliance *appliance)
{
	VEC_EACH(const struct flow_work, work, &audit->flows) {
		if (!is_inspected_mail(work->flow, appliance))
			continue;
		VEC_EACH(const struct verdict_cell, cell, &work->inspection.list)
			if (cell->verdict == VERDICT_YES)
				return cell;
	}
	return NULL;
}

/* --- AM401 ------------------------------------------------------------------------------ */

static void find_empty_class(struct audit *audit, const struct appliance *appliance,
                             const struct service_policy *sp, const struct policy_map *policy,
                             const struct policy_class *class)
{
	const struct verdict_cell *cell = inspected_cell(audit, appliance);
	const struct ace *ace = class_names(audit, class->name, appliance);
	if (!cell || has_actions(audit, class) || !(ace || class->negated.n))
		return;
	struct str name = audit_name(audit, class->name);
	struct str message = str_printf(
	        audit->arena,
	        "class %.*s has no action, so it exempts nothing: the search goes on to the next "
	        "class "
	        "that inspects (`no inspect` in a class that never had it removes nothing)",
	        STR(name));
	struct str fault = str_printf(audit->arena, "%.*s %.*s", STR(name), STR(appliance->name));
	struct finding *finding = audit_find(audit, RULE_AM401, NULL, fault, true, message);
	audit_about(audit, finding, appliance);
	finding->fix = FIX_SAFE;
	audit_evidence(audit, finding, class->span);
	VEC_EACH(const struct span, negated, &class->negated)
		audit_evidence(audit, finding, *negated);
	const struct class_match *match = acl_match(audit, class->name);
	if (match)
		audit_evidence(audit, finding, match->span);
	if (ace)
		audit_evidence(audit, finding, ace->span);
	if (cell->claims && cell->claims->inspect)
		audit_evidence(audit, finding, cell->claims->inspect->span);
	witness_appliance(audit, finding, appliance);
	(void)sp;
	(void)policy;
}

/* --- AM402, AM403, AM404 ---------------------------------------------------------------- */

/* The explicit deny that keeps (part of) a lane out of a class by its access-list. */
static const struct ace *denied_by(struct audit *audit, const struct policy_class *class,
                                   const struct box *seen)
{
	const struct class_match *match = acl_match(audit, class->name);
	const struct acl *acl = match ? config_acl(audit->config, match->acl) : NULL;
	struct cells cells = {0};
	if (!acl || acl->kind != ACL_EXTENDED)
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
			if (inspects_smtp(audit, class))
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
		struct str message =
		        str_printf(audit->arena,
		                   "class %.*s is made to exempt this mail, but class %.*s still "
		                   "inspects it: a deny line "
		                   "only keeps packets out of its own class",
		                   STR(name), STR(audit_name(audit, owner->class->name)));
		struct finding *finding =
		        audit_find(audit, RULE_AM402, work->flow, name, true, message);
		finding->fix = FIX_SAFE;
		audit_evidence(audit, finding, deny->span);
		audit_evidence(audit, finding, other->class->span);
		audit_evidence(audit, finding, owner->inspect->span);
		witness_inspected(audit, finding, work);
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
	struct seen_as seen = path_seen(audit->config, audit->arena, lane->client, 25,
	                                lane->passage.in, lane->passage.out);
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
		witness_inspected(audit, finding, work);
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
	witness_inspected(audit, finding, work);
}

static void find_failed_denies(struct audit *audit)
{
	struct inspectings all = inspecting_classes(audit);
	struct exempt exempt = {0};
	VEC_EACH(const struct flow_work, work, &audit->flows) {
		if (!still_inspected(work->flow) || opposite(work->flow->kind) == FLOW_KIND_COUNT)
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

/* --- AM405 ------------------------------------------------------------------------------ */

static bool policy_in_force(const struct audit *audit, name_id policy)
{
	VEC_EACH(const struct service_policy, sp, &audit->config->service_policies)
		if (sp->policy == policy)
			return true;
	return false;
}

/* The policy-map that holds a class, one in force before others. */
static const struct policy_map *policy_of(const struct audit *audit, name_id class, bool *in_force)
{
	const struct policy_map *found = NULL;
	*in_force = false;
	VEC_EACH(const struct policy_map, policy, &audit->config->policy_maps)
		VEC_EACH(const struct policy_class, at, &policy->classes) {
			if (at->name != class)
				continue;
			if (!found || policy_in_force(audit, policy->name))
				found = policy;
			*in_force |= policy_in_force(audit, policy->name);
		}
	return found;
}

static void find_unbound(struct audit *audit, const struct appliance *appliance)
{
	const struct verdict_cell *cell = inspected_cell(audit, appliance);
	if (!cell)
		return;
	VEC_EACH(const struct class_map, map, &audit->config->class_maps) {
		bool in_force;
		const struct policy_map *policy = policy_of(audit, map->name, &in_force);
		const struct ace *ace = class_names(audit, map->name, appliance);
		if (in_force || !ace)
			continue;
		struct str name = audit_name(audit, map->name);
		struct str message =
		        policy ? str_printf(audit->arena,
		                            "class %.*s is in policy-map %.*s, which no "
		                            "service-policy applies: it "
		                            "does nothing",
		                            STR(name), STR(audit_name(audit, policy->name)))
		               : str_printf(audit->arena,
		                            "class-map %.*s is in no policy-map: it does nothing",
		                            STR(name));
		struct str fault =
		        str_printf(audit->arena, "%.*s %.*s", STR(name), STR(appliance->name));
		struct finding *finding = audit_find(audit, RULE_AM405, NULL, fault, true, message);
		audit_about(audit, finding, appliance);
		finding->fix = FIX_SAFE;
		audit_evidence(audit, finding, map->span);
		if (policy)
			audit_evidence(audit, finding, policy->span);
		audit_evidence(audit, finding, ace->span);
		witness_appliance(audit, finding, appliance);
	}
}

/* --- AM406 ------------------------------------------------------------------------------ */

/* What is wrong with the list of a class, or NULL. */
static const char *list_fault(const struct audit *audit, const struct acl *acl)
{
	uint32_t active = 0, lines = 0;
	if (!acl)
		return "does not exist";
	VEC_EACH(const struct ace, ace, &acl->aces) {
		lines += ace->action != ACE_REMARK;
		active += ace->action != ACE_REMARK && !ace->inactive;
	}
	if (acl->kind == ACL_EXTENDED && lines == 0)
		return "has no lines";
	if (acl->kind == ACL_EXTENDED && active == 0)
		return "has inactive lines only";
	VEC_EACH(const struct ace, ace, &acl->aces)
		if (ace->action != ACE_REMARK && ace->action != ACE_UNKNOWN && !ace->inactive &&
		    (config_addr_set(audit->config, ace->src)->dangling ||
		     config_addr_set(audit->config, ace->dst)->dangling ||
		     config_service_set(audit->config, ace->service)->dangling))
			return "names an object that does not exist";
	return NULL;
}

static void dangling(struct audit *audit, struct str fault, struct str message, struct span first,
                     struct span second)
{
	VEC_EACH(const struct finding, old, &audit->report->findings.list)
		if (old->rule == &rules[RULE_AM406] && str_eq(old->at_fault, fault))
			return;
	struct finding *finding = audit_find(audit, RULE_AM406, NULL, fault, true, message);
	audit_evidence(audit, finding, first);
	audit_evidence(audit, finding, second);
}

static void find_dangling(struct audit *audit, const struct policy_class *class)
{
	struct arena *arena = audit->arena;
	struct str name = audit_name(audit, class->name);
	bool mail =
	        inspects_smtp(audit, class) || class->state_bypass || !has_actions(audit, class);
	if (!mail || str_eq(name, S("class-default")))
		return;
	const struct class_match *match = acl_match(audit, class->name);
	if (!config_class_map(audit->config, class->name)) {
		dangling(audit, name,
		         str_printf(arena, "class %.*s has no class-map: it matches nothing",
		                    STR(name)),
		         class->span, (struct span){0});
	} else if (match) {
		const struct acl *acl = config_acl(audit->config, match->acl);
		const char *wrong = list_fault(audit, acl);
		struct str list = audit_name(audit, match->acl);
		if (wrong)
			dangling(audit, list,
			         str_printf(arena,
			                    "class %.*s matches by access-list %.*s, which %s",
			                    STR(name), STR(list), wrong),
			         match->span, acl ? acl->span : class->span);
	}
	VEC_EACH(const struct inspect, inspect, &class->inspects) {
		if (!mpf_is_smtp(audit->config, inspect->engine) || inspect->map == 0 ||
		    config_inspect_map(audit->config, inspect->engine, inspect->map))
			continue;
		struct str map = audit_name(audit, inspect->map);
		dangling(audit, map,
		         str_printf(arena, "class %.*s inspects by map %.*s, which does not exist",
		                    STR(name), STR(map)),
		         inspect->span, (struct span){0});
	}
}

/* --- AM408 ------------------------------------------------------------------------------ */

static struct finding *tell_bypass(struct audit *audit, const struct flow *flow,
                                   const struct verdict_cell *cell,
                                   const struct policy_class *class)
{
	struct str name = audit_name(audit, class->name);
	struct str message =
	        str_printf(audit->arena,
	                   "class %.*s frees this mail by tcp-state-bypass, which also takes TCP "
	                   "intercept, the normaliser and sequence randomisation from it",
	                   STR(name));
	struct finding *finding = audit_find(audit, RULE_AM408, flow, name,
	                                     !cell->open && !cell->claims->next, message);
	audit_evidence(audit, finding, class->state_bypass_span);
	return finding;
}

static const struct claim *bypass_of(const struct verdict_cell *cell)
{
	const struct claim *claim = cell->claims;
	while (claim && !claim->class->state_bypass)
		claim = claim->next;
	return claim;
}

/* One finding a flow, of the class that comes first. */
static void find_bypass(struct audit *audit, const struct flow_work *work)
{
	const struct policy_class *class = NULL;
	struct finding *finding = NULL;
	VEC_EACH(const struct lane, lane, &work->lanes) {
		struct verdict_cells cells = {0};
		lane_feature(audit->arena, audit->config, lane, FEATURE_TCP, &cells);
		VEC_EACH(const struct verdict_cell, cell, &cells.list) {
			const struct claim *claim = bypass_of(cell);
			if (!claim || (class && class != claim->class))
				continue;
			class = claim->class;
			if (!finding)
				finding = tell_bypass(audit, work->flow, cell, class);
			audit_witness(audit, finding, cell->lane, &cell->box);
		}
	}
}

/* --- all -------------------------------------------------------------------------------- */

void audit_exemption_rules(struct audit *audit)
{
	const struct config *config = audit->config;
	VEC_EACH(const struct service_policy, sp, &config->service_policies) {
		const struct policy_map *policy = mpf_policy(config, sp);
		if (!policy)
			continue;
		VEC_EACH(const struct policy_class, class, &policy->classes) {
			VEC_EACH(const struct appliance, appliance, &audit->policy->appliances.list)
				find_empty_class(audit, appliance, sp, policy, class);
			find_dangling(audit, class);
		}
	}
	find_failed_denies(audit);
	VEC_EACH(const struct appliance, appliance, &audit->policy->appliances.list)
		find_unbound(audit, appliance);
	VEC_EACH(const struct flow_work, work, &audit->flows)
		if (work->flow->on_path && (flow_is_smtp(work->flow) || flow_is_cpq(work->flow)))
			find_bypass(audit, work);
}
