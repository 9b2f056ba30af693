/* SPDX-License-Identifier: ISC */
/* Look-ups, interned specs, and what releases differ in. Resolving is in link.c. */
#include "model/config.h"

#include <string.h>

const char *const conn_limit_words[CONN_LIMIT_COUNT] = {
        [CONN_MAX] = "conn-max",
        [CONN_EMBRYONIC] = "embryonic-conn-max",
        [CONN_PER_CLIENT] = "per-client-max",
        [CONN_PER_CLIENT_EMBRYONIC] = "per-client-embryonic-max",
};

const char *const conn_timeout_words[TIMEOUT_COUNT] = {
        [TIMEOUT_IDLE] = "idle",
        [TIMEOUT_EMBRYONIC] = "embryonic",
        [TIMEOUT_HALF_CLOSED] = "half-closed",
};

struct str config_name(const struct config *config, name_id name)
{
	return intern_str(config->names, name);
}

name_id config_find_name(const struct config *config, struct str name)
{
	return intern_find(config->names, name);
}

/* Grow the slots so that `name` has one. */
static void index_reserve(struct arena *arena, struct name_index *index, name_id name)
{
	while (index->slots.n <= name)
		VEC_PUSH(arena, &index->slots, 0);
}

void config_index(struct config *config, struct name_index *index, name_id name, uint32_t position)
{
	index_reserve(config->arena, index, name);
	index->slots.v[name] = position + 1;
}

void config_unindex(struct name_index *index, name_id name)
{
	if (name < index->slots.n)
		index->slots.v[name] = 0;
}

uint32_t config_index_get(const struct name_index *index, name_id name)
{
	return name < index->slots.n ? index->slots.v[name] : 0;
}

u128 config_line_key(struct span line)
{
	return (u128)line.source << 32 | line.offset;
}

struct object *config_object(const struct config *config, name_id name)
{
	uint32_t i = config_index_get(&config->object_index, name);
	return i ? &config->objects.v[i - 1] : NULL;
}

struct group *config_group(const struct config *config, name_id name)
{
	uint32_t i = config_index_get(&config->group_index, name);
	return i ? &config->groups.v[i - 1] : NULL;
}

struct acl *config_acl(const struct config *config, name_id name)
{
	uint32_t i = config_index_get(&config->acl_index, name);
	return i ? &config->acls.v[i - 1] : NULL;
}

/* The rest are few in any config, so a walk will do. */

struct class_map *config_class_map(const struct config *config, name_id name)
{
	VEC_EACH(struct class_map, map, &config->class_maps)
		if (map->name == name)
			return map;
	return NULL;
}

struct policy_map *config_policy_map(const struct config *config, name_id name)
{
	VEC_EACH(struct policy_map, map, &config->policy_maps)
		if (map->name == name)
			return map;
	return NULL;
}

struct inspect_map *config_inspect_map(const struct config *config, name_id engine, name_id name)
{
	VEC_EACH(struct inspect_map, map, &config->inspect_maps)
		if (map->name == name && map->engine == engine)
			return map;
	return NULL;
}

struct interface *config_interface(const struct config *config, name_id nameif)
{
	if (nameif == 0)
		return NULL;
	VEC_EACH(struct interface, ifc, &config->interfaces)
		if (ifc->nameif == nameif)
			return ifc;
	struct str text = config_name(config, nameif);
	VEC_EACH(struct interface, ifc, &config->interfaces)
		if (ifc->nameif && str_eq_nocase(config_name(config, ifc->nameif), text))
			return ifc;
	return NULL;
}

/* --- interned specs --------------------------------------------------------------------- */

static bool addr_spec_equal(const struct addr_spec *a, const struct addr_spec *b)
{
	return a->kind == b->kind && a->name == b->name && a->range.lo == b->range.lo &&
	       a->range.hi == b->range.hi;
}

static bool port_spec_equal(const struct port_spec *a, const struct port_spec *b)
{
	return a->kind == b->kind && a->group == b->group && a->lo == b->lo && a->hi == b->hi;
}

static bool service_spec_equal(const struct service_spec *a, const struct service_spec *b)
{
	return a->kind == b->kind && a->name == b->name && a->proto_lo == b->proto_lo &&
	       a->proto_hi == b->proto_hi && a->tcp_udp == b->tcp_udp &&
	       port_spec_equal(&a->source, &b->source) && port_spec_equal(&a->dest, &b->dest);
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
	hash ^= value;
	hash *= 0x9e3779b97f4a7c15u;
	return hash ^ (hash >> 29);
}

static uint64_t addr_spec_hash(const struct addr_spec *spec)
{
	uint64_t hash = mix((uint64_t)spec->kind, spec->name);
	hash = mix(mix(hash, (uint64_t)spec->range.lo), (uint64_t)(spec->range.lo >> 64));
	return mix(mix(hash, (uint64_t)spec->range.hi), (uint64_t)(spec->range.hi >> 64));
}

static uint64_t port_spec_hash(uint64_t hash, const struct port_spec *spec)
{
	return mix(mix(hash, (uint64_t)spec->kind << 32 | spec->group),
	           (uint64_t)spec->lo << 16 | spec->hi);
}

static uint64_t service_spec_hash(const struct service_spec *spec)
{
	uint64_t hash = mix((uint64_t)spec->kind, spec->name);
	hash = mix(hash, (uint64_t)spec->proto_lo << 16 | (uint64_t)spec->proto_hi << 8 |
	                         (uint64_t)spec->tcp_udp);
	return port_spec_hash(port_spec_hash(hash, &spec->source), &spec->dest);
}

/* Open addressing over `slots`, which hold position + 1; kept at most half full. */
static void slots_grow(struct config *config, struct name_index *slots, uint32_t n,
                       uint64_t (*hash_at)(const struct config *, uint32_t))
{
	uint32_t size = slots->slots.n ? slots->slots.n * 2 : 64;
	slots->slots.v = NEW_ARRAY(config->arena, uint32_t, size);
	slots->slots.n = slots->slots.cap = size;
	for (uint32_t i = 0; i < n; i++) {
		uint64_t at = hash_at(config, i);
		while (slots->slots.v[at & (size - 1)])
			at++;
		slots->slots.v[at & (size - 1)] = i + 1;
	}
}

static uint64_t addr_hash_at(const struct config *config, uint32_t i)
{
	return addr_spec_hash(&config->addr_pool.v[i]);
}

static uint64_t service_hash_at(const struct config *config, uint32_t i)
{
	return service_spec_hash(&config->service_pool.v[i]);
}

/* A pool of specs: how its hash table compares and hashes what is in it. */
struct pool_kind {
	uint64_t (*hash_at)(const struct config *config, uint32_t i);
	bool (*same_at)(const struct config *config, uint32_t i, const void *spec);
};

/* The slot of an equal spec, or the free one where it belongs. */
static uint32_t *pool_slot(struct config *config, struct name_index *slots, uint32_t n,
                           const struct pool_kind *kind, const void *spec, uint64_t hash)
{
	if (n * 2 >= slots->slots.n)
		slots_grow(config, slots, n, kind->hash_at);
	for (;; hash++) {
		uint32_t *slot = &slots->slots.v[hash & (slots->slots.n - 1)];
		if (*slot == 0 || kind->same_at(config, *slot - 1, spec))
			return slot;
	}
}

static bool same_addr_at(const struct config *config, uint32_t i, const void *spec)
{
	return addr_spec_equal(&config->addr_pool.v[i], spec);
}

static bool same_service_at(const struct config *config, uint32_t i, const void *spec)
{
	return service_spec_equal(&config->service_pool.v[i], spec);
}

uint32_t config_add_addr(struct config *config, const struct addr_spec *spec)
{
	static const struct pool_kind kind = {addr_hash_at, same_addr_at};
	uint32_t *slot = pool_slot(config, &config->addr_slots, config->addr_pool.n, &kind, spec,
	                           addr_spec_hash(spec));
	if (*slot == 0) {
		VEC_PUSH(config->arena, &config->addr_pool, *spec);
		*slot = config->addr_pool.n;
	}
	return *slot - 1;
}

uint32_t config_add_service(struct config *config, const struct service_spec *spec)
{
	static const struct pool_kind kind = {service_hash_at, same_service_at};
	uint32_t *slot = pool_slot(config, &config->service_slots, config->service_pool.n, &kind,
	                           spec, service_spec_hash(spec));
	if (*slot == 0) {
		VEC_PUSH(config->arena, &config->service_pool, *spec);
		*slot = config->service_pool.n;
	}
	return *slot - 1;
}

/* --- releases --------------------------------------------------------------------------- */

int version_cmp(struct version a, uint16_t major, uint16_t minor, uint16_t maintenance)
{
	const uint16_t left[] = {a.major, a.minor, a.maintenance};
	const uint16_t right[] = {major, minor, maintenance};
	for (size_t i = 0; i < 3; i++)
		if (left[i] != right[i])
			return left[i] < right[i] ? -1 : 1;
	return 0;
}

static bool has_word(const struct config *config, struct span span, struct str name)
{
	const struct source *source = &config->sources.list.v[span.source];
	struct str rest = {source->text.s + span.offset, span.len}, word;

	for (bool more = true; more;) {
		more = str_cut(rest, ' ', &word, &rest);
		if (str_eq(str_trim(word), name))
			return true;
	}
	return false;
}

bool config_mentions(const struct config *config, struct str name)
{
	VEC_EACH(const struct span, span, &config->other_lines)
		if (has_word(config, *span, name))
			return true;
	return false;
}

/*
 * Is it FTD, or an ASA of that release or a later one? `unsaid` is what holds of an ASA of unknown
 * release.
 */
static bool asa_since(const struct config *config, uint16_t major, uint16_t minor, bool unsaid)
{
	switch (config->platform) {
	case PLATFORM_PIX:
	case PLATFORM_FWSM:
		return false;
	case PLATFORM_FTD:
		return true;
	case PLATFORM_ASA:
	case PLATFORM_COUNT:
		break;
	}
	return config->version.major ? version_cmp(config->version, major, minor, 0) >= 0 : unsaid;
}

/*
 * Without a version line the commands themselves tell: object and twice NAT came with 8.3,
 * `static` and `nat (ifc) N` went with it.
 */
bool config_uses_real_addresses(const struct config *config)
{
	return asa_since(config, 8, 3, config->nats.n == 0 && config->globals.n == 0);
}

bool config_any_is_dual(const struct config *config)
{
	return asa_since(config, 9, 0, config_uses_real_addresses(config));
}

bool config_uses_fixup(const struct config *config)
{
	if (config->version.major && config->platform == PLATFORM_PIX)
		return config->version.major < 7;
	if (config->version.major && config->platform == PLATFORM_FWSM)
		return config->version.major < 3;
	return config->fixups.n > 0 && config->policy_maps.n == 0;
}

bool config_may_have_ipv6(const struct config *config)
{
	bool told = false;
	VEC_EACH(const struct interface, ifc, &config->interfaces) {
		if (ifc->ipv6_enabled || ifc->ipv6_elsewhere)
			return true;
		VEC_EACH(const struct interface_address, at, &ifc->addresses)
			if (!at->masked && !addr_is4(at->address))
				return true;
		told |= ifc->addresses.n > 0;
	}
	return !told;
}

enum net_end config_net_end(const struct config *config, u128 address)
{
	enum { SMALLEST = 4 }; /* a /31 has two hosts, and no broadcast */
	if (!addr_is4(address))
		return NET_END_NONE;
	VEC_EACH(const struct interface, ifc, &config->interfaces)
		VEC_EACH(const struct interface_address, at, &ifc->addresses) {
			struct range net = at->network;
			if (at->masked || !ifc->nameif || ifc->shutdown ||
			    net.hi - net.lo + 1 < SMALLEST)
				continue;
			if (address == net.lo || address == net.hi)
				return address == net.lo ? NET_END_NETWORK : NET_END_BROADCAST;
		}
	return NET_END_NONE;
}

bool config_is_own_address(const struct config *config, u128 address)
{
	return keys_find(&config->own_addresses, address) != NULL;
}
