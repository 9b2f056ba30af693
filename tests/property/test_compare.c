/* SPDX-License-Identifier: ISC */
/*
 * Laws of compare_configs() on random pairs of small configs, checked packet by packet:
 *
 *	a packet that fares differently at a place is in a difference of that place and kind,
 *	a packet of a difference that is decided does fare differently,
 *	a config in other words (names, groups expanded, lines split) has no difference,
 *	and a config has none to itself.
 *
 * Both with changed lines swept as a whole, and with all of them taken apart by lines.
 *
 * How a packet fares is asked of the painter and the classifier for that packet alone.
 */
#include "analyzers/compare.h"
#include "analyzers/delta.h"
#include "analyzers/paint.h"
#include "parser/config_reader.h"

#include <stdio.h>
#include <stdlib.h>

enum {
	PAIRS = 400,
	PACKETS = 40, /* of each pair, beside those taken from the differences */
	MAX_LINES = 8,
	N_LISTS = 4, /* two of classes, one of an interface, one global */
	MAX_CLASSES = 4
};

/* --- random numbers --------------------------------------------------------------------- */

struct dice {
	uint64_t state;
};

static uint32_t roll(struct dice *dice, uint32_t sides)
{
	dice->state = dice->state * 6364136223846793005u + 1442695040888963407u;
	return (uint32_t)(dice->state >> 33) % sides;
}

/* --- a config as data ------------------------------------------------------------------- */

enum { N_ADDRESSES = 8, GROUP_A = 6, GROUP_B = 7, N_PORTS = 6, N_PROTOCOLS = 3, N_INSPECTS = 4 };

static const char *const address_words[N_ADDRESSES] = {
        "any",
        "host 10.0.0.1",
        "host 10.0.0.2",
        "host 10.0.0.3",
        "10.0.0.0 255.255.255.252",
        "10.0.1.0 255.255.255.0",
        NULL, /* the groups */
        NULL,
};
static const char *const group_members[2][2] = {
        {"host 10.0.0.1", "host 10.0.0.3"},
        {"host 10.0.0.2", "10.0.1.0 255.255.255.0"},
};
static const char *const port_words[N_PORTS] = {"",        " eq 25", " eq 80", " range 20 30",
                                                " neq 25", " gt 53"};
static const char *const protocol_words[N_PROTOCOLS] = {"tcp", "udp", "ip"};
static const char *const inspect_words[N_INSPECTS] = {"", "esmtp", "http", "dns"};

struct line {
	uint32_t permit, protocol, src, dst, port;
};

struct list {
	struct line lines[MAX_LINES];
	uint32_t n;
};

struct class
{
	uint32_t match; /* 0, 1: a list; 2: any; 3: tcp port 25; 4: default-inspection-traffic */
	uint32_t inspect, conn_max, police;
};

struct plan {
	struct list lists[N_LISTS];
	struct class classes[MAX_CLASSES];
	uint32_t n_classes;
	bool on_interface, with_global_list, with_interface_list;
	uint32_t levels; /* of the inside: 100, or 0 as the outside */
};

static struct line random_line(struct dice *dice)
{
	struct line line = {roll(dice, 2), roll(dice, N_PROTOCOLS), roll(dice, N_ADDRESSES),
	                    roll(dice, N_ADDRESSES), roll(dice, N_PORTS)};
	return line;
}

static struct class random_class(struct dice *dice)
{
	struct class class = {roll(dice, 5), roll(dice, N_INSPECTS), roll(dice, 3), roll(dice, 3)};
	return class;
}

static struct plan random_plan(struct dice *dice)
{
	struct plan plan = {.n_classes = roll(dice, MAX_CLASSES + 1)};
	for (int i = 0; i < N_LISTS; i++) {
		plan.lists[i].n = 1 + roll(dice, MAX_LINES);
		for (uint32_t k = 0; k < plan.lists[i].n; k++)
			plan.lists[i].lines[k] = random_line(dice);
	}
	for (uint32_t i = 0; i < plan.n_classes; i++)
		plan.classes[i] = random_class(dice);
	plan.on_interface = roll(dice, 2);
	plan.with_global_list = roll(dice, 2);
	plan.with_interface_list = roll(dice, 4) > 0;
	plan.levels = roll(dice, 4) ? 100 : 0;
	return plan;
}

static void swap_lines(struct dice *dice, struct list *list)
{
	uint32_t i = roll(dice, list->n), k = roll(dice, list->n);
	struct line line = list->lines[i];
	list->lines[i] = list->lines[k];
	list->lines[k] = line;
}

static void mutate(struct dice *dice, struct plan *plan)
{
	struct list *list = &plan->lists[roll(dice, N_LISTS)];
	uint32_t at = roll(dice, list->n);
	switch (roll(dice, 9)) {
	case 0:
		swap_lines(dice, list);
		break;
	case 1:
		list->lines[at] = random_line(dice);
		break;
	case 2: /* one line less */
		for (; list->n > 1 && at + 1 < list->n; at++)
			list->lines[at] = list->lines[at + 1];
		list->n -= list->n > 1;
		break;
	case 3: /* one line more */
		if (list->n < MAX_LINES) {
			for (uint32_t i = list->n++; i > at; i--)
				list->lines[i] = list->lines[i - 1];
			list->lines[at] = random_line(dice);
		}
		break;
	case 4:
		if (plan->n_classes > 1) {
			struct class first = plan->classes[0];
			plan->classes[0] = plan->classes[plan->n_classes - 1];
			plan->classes[plan->n_classes - 1] = first;
		}
		break;
	case 5:
		if (plan->n_classes)
			plan->classes[roll(dice, plan->n_classes)] = random_class(dice);
		break;
	case 6:
		plan->with_global_list = !plan->with_global_list;
		break;
	case 7:
		plan->with_interface_list = !plan->with_interface_list;
		break;
	default:
		plan->n_classes -= plan->n_classes > 0;
	}
}

/* --- a config as text ------------------------------------------------------------------- */

/* Two ways to write the same plan. */
struct wording {
	const char *prefix; /* of every name */
	bool expand;        /* groups as lines of their own, "any" networks in halves */
};

static void write_line(struct buf *out, const struct wording *wording, uint32_t list,
                       const struct line *line, const char *src, const char *dst)
{
	buf_printf(out, "access-list %sL%u extended %s %s %s %s%s\n", wording->prefix, list,
	           line->permit ? "permit" : "deny", protocol_words[line->protocol], src, dst,
	           line->protocol == 2 ? "" : port_words[line->port]);
}

/* The words of one address: a group by name, or its members. */
static uint32_t spell(struct arena *arena, const struct wording *wording, uint32_t address,
                      const char *words[2])
{
	static const char *const halves[2] = {"0.0.0.0 128.0.0.0", "128.0.0.0 128.0.0.0"};
	bool is_group = address >= GROUP_A;
	if (!is_group && address == 0 && wording->expand) {
		words[0] = halves[0];
		words[1] = halves[1];
		return 2;
	}
	if (!is_group) {
		words[0] = address_words[address];
		return 1;
	}
	if (!wording->expand) {
		words[0] = str_cstr(arena, str_printf(arena, "object-group %sG%u", wording->prefix,
		                                      address - GROUP_A));
		return 1;
	}
	words[0] = group_members[address - GROUP_A][0];
	words[1] = group_members[address - GROUP_A][1];
	return 2;
}

static void write_lists(struct buf *out, const struct wording *wording, const struct plan *plan)
{
	for (uint32_t i = 0; i < N_LISTS; i++)
		for (uint32_t k = 0; k < plan->lists[i].n; k++) {
			const struct line *line = &plan->lists[i].lines[k];
			const char *src[2], *dst[2];
			uint32_t n_src = spell(out->arena, wording, line->src, src);
			uint32_t n_dst = spell(out->arena, wording, line->dst, dst);
			for (uint32_t s = 0; s < n_src; s++)
				for (uint32_t d = 0; d < n_dst; d++)
					write_line(out, wording, i, line, src[s], dst[d]);
		}
}

static void write_class_maps(struct buf *out, const struct wording *wording,
                             const struct plan *plan)
{
	for (uint32_t i = 0; i < plan->n_classes; i++) {
		uint32_t match = plan->classes[i].match;
		buf_printf(out, "class-map %sC%u\n", wording->prefix, i);
		if (match < 2)
			buf_printf(out, " match access-list %sL%u\n", wording->prefix, match);
		else
			buf_printf(out, " match %s\n",
			           match == 2   ? "any"
			           : match == 3 ? "port tcp eq 25"
			                        : "default-inspection-traffic");
	}
}

static void write_policy(struct buf *out, const struct wording *wording, const struct plan *plan)
{
	buf_printf(out, "policy-map %sP\n", wording->prefix);
	for (uint32_t i = 0; i < plan->n_classes; i++) {
		const struct class *class = &plan->classes[i];
		buf_printf(out, " class %sC%u\n", wording->prefix, i);
		if (class->inspect)
			buf_printf(out, "  inspect %s\n", inspect_words[class->inspect]);
		if (class->conn_max)
			buf_printf(out, "  set connection conn-max %u\n", class->conn_max * 100);
		if (class->police)
			buf_printf(out, "  police input %u 1500\n", class->police * 8000);
	}
	buf_printf(out, "service-policy %sP %s\n", wording->prefix,
	           plan->on_interface ? "interface outside" : "global");
}

static struct config *read_plan(struct arena *arena, const struct wording *wording,
                                const struct plan *plan)
{
	struct buf out = {.arena = arena};
	buf_printf(&out,
	           "ASA Version 9.8(4)\nhostname fw\ninterface Ethernet0\n nameif outside\n"
	           " security-level 0\n ip address 192.0.2.1 255.255.255.0\ninterface Ethernet1\n"
	           " nameif inside\n security-level %u\n ip address 10.0.0.9 255.255.254.0\n",
	           plan->levels);
	for (int g = 0; !wording->expand && g < 2; g++) {
		buf_printf(&out, "object-group network %sG%d\n", wording->prefix, g);
		for (int m = 0; m < 2; m++)
			buf_printf(&out, " network-object %s\n", group_members[g][m]);
	}
	write_lists(&out, wording, plan);
	write_class_maps(&out, wording, plan);
	write_policy(&out, wording, plan);
	if (plan->with_interface_list)
		buf_printf(&out, "access-group %sL2 in interface outside\n", wording->prefix);
	if (plan->with_global_list)
		buf_printf(&out, "access-group %sL3 global\n", wording->prefix);
	buf_printf(&out, ": end\n");
	const struct config_input input = {S("test"), buf_str(&out)};
	struct config_parts parts = config_split(arena, input.text);
	return config_read(arena, &input, 1, &parts.list.v[0]);
}

/* --- how one packet fares --------------------------------------------------------------- */

static struct box box_of(struct arena *arena, const struct packet *packet)
{
	struct box box;
	for (int dim = 0; dim < DIM_COUNT; dim++)
		box.dim[dim] = iset_point(arena, packet->at[dim]);
	return box;
}

static const struct policy_map *policy_at(const struct config *config, bool global)
{
	VEC_EACH(const struct service_policy, sp, &config->service_policies)
		if ((sp->interface == 0) == global)
			return mpf_policy(config, sp);
	return NULL;
}

/* What a policy does with the packet for a feature, in words that do not hold names. */
static struct str treatment(struct arena *arena, const struct config *config, bool global,
                            enum feature feature, const struct packet *packet)
{
	const struct policy_map *policy = policy_at(config, global);
	struct box box = box_of(arena, packet);
	struct pieces pieces = {0};
	if (!policy)
		return S("nothing");
	mpf_classify_policy(arena, config, feature, policy, &box, &pieces);
	const struct claim *claim = pieces.list.v[0].claims;
	if (!claim)
		return S("nothing");
	if (feature == FEATURE_INSPECT)
		return config_name(config, claim->inspect->engine);
	return str_printf(arena, "%u",
	                  feature == FEATURE_CONN ? claim->class->limits[CONN_MAX].value
	                                          : claim->class->police_in.value);
}

static const struct acl *list_of(const struct config *config, enum direction direction)
{
	VEC_EACH(const struct access_group, group, &config->access_groups)
		if (group->direction == direction)
			return config_acl(config, group->acl);
	return NULL;
}

/* 'p', 'd', 'n': no line matched. */
static char ask_list(struct arena *arena, const struct config *config, const struct acl *acl,
                     const struct packet *packet)
{
	struct box box = box_of(arena, packet);
	struct cells cells = {0};
	acl_paint(arena, config, acl, &box, &cells);
	const struct cell *cell = &cells.list.v[0];
	return !cell->ace ? 'n' : cell->can == CAN_PERMIT ? 'p' : 'd';
}

static char permission(struct arena *arena, const struct config *config, bool outside,
                       const struct packet *packet)
{
	const struct acl *own = outside ? list_of(config, DIR_IN) : NULL;
	const struct acl *global = list_of(config, DIR_GLOBAL);
	char answer = own ? ask_list(arena, config, own, packet) : 'n';
	if (answer == 'n' && global)
		answer = ask_list(arena, config, global, packet);
	return answer != 'n' ? answer : own || global ? 'd' : 'l';
}

/* What the levels of the two interfaces say to all that enters by one of them. */
static char by_levels(const struct config *config, bool outside)
{
	const struct interface *first = &config->interfaces.v[0], *second = first + 1;
	const struct interface *in = outside ? first : second, *out = outside ? second : first;
	return in->security_level > out->security_level ? 'p' : 'd';
}

/* No list on both sides is left to the levels, which are a place of their own. */
static bool permits_otherwise(struct arena *arena, const struct config *a, const struct config *b,
                              bool outside, const struct packet *packet)
{
	char before = permission(arena, a, outside, packet);
	char after = permission(arena, b, outside, packet);
	if (before == after)
		return false;
	before = before == 'l' ? by_levels(a, outside) : before;
	after = after == 'l' ? by_levels(b, outside) : after;
	return before != after;
}

/* --- the laws --------------------------------------------------------------------------- */

/* A place and a kind of treatment, as compare_configs() names them. */
static const struct aspect {
	enum differs_in in;
	enum feature feature;
	const char *place;
	bool global, outside;
} aspects[] = {
        {DIFFERS_INSPECTION, FEATURE_INSPECT, "global", true, false},
        {DIFFERS_LIMITS, FEATURE_CONN, "global", true, false},
        {DIFFERS_LIMITS, FEATURE_POLICE_IN, "global", true, false},
        {DIFFERS_INSPECTION, FEATURE_INSPECT, "interface outside", false, true},
        {DIFFERS_LIMITS, FEATURE_CONN, "interface outside", false, true},
        {DIFFERS_LIMITS, FEATURE_POLICE_IN, "interface outside", false, true},
        {DIFFERS_PERMISSION, FEATURE_INSPECT, "in at interface outside", false, true},
        {DIFFERS_PERMISSION, FEATURE_INSPECT, "in at interface inside", false, false},
};
enum { N_ASPECTS = sizeof(aspects) / sizeof(aspects[0]) };

static bool fares_differently(struct arena *arena, const struct config *a, const struct config *b,
                              const struct aspect *aspect, const struct packet *packet)
{
	if (aspect->in == DIFFERS_PERMISSION)
		return permits_otherwise(arena, a, b, aspect->outside, packet);
	return !str_eq(treatment(arena, a, aspect->global, aspect->feature, packet),
	               treatment(arena, b, aspect->global, aspect->feature, packet));
}

/* Limits of the two features are told apart by their words. */
static bool is_of(const struct difference *difference, const struct aspect *aspect)
{
	bool police = str_contains(difference->before, S("police")) ||
	              str_contains(difference->after, S("police"));
	return difference->in == aspect->in && str_eq(difference->place, str_of(aspect->place)) &&
	       (aspect->in != DIFFERS_LIMITS || police == (aspect->feature == FEATURE_POLICE_IN));
}

static bool is_told(const struct comparison *comparison, const struct aspect *aspect,
                    const struct packet *packet)
{
	VEC_EACH(const struct difference, difference, &comparison->list)
		if (is_of(difference, aspect) && difference_holds(difference, packet))
			return true;
	return false;
}

static struct packet random_packet(struct dice *dice)
{
	static const uint32_t hosts[] = {0x0a000001, 0x0a000002, 0x0a000003, 0x0a000005,
	                                 0x0a000107, 0xc0000207, 0x0a000000};
	static const uint16_t ports[] = {19, 20, 25, 30, 31, 53, 54, 80, 443};
	static const uint8_t protocols[] = {PROTO_TCP, PROTO_TCP, PROTO_UDP, 47};
	struct packet packet;
	packet.at[DIM_PROTO] = protocols[roll(dice, 4)];
	packet.at[DIM_SRC] = addr4(hosts[roll(dice, 7)]);
	packet.at[DIM_DST] = addr4(hosts[roll(dice, 7)]);
	packet.at[DIM_SPORT] = ports[roll(dice, 9)];
	packet.at[DIM_DPORT] = ports[roll(dice, 9)];
	return packet;
}

static uint32_t check_packet(struct arena *arena, const struct config *a, const struct config *b,
                             const struct comparison *comparison, const struct packet *packet,
                             uint32_t seed)
{
	uint32_t wrong = 0;
	for (int i = 0; i < N_ASPECTS; i++) {
		bool differs = fares_differently(arena, a, b, &aspects[i], packet);
		bool told = is_told(comparison, &aspects[i], packet);
		if (differs == told)
			continue;
		wrong++;
		fprintf(stderr,
		        "pair %u: %s, feature %d: proto %u %.*s -> %.*s port %u: %s, but it %s\n",
		        seed, aspects[i].place, (int)aspects[i].feature,
		        (unsigned)packet->at[DIM_PROTO], STR(addr_text(arena, packet->at[DIM_SRC])),
		        STR(addr_text(arena, packet->at[DIM_DST])), (unsigned)packet->at[DIM_DPORT],
		        told ? "told" : "not told", differs ? "differs" : "does not differ");
	}
	return wrong;
}

static uint32_t expect_equal(struct arena *arena, const struct config *a, const struct config *b,
                             const char *what, uint32_t seed)
{
	struct comparison comparison = {0};
	compare_configs(arena, a, b, &comparison);
	if (comparison.list.n == 0)
		return 0;
	const struct difference *first = &comparison.list.v[0];
	fprintf(stderr, "pair %u: %s: %u differences, the first: %.*s: %.*s -> %.*s\n", seed, what,
	        comparison.list.n, STR(first->place), STR(first->before), STR(first->after));
	return 1;
}

/* Lists whose changed lines are told as a whole, or (`apart`) each by the lines of the other. */
static uint32_t check_pair(uint32_t seed, bool apart, uint32_t *told)
{
	struct arena *arena = arena_new();
	struct dice dice = {seed * 2654435761u + 17};
	struct wording plain = {"", false}, other = {"X_", true};
	struct plan plan = random_plan(&dice), next = plan;
	uint32_t wrong = 0, changes = roll(&dice, 4);
	for (uint32_t i = 0; i < changes; i++)
		mutate(&dice, &next);
	const struct config *a = read_plan(arena, &plain, &plan);
	const struct config *b = read_plan(arena, roll(&dice, 2) ? &plain : &other, &next);
	struct comparison comparison = {0};
	struct delta_budget budget = delta_budget_new();
	if (apart)
		budget.whole_cells = 0;
	compare_within(arena, a, b, &budget, &comparison);
	*told += comparison.list.n;
	for (int i = 0; i < PACKETS; i++) {
		struct packet packet = random_packet(&dice);
		wrong += check_packet(arena, a, b, &comparison, &packet, seed);
	}
	VEC_EACH(const struct difference, difference, &comparison.list) {
		struct packet packet;
		if (difference->undecided) {
			fprintf(stderr, "pair %u: undecided at %.*s\n", seed,
			        STR(difference->place));
			wrong++;
		}
		if (box_witness(&difference->packets, &packet))
			wrong += check_packet(arena, a, b, &comparison, &packet, seed);
	}
	wrong += expect_equal(arena, a, a, "itself", seed);
	wrong += expect_equal(arena, a, read_plan(arena, &other, &plan), "in other words", seed);
	arena_free(arena);
	return wrong;
}

int main(void)
{
	uint32_t wrong = 0, told = 0;
	for (uint32_t seed = 1; seed <= PAIRS; seed++)
		for (int apart = 0; apart < 2; apart++)
			wrong += check_pair(seed, apart, &told);
	if (told == 0) {
		fprintf(stderr, "no pair differs: nothing was tested\n");
		wrong++;
	}
	printf("compare: %u pairs, %u differences, %u wrong\n", (unsigned)PAIRS, told, wrong);
	return wrong ? EXIT_FAILURE : EXIT_SUCCESS;
}
