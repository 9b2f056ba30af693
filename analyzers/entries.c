/* SPDX-License-Identifier: ISC */
/* Access-list entries for the appliances' mail, and lists that may take them. */
#include "analyzers/planner.h"
#include "model/ports.h"

struct str entries_port(const struct planner *planner, uint16_t port)
{
	const char *named = port_name(port);
	return named ? str_of(named) : str_printf(planner->arena, "%u", port);
}

static struct str host_text(const struct planner *planner, u128 address)
{
	return str_printf(planner->arena, "host %.*s", STR(addr_text(planner->arena, address)));
}

static void add(const struct planner *planner, struct entries *entries, struct str src,
                struct str dst, struct str port)
{
	struct entry entry = {src, dst, port};
	VEC_EACH(const struct entry, old, &entries->list)
		if (str_eq(old->src, src) && str_eq(old->dst, dst) && str_eq(old->port, port))
			return;
	VEC_PUSH(planner->arena, &entries->list, entry);
}

enum { MAX_ENDS = 20 }; /* networks that a set of addresses is written as */

struct ends {
	struct str text[MAX_ENDS];
	uint32_t n;
};

/* "198.51.100.0/24" as a list has it; of IPv6 it is the same. */
static struct str network_text(const struct planner *planner, struct str cidr)
{
	struct str address, length;
	uint64_t bits = 0;
	u128 parsed = 0;
	str_cut(cidr, '/', &address, &length);
	bool known = addr_parse(address, &parsed);
	if (length.n == 0)
		return str_printf(planner->arena, "host %.*s", STR(address));
	if (!known || !addr_is4(parsed) || !str_number(length, 32, &bits))
		return cidr;
	uint32_t mask = bits ? UINT32_MAX << (32 - bits) : 0;
	return str_printf(planner->arena, "%.*s %.*s", STR(address),
	                  STR(addr_text(planner->arena, addr4(mask))));
}

/* Every address of one host that a class may see. */
static struct ends host_ends(const struct planner *planner, u128 real, u128 other)
{
	struct ends ends = {0};
	if (!config_uses_real_addresses(planner->config) && other != real)
		ends.text[ends.n++] = host_text(planner, other);
	ends.text[ends.n++] = host_text(planner, real);
	return ends;
}

/* "any", or the networks of a set that somebody gave; none if they are too many. */
static struct ends peer_ends(const struct planner *planner, const struct lane *lane, enum dim dim)
{
	struct ends ends = {0};
	struct cidrs cidrs = {0};
	if (lane->peer_is_any) {
		ends.text[ends.n++] = S("any");
		return ends;
	}
	iset_cidrs(planner->arena, lane->real.dim[dim], &cidrs);
	if (cidrs.list.n <= MAX_ENDS)
		VEC_EACH(const struct str, cidr, &cidrs.list)
			ends.text[ends.n++] = network_text(planner, *cidr);
	return ends;
}

/* The address others know the client by; the real one if it is not translated. */
static u128 client_mapped(const struct planner *planner, const struct lane *lane)
{
	struct seen_as seen = path_seen(planner->config, planner->arena, lane->client, 25,
	                                lane->passage.in, lane->passage.out);
	return seen.translated && !seen.unknown ? seen.address : lane->client;
}

static bool is_v6(const struct lane *lane)
{
	return (lane->server_is_appliance && !addr_is4(lane->server)) ||
	       (lane->client_is_appliance && !addr_is4(lane->client));
}

struct str entries_add_lane(const struct planner *planner, struct entries *entries,
                            const struct lane *lane)
{
	u128 client = lane->client_is_appliance ? client_mapped(planner, lane) : 0;
	uint16_t ports[2] = {(uint16_t)lane->real.dim[DIM_DPORT].v[0].lo, lane->wire_port};
	bool translated = !config_uses_real_addresses(planner->config) && ports[0] != ports[1];
	struct ends sources = lane->client_is_appliance ? host_ends(planner, lane->client, client)
	                                                : peer_ends(planner, lane, DIM_SRC);
	struct ends dests = lane->server_is_appliance
	                            ? host_ends(planner, lane->server, lane->wire_dst)
	                            : peer_ends(planner, lane, DIM_DST);
	if (is_v6(lane) && !config_any_is_dual(planner->config))
		return S("before 9.0 the lists of classes have no IPv6, so that none of it can be "
		         "told apart");
	if (!iset_contains(lane->real.dim[DIM_PROTO], PROTO_TCP))
		return S("this flow is not TCP");
	if (sources.n == 0 || dests.n == 0)
		return S("the other end of this flow is too many networks to list");
	for (uint32_t p = 0; p < (translated ? 2u : 1u); p++)
		for (uint32_t d = 0; d < dests.n; d++)
			for (uint32_t s = 0; s < sources.n; s++)
				add(planner, entries, sources.text[s], dests.text[d],
				    entries_port(planner, ports[p]));
	return S("");
}

/* --- object-groups ------------------------------------------------------------------------ */

enum { HOSTS_FOR_A_GROUP = 3 };

struct hosts_text {
	VEC(struct str) list;
};

static void add_host(struct arena *arena, struct hosts_text *hosts, struct str host)
{
	VEC_EACH(const struct str, old, &hosts->list)
		if (str_eq(*old, host))
			return;
	VEC_PUSH(arena, &hosts->list, host);
}

/* Hosts whose mail with any goes by this port, at either end. */
static struct hosts_text hosts_of(const struct planner *planner, const struct entries *entries,
                                  struct str port, bool as_server)
{
	struct hosts_text hosts = {0};
	VEC_EACH(const struct entry, entry, &entries->list) {
		struct str host = as_server ? entry->dst : entry->src;
		struct str peer = as_server ? entry->src : entry->dst;
		if (str_eq(entry->port, port) && str_eq(peer, S("any")) && !str_eq(host, S("any")))
			add_host(planner->arena, &hosts, host);
	}
	return hosts;
}

static struct str make_group(struct planner *planner, const struct hosts_text *hosts)
{
	struct buf members = {.arena = planner->arena};
	VEC_EACH(const struct str, host, &hosts->list)
		buf_printf(&members, "%.*s ", STR(*host));
	VEC_EACH(const struct made, old, &planner->made)
		if (str_eq(old->purpose, buf_str(&members)))
			return old->acl;
	struct str name = plan_free_name(planner, "_EXEMPT");
	VEC_PUSH(planner->arena, &planner->made, (struct made){buf_str(&members), name, S("")});
	plan_line(planner, &planner->groups, "object-group network %.*s", STR(name));
	VEC_EACH(const struct str, host, &hosts->list)
		plan_line(planner, &planner->groups, " network-object %.*s", STR(*host));
	plan_line(planner, &planner->undo_groups, "no object-group network %.*s", STR(name));
	return name;
}

/* The same entries with a group in place of many hosts. */
static struct entries grouped(struct planner *planner, const struct entries *entries)
{
	struct entries out = {0};
	VEC_EACH(const struct entry, entry, &entries->list) {
		bool server = str_eq(entry->src, S("any")), client = str_eq(entry->dst, S("any"));
		if (server || client) {
			struct hosts_text hosts = hosts_of(planner, entries, entry->port, server);
			if (hosts.list.n >= HOSTS_FOR_A_GROUP) {
				struct str group = str_printf(planner->arena, "object-group %.*s",
				                              STR(make_group(planner, &hosts)));
				add(planner, &out, server ? S("any") : group,
				    server ? group : S("any"), entry->port);
				continue;
			}
		}
		add(planner, &out, entry->src, entry->dst, entry->port);
	}
	return out;
}

/* --- lists -------------------------------------------------------------------------------- */

/* The line of a list (from 1, remarks included) that says just this; 0 if none does. */
static unsigned line_of(const struct planner *planner, struct str acl, struct str text)
{
	name_id name = config_find_name(planner->config, acl);
	const struct acl *list = name ? config_acl(planner->config, name) : NULL;
	if (!list)
		return 0;
	for (uint32_t i = 0; i < list->aces.n; i++) {
		struct str line = source_quote(planner->arena, &planner->config->sources,
		                               list->aces.v[i].span);
		if (str_ends(line, text))
			return i + 1;
	}
	return 0;
}

/* An entry that the rollback puts back where it was. */
struct moved {
	struct str text;
	unsigned line;
};

struct moves {
	VEC(struct moved) list; /* in rising order of line */
};

static void add_move(struct arena *arena, struct moves *moves, struct str text, unsigned at)
{
	struct moved moved = {text, at};
	VEC_PUSH(arena, &moves->list, moved);
	for (uint32_t i = moves->list.n - 1; i > 0 && moves->list.v[i - 1].line > at; i--) {
		moves->list.v[i] = moves->list.v[i - 1];
		moves->list.v[i - 1] = moved;
	}
}

/*
 * At the top of a list. An entry that stands further down already would not be added again (1.7):
 * it is taken out first, and the rollback puts it back when all that is new is gone.
 */
static void write_on_top(struct planner *planner, struct str acl, struct str text, unsigned at,
                         struct moves *moves)
{
	unsigned old = line_of(planner, acl, text);
	if (old) {
		plan_line(planner, &planner->lists, "no access-list %.*s extended %.*s", STR(acl),
		          STR(text));
		add_move(planner->arena, moves, text, old);
	}
	plan_line(planner, &planner->lists, "access-list %.*s line %u extended %.*s", STR(acl), at,
	          STR(text));
}

void entries_write(struct planner *planner, struct str acl, const char *action,
                   const struct entries *entries, bool on_top)
{
	struct entries lines = grouped(planner, entries);
	struct moves moves = {0};
	unsigned at = 1;
	VEC_EACH(const struct entry, entry, &lines.list) {
		struct str text = str_printf(planner->arena, "%s tcp %.*s %.*s eq %.*s", action,
		                             STR(entry->src), STR(entry->dst), STR(entry->port));
		if (on_top)
			write_on_top(planner, acl, text, at++, &moves);
		else
			plan_line(planner, &planner->lists, "access-list %.*s extended %.*s",
			          STR(acl), STR(text));
		plan_line(planner, &planner->undo_lists, "no access-list %.*s extended %.*s",
		          STR(acl), STR(text));
	}
	VEC_EACH(const struct moved, moved, &moves.list)
		plan_line(planner, &planner->undo_lists, "access-list %.*s line %u extended %.*s",
		          STR(acl), moved->line, STR(moved->text));
}

/* Is the list used by this class-map alone? Then entries in it change nothing else. */
static bool is_own(const struct config *config, name_id acl, const struct class_map *own)
{
	VEC_EACH(const struct access_group, group, &config->access_groups)
		if (group->acl == acl)
			return false;
	VEC_EACH(const struct crypto_entry, entry, &config->crypto_entries)
		if (entry->acl == acl)
			return false;
	VEC_EACH(const struct legacy_nat, nat, &config->nats)
		if (nat->acl == acl)
			return false;
	VEC_EACH(const struct class_map, map, &config->class_maps) {
		VEC_EACH(const struct class_match, match, &map->matches)
			if (match->kind == MATCH_ACL && match->acl == acl && map != own)
				return false;
		VEC_EACH(const struct class_match, match, &map->refused)
			if (match->kind == MATCH_ACL && match->acl == acl)
				return false;
	}
	return !config_mentions(config, config_name(config, acl));
}

static uint32_t count_uses(const struct config *config, name_id class)
{
	uint32_t n = 0;
	VEC_EACH(const struct policy_map, policy, &config->policy_maps)
		VEC_EACH(const struct policy_class, at, &policy->classes)
			n += at->name == class;
	return n;
}

const struct acl *entries_own_list(const struct planner *planner, const struct policy_class *class)
{
	const struct config *config = planner->config;
	const struct class_map *map = config_class_map(config, class->name);
	if (!map || map->matches.n != 1 || map->matches.v[0].kind != MATCH_ACL || map->refused.n)
		return NULL;
	name_id name = map->matches.v[0].acl;
	bool alone = is_own(config, name, map) && count_uses(config, class->name) == 1;
	return alone ? config_acl(config, name) : NULL;
}
