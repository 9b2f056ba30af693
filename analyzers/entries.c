/* SPDX-License-Identifier: ISC */
/* Access-list entries for the appliances' mail. */
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

static void add(const struct planner *planner, struct entries *entries, const struct entry *entry)
{
	VEC_EACH(const struct entry, old, &entries->list)
		if (str_eq(old->src, entry->src) && str_eq(old->dst, entry->dst) &&
		    str_eq(old->port, entry->port))
			return;
	VEC_PUSH(planner->arena, &entries->list, *entry);
}

enum { MAX_ENDS = 20 }; /* networks that a set of addresses is written as */

struct end {
	struct str text;
	struct iset set;
	uint16_t port; /* of a server by this address; 0: the one that the packets go to */
};

struct ends {
	struct end at[MAX_ENDS];
	uint32_t n;
};

struct str entries_network(const struct planner *planner, struct str cidr)
{
	struct str address, length;
	uint64_t bits = 0;
	u128 parsed = 0;
	str_cut(cidr, '/', &address, &length);
	bool known = addr_parse(address, &parsed);
	if (length.n == 0)
		return str_printf(planner->arena, "host %.*s", STR(address));
	if (str_eq(length, S("0")))
		return !config_any_is_dual(planner->config) ? S("any")
		       : addr_is4(parsed)                   ? S("any4")
		                                            : S("any6");
	if (!known || !addr_is4(parsed) || !str_number(length, 32, &bits))
		return cidr;
	uint32_t mask = bits ? UINT32_MAX << (32 - bits) : 0;
	return str_printf(planner->arena, "%.*s %.*s", STR(address),
	                  STR(addr_text(planner->arena, addr4(mask))));
}

/* A host by its real address or by the one that others use, with the port that goes with it. */
struct host_port {
	u128 address;
	uint16_t port;
};

/* Every address of one host that a class may see. */
static struct ends host_ends(const struct planner *planner, struct host_port real,
                             struct host_port other)
{
	struct arena *arena = planner->arena;
	struct ends ends = {0};
	if (!config_uses_real_addresses(planner->config) &&
	    (other.address != real.address || other.port != real.port))
		ends.at[ends.n++] = (struct end){host_text(planner, other.address),
		                                 iset_point(arena, other.address), other.port};
	ends.at[ends.n++] = (struct end){host_text(planner, real.address),
	                                 iset_point(arena, real.address), real.port};
	return ends;
}

/* "any", or the networks of a set that somebody gave; none if they are too many. */
static struct ends peer_ends(const struct planner *planner, const struct lane *lane, enum dim dim)
{
	struct ends ends = {0};
	struct cidrs cidrs = {0};
	if (lane->peer_is_any) {
		ends.at[ends.n++] = (struct end){S("any"), iset_all(), 0};
		return ends;
	}
	iset_cidrs(planner->arena, lane->real.dim[dim], &cidrs);
	if (cidrs.list.n <= MAX_ENDS)
		VEC_EACH(const struct str, cidr, &cidrs.list)
			ends.at[ends.n++] = (struct end){entries_network(planner, *cidr),
			                                 lane->real.dim[dim], 0};
	return ends;
}

/* The address others know the client by; the real one if it is not translated. */
static u128 client_mapped(const struct planner *planner, const struct lane *lane)
{
	struct seen_as seen =
	        path_seen(planner->config, &planner->audit->tracer.nat, planner->arena,
	                  lane->client, 25, lane->passage.in, lane->passage.out);
	return seen.translated && !seen.unknown ? seen.address : lane->client;
}

static bool is_v6(const struct lane *lane)
{
	return (lane->server_is_appliance && !addr_is4(lane->server)) ||
	       (lane->client_is_appliance && !addr_is4(lane->client));
}

static void add_entry(const struct planner *planner, struct entries *entries, const struct end *src,
                      const struct end *dst, uint16_t port)
{
	struct entry entry = {src->text, dst->text, entries_port(planner, port), box_all()};
	entry.box.dim[DIM_PROTO] = iset_point(planner->arena, PROTO_TCP);
	entry.box.dim[DIM_SRC] = src->set;
	entry.box.dim[DIM_DST] = dst->set;
	entry.box.dim[DIM_DPORT] = iset_point(planner->arena, port);
	add(planner, entries, &entry);
}

struct str entries_add_lane(const struct planner *planner, struct entries *entries,
                            const struct lane *lane)
{
	uint16_t port = (uint16_t)lane->real.dim[DIM_DPORT].v[0].lo;
	struct host_port client = {lane->client, 0}, client_seen = {0};
	struct host_port server = {lane->server, port},
	                 server_seen = {lane->wire_dst, lane->wire_port};
	client_seen.address = lane->client_is_appliance ? client_mapped(planner, lane) : 0;
	struct ends sources = lane->client_is_appliance ? host_ends(planner, client, client_seen)
	                                                : peer_ends(planner, lane, DIM_SRC);
	struct ends dests = lane->server_is_appliance ? host_ends(planner, server, server_seen)
	                                              : peer_ends(planner, lane, DIM_DST);
	if (is_v6(lane) && !config_any_is_dual(planner->config))
		return S("before 9.0 the list of a class has no IPv6, so this mail cannot be told "
		         "from others'; --form global-off --unsafe frees it with theirs");
	if (!iset_contains(lane->real.dim[DIM_PROTO], PROTO_TCP))
		return S("this flow is not TCP");
	if (lane->taken)
		return str_printf(planner->arena,
		                  "a static leads %.*s port %u to another host, whose mail "
		                  "this would be",
		                  STR(addr_text(planner->arena, lane->wire_dst)),
		                  (unsigned)lane->wire_port);
	if (sources.n == 0 || dests.n == 0)
		return S("the other end of this flow is too many networks to list");
	for (uint32_t d = 0; d < dests.n; d++)
		for (uint32_t s = 0; s < sources.n; s++)
			add_entry(planner, entries, &sources.at[s], &dests.at[d],
			          dests.at[d].port ? dests.at[d].port : port);
	return S("");
}

/* The addresses of a family that the other end has as well: no packet has both. */
static struct iset family_of(struct arena *arena, struct iset set, struct iset other)
{
	bool v4 = !iset_is_empty(iset_family(arena, other, true));
	bool v6 = !iset_is_empty(iset_family(arena, other, false));
	return v4 && v6 ? set : iset_family(arena, set, v4);
}

/* One end of a part of an entry: as the entry has it, or the networks that are left of it. */
static struct ends part_ends(const struct planner *planner, const struct entry *entry,
                             const struct box *part, enum dim dim)
{
	enum dim other = dim == DIM_SRC ? DIM_DST : DIM_SRC;
	struct iset peers = entry->box.dim[other];
	struct iset whole = family_of(planner->arena, entry->box.dim[dim], peers);
	struct iset here = family_of(planner->arena, part->dim[dim], peers);
	struct ends ends = {0};
	struct cidrs cidrs = {0};
	if (iset_equal(whole, here)) {
		struct str text = dim == DIM_SRC ? entry->src : entry->dst;
		ends.at[ends.n++] = (struct end){text, entry->box.dim[dim], 0};
		return ends;
	}
	iset_cidrs(planner->arena, here, &cidrs);
	if (cidrs.list.n <= MAX_ENDS)
		VEC_EACH(const struct str, cidr, &cidrs.list)
			ends.at[ends.n++] = (struct end){entries_network(planner, *cidr), here, 0};
	return ends;
}

/* A set inside an entry, as entries; false where that takes too many, or more than addresses. */
static bool add_boxes(const struct planner *planner, struct entries *entries,
                      const struct entry *entry, const struct pset *set)
{
	struct pset boxes = pset_simplify(planner->arena, set);
	uint16_t port = (uint16_t)entry->box.dim[DIM_DPORT].v[0].lo;
	VEC_EACH(const struct box, box, &boxes.boxes) {
		struct ends sources = part_ends(planner, entry, box, DIM_SRC);
		struct ends dests = part_ends(planner, entry, box, DIM_DST);
		if (sources.n == 0 || dests.n == 0 ||
		    !iset_equal(box->dim[DIM_SPORT], entry->box.dim[DIM_SPORT]))
			return false;
		for (uint32_t d = 0; d < dests.n; d++)
			for (uint32_t s = 0; s < sources.n; s++)
				add_entry(planner, entries, &sources.at[s], &dests.at[d], port);
	}
	return true;
}

bool entries_add_part(const struct planner *planner, struct entries *within,
                      struct entries *without, const struct entry *entry, const struct pset *set)
{
	struct pset whole = pset_of(planner->arena, &entry->box);
	struct pset rest = pset_subtract(planner->arena, &whole, set);
	struct pset part = pset_intersect(planner->arena, &whole, set);
	struct entries parts = {0}, rests = {0};
	bool by_rest = add_boxes(planner, &rests, entry, &rest);
	bool by_part = add_boxes(planner, &parts, entry, &part);
	if (by_rest && (!by_part || rests.list.n < parts.list.n)) {
		parts.list.n = 0;
		VEC_PUSH(planner->arena, &parts.list, *entry);
	} else if (by_part) {
		rests.list.n = 0;
	} else {
		return false;
	}
	VEC_EACH(const struct entry, at, &rests.list)
		add(planner, without, at);
	VEC_EACH(const struct entry, at, &parts.list)
		add(planner, within, at);
	return true;
}

/* --- object-groups ------------------------------------------------------------------------ */

enum { HOSTS_FOR_A_GROUP = 3 };

struct hosts_text {
	VEC(struct str) list; /* "host 10.1.1.5", or a network, or "any" */
};

static void add_host(struct arena *arena, struct hosts_text *hosts, struct str host)
{
	VEC_EACH(const struct str, old, &hosts->list)
		if (str_eq(*old, host))
			return;
	VEC_PUSH(arena, &hosts->list, host);
}

static struct str make_group(struct planner *planner, const struct hosts_text *hosts)
{
	struct buf members = {.arena = planner->arena};
	VEC_EACH(const struct str, host, &hosts->list)
		buf_printf(&members, "%.*s ", STR(*host));
	const struct made *old = plan_made(planner, buf_str(&members));
	if (old)
		return old->name;
	struct str name = plan_make(planner, buf_str(&members), "_EXEMPT");
	plan_line(planner, &planner->groups, "object-group network %.*s", STR(name));
	VEC_EACH(const struct str, host, &hosts->list)
		plan_line(planner, &planner->groups, " network-object %.*s", STR(*host));
	plan_line(planner, &planner->undo_groups, "no object-group network %.*s", STR(name));
	return name;
}

static bool is_any(struct str end)
{
	return str_starts(end, S("any"));
}

/* Entries of one port, whose ends are of one kind: hosts, or any. */
static bool are_alike(const struct entry *a, const struct entry *b)
{
	return str_eq(a->port, b->port) && is_any(a->src) == is_any(b->src) &&
	       is_any(a->dst) == is_any(b->dst);
}

/* Where mail of the entry's source goes, by entries like it. */
static struct hosts_text dests_of(const struct planner *planner, const struct entries *entries,
                                  const struct entry *entry)
{
	struct hosts_text dests = {0};
	VEC_EACH(const struct entry, other, &entries->list)
		if (are_alike(entry, other) && str_eq(entry->src, other->src))
			add_host(planner->arena, &dests, other->dst);
	return dests;
}

static bool same_hosts(const struct hosts_text *a, const struct hosts_text *b)
{
	bool same = a->list.n == b->list.n;
	for (uint32_t i = 0; same && i < a->list.n; i++)
		same = str_eq(a->list.v[i], b->list.v[i]);
	return same;
}

static struct str group_or_host(struct planner *planner, const struct hosts_text *hosts,
                                struct str host)
{
	if (hosts->list.n < HOSTS_FOR_A_GROUP)
		return host;
	return str_printf(planner->arena, "object-group %.*s", STR(make_group(planner, hosts)));
}

/* The same entries with groups in place of many hosts: sources with the same destinations. */
static struct entries grouped(struct planner *planner, const struct entries *entries)
{
	struct entries out = {0};
	uint32_t n = entries->list.n;
	struct hosts_text *dests = NEW_ARRAY(planner->arena, struct hosts_text, n + 1u);
	for (uint32_t i = 0; i < n; i++)
		dests[i] = dests_of(planner, entries, &entries->list.v[i]);
	for (uint32_t i = 0; i < n; i++) {
		const struct entry *entry = &entries->list.v[i];
		struct hosts_text sources = {0};
		for (uint32_t k = 0; k < n; k++)
			if (are_alike(entry, &entries->list.v[k]) &&
			    same_hosts(&dests[i], &dests[k]))
				add_host(planner->arena, &sources, entries->list.v[k].src);
		struct entry next = *entry;
		next.src = group_or_host(planner, &sources, entry->src);
		next.dst = group_or_host(planner, &dests[i], entry->dst);
		add(planner, &out, &next);
	}
	return out;
}

struct lines_text entries_lines(struct planner *planner, const char *action,
                                const struct entries *entries)
{
	struct entries all = grouped(planner, entries);
	struct lines_text lines = {0};
	VEC_EACH(const struct entry, entry, &all.list)
		VEC_PUSH(planner->arena, &lines.list,
		         str_printf(planner->arena, "extended %s tcp %.*s %.*s eq %.*s", action,
		                    STR(entry->src), STR(entry->dst), STR(entry->port)));
	return lines;
}
