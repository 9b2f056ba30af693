/* SPDX-License-Identifier: ISC */
#include "analyzers/acl_point.h"

/* --- one ACE ---------------------------------------------------------------------------- */

bool ace_in_scope(const struct config *config, const struct ace *ace, const struct acl_view *view,
                  enum why_code *unsure)
{
	if (ace->scope == 0)
		return true;
	const struct ace_scope *scope = &config->ace_scopes.v[ace->scope - 1];
	if ((scope->from && view->in && config_interface(config, scope->from) != view->in) ||
	    (scope->to && view->out && config_interface(config, scope->to) != view->out))
		return false;
	bool known = (!scope->from || view->in) && (!scope->to || view->out);
	if (known && *unsure == WHY_UNMODELLED)
		*unsure = WHY_NONE;
	return true;
}

unsigned ace_can(const struct ace *ace)
{
	switch ((enum ace_action)ace->action) {
	case ACE_PERMIT:
		return CAN_PERMIT;
	case ACE_DENY:
		return CAN_DENY;
	case ACE_REMARK:
	case ACE_UNKNOWN:
		break;
	}
	return CAN_PERMIT | CAN_DENY;
}

enum why_code ace_why(enum why_code unsure, const struct addr_set *src, const struct addr_set *dst,
                      enum why_code service)
{
	if (unsure != WHY_NONE)
		return unsure;
	if (src->why != WHY_NONE)
		return src->why;
	return dst->why != WHY_NONE ? dst->why : service;
}

static bool holds(struct iset set, u128 point)
{
	if (set.n == 1)
		return set.v[0].lo <= point && point <= set.v[0].hi;
	return iset_contains(set, point);
}

static bool service_holds(const struct service_box *boxes, uint32_t n, const struct packet *packet)
{
	for (uint32_t i = 0; i < n; i++)
		if (holds(boxes[i].dport, packet->at[DIM_DPORT]) &&
		    holds(boxes[i].proto, packet->at[DIM_PROTO]) &&
		    holds(boxes[i].sport, packet->at[DIM_SPORT]))
			return true;
	return false;
}

enum match { MISSES, MAY_MATCH, MATCHES };

static enum match match_ace(const struct config *config, const struct ace *ace,
                            const struct acl_view *view, const struct packet *packet,
                            enum why_code *why)
{
	*why = (enum why_code)ace->unsure;
	if (ace->action == ACE_REMARK || ace->inactive || !ace_in_scope(config, ace, view, why))
		return MISSES;
	if (ace->action == ACE_UNKNOWN) {
		*why = WHY_UNMODELLED;
		return MAY_MATCH;
	}
	const struct addr_set *src = config_addr_set(config, ace->src);
	const struct addr_set *dst = config_addr_set(config, ace->dst);
	u128 from = packet->at[DIM_SRC], to = packet->at[DIM_DST];
	if (!holds(src->may, from) || !holds(dst->may, to))
		return MISSES;
	static const struct service_set every = {0};
	const struct service_set *service =
	        view->addresses_only ? &every : config_service_set(config, ace->service);
	bool all = view->addresses_only;
	if (*why == WHY_NONE && holds(src->must, from) && holds(dst->must, to) &&
	    (all || service_holds(service->must.v, service->must.n, packet)))
		return MATCHES;
	*why = ace_why(*why, src, dst, service->why);
	if (*why == WHY_NONE || !(all || service_holds(service->may.v, service->may.n, packet)))
		return MISSES;
	return MAY_MATCH;
}

/* --- the list --------------------------------------------------------------------------- */

/* False when the list is decided. */
static bool add_ace(const struct config *config, const struct ace *ace, const struct acl_view *view,
                    const struct packet *packet, struct acl_decision *out)
{
	enum why_code why;
	switch (match_ace(config, ace, view, packet, &why)) {
	case MISSES:
		break;
	case MAY_MATCH:
		out->doubt_can |= ace_can(ace);
		if (!out->doubt) {
			out->doubt = ace;
			out->why = why;
		}
		break;
	case MATCHES:
		out->ace = ace;
		out->can = ace_can(ace);
		return false;
	}
	return true;
}

/* A doubt that would do the same as what decides is none. */
static void settle_doubt(struct acl_decision *out)
{
	if (out->doubt && (out->doubt_can | out->can) == out->can) {
		out->doubt = NULL;
		out->why = WHY_NONE;
	}
	out->can |= out->doubt_can;
}

static bool plain_holds(const struct acl_entry *entry, const struct packet *packet)
{
	uint16_t sport = (uint16_t)packet->at[DIM_SPORT], dport = (uint16_t)packet->at[DIM_DPORT];
	uint8_t proto = (uint8_t)packet->at[DIM_PROTO];
	return entry->dport_lo <= dport && dport <= entry->dport_hi && entry->proto_lo <= proto &&
	       proto <= entry->proto_hi && entry->sport_lo <= sport && sport <= entry->sport_hi;
}

/*
 * One list of an index, from its first entry with the packet's addresses to the one that decides.
 * Of a plain entry only its ports are left to look at.
 */
static void by_entries(const struct config *config, struct acl_walk *walk, uint32_t part,
                       const struct acl_view *view, const struct packet *packet,
                       struct acl_decision *out)
{
	for (; walk->entry && walk->entry->part == part; acl_walk_next(walk)) {
		const struct acl_entry *entry = walk->entry;
		if (!entry->plain) {
			if (!add_ace(config, entry->ace, view, packet, out))
				return;
			continue;
		}
		if (!view->addresses_only && !plain_holds(entry, packet))
			continue;
		out->ace = entry->ace;
		out->can = entry->can;
		return;
	}
}

struct acl_decision acl_point(const struct config *config, const struct acl *acl,
                              const struct acl_view *view, const struct packet *packet)
{
	struct acl_decision out = {.can = CAN_DENY};
	if (acl->index) {
		struct acl_walk walk;
		acl_walk_begin(acl->index, packet->at[DIM_SRC], packet->at[DIM_DST], &walk);
		by_entries(config, &walk, 0, view, packet, &out);
	} else {
		VEC_EACH(const struct ace, ace, &acl->aces)
			if (!add_ace(config, ace, view, packet, &out))
				break;
	}
	settle_doubt(&out);
	return out;
}

void acl_points_begin(const struct config *config, const struct acl_index *index,
                      const struct packet *packet, struct acl_points *points)
{
	points->config = config;
	points->packet = packet;
	acl_walk_begin(index, packet->at[DIM_SRC], packet->at[DIM_DST], &points->walk);
}

bool acl_points_next(struct acl_points *points, uint32_t *part, struct acl_decision *out)
{
	struct acl_walk *walk = &points->walk;
	if (!walk->entry)
		return false;
	*part = walk->entry->part;
	*out = (struct acl_decision){.can = CAN_DENY};
	const struct acl_view view = {.addresses_only =
	                                      acl_index_part(walk->index, *part)->addresses_only};
	by_entries(points->config, walk, *part, &view, points->packet, out);
	settle_doubt(out);
	if (walk->entry && walk->entry->part == *part)
		acl_walk_next_part(walk);
	return true;
}
