/* SPDX-License-Identifier: ISC */
#include "tests/property/slow_ranges.h"

#include <stdlib.h>

void ranges_put(struct ranges *ranges, u128 lo, u128 hi)
{
	if (ranges->n == MAX_RANGES)
		ranges->known = false;
	else
		ranges->list[ranges->n++] = (struct range){lo, hi};
}

const struct interface_address *slow_own4(const struct config *config, name_id name)
{
	const struct interface *ifc = slow_interface(config, name);
	if (ifc)
		VEC_EACH(const struct interface_address, at, &ifc->addresses)
			if (!at->masked && addr_is4(at->address))
				return at;
	return NULL;
}

static void collect(const struct config *config, const struct addr_spec *spec, unsigned depth,
                    struct ranges *ranges)
{
	const struct object *object;
	const struct group *group;
	switch (spec->kind) {
	case ADDR_ANY:
	case ADDR_ANY4:
		ranges_put(ranges, ADDR4_MIN, ADDR4_MAX);
		if (spec->kind == ADDR_ANY4 || !slow_dual_any(config))
			return;
		/* fall through */
	case ADDR_ANY6:
		ranges_put(ranges, 0, ADDR4_MIN - 1);
		ranges_put(ranges, ADDR4_MAX + 1, U128_MAX);
		return;
	case ADDR_RANGE:
		ranges_put(ranges, spec->range.lo, spec->range.hi);
		return;
	case ADDR_OBJECT:
		object = config_object(config, spec->name);
		if (object && object->kind == OBJECT_ADDRESS && depth < 20)
			collect(config, &object->address, depth + 1, ranges);
		else
			ranges->known = false;
		return;
	case ADDR_GROUP:
		group = config_group(config, spec->name);
		if (!group || group->kind != GROUP_NETWORK || depth >= 20) {
			ranges->known = false;
			return;
		}
		VEC_EACH(const struct member, member, &group->members) {
			struct addr_spec inner = {.kind = ADDR_GROUP, .name = member->group};
			if (member->kind == MEMBER_ADDRESS)
				collect(config, &member->address, depth + 1, ranges);
			else if (member->kind == MEMBER_GROUP)
				collect(config, &inner, depth + 1, ranges);
			else
				ranges->known = false;
		}
		return;
	case ADDR_INTERFACE:
	case ADDR_UNKNOWN:
		break;
	}
	ranges->known = false;
}

static int by_start(const void *a, const void *b)
{
	const struct range *left = a, *right = b;
	return left->lo < right->lo ? -1 : left->lo > right->lo;
}

struct ranges ranges_written(const struct config *config, const struct addr_spec *spec)
{
	struct ranges ranges = {.known = true};
	collect(config, spec, 0, &ranges);
	return ranges;
}

struct ranges ranges_of(const struct config *config, const struct addr_spec *spec)
{
	struct ranges ranges = ranges_written(config, spec);
	unsigned n = 0;
	ranges.name = spec->name;
	for (unsigned i = 1; i < ranges.n; i++)
		ranges.disordered |= ranges.list[i].lo <= ranges.list[i - 1].hi;
	qsort(ranges.list, ranges.n, sizeof(ranges.list[0]), by_start);
	for (unsigned i = 0; i < ranges.n; i++) {
		struct range *last = n ? &ranges.list[n - 1] : NULL;
		const struct range *next = &ranges.list[i];
		if (last && (next->lo <= last->hi || next->lo == last->hi + 1)) {
			if (next->hi > last->hi)
				last->hi = next->hi;
			continue;
		}
		ranges.list[n++] = *next;
	}
	ranges.n = n;
	return ranges;
}

bool ranges_same(const struct ranges *a, const struct ranges *b)
{
	if (!a->known || !b->known || a->n != b->n)
		return false;
	for (unsigned i = 0; i < a->n; i++)
		if (a->list[i].lo != b->list[i].lo || a->list[i].hi != b->list[i].hi)
			return false;
	return true;
}

/* The k-th address of one for the k-th of the other, round and round. */
bool ranges_counterpart(const struct ranges *from, const struct ranges *to, u128 address, u128 *out)
{
	*out = address;
	bool disordered = from->disordered || to->disordered;
	if (ranges_same(from, to) && (!disordered || from->name == to->name))
		return true;
	if (disordered || !from->known || !to->known || from->n != 1 || to->n != 1 ||
	    addr_is4(from->list[0].lo) != addr_is4(to->list[0].lo))
		return false;
	u128 size = to->list[0].hi - to->list[0].lo + 1;
	*out = to->list[0].lo + (address - from->list[0].lo) % size;
	return true;
}
