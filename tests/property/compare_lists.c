/* SPDX-License-Identifier: ISC */
/* acl_paint() over single packets and over wide boxes. */
#include "analyzers/paint.h"
#include "tests/property/compare.h"

/* Packets a wide region is asked about. */
enum { PER_REGION = 40, MAX_WORK = 60000 };

static unsigned can_of(struct slow_decision decision)
{
	unsigned can = decision.can & SLOW_PERMIT ? CAN_PERMIT : 0;
	return decision.can & (SLOW_DENY | SLOW_END) ? can | CAN_DENY : can;
}

static const char *can_text(unsigned can)
{
	static const char *const texts[] = {"neither", "permit", "deny", "unknown"};
	return texts[can & 3];
}

static uint32_t line_of(const struct run *run, const struct ace *ace)
{
	return ace ? source_place(&run->config->sources, ace->span).line : 0;
}

static void compare_cell(struct run *run, const struct acl *acl, const struct slow_packet *packet,
                         const struct cell *cell, bool addresses_only)
{
	struct slow_decision want = addresses_only ? slow_acl_addresses(run->config, acl, packet)
	                                           : slow_acl(run->config, acl, packet);
	unsigned can = can_of(want);
	run->tally.lists++;
	run->tally.unknown += can == (CAN_PERMIT | CAN_DENY);
	if (cell->why == WHY_BUDGET) {
		run->tally.vague++;
		return;
	}
	if (cell->can != can || cell->ace != want.ace)
		disagree(run, "access-list %.*s%s, %s: expected %s by line %u, got %s by line %u",
		         STR(config_name(run->config, acl->name)),
		         addresses_only ? " (addresses)" : "", packet_text(run, packet),
		         can_text(can), line_of(run, want.ace), can_text(cell->can),
		         line_of(run, cell->ace));
}

static const struct cell *cell_with(struct run *run, const struct acl *acl,
                                    const struct cells *cells, const struct slow_packet *packet)
{
	const struct cell *found = NULL;
	VEC_EACH(const struct cell, cell, &cells->list) {
		if (!box_has(&cell->box, packet))
			continue;
		if (found)
			disagree(run, "access-list %.*s, %s: is in two cells",
			         STR(config_name(run->config, acl->name)),
			         packet_text(run, packet));
		found = cell;
	}
	if (!found)
		disagree(run, "access-list %.*s, %s: is in no cell",
		         STR(config_name(run->config, acl->name)), packet_text(run, packet));
	return found;
}

static void check_partition(struct run *run, struct arena *arena, const struct acl *acl,
                            const struct box *region, const struct cells *cells)
{
	const struct box **boxes = NEW_ARRAY(arena, const struct box *, cells->list.n);
	for (uint32_t i = 0; i < cells->list.n; i++)
		boxes[i] = &cells->list.v[i].box;
	const char *fault = partition_fault(region, boxes, cells->list.n);
	if (fault)
		disagree(run, "access-list %.*s: %s", STR(config_name(run->config, acl->name)),
		         fault);
}

static void paint(struct arena *arena, const struct run *run, const struct acl *acl,
                  const struct box *region, bool addresses_only, struct cells *cells)
{
	if (addresses_only)
		acl_paint_addresses(arena, run->config, acl, region, cells);
	else
		acl_paint(arena, run->config, acl, region, cells);
}

static unsigned compare_region(struct run *run, const struct acl *acl,
                               const struct slow_packet *packet, bool wide, bool addresses_only)
{
	struct arena *arena = arena_new();
	struct cells cells = {0};
	struct box region = wide ? box_around(arena, &run->rng, &run->points, packet)
	                         : box_of_packet(arena, packet);
	unsigned n = wide ? PER_REGION : 1;
	paint(arena, run, acl, &region, addresses_only, &cells);
	check_partition(run, arena, acl, &region, &cells);
	run->tally.regions++;
	run->tally.budget += cells.list.n == 1 && cells.list.v[0].why == WHY_BUDGET;
	for (unsigned i = 0; i < n; i++) {
		struct slow_packet at = *packet;
		const struct cell *cell;
		if (i > 0 && cells.list.n) {
			uint32_t k = rng_below(&run->rng, cells.list.n);
			if (!pick_in_box(&run->rng, &run->points, &cells.list.v[k].box, &at))
				continue;
		}
		cell = cell_with(run, acl, &cells, &at);
		if (cell)
			compare_cell(run, acl, &at, cell, addresses_only);
	}
	arena_free(arena);
	return n;
}

void compare_lists(struct run *run, unsigned n)
{
	const struct config *config = run->config;
	for (unsigned done = 0; done < n && config->acls.n;) {
		const struct acl *acl = &config->acls.v[rng_below(&run->rng, config->acls.n)];
		struct slow_packet packet = pick_near(&run->rng, config, &run->points, acl);
		/* All of a long list cut in all dimensions would take its time. */
		bool wide = rng_percent(&run->rng, 12) && acl->aces.n < 40;
		done += compare_region(run, acl, &packet, wide, rng_percent(&run->rng, 15));
	}
}
