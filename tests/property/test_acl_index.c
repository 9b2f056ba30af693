/* SPDX-License-Identifier: ISC */
/*
 * One packet gets from a list, read or by its index, what painting a region gives it. Over every
 * list of the golden cases and the examples, with packets at and beside the ends of their
 * addresses.
 */
#include "analyzers/acl_index.h"
#include "analyzers/paint.h"
#include "cli/analyze.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

enum { PACKETS = 300 };

static uint32_t random_below(uint64_t *state, uint32_t n)
{
	*state = *state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(*state >> 33) % n;
}

/* An end of some address in the config, or one beside it. */
static u128 some_address(uint64_t *state, const struct config *config)
{
	uint32_t n = config->addr_pool.n;
	struct iset set = config->addr_sets[random_below(state, n)].may;
	if (set.n == 0)
		return addr4(0xc6336407);
	struct range range = set.v[random_below(state, set.n)];
	u128 ends[] = {range.lo, range.hi, range.lo - 1, range.hi + 1};
	return ends[random_below(state, 4)];
}

static struct packet some_packet(uint64_t *state, const struct config *config)
{
	static const uint8_t protocols[] = {PROTO_TCP, PROTO_TCP, PROTO_UDP, PROTO_ICMP};
	static const uint16_t ports[] = {25, 80, 7025, 22, 53, 443, 1, 65535};
	return (struct packet){{
	        [DIM_PROTO] = protocols[random_below(state, 4)],
	        [DIM_SRC] = some_address(state, config),
	        [DIM_DST] = some_address(state, config),
	        [DIM_SPORT] = ports[random_below(state, 8)],
	        [DIM_DPORT] = ports[random_below(state, 8)],
	}};
}

/* The cell that painting all source ports gives a packet. */
static struct cell painted(struct arena *arena, const struct config *config, const struct acl *acl,
                           const struct packet *packet)
{
	struct box region;
	struct cells cells = {0};
	for (int dim = 0; dim < DIM_COUNT; dim++)
		region.dim[dim] = iset_point(arena, packet->at[dim]);
	region.dim[DIM_SPORT] = iset_range(arena, 0, 65535);
	acl_paint(arena, config, acl, &region, &cells);
	VEC_EACH(const struct cell, cell, &cells.list)
		if (box_contains(&cell->box, packet))
			return *cell;
	abort(); /* cells are exactly the region */
}

static bool same(const struct acl_decision *a, const struct acl_decision *b)
{
	return a->can == b->can && a->ace == b->ace && a->doubt_can == b->doubt_can &&
	       a->doubt == b->doubt && a->why == b->why;
}

static bool agrees(struct arena *arena, const struct config *config, const struct acl *plain,
                   const struct acl *indexed, const struct packet *packet)
{
	static const struct acl_view view = {0};
	struct cell cell = painted(arena, config, plain, packet);
	const struct acl_decision region = {cell.can, cell.ace, cell.doubt_can, cell.doubt,
	                                    cell.why};
	struct acl_decision read = acl_point(config, plain, &view, packet);
	struct acl_decision found = acl_point(config, indexed, &view, packet);
	return same(&read, &region) && same(&found, &region);
}

static void check_config(const char *path, unsigned *packets, unsigned *failures)
{
	struct arena *arena = arena_new();
	struct options options = {.arena = arena, .stdin_name = "-"};
	struct applied applied = {0};
	struct capture_input input;
	struct str error;
	uint64_t state = 1;
	if (capture_read(arena, &options, path, &applied, &input, &error)) {
		const struct config *config = capture_config(arena, &input, 0, S(""));
		VEC_EACH(const struct acl, acl, &config->acls) {
			struct acl plain = *acl, indexed = *acl;
			plain.index = NULL;
			indexed.index =
			        acl_index_of(arena, config, &(struct acl_part){.acl = acl}, 1);
			for (int i = 0; i < PACKETS && acl->kind == ACL_EXTENDED && acl->aces.n;
			     i++) {
				struct packet packet = some_packet(&state, config);
				if (addr_is4(packet.at[DIM_SRC]) != addr_is4(packet.at[DIM_DST]))
					continue;
				++*packets;
				if (agrees(arena, config, &plain, &indexed, &packet))
					continue;
				++*failures;
				printf("%s: access-list %.*s\n", path,
				       STR(config_name(config, acl->name)));
			}
		}
	}
	arena_free(arena);
}

int main(void)
{
	static const char *const patterns[] = {"tests/golden/*/*.cfg", "examples/*.cfg"};
	unsigned packets = 0, failures = 0;
	for (size_t p = 0; p < 2; p++) {
		glob_t found;
		if (glob(patterns[p], 0, NULL, &found) == 0)
			for (size_t i = 0; i < found.gl_pathc; i++)
				check_config(found.gl_pathv[i], &packets, &failures);
		globfree(&found);
	}
	printf("%u packets, %u disagreements\n", packets, failures);
	return failures || packets == 0;
}
