/* SPDX-License-Identifier: ISC */
/*
 * IPsec tunnels, which are not followed: a packet that a crypto map is for may go into one, or
 * have come out of one, and then it is not known what becomes of it. Crypto access-lists see
 * translated addresses in all releases (4.1), written as packets leave.
 */
#include "analyzers/paint.h"
#include "analyzers/trace_walk.h"

/* May a list permit a packet of the region? Leaves the line that may. */
static bool may_permit(const struct walk *walk, const struct acl *acl, const struct box *region,
                       struct span *span)
{
	struct cells cells = {0};
	if (!acl || acl->kind != ACL_EXTENDED || box_is_empty(region))
		return false;
	acl_paint(walk->arena, walk->config, acl, region, &cells);
	VEC_EACH(const struct cell, cell, &cells.list) {
		const struct ace *ace = cell->doubt ? cell->doubt : cell->ace;
		if (!(cell->can & CAN_PERMIT))
			continue;
		*span = ace ? ace->span : acl->span;
		return true;
	}
	return false;
}

/* What took a packet: the binding of the map, its entry, and the line of the entry's list. */
struct tunnel {
	const struct crypto_binding *binding;
	const struct crypto_entry *entry;
	struct span span;
};

static bool by_entries(const struct walk *walk, name_id map, bool of_dynamic,
                       const struct box *region, struct tunnel *found)
{
	const struct config *config = walk->config;
	VEC_EACH(const struct crypto_entry, entry, &config->crypto_entries) {
		if (entry->map != map || entry->of_dynamic != of_dynamic)
			continue;
		found->entry = entry;
		if (entry->acl &&
		    may_permit(walk, config_acl(config, entry->acl), region, &found->span))
			return true;
		if (entry->dynamic && !of_dynamic &&
		    by_entries(walk, entry->dynamic, true, region, found))
			return true;
	}
	return false;
}

static bool takes(const struct walk *walk, const struct interface *ifc, const struct box *region,
                  struct tunnel *found)
{
	VEC_EACH(const struct crypto_binding, binding, &walk->config->crypto_bindings) {
		found->binding = binding;
		if (config_interface(walk->config, binding->interface) == ifc &&
		    by_entries(walk, binding->map, false, region, found))
			return true;
	}
	return false;
}

static void vpn_phase(struct walk *walk, struct str subtype, struct str detail,
                      const struct tunnel *tunnel)
{
	struct trace_phase phase = walk_begin("VPN", subtype, detail);
	walk_line(walk, &phase, tunnel->span);
	walk_line(walk, &phase, tunnel->entry->span);
	walk_line(walk, &phase, tunnel->binding->span);
	walk_unknown(walk, &phase, detail);
}

/* The other end's packets come by its tunnel, past the access-list of the interface (9.3). */
void trace_from_tunnel(struct walk *walk)
{
	const struct packet *wire = &walk->packet.wire;
	struct packet back = {{wire->at[DIM_PROTO], wire->at[DIM_DST], wire->at[DIM_SRC],
	                       wire->at[DIM_DPORT], wire->at[DIM_SPORT]}};
	struct tunnel tunnel = {0};
	struct range points[DIM_COUNT];
	struct box region;
	if (walk->config->crypto_bindings.n == 0)
		return;
	if (!walk_has_ports(walk)) {
		back.at[DIM_SPORT] = wire->at[DIM_SPORT];
		back.at[DIM_DPORT] = wire->at[DIM_DPORT];
	}
	for (int dim = 0; dim < DIM_COUNT; dim++) {
		points[dim] = (struct range){back.at[dim], back.at[dim]};
		region.dim[dim] = (struct iset){&points[dim], 1};
	}
	if (!takes(walk, walk->packet.in, &region, &tunnel))
		return;
	vpn_phase(walk, S("ipsec-tunnel-flow"),
	          S("a crypto map of the ingress expects it by its tunnel, which is not followed"),
	          &tunnel);
	walk->tunnelled = true;
}

void trace_into_tunnel(struct walk *walk)
{
	struct tunnel tunnel = {0};
	struct arena *arena = walk->arena;
	const struct xlate *to = &walk->destination, *from = &walk->source;
	const struct packet *wire = &walk->packet.wire;
	if (walk->config->crypto_bindings.n == 0 || walk->tunnelled || !walk->packet.out ||
	    to->done == VERDICT_UNKNOWN)
		return;
	bool same = from->port_known || !walk_has_ports(walk);
	struct box region = {
	        .dim = {
	                [DIM_PROTO] = iset_point(arena, wire->at[DIM_PROTO]),
	                [DIM_SRC] = xlate_addresses(from),
	                [DIM_DST] = xlate_addresses(to),
	                [DIM_SPORT] = !walk_has_ports(walk) ? iset_point(arena, wire->at[DIM_SPORT])
	                              : same                ? iset_point(arena, from->port)
	                                                    : iset_range(arena, 0, 65535),
	                [DIM_DPORT] = iset_point(arena, walk_has_ports(walk) ? to->port
	                                                                     : wire->at[DIM_DPORT]),
	        }};
	if (takes(walk, walk->packet.out, &region, &tunnel))
		vpn_phase(walk, S("encrypt"),
		          S("a crypto map takes it into a tunnel, which is not followed"), &tunnel);
}
