/* SPDX-License-Identifier: ISC */
/* Who is behind which interface: the sweep over all networks against a search for one address. */
#include "analyzers/path.h"
#include "parser/config_reader.h"

#include <criterion/criterion.h>

enum { INTERFACES = 6, ROUTES = 12, ROUNDS = 300 };

static uint32_t next_random(uint64_t *seed)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(*seed >> 33);
}

static const char *const masks[] = {"255.255.255.0",   "255.255.255.128", "255.255.255.192",
                                    "255.255.255.224", "255.255.255.240", "255.255.255.248",
                                    "255.255.255.252", "255.255.255.255"};

/* Nested and equal networks and routes within 10.0.0.0/24, and a default route to `outside`. */
static struct config *random_config(struct arena *arena, uint64_t *seed)
{
	struct buf text = {.arena = arena};
	buf_add(&text, S("ASA Version 9.8(4)\nhostname fw\ninterface Ethernet0\n nameif outside\n"
	                 " security-level 0\n ip address 192.0.2.1 255.255.255.0\n"));
	for (unsigned i = 1; i < INTERFACES; i++)
		buf_printf(&text,
		           "interface Ethernet%u\n nameif in%u\n security-level 50\n"
		           " ip address 10.0.0.%u %s\n%s",
		           i, i, next_random(seed) % 256, masks[next_random(seed) % 7],
		           next_random(seed) % 8 ? "" : " shutdown\n");
	buf_add(&text, S("route outside 0.0.0.0 0.0.0.0 192.0.2.254 1\n"));
	for (unsigned i = 0; i < ROUTES; i++) {
		unsigned length = next_random(seed) % 8; /* beyond 24 */
		unsigned network = (next_random(seed) % 256) & (0xffu << (8 - length) & 0xffu);
		buf_printf(&text, "route %s%u 10.0.0.%u %s 192.0.2.%u\n",
		           next_random(seed) % 10 ? "in" : "gone", 1 + next_random(seed) % 5,
		           network, masks[length], 2 + i);
	}
	buf_add(&text, S(": end\n"));
	const struct config_input input = {S("fw"), buf_str(&text)};
	struct config_parts parts = config_split(arena, input.text);
	return config_read(arena, &input, 1, parts.list.v);
}

Test(path, what_is_behind_an_interface_is_what_is_placed_there)
{
	uint64_t seed = 1;
	for (int round = 0; round < ROUNDS; round++) {
		struct arena *arena = arena_new();
		const struct config *config = random_config(arena, &seed);
		const struct layout *layout = path_layout(config, arena, true);
		struct iset behind[INTERFACES + 1];
		cr_assert_leq(config->interfaces.n, INTERFACES + 1);
		for (uint32_t i = 0; i < config->interfaces.n; i++)
			behind[i] = layout_behind(layout, arena, &config->interfaces.v[i]);
		for (uint32_t last = 0; last < 512; last++) {
			u128 address = addr4(0x0a000000u - 128 + last);
			const struct interface *owner = path_place(config, address).ifc;
			if (!owner)
				owner = path_default(config, true);
			for (uint32_t i = 0; i < config->interfaces.n; i++) {
				const struct interface *ifc = &config->interfaces.v[i];
				cr_assert_eq(iset_contains(behind[i], address), owner == ifc,
				             "round %d: interface %u, address %u", round, i, last);
			}
		}
		arena_free(arena);
	}
}
