/* SPDX-License-Identifier: ISC */
/*
 * One firewall (or one context of it), as its commands left it. Filled by
 * parser/config_reader by replaying them; frozen by config_link(); read by all
 * others through const.
 */
#ifndef MODEL_CONFIG_H
#define MODEL_CONFIG_H

#include "model/acl.h"
#include "model/block.h"
#include "model/crypto.h"
#include "model/interface.h"
#include "model/keys.h"
#include "model/mpf.h"
#include "model/nat.h"
#include "model/report.h"

/* "9.8(4)15" is {9, 8, 4, 15}; "7.2(2)" is {7, 2, 2, 0}. major 0: not known. */
struct version {
	uint16_t major, minor, maintenance, interim;
};

/* name_id -> index into an array; 0 in `slots` is "none". */
struct name_index {
	VEC(uint32_t) slots;
};

/* `name ADDRESS LABEL` */
struct label {
	name_id name;
	u128 address;
	struct span span;
};

enum line_use { LINE_MODELLED, LINE_IRRELEVANT, LINE_UNKNOWN };

/* A line that the grammar does not know. */
struct unknown_line {
	struct span span; /* of the words that may be shown: one or two, no secret */
	bool local;       /* its effect is kept inside an object that is marked unknown itself */
};

/* A line the device would refuse, read as meant (ruling 14, AM501). */
struct invalid_line {
	struct span span;
	struct str problem;
};

/* A sign that the capture is not all that the device said (AM902). One a kind. */
struct truncation {
	struct span span;
	struct str text; /* what it is, as part of a sentence */
};

struct config {
	struct arena *arena;
	struct interns *names;
	struct sources sources;
	struct diags diags;
	struct coverage coverage;
	struct capture capture;

	enum platform platform;
	bool platform_known; /* a version line was seen */
	struct version version;
	struct str version_text, hostname, context;
	bool system_context;           /* the system space of a multi-context device */
	uint32_t asa_signs, ios_signs; /* lines that only a firewall, or only a router, has */
	bool has_end;                  /* ": end" or Cryptochecksum was seen */

	bool transparent; /* `firewall transparent`: bridges, so addresses tell no path */
	struct span transparent_span;

	VEC(struct interface) interfaces;
	VEC(struct route) routes;
	VEC(struct route) null_routes; /* to Null0: their packets are dropped; ifc is 0 */
	struct span routing_span;      /* a dynamic routing protocol runs; its first line */
	bool same_security_inter, same_security_intra;
	struct span same_security_intra_span;

	VEC(struct label) labels;
	VEC(struct object) objects;
	VEC(struct group) groups;
	VEC(struct acl) acls;
	VEC(struct ace_scope) ace_scopes;
	VEC(struct access_group) access_groups;
	VEC(struct legacy_nat) nats; /* static and nat, in order */
	VEC(struct global_pool) globals;
	VEC(struct object_nat) object_nats;
	VEC(struct twice_nat) twice_nats; /* in order of their section */
	bool nat_control;
	struct acl conduits; /* as a list: source is who comes from outside; its name is 0 */
	bool has_conduits, has_outbounds;
	struct span conduit_span;
	VEC(struct outbound_binding) outbounds; /* where `apply` puts outbound lists */

	VEC(struct crypto_entry) crypto_entries;
	VEC(struct crypto_binding) crypto_bindings;

	VEC(struct class_map) class_maps;
	VEC(name_id) regexes;        /* names of `regex` */
	VEC(struct block) blocks;    /* what is kept as text */
	struct keys time_ranges;     /* by name: 1 where `time-range` defines it */
	struct keys time_range_uses; /* by config_line_key() of an ACE: the name it has */
	VEC(struct inspect_map) inspect_maps;
	VEC(struct policy_map) policy_maps;
	VEC(struct service_policy) service_policies;
	VEC(struct fixup) fixups;
	struct setting_number timeout_conn; /* seconds */
	struct setting_number timeout_half_closed;

	VEC(struct span) other_lines; /* commands that are not modelled or not known */
	VEC(struct unknown_line) unknown_lines;
	VEC(struct invalid_line) invalid_lines;
	VEC(struct truncation) truncations;
	bool cut_short; /* the capture ends before the config does: what is absent may be there */

	/* Interned specs: equal specs have equal indexes. */
	VEC(struct addr_spec) addr_pool;
	VEC(struct service_spec) service_pool;
	struct name_index addr_slots, service_slots; /* hash tables over the pools */

	struct name_index label_index, object_index, group_index, acl_index;

	/* Made by config_link(): what each object, group and pool entry stands for. */
	struct addr_set *object_sets, *addr_sets;
	struct group_set *group_sets;
	struct service_set *service_sets;
	struct keys own_addresses;                /* of interfaces */
	const struct access_group *global_groups; /* the first; those of interfaces are with them */
};

/* The config's own text of a name. */
struct str config_name(const struct config *config, name_id name);
name_id config_find_name(const struct config *config, struct str name);

/*
 * Is a name a word of a command that is not modelled or not known? Such a command may use what
 * has the name: a route-map, a vpn-filter, wccp. Of a `description` words are no names.
 */
bool config_mentions(const struct config *config, struct str name);

/* The index of an equal spec in its pool, added when new. */
uint32_t config_add_addr(struct config *config, const struct addr_spec *spec);
uint32_t config_add_service(struct config *config, const struct service_spec *spec);

/* A line as a key. */
u128 config_line_key(struct span line);

/* Look-ups by name; NULL when there is none. Interfaces by nameif, case ignored. */
struct object *config_object(const struct config *config, name_id name);
struct group *config_group(const struct config *config, name_id name);
struct acl *config_acl(const struct config *config, name_id name);
struct class_map *config_class_map(const struct config *config, name_id name);
struct policy_map *config_policy_map(const struct config *config, name_id name);
struct inspect_map *config_inspect_map(const struct config *config, name_id engine, name_id name);
struct interface *config_interface(const struct config *config, name_id nameif);

/* Register a new element under its name after it was pushed. */
void config_index(struct config *config, struct name_index *index, name_id name, uint32_t position);
void config_unindex(struct name_index *index, name_id name);
uint32_t config_index_get(const struct name_index *index, name_id name); /* position + 1, or 0 */

/*
 * Resolve every spec to its sets. Cycles in groups are cut with a diagnostic;
 * missing names make the set uncertain. Call once, after the last command.
 */
void config_link(struct config *config);

/* Addresses and services of a linked config. */
const struct addr_set *config_addr_set(const struct config *config, uint32_t index);
const struct service_set *config_service_set(const struct config *config, uint32_t index);

/* Resolve one spec that is in no pool (NAT lines). The config must be linked. */
struct addr_set config_resolve(const struct config *config, struct arena *arena,
                               const struct addr_spec *spec);

/* -1, 0, 1 as a is older than, the same as, or newer than major.minor(maintenance). */
int version_cmp(struct version a, uint16_t major, uint16_t minor, uint16_t maintenance);

/* Is it the network or the broadcast address of an IPv4 network that an interface is in? */
enum net_end { NET_END_NONE, NET_END_NETWORK, NET_END_BROADCAST };
enum net_end config_net_end(const struct config *config, u128 address);

/* From 8.3, ACLs and class-maps see real addresses (asa-semantics 4.1). FWSM and PIX never do. */
bool config_uses_real_addresses(const struct config *config);
/* From 9.0, `any` is IPv4 and IPv6. */
bool config_any_is_dual(const struct config *config);
/* Some interface has IPv6, or none tells its addresses: only then may IPv6 packets cross. */
bool config_may_have_ipv6(const struct config *config);
/* Is it the address of an interface, by the text? */
bool config_is_own_address(const struct config *config, u128 address);

/* PIX and FWSM releases whose inspection is `fixup`. */
bool config_uses_fixup(const struct config *config);

#endif
