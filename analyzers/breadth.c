/* SPDX-License-Identifier: ISC */
/*
 * AM407: an exemption that frees more than the appliances' mail. What a deny line
 * exempts is what it matches and a later line of its list would have permitted; what of
 * that is no mail of an appliance is told exactly.
 */
#include "analyzers/audit.h"

/* --- the appliances' mail --------------------------------------------------------------- */

static void add_mail(const struct audit *audit, struct boxes *mail, struct iset src,
                     struct iset dst, uint16_t port)
{
	struct box box = box_all();
	box.dim[DIM_PROTO] = iset_point(audit->arena, PROTO_TCP);
	box.dim[DIM_SRC] = src;
	box.dim[DIM_DST] = dst;
	box.dim[DIM_DPORT] = iset_point(audit->arena, port);
	VEC_EACH(const struct box, old, &mail->list)
		if (box_equal(old, &box))
			return;
	VEC_PUSH(audit->arena, &mail->list, box);
}

/* Every address of the lane's ends that a class may see, real and mapped. */
static struct iset end_set(const struct audit *audit, bool is_appliance, u128 real, u128 other,
                           struct iset peer)
{
	if (!is_appliance)
		return peer;
	return iset_union(audit->arena, iset_point(audit->arena, real),
	                  iset_point(audit->arena, other));
}

struct boxes audit_mail(const struct audit *audit)
{
	struct boxes mail = {0};
	VEC_EACH(const struct flow_work, work, &audit->flows) {
		VEC_EACH(const struct lane, lane, &work->lanes) {
			struct seen_as client = {.address = lane->client};
			if (lane->client_is_appliance)
				client = path_seen(audit->config, &audit->tracer.nat, audit->arena,
				                   lane->client, 25, lane->passage.in,
				                   lane->passage.out);
			struct iset src = end_set(audit, lane->client_is_appliance, lane->client,
			                          client.address, iset_all());
			struct iset dst = end_set(audit, lane->server_is_appliance, lane->server,
			                          lane->wire_dst, iset_all());
			add_mail(audit, &mail, src, dst,
			         (uint16_t)lane->real.dim[DIM_DPORT].v[0].lo);
			add_mail(audit, &mail, src, dst, lane->wire_port);
		}
	}
	return mail;
}

/* --- what a deny line exempts ----------------------------------------------------------- */

static uint32_t index_of(const struct acl *acl, const struct ace *ace)
{
	return (uint32_t)(ace - acl->aces.v);
}

/* The list from the line behind `ace` on. */
static struct acl rest_of(const struct acl *acl, const struct ace *ace)
{
	struct acl rest = *acl;
	uint32_t from = index_of(acl, ace) + 1;
	rest.aces.v += from;
	rest.aces.n -= from;
	return rest;
}

static void paint(struct audit *audit, const struct acl *acl, const struct box *box,
                  bool addresses_only, struct cells *cells)
{
	if (addresses_only)
		acl_paint_addresses(audit->arena, audit->config, acl, box, cells);
	else
		acl_paint(audit->arena, audit->config, acl, box, cells);
}

/* Packets that this deny line keeps from the class: it owns them, and a later line permits them. */
static struct pset exempted_by(struct audit *audit, const struct acl *acl, const struct ace *ace,
                               bool addresses_only)
{
	struct pset out = {0};
	struct cells own = {0};
	struct acl rest = rest_of(acl, ace);
	struct box all = box_all();
	if (!addresses_only) /* SMTP inspection takes TCP alone */
		all.dim[DIM_PROTO] = iset_point(audit->arena, PROTO_TCP);
	all.dim[DIM_SRC] = config_addr_set(audit->config, ace->src)->must;
	all.dim[DIM_DST] = config_addr_set(audit->config, ace->dst)->must;
	if (box_is_empty(&all))
		return out;
	paint(audit, acl, &all, addresses_only, &own);
	VEC_EACH(const struct cell, cell, &own.list) {
		struct cells after = {0};
		if (cell->ace != ace || cell->can != CAN_DENY)
			continue;
		paint(audit, &rest, &cell->box, addresses_only, &after);
		VEC_EACH(const struct cell, freed, &after.list)
			if (freed->can == CAN_PERMIT)
				VEC_PUSH(audit->arena, &out.boxes, freed->box);
	}
	return out;
}

/* --- telling ---------------------------------------------------------------------------- */

static struct str addresses_text(struct audit *audit, struct iset set)
{
	struct cidrs cidrs = {0};
	struct buf text = {.arena = audit->arena};
	enum { SHOWN = 3 };
	if (iset_equal(set, iset_all()) ||
	    iset_equal(set, iset_family(audit->arena, iset_all(), true)))
		return S("any");
	iset_cidrs(audit->arena, set, &cidrs);
	for (uint32_t i = 0; i < cidrs.list.n && i < SHOWN; i++)
		buf_printf(&text, "%s%.*s", i ? ", " : "", STR(cidrs.list.v[i]));
	if (cidrs.list.n > SHOWN)
		buf_printf(&text, " and %u more", cidrs.list.n - SHOWN);
	return buf_str(&text);
}

static struct str ports_text(struct audit *audit, struct iset set)
{
	if (set.n == 1 && set.v[0].lo == 0 && set.v[0].hi == 65535)
		return S("any port");
	struct buf text = {.arena = audit->arena};
	enum { SHOWN = 3 };
	buf_add(&text, S("port "));
	for (uint32_t i = 0; i < set.n && i < SHOWN; i++) {
		unsigned lo = (unsigned)set.v[i].lo, hi = (unsigned)set.v[i].hi;
		buf_printf(&text, lo == hi ? "%s%u" : "%s%u-%u", i ? ", " : "", lo, hi);
	}
	if (set.n > SHOWN)
		buf_printf(&text, " and more");
	return buf_str(&text);
}

static void tell(struct audit *audit, const struct policy_class *class, const struct ace *ace,
                 const struct pset *extra, bool addresses_only)
{
	const struct box *box = &extra->boxes.v[0];
	struct str name = audit_name(audit, class->name);
	struct buf message = {.arena = audit->arena};
	buf_printf(&message,
	           "the exemption by class %.*s frees more than the appliances' mail: ", STR(name));
	if (addresses_only)
		buf_printf(
		        &message,
		        "in a class by default-inspection-traffic only the addresses of the list "
		        "count, so every other inspection of the class goes too; ");
	buf_printf(&message, "from %.*s to %.*s, %.*s",
	           STR(addresses_text(audit, box->dim[DIM_SRC])),
	           STR(addresses_text(audit, box->dim[DIM_DST])),
	           STR(ports_text(audit, box->dim[DIM_DPORT])));
	if (extra->boxes.n > 1)
		buf_printf(&message, ", and %u more such sets", extra->boxes.n - 1);
	struct finding *finding =
	        audit_find(audit, RULE_AM407, NULL, name, true, buf_str(&message));
	audit_evidence(audit, finding, ace->span);
	audit_evidence(audit, finding, class->span);
	if (box_witness(box, &finding->witness.packet)) {
		finding->has_witness = true;
		finding->witness.input = S("any");
	}
}

static bool by_default_ports(const struct class_map *map)
{
	VEC_EACH(const struct class_match, match, &map->matches)
		if (match->kind == MATCH_DEFAULT_INSPECTION)
			return true;
	return false;
}

/*
 * Does the line take part of an appliance's mail out of the class? Others are no exemption of it.
 */
static bool frees_mail(struct audit *audit, const struct pset *exempted, const struct pset *mail)
{
	struct pset both = pset_intersect(audit->arena, exempted, mail);
	return !pset_is_empty(&both);
}

/* The deny lines that own some mail, in the order in which they turn up; few in any list. */
enum { MAX_LOOKED_AT = 64 };

struct owners {
	VEC(const struct ace *) list;
};

static struct owners deny_owners(struct audit *audit, const struct acl *acl,
                                 const struct pset *mail, bool addresses_only)
{
	struct owners owners = {0};
	VEC_EACH(const struct box, box, &mail->boxes) {
		struct cells cells = {0};
		paint(audit, acl, box, addresses_only, &cells);
		VEC_EACH(const struct cell, cell, &cells.list) {
			bool known = cell->can != CAN_DENY || !cell->ace ||
			             owners.list.n >= MAX_LOOKED_AT;
			for (uint32_t i = 0; i < owners.list.n && !known; i++)
				known = owners.list.v[i] == cell->ace;
			if (!known)
				VEC_PUSH(audit->arena, &owners.list, cell->ace);
		}
	}
	return owners;
}

static void look_at_list(struct audit *audit, const struct policy_class *class,
                         const struct class_map *map, const struct acl *acl,
                         const struct pset *mail)
{
	bool addresses_only = by_default_ports(map);
	struct owners owners = deny_owners(audit, acl, mail, addresses_only);
	for (uint32_t i = 0; i < owners.list.n; i++) {
		const struct ace *ace = owners.list.v[i];
		struct pset exempted = exempted_by(audit, acl, ace, addresses_only);
		if (!frees_mail(audit, &exempted, mail))
			continue;
		struct pset extra = pset_subtract(audit->arena, &exempted, mail);
		extra = pset_simplify(audit->arena, &extra);
		if (!pset_is_empty(&extra)) {
			tell(audit, class, ace, &extra, addresses_only);
			return; /* one finding a class; its first line tells the story */
		}
	}
}

/* A class with tcp-state-bypass frees all that it matches. */
static void look_at_bypass(struct audit *audit, const struct policy_class *class,
                           const struct acl *acl, const struct pset *mail)
{
	struct box all = box_all();
	struct cells cells = {0};
	all.dim[DIM_PROTO] = iset_point(audit->arena, PROTO_TCP);
	acl_paint(audit->arena, audit->config, acl, &all, &cells);
	VEC_EACH(const struct cell, cell, &cells.list) {
		if (cell->can != CAN_PERMIT || !cell->ace)
			continue;
		struct pset freed = pset_of(audit->arena, &cell->box);
		if (!frees_mail(audit, &freed, mail))
			continue;
		struct pset extra = pset_subtract(audit->arena, &freed, mail);
		extra = pset_simplify(audit->arena, &extra);
		if (!pset_is_empty(&extra)) {
			tell(audit, class, cell->ace, &extra, false);
			return;
		}
	}
}

static bool inspects_smtp(const struct audit *audit, const struct policy_class *class)
{
	VEC_EACH(const struct inspect, inspect, &class->inspects)
		if (mpf_is_smtp(audit->config, inspect->engine))
			return true;
	return false;
}

void audit_breadth_rules(struct audit *audit)
{
	struct boxes boxes = audit_mail(audit);
	struct pset mail = {0};
	VEC_EACH(const struct box, box, &boxes.list)
		pset_add_box(audit->arena, &mail, box);
	if (pset_is_empty(&mail))
		return;
	VEC_EACH(const struct service_policy, sp, &audit->config->service_policies) {
		const struct policy_map *policy = mpf_policy(audit->config, sp);
		if (!policy)
			continue;
		VEC_EACH(const struct policy_class, class, &policy->classes) {
			const struct class_map *map = config_class_map(audit->config, class->name);
			if (!map || !(inspects_smtp(audit, class) || class->state_bypass))
				continue;
			VEC_EACH(const struct class_match, match, &map->matches) {
				const struct acl *acl =
				        match->kind == MATCH_ACL
				                ? config_acl(audit->config, match->acl)
				                : NULL;
				if (!acl || acl->kind != ACL_EXTENDED)
					continue;
				if (class->state_bypass)
					look_at_bypass(audit, class, acl, &mail);
				else
					look_at_list(audit, class, map, acl, &mail);
			}
		}
	}
}
