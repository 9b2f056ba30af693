/* SPDX-License-Identifier: ISC */
#include "analyzers/counterexample.h"

enum { BEFORE, AFTER, MAX_TRIED = 1000 };

/* The addresses of a network, or of a few, that are hosts': not the first and the last of many. */
static struct iset hosts_of(struct arena *arena, struct range network)
{
	u128 end = network.hi - network.lo > 1;
	return iset_range(arena, network.lo + end, network.hi - end);
}

/* What lies behind no interface as a host: the firewall itself, the ends of networks. */
static struct iset find_no_hosts(struct arena *arena, const struct config *config)
{
	VEC(struct range) ends = {0};
	VEC_EACH(const struct legacy_nat, nat, &config->nats) {
		struct range network = nat->real;
		if (nat->kind != NAT_STATIC || nat->real_unknown || nat->acl ||
		    network.hi - network.lo < 2)
			continue;
		VEC_PUSH(arena, &ends, (struct range){network.lo, network.lo});
		VEC_PUSH(arena, &ends, (struct range){network.hi, network.hi});
	}
	return iset_union(arena, path_no_hosts(config, arena), iset_of(arena, ends.v, ends.n));
}

/* The hosts behind each interface, of both families. */
static struct iset *find_hosts(struct arena *arena, const struct config *config)
{
	struct iset no_hosts = find_no_hosts(arena, config);
	struct iset *behind = NEW_ARRAY(arena, struct iset, config->interfaces.n + 1u);
	for (int v4 = 0; v4 < 2; v4++) {
		const struct layout *layout = path_layout(config, arena, v4);
		for (uint32_t i = 0; i < config->interfaces.n; i++) {
			struct iset more = layout_behind(layout, arena, &config->interfaces.v[i]);
			behind[i] =
			        iset_union(arena, behind[i], path_without(arena, more, no_hosts));
		}
	}
	return behind;
}

struct examiner examiner_of(struct arena *arena, const struct config *before,
                            const struct config *after, const struct boxes *wanted)
{
	return (struct examiner){
	        .tracer = {tracer_of(arena, before), tracer_of(arena, after)},
	        .behind = find_hosts(arena, before),
	        .wanted = *wanted,
	        .left = MAX_TRIED,
	};
}

/* --- what becomes of a packet ----------------------------------------------------------- */

static void add_nat(struct buf *text, const char *what, const struct trace_nat *nat)
{
	if (!nat->applies)
		return;
	buf_printf(text, "; %s %s %d", what, nat->kind, nat->certain);
	if (nat->address_known)
		buf_printf(text, " %.*s", STR(addr_text(text->arena, nat->address)));
	if (nat->port_known)
		buf_printf(text, " %u", nat->port);
}

/* How much of a trace is compared. */
enum detail {
	DETAIL_FATE,   /* what becomes of the packet */
	DETAIL_WAY,    /* and by which kinds of rules */
	DETAIL_OWNERS, /* and where what acts on it stands */
};

/* What the trace says, without numbers of lines. */
static struct str outcome(struct arena *arena, const struct trace *trace, enum detail detail)
{
	bool owners = detail == DETAIL_OWNERS;
	struct buf text = {.arena = arena};
	buf_printf(&text, "%s to %.*s", trace_result_names[trace->result], STR(trace->output));
	if (detail != DETAIL_FATE && trace->list.applies)
		buf_printf(&text, "; list %s", list_action_names[trace->list.action]);
	add_nat(&text, "destination", &trace->destination);
	add_nat(&text, "source", &trace->source);
	VEC_EACH(const struct trace_inspection, inspection, &trace->inspections)
		buf_printf(&text, "; inspect %.*s %.*s %d", STR(inspection->hit.engine),
		           STR(inspection->hit.map), inspection->certain);
	VEC_EACH(const struct trace_inspection, inspection, &trace->inspections)
		if (owners)
			buf_printf(&text, "; class %.*s of %.*s", STR(inspection->hit.class),
			           STR(inspection->hit.policy));
	VEC_EACH(const struct trace_limit, limit, &trace->limits)
		buf_printf(&text, "; limit %d %d %u %d", (int)limit->hit.kind,
		           (int)limit->hit.source, limit->hit.value, limit->certain);
	VEC_EACH(const struct trace_phase, phase, &trace->phases)
		if (detail != DETAIL_FATE)
			buf_printf(&text, "; %s %.*s %s %.*s", phase->type, STR(phase->subtype),
			           trace_result_names[phase->result],
			           STR(owners ? phase->detail : S("")));
	return buf_str(&text);
}

/* --- asking ----------------------------------------------------------------------------- */

/* How well a packet shows the difference; from SHOWS_WAY on it passes in one of the two at least.
 */
enum shows { SHOWS_NOTHING, SHOWS_OWNER, SHOWS_WAY_STOPPED, SHOWS_STOPPED, SHOWS_WAY, SHOWS_ALL };

/* The best packet so far. */
struct search {
	struct arena *arena;
	struct examiner *examiner;
	const struct config *config; /* before */
	struct witness *out;
	enum shows shows;
};

static enum shows judge(struct arena *arena, const struct trace *before, const struct trace *after)
{
	bool passes = before->result == TRACE_ALLOW || after->result == TRACE_ALLOW;
	static const enum shows shown[][2] = {{SHOWS_STOPPED, SHOWS_ALL},
	                                      {SHOWS_WAY_STOPPED, SHOWS_WAY},
	                                      {SHOWS_OWNER, SHOWS_OWNER}};
	for (int detail = DETAIL_FATE; detail <= DETAIL_OWNERS; detail++)
		if (!str_eq(outcome(arena, before, (enum detail)detail),
		            outcome(arena, after, (enum detail)detail)))
			return shown[detail][passes];
	return SHOWS_NOTHING;
}

static bool is_wanted(const struct examiner *examiner, const struct packet *packet)
{
	VEC_EACH(const struct box, box, &examiner->wanted.list)
		if (box_contains(box, packet))
			return true;
	return false;
}

/* What the packet shows; nothing where one of the configs lacks its interface. */
static enum shows try_packet(const struct examiner *examiner, const struct witness *witness)
{
	struct arena *arena = arena_new();
	enum shows shows = SHOWS_NOTHING;
	struct trace traces[2];
	int side = BEFORE;
	for (; side <= AFTER; side++) {
		const struct tracer *tracer = &examiner->tracer[side];
		const struct interface *in = config_interface(
		        tracer->config, config_find_name(tracer->config, witness->input));
		if (!in)
			break;
		trace_packet(arena, tracer, in, &witness->packet, &traces[side]);
	}
	if (side > AFTER)
		shows = judge(arena, &traces[BEFORE], &traces[AFTER]);
	if (shows == SHOWS_OWNER && examiner->results_only)
		shows = SHOWS_NOTHING;
	arena_free(arena);
	return shows;
}

bool counterexample_shows(const struct examiner *examiner, const struct witness *witness)
{
	return try_packet(examiner, witness) != SHOWS_NOTHING;
}

static void ask(struct search *search, const struct interface *in, const struct packet *packet)
{
	struct witness witness = {config_name(search->config, in->nameif), *packet};
	enum shows shows = is_wanted(search->examiner, packet)
	                           ? SHOWS_NOTHING
	                           : try_packet(search->examiner, &witness);
	if (shows > search->shows) {
		*search->out = witness;
		search->shows = shows;
	}
}

static bool may_go_on(const struct search *search)
{
	return search->shows != SHOWS_ALL && search->examiner->left > 0;
}

/* --- candidates ------------------------------------------------------------------------- */

static struct iset behind(const struct search *search, const struct interface *ifc)
{
	return search->examiner->behind[ifc - search->config->interfaces.v];
}

/* The addresses of hosts that statics publish on an interface (before 8.3). */
static struct iset published(const struct search *search, const struct interface *ifc)
{
	struct iset all = iset_none();
	VEC_EACH(const struct legacy_nat, nat, &search->config->nats)
		if (nat->kind == NAT_STATIC && nat->mapped_ifc == ifc->nameif &&
		    !nat->mapped_is_interface && !nat->mapped_unknown)
			all = iset_union(search->arena, all, hosts_of(search->arena, nat->mapped));
	return all;
}

enum { MAX_SHRUNK = 16 };

/* A packet of the box that is none of the exceptions; the box gets smaller by those that are. */
static bool witness_in(const struct search *search, struct box box, struct packet *packet)
{
	const struct pset *except = &search->examiner->except;
	for (unsigned i = 0; i < MAX_SHRUNK && box_witness(&box, packet); i++) {
		const struct box *excepted = NULL;
		struct pset rest = {0};
		VEC_EACH(const struct box, at, &except->boxes)
			if (!excepted && box_contains(at, packet))
				excepted = at;
		if (!excepted)
			return true;
		box_subtract(search->arena, &box, excepted, &rest);
		if (rest.boxes.n == 0)
			return false;
		box = rest.boxes.v[0];
	}
	return false;
}

/* A packet of the box as it is, and as it looks where `out`'s addresses are translated. */
static void try_box(struct search *search, const struct box *box, const struct interface *in,
                    const struct interface *out)
{
	struct packet packet;
	if (!may_go_on(search))
		return;
	search->examiner->left--;
	if (!witness_in(search, *box, &packet))
		return;
	ask(search, in, &packet);
	if (!out)
		return;
	const struct seen_as seen =
	        path_seen(search->config, &search->examiner->tracer[BEFORE].nat, search->arena,
	                  packet.at[DIM_DST], (uint16_t)packet.at[DIM_DPORT], out, in);
	if (!seen.translated || seen.unknown)
		return;
	packet.at[DIM_DST] = seen.address;
	packet.at[DIM_DPORT] = seen.port;
	ask(search, in, &packet);
}

/* "security levels of IN and OUT": no other way shows what they do. */
static bool is_on_the_way(struct arena *arena, struct str place, struct str in, struct str out)
{
	struct str way = S("security levels of ");
	return !str_starts(place, way) || str_eq(place, STR_JOIN(arena, way, in, S(" and "), out));
}

/* Packets that enter by `in`: for what lies behind the other interfaces, then for anybody. */
static void try_input(struct search *search, struct str place, const struct box *packets,
                      const struct interface *in)
{
	struct arena *arena = search->arena;
	struct str from_name = config_name(search->config, in->nameif);
	struct box from = *packets, to;
	from.dim[DIM_SRC] = iset_intersect(arena, packets->dim[DIM_SRC], behind(search, in));
	VEC_EACH(const struct interface, out, &search->config->interfaces) {
		if (out == in || !path_carries_traffic(out) ||
		    !is_on_the_way(arena, place, from_name,
		                   config_name(search->config, out->nameif)))
			continue;
		to = from;
		to.dim[DIM_DST] = iset_intersect(arena, from.dim[DIM_DST], behind(search, out));
		try_box(search, &to, in, out);
	}
	if (!is_on_the_way(arena, place, S(""), S("")))
		return;
	to = from;
	to.dim[DIM_DST] = iset_intersect(arena, from.dim[DIM_DST], published(search, in));
	try_box(search, &to, in, NULL);
	try_box(search, &from, in, NULL);
}

/* Everybody has a notion of mail to port 25: it is shown where it is among the packets. */
static struct box smtp_of(struct arena *arena, const struct box *packets)
{
	struct box box = *packets;
	if (iset_contains(box.dim[DIM_PROTO], PROTO_TCP))
		box.dim[DIM_PROTO] = iset_point(arena, PROTO_TCP);
	if (iset_contains(box.dim[DIM_DPORT], 25))
		box.dim[DIM_DPORT] = iset_point(arena, 25);
	return box;
}

/* "interface IFC", "in at interface IFC" */
static bool is_place(struct str place, struct str nameif)
{
	struct str before = {place.s, place.n - (nameif.n < place.n ? nameif.n : place.n)};
	return str_ends(place, nameif) &&
	       (str_eq(before, S("interface ")) || str_eq(before, S("in at interface ")));
}

/* By the interface of the place first, and by others only where nothing passes there. */
static void try_inputs(struct search *search, struct str place, const struct box *packets)
{
	int kinds = search->examiner->there_only ? 1 : 2;
	for (int others = 0; others < kinds; others++) {
		if (others && search->shows >= SHOWS_WAY)
			return;
		VEC_EACH(const struct interface, in, &search->config->interfaces) {
			bool here = is_place(place, config_name(search->config, in->nameif));
			if (path_carries_traffic(in) && here == (others == 0))
				try_input(search, place, packets, in);
		}
	}
}

bool counterexample_find(struct arena *arena, struct examiner *examiner, struct str place,
                         const struct box *packets, struct witness *out)
{
	const struct pset set = pset_of(arena, packets);
	return counterexample_among(arena, examiner, place, &set, out);
}

bool counterexample_among(struct arena *arena, struct examiner *examiner, struct str place,
                          const struct pset *packets, struct witness *out)
{
	struct search search = {.arena = arena,
	                        .examiner = examiner,
	                        .config = examiner->tracer[BEFORE].config,
	                        .out = out};
	VEC_EACH(const struct box, box, &packets->boxes) {
		const struct box smtp = smtp_of(arena, box);
		try_inputs(&search, place, &smtp);
		try_inputs(&search, place, box);
	}
	return search.shows != SHOWS_NOTHING;
}
