/* SPDX-License-Identifier: ISC */
#include "tests/property/slow_nat.h"

#include "tests/property/slow_nat_lines.h"

static enum slow_answer sure(bool yes)
{
	return yes ? SLOW_YES : SLOW_NO;
}

/* --- the order --------------------------------------------------------------------------- */

static u128 count_of(const struct ranges *ranges)
{
	u128 n = 0;
	for (unsigned i = 0; i < ranges->n; i++) {
		u128 size = ranges->list[i].hi - ranges->list[i].lo;
		n = size == U128_MAX || n + size + 1 < n ? U128_MAX : n + size + 1;
	}
	return n;
}

/* Static first, then fewer addresses, then the lower one, then the name (4.4). */
static bool comes_before(const struct config *config, const struct object_nat *a,
                         const struct object_nat *b)
{
	struct addr_spec x = object_spec(a->object), y = object_spec(b->object);
	struct ranges left = ranges_of(config, &x), right = ranges_of(config, &y);
	if (a->kind != b->kind)
		return a->kind == XLATE_STATIC;
	if (count_of(&left) != count_of(&right))
		return count_of(&left) < count_of(&right);
	if (left.n && right.n && left.list[0].lo != right.list[0].lo)
		return left.list[0].lo < right.list[0].lo;
	return str_cmp(config_name(config, a->object), config_name(config, b->object)) < 0;
}

static void add_objects(struct arena *arena, const struct config *config, struct slow_nats *nats)
{
	bool *taken = NEW_ARRAY(arena, bool, config->object_nats.n + 1);
	for (uint32_t k = 0; k < config->object_nats.n; k++) {
		uint32_t best = config->object_nats.n;
		for (uint32_t i = 0; i < config->object_nats.n; i++)
			if (!taken[i] && (best == config->object_nats.n ||
			                  comes_before(config, &config->object_nats.v[i],
			                               &config->object_nats.v[best])))
				best = i;
		taken[best] = true;
		const struct object_nat *object = &config->object_nats.v[best];
		if (config_object(config, object->object))
			VEC_PUSH(arena, &nats->list, (struct slow_nat){.object = object});
	}
}

static void add_twice(struct arena *arena, const struct config *config, bool after,
                      struct slow_nats *nats)
{
	VEC_EACH(const struct twice_nat, twice, &config->twice_nats)
		if (twice->after_auto == after && !twice->inactive)
			VEC_PUSH(arena, &nats->list, (struct slow_nat){.twice = twice});
}

/* Exemption, static, `nat` by list: each in the order of the text (4.2). */
static unsigned step_of(const struct legacy_nat *legacy)
{
	if (legacy->kind == NAT_EXEMPT)
		return 0;
	if (legacy->kind == NAT_STATIC)
		return 1;
	return legacy->acl ? 2 : 3;
}

/* `nat` by networks goes by the closest one: as if the small ones stood first. */
static void add_networks(struct arena *arena, const struct config *config, struct slow_nats *nats)
{
	u128 done = 0;
	for (bool first = true;; first = false) {
		u128 next = 0;
		bool any = false;
		VEC_EACH(const struct legacy_nat, legacy, &config->nats) {
			u128 size = legacy->real.hi - legacy->real.lo;
			if (step_of(legacy) == 3 && (first || size > done) &&
			    (!any || size < next)) {
				next = size;
				any = true;
			}
		}
		if (!any)
			return;
		VEC_EACH(const struct legacy_nat, legacy, &config->nats)
			if (step_of(legacy) == 3 && legacy->real.hi - legacy->real.lo == next)
				VEC_PUSH(arena, &nats->list, (struct slow_nat){.legacy = legacy});
		done = next;
	}
}

struct slow_nats slow_nats_of(struct arena *arena, const struct config *config)
{
	struct slow_nats nats = {0};
	if (slow_real_addresses(config)) {
		add_twice(arena, config, false, &nats);
		add_objects(arena, config, &nats);
		add_twice(arena, config, true, &nats);
		return nats;
	}
	for (unsigned step = 0; step < 3; step++)
		VEC_EACH(const struct legacy_nat, legacy, &config->nats)
			if (step_of(legacy) == step)
				VEC_PUSH(arena, &nats.list, (struct slow_nat){.legacy = legacy});
	add_networks(arena, config, &nats);
	return nats;
}

/* --- the destination --------------------------------------------------------------------- */

/* A line with a destination, met from its real side, puts MAPPED_DST back to REAL_DST. */
static enum slow_answer gives_back(const struct config *config, const struct slow_nat *nat,
                                   const struct slow_packet *packet, struct slow_end *end)
{
	const struct twice_nat *twice = nat->twice;
	struct slow_packet anywhere = *packet;
	const struct ace *ace;
	anywhere.out = 0;
	if (!twice || !twice->has_destination)
		return SLOW_NO;
	enum slow_answer answer = line_takes(config, nat, &anywhere, &ace);
	if (answer != SLOW_YES)
		return answer;
	struct ranges from = {.list = {{packet->dst, packet->dst}}, .n = 1, .known = true};
	struct ranges to = ranges_of(config, &twice->dst_real);
	if (twice->dst_mapped.kind != ADDR_INTERFACE)
		from = ranges_of(config, &twice->dst_mapped);
	if (!ranges_counterpart(&from, &to, packet->dst, &end->address))
		return SLOW_UNKNOWN;
	if (twice->service_real)
		end->port = move_port(&service_named(config, twice->service_real)->dest,
		                      &service_named(config, twice->service_mapped)->dest,
		                      packet->dport);
	return SLOW_YES;
}

struct slow_end slow_unnat(const struct config *config, const struct slow_nats *nats,
                           const struct slow_packet *packet)
{
	struct slow_end none = {.address = packet->dst, .port = packet->dport};
	VEC_EACH(const struct slow_nat, nat, &nats->list) {
		struct slow_end end = none;
		end.nat = nat;
		end.from_mapped = true;
		end.done = line_gives(config, nat, packet, &end);
		if (end.done == SLOW_NO) {
			end.from_mapped = false;
			end.done = gives_back(config, nat, packet, &end);
		}
		if (end.done != SLOW_NO)
			return end;
	}
	return none;
}

name_id slow_divert(const struct config *config, const struct slow_packet *packet,
                    const struct slow_end *destination)
{
	const struct slow_nat *nat = destination->nat;
	bool changed = destination->address != packet->dst || destination->port != packet->dport;
	if (destination->done != SLOW_YES || slow_nat_is_exempt(nat))
		return 0;
	/* Identity NAT asks the routes before ASA 8.4(2), later where it says so. */
	const struct version v = config->version;
	bool early = config->platform == PLATFORM_ASA && v.major && !nat->legacy &&
	             (v.major < 8 ||
	              (v.major == 8 && (v.minor < 4 || (v.minor == 4 && v.maintenance < 2))));
	bool asks = (nat->twice && nat->twice->route_lookup) ||
	            (nat->object && nat->object->route_lookup);
	if (!changed && (early || asks))
		return 0;
	return destination->from_mapped ? line_real_ifc(nat) : line_mapped_ifc(nat);
}

/* --- the source -------------------------------------------------------------------------- */

static bool has_global(const struct config *config, const struct legacy_nat *legacy, name_id ifc)
{
	VEC_EACH(const struct global_pool, pool, &config->globals)
		if (pool->id == legacy->id && slow_same_ifc(config, pool->ifc, ifc))
			return true;
	return false;
}

static void to_pool(struct slow_end *end)
{
	end->pooled = true;
}

/* A static changes the source of what comes from its real side. */
static void legacy_changes(const struct config *config, const struct slow_packet *packet,
                           const struct ace *ace, struct slow_end *end)
{
	const struct legacy_nat *legacy = end->nat->legacy;
	u128 mapped = legacy->mapped.lo, real = legacy->real.lo;
	if (legacy->kind == NAT_EXEMPT || legacy->kind == NAT_IDENTITY)
		return;
	if (legacy->kind == NAT_DYNAMIC) {
		if (has_global(config, legacy, packet->out))
			to_pool(end);
		else
			end->refused = true;
		return;
	}
	if (legacy->mapped_is_interface) {
		const struct interface_address *own = slow_own4(config, legacy->mapped_ifc);
		if (!own)
			end->done = SLOW_UNKNOWN;
		else
			mapped = own->address;
	}
	if (legacy->mapped_unknown)
		end->done = SLOW_UNKNOWN;
	if (legacy->acl) {
		struct ranges from = ranges_of(config, &config->addr_pool.v[ace->src]);
		if (!from.known || from.n != 1) {
			end->done = SLOW_UNKNOWN;
			end->coarse = true;
			return;
		}
		real = from.list[0].lo;
	}
	end->address = legacy->mapped_is_interface && !legacy->acl ? mapped
	                                                           : mapped + (packet->src - real);
	if (legacy->protocol)
		end->port = legacy->mapped_port;
}

static void spec_changes(const struct config *config, const struct slow_packet *packet,
                         const struct addr_spec *real, const struct addr_spec *mapped, bool to_v6,
                         name_id ifc, bool is_static, struct slow_end *end)
{
	struct ranges from = ranges_of(config, real), to;
	if (!is_static) {
		to_pool(end);
		return;
	}
	if (mapped->kind == ADDR_INTERFACE) {
		const struct interface_address *own = slow_own4(config, ifc);
		if (!own || to_v6) {
			end->done = SLOW_UNKNOWN;
			end->coarse = to_v6;
			return;
		}
		to = (struct ranges){.list = {{own->address, own->address}}, .n = 1, .known = true};
	} else {
		to = ranges_of(config, mapped);
	}
	if (ranges_counterpart(&from, &to, packet->src, &end->address))
		return;
	if (from.known && to.known && end->nat->twice && !end->from_mapped)
		end->pooled = true; /* one of these: which, is not told */
	else
		end->done = SLOW_UNKNOWN;
}

static void change_source(const struct config *config, const struct slow_packet *packet,
                          const struct ace *ace, struct slow_end *end)
{
	const struct slow_nat *nat = end->nat;
	if (nat->legacy) {
		legacy_changes(config, packet, ace, end);
	} else if (nat->object) {
		struct addr_spec real = object_spec(nat->object->object);
		spec_changes(config, packet, &real, &nat->object->mapped, nat->object->interface6,
		             nat->object->mapped_ifc ? nat->object->mapped_ifc : packet->out,
		             slow_nat_is_static(nat), end);
		if (nat->object->protocol)
			end->port = nat->object->mapped_port;
	} else {
		const struct twice_nat *twice = nat->twice;
		spec_changes(config, packet, &twice->src_real, &twice->src_mapped,
		             twice->src_interface6,
		             twice->mapped_ifc ? twice->mapped_ifc : packet->out,
		             slow_nat_is_static(nat), end);
		if (twice->service_real && slow_nat_is_static(nat))
			end->port = move_port(&service_named(config, twice->service_real)->source,
			                      &service_named(config, twice->service_mapped)->source,
			                      packet->sport);
	}
}

/* Met from its mapped side a line with a destination shows REAL_DST as MAPPED_DST. */
static struct slow_end source_reversed(const struct config *config,
                                       const struct slow_packet *packet, const struct slow_nat *nat)
{
	const struct twice_nat *twice = nat->twice;
	struct slow_end end = {.done = SLOW_YES,
	                       .nat = nat,
	                       .from_mapped = true,
	                       .address = packet->src,
	                       .port = packet->sport};
	spec_changes(config, packet, &twice->dst_real, &twice->dst_mapped, twice->dst_interface6,
	             twice->real_ifc ? twice->real_ifc : packet->out, true, &end);
	if (twice->service_real)
		end.port =
		        move_port(&service_named(config, twice->service_mapped)->dest,
		                  &service_named(config, twice->service_real)->dest, packet->sport);
	return end;
}

struct slow_end slow_source(const struct config *config, const struct slow_nats *nats,
                            const struct slow_packet *packet, const struct slow_end *destination)
{
	struct slow_end none = {.address = packet->src, .port = packet->sport};
	const struct slow_nat *by = destination->done == SLOW_YES ? destination->nat : NULL;
	bool both_ends = by && by->twice && by->twice->has_destination;
	struct slow_packet seen = *packet;
	if (both_ends && destination->from_mapped)
		return source_reversed(config, packet, by);
	/* Lists of policy NAT are about the real destination. */
	if (by && !slow_real_addresses(config)) {
		seen.dst = destination->address;
		seen.dport = destination->port;
	}
	VEC_EACH(const struct slow_nat, nat, &nats->list) {
		const struct ace *ace;
		struct slow_end end = none;
		if (nat->twice && nat->twice->has_destination && nat != by)
			continue;
		end.done = line_takes(config, nat, &seen, &ace);
		end.nat = nat;
		/* Two lines, one for each end: which of them the device takes is not told. */
		if (end.done == SLOW_YES && both_ends && nat != by)
			end.done = SLOW_UNKNOWN;
		if (end.done == SLOW_YES)
			change_source(config, packet, ace, &end);
		if (end.pooled && !slow_nat_is_static(nat))
			slow_pat(config, packet, &end);
		if (end.done != SLOW_NO)
			return end;
	}
	return none;
}

/* What a source of 8.3 and later may be mapped to by a dynamic line. */
static struct ranges pool_of(const struct config *config, const struct slow_packet *packet,
                             const struct slow_end *source)
{
	const struct slow_nat *nat = source->nat;
	const struct addr_spec *mapped =
	        nat->twice ? &nat->twice->src_mapped : &nat->object->mapped;
	bool v6 = nat->twice ? nat->twice->src_interface6 : nat->object->interface6;
	name_id ifc = line_mapped_ifc(nat) ? line_mapped_ifc(nat) : packet->out;
	struct ranges pool = {.known = true};
	if (source->own) { /* without the single addresses, which are for PAT */
		struct ranges all = ranges_written(config, mapped);
		for (unsigned i = 0; i < all.n; i++)
			if (all.list[i].lo < all.list[i].hi)
				ranges_put(&pool, all.list[i].lo, all.list[i].hi);
		return pool;
	}
	if (mapped->kind != ADDR_INTERFACE)
		return ranges_of(config, mapped);
	const struct interface *own = slow_interface(config, ifc);
	if (own)
		VEC_EACH(const struct interface_address, at, &own->addresses)
			if (!at->masked && addr_is4(at->address) != v6 && pool.n == 0)
				ranges_put(&pool, at->address, at->address);
	if (pool.n == 0)
		pool.known = false;
	return pool;
}

/* Is the far end of a line with a destination among a pool? Then *far is one of them. */
static enum slow_answer far_in_pool(const struct config *config, const struct twice_nat *twice,
                                    const struct slow_packet *packet, const struct slow_end *source,
                                    u128 *far)
{
	struct ranges pool = pool_of(config, packet, source), to = {.known = true};
	bool all = pool.known, any = false;
	if (twice->dst_mapped.kind == ADDR_INTERFACE) {
		const struct interface_address *own =
		        slow_own4(config, twice->real_ifc ? twice->real_ifc : packet->out);
		if (!own || twice->dst_interface6)
			return SLOW_UNKNOWN;
		ranges_put(&to, own->address, own->address);
	} else {
		to = ranges_of(config, &twice->dst_mapped);
	}
	if (!pool.known || !to.known)
		return SLOW_UNKNOWN;
	for (unsigned i = 0; i < pool.n; i++) {
		bool covered = false;
		for (unsigned k = 0; k < to.n; k++) {
			struct range a = pool.list[i], b = to.list[k];
			u128 lo = a.lo > b.lo ? a.lo : b.lo, hi = a.hi < b.hi ? a.hi : b.hi;
			covered |= b.lo <= a.lo && a.hi <= b.hi;
			if (lo <= hi && !any)
				*far = lo;
			any |= lo <= hi;
		}
		all &= covered;
	}
	return !any ? SLOW_NO : all ? SLOW_YES : SLOW_UNKNOWN;
}

/* --- the way back ------------------------------------------------------------------------ */

enum slow_answer slow_rpf(const struct config *config, const struct slow_nats *nats,
                          const struct slow_packet *packet, const struct slow_end *destination,
                          const struct slow_end *source, bool *met)
{
	struct slow_packet reply = {.in = packet->out,
	                            .out = packet->in,
	                            .proto = packet->proto,
	                            .src = destination->address,
	                            .sport = destination->port,
	                            .dst = source->address,
	                            .dport = source->port};
	const struct slow_nat *by = destination->done == SLOW_YES ? destination->nat : NULL;
	bool changed = destination->address != packet->dst || destination->port != packet->dport;
	*met = false;
	if (by && by->twice && by->twice->has_destination)
		return SLOW_YES;
	VEC_EACH(const struct slow_nat, nat, &nats->list) {
		const struct ace *ace;
		struct slow_end back = {
		        .done = SLOW_YES, .nat = nat, .address = reply.src, .port = reply.sport};
		struct slow_packet one = reply;
		enum slow_answer answer = SLOW_YES;
		if (nat->twice && nat->twice->has_destination && source->pooled)
			answer = far_in_pool(config, nat->twice, packet, source, &one.dst);
		answer = slow_and(answer, line_takes(config, nat, &one, &ace));
		if (answer == SLOW_NO)
			continue;
		*met = true;
		if (nat == by)
			return SLOW_YES;
		if (answer == SLOW_UNKNOWN)
			return SLOW_UNKNOWN;
		/* What the documents say of `nat` without a `global` is about what it opens. */
		if (nat->legacy && nat->legacy->kind == NAT_DYNAMIC &&
		    !has_global(config, nat->legacy, packet->in))
			return SLOW_UNKNOWN;
		/* `nat 0 ADDRESS`: nothing can be opened from outside (4.2). */
		if (nat->legacy && nat->legacy->kind == NAT_IDENTITY)
			return SLOW_NO;
		change_source(config, &reply, ace, &back);
		bool kept = back.done == SLOW_YES && !back.pooled && back.address == reply.src &&
		            back.port == reply.sport;
		return sure(kept && !changed);
	}
	return SLOW_YES;
}

/* --- pools ------------------------------------------------------------------------------- */

struct within {
	struct range range;
	void (*visit)(void *context, u128 address);
	void *context;
};

static void visit_within(void *context, u128 address)
{
	const struct within *within = context;
	if (within->range.lo <= address && address <= within->range.hi)
		within->visit(within->context, address);
}

static void visit_pool(const struct config *config, struct range range,
                       void (*visit)(void *context, u128 address), void *context)
{
	struct within within = {range, visit, context};
	visit(context, range.lo);
	slow_each_address(config, visit_within, &within);
}

void slow_each_pooled(const struct config *config, const struct slow_packet *packet,
                      const struct slow_end *source, void (*visit)(void *context, u128 address),
                      void *context)
{
	const struct legacy_nat *legacy = source->nat->legacy;
	struct ranges modern = {.known = true};
	if (!legacy)
		modern = pool_of(config, packet, source);
	if (!legacy && !modern.known)
		ranges_put(&modern, addr_is4(packet->src) ? ADDR4_MIN : 0,
		           addr_is4(packet->src) ? ADDR4_MAX : U128_MAX);
	for (unsigned i = 0; i < modern.n; i++)
		visit_pool(config, modern.list[i], visit, context);
	VEC_EACH(const struct global_pool, pool, &config->globals) {
		if (!legacy || pool->id != legacy->id || (source->own && !pool->is_range) ||
		    !slow_same_ifc(config, pool->ifc, packet->out))
			continue;
		const struct interface_address *own = slow_own4(config, packet->out);
		struct range any = {ADDR4_MIN, ADDR4_MAX};
		if (!pool->is_interface)
			visit_pool(config, pool->addresses, visit, context);
		else if (own)
			visit(context, own->address);
		else
			visit_pool(config, any, visit, context);
	}
}
