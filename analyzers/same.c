/* SPDX-License-Identifier: ISC */
/* See same.h. A content is put together as bytes and interned; its id is the number. */
#include "analyzers/same.h"

#include <stdlib.h>

struct same *same_new(struct arena *arena, const struct config *a, const struct config *b)
{
	struct same *same = NEW(arena, struct same);
	same->arena = arena;
	same->contents = interns_new(arena);
	same->config[SIDE_OLD] = a;
	same->config[SIDE_NEW] = b;
	for (int side = 0; side < SIDE_COUNT; side++) {
		const struct config *config = same->config[side];
		same->addresses[side] = NEW_ARRAY(arena, uint32_t, config->addr_pool.n + 1u);
		same->services[side] = NEW_ARRAY(arena, uint32_t, config->service_pool.n + 1u);
		same->lists[side] = NEW_ARRAY(arena, uint32_t, config->acls.n + 1u);
		same->groups[side] = NEW_ARRAY(arena, uint32_t, config->groups.n + 1u);
	}
	return same;
}

uint32_t same_content(struct same *same, const struct buf *content)
{
	return intern(same->contents, buf_str(content));
}

/* --- putting contents together ---------------------------------------------------------- */

static struct buf begin(const struct same *same, char kind)
{
	struct buf content = {.arena = same->arena};
	buf_char(&content, kind);
	return content;
}

static void add_number(struct buf *content, uint64_t number)
{
	buf_add(content, (struct str){(const char *)&number, sizeof(number)});
}

/* With its length, so that what follows cannot be taken for a part of it. */
static void add_text(struct buf *content, struct str text)
{
	add_number(content, text.n);
	buf_add(content, text);
}

static void add_iset(struct buf *content, struct iset set)
{
	add_number(content, set.n);
	for (uint32_t i = 0; i < set.n; i++) {
		const u128 ends[2] = {set.v[i].lo, set.v[i].hi};
		buf_add(content, (struct str){(const char *)ends, sizeof(ends)});
	}
}

static void add_setting(struct buf *content, const struct setting_number *setting)
{
	add_number(content, setting->set ? 1 + (uint64_t)setting->value : 0);
}

/* --- addresses and services ------------------------------------------------------------- */

uint32_t same_set(struct same *same, const struct addr_set *set, struct str doubt)
{
	struct buf content = begin(same, 'A');
	add_iset(&content, set->must);
	if (set->why != WHY_NONE) {
		add_number(&content, set->why);
		add_iset(&content, set->may);
		add_text(&content, doubt);
	}
	return same_content(same, &content);
}

uint32_t same_addresses(struct same *same, enum side side, uint32_t index)
{
	const struct config *config = same->config[side];
	uint32_t *id = &same->addresses[side][index];
	if (*id == 0) {
		const struct addr_set *set = config_addr_set(config, index);
		struct str doubt = set->why == WHY_NONE
		                           ? S("")
		                           : same_doubts(same, side, &config->addr_pool.v[index]);
		*id = same_set(same, set, doubt);
	}
	return *id;
}

uint32_t same_spec(struct same *same, enum side side, const struct addr_spec *spec)
{
	struct addr_set set = config_resolve(same->config[side], same->arena, spec);
	return same_set(same, &set, set.why == WHY_NONE ? S("") : same_doubts(same, side, spec));
}

static void add_boxes(struct buf *content, const struct service_box *boxes, uint32_t n)
{
	add_number(content, n);
	for (uint32_t i = 0; i < n; i++) {
		add_iset(content, boxes[i].proto);
		add_iset(content, boxes[i].sport);
		add_iset(content, boxes[i].dport);
	}
}

uint32_t same_services(struct same *same, enum side side, uint32_t index)
{
	const struct config *config = same->config[side];
	uint32_t *id = &same->services[side][index];
	if (*id)
		return *id;
	const struct service_set *set = config_service_set(config, index);
	struct buf content = begin(same, 'S');
	add_boxes(&content, set->must.v, set->must.n);
	if (set->why != WHY_NONE) {
		const struct service_spec *spec = &config->service_pool.v[index];
		add_number(&content, set->why);
		add_boxes(&content, set->may.v, set->may.n);
		add_text(&content, config_name(config, spec->name));
		add_text(&content, config_name(config, spec->source.group));
		add_text(&content, config_name(config, spec->dest.group));
	}
	return *id = same_content(same, &content);
}

static void add_ports(struct buf *content, const struct config *config,
                      const struct port_spec *ports)
{
	add_number(content, ports->kind);
	add_number(content, ports->lo);
	add_number(content, ports->hi);
	add_text(content, config_name(config, ports->group));
}

uint32_t same_service_object(struct same *same, enum side side, name_id name)
{
	const struct config *config = same->config[side];
	const struct object *object = config_object(config, name);
	struct buf content = begin(same, 'O');
	if (name == 0)
		return 0;
	if (!object || object->kind != OBJECT_SERVICE) {
		add_text(&content, config_name(config, name));
		return same_content(same, &content);
	}
	add_number(&content, object->service.kind);
	add_number(&content, object->service.proto_lo);
	add_number(&content, object->service.proto_hi);
	add_number(&content, object->service.tcp_udp);
	add_ports(&content, config, &object->service.source);
	add_ports(&content, config, &object->service.dest);
	return same_content(same, &content);
}

/* --- access-lists ----------------------------------------------------------------------- */

bool same_line_counts(const struct ace *ace)
{
	return ace->action != ACE_REMARK && !ace->inactive;
}

/* What names a line but says nothing of what it is: its access-list, its pool, its class. */
static struct str without_name(struct str text, struct str *pool)
{
	struct str first, second, third, rest;
	bool words = str_cut(text, ' ', &first, &rest) && str_cut(rest, ' ', &second, &rest);
	bool numbered = words && str_eq(first, S("nat")) && str_cut(rest, ' ', &third, &rest) &&
	                !str_eq(third, S("0")) && third.n && third.s[0] >= '0' && third.s[0] <= '9';
	if (words && str_eq(first, S("access-list")))
		return rest;
	if (!words && str_eq(first, S("class")))
		return first;
	if (str_eq(text, S("inspect esmtp _default_esmtp_map")))
		return S("inspect esmtp");
	if (!numbered)
		return text;
	*pool = second;
	return rest;
}

/* The words of a line; instead of the name of a time-range what it says. */
static void add_words(struct same *same, enum side side, struct buf *content, struct str text)
{
	struct str word, before = S("");
	while (text.n) {
		str_cut(text, ' ', &word, &text);
		if (str_eq(before, S("time-range")))
			add_number(content, same_block(same, side, S("time-range"), word));
		else
			add_text(content, word);
		before = word;
	}
}

uint32_t same_text(struct same *same, enum side side, struct span span)
{
	struct buf content = begin(same, 'T');
	struct str text = source_quote(same->arena, &same->config[side]->sources, span);
	struct str pool = S("");
	text = without_name(str_trim(text), &pool);
	add_text(&content, pool);
	add_words(same, side, &content, text);
	return same_content(same, &content);
}

uint32_t same_whole_line(struct same *same, enum side side, struct span span)
{
	const struct sources *sources = &same->config[side]->sources;
	struct place place = source_place(sources, span);
	return same_text(same, side, source_line(sources, span.source, place.line));
}

uint32_t same_line(struct same *same, enum side side, const struct ace *ace, bool addresses_only)
{
	struct buf content = begin(same, 'L');
	add_number(&content, ace->action);
	add_number(&content, ace->unsure);
	/* What is uncertain about the line itself is in its text alone, but for its time-range. */
	const struct config *config = same->config[side];
	const uint32_t *range =
	        ace->unsure == WHY_TIME_RANGE
	                ? keys_find(&config->time_range_uses, config_line_key(ace->span))
	                : NULL;
	if (range)
		add_number(&content,
		           same_block(same, side, S("time-range"), config_name(config, *range)));
	else if (ace->action == ACE_UNKNOWN || ace->unsure != WHY_NONE)
		add_number(&content, same_text(same, side, ace->span));
	if (ace->action == ACE_UNKNOWN)
		return same_content(same, &content);
	add_number(&content, same_addresses(same, side, ace->src));
	add_number(&content, same_addresses(same, side, ace->dst));
	if (!addresses_only)
		add_number(&content, same_services(same, side, ace->service));
	return same_content(same, &content);
}

uint32_t same_condition(struct same *same, enum side side, const struct ace *ace,
                        bool addresses_only)
{
	const struct config *config = same->config[side];
	struct buf content = begin(same, 'Q');
	add_number(&content, ace->action);
	if (ace->action == ACE_UNKNOWN || ace->unsure != WHY_NONE)
		add_number(&content, same_text(same, side, ace->span));
	if (ace->action == ACE_UNKNOWN)
		return same_content(same, &content);
	bool src = config_addr_set(config, ace->src)->why != WHY_NONE;
	bool dst = config_addr_set(config, ace->dst)->why != WHY_NONE;
	bool service = config_service_set(config, ace->service)->why != WHY_NONE;
	add_number(&content, src ? same_addresses(same, side, ace->src) : 0);
	add_number(&content, dst ? same_addresses(same, side, ace->dst) : 0);
	add_number(&content,
	           service && !addresses_only ? same_services(same, side, ace->service) : 0);
	return same_content(same, &content);
}

uint32_t same_list(struct same *same, enum side side, name_id name)
{
	const struct config *config = same->config[side];
	const struct acl *acl = config_acl(config, name);
	uint32_t *id = acl ? &same->lists[side][acl - config->acls.v] : NULL;
	if (id && *id)
		return *id;
	struct buf content = begin(same, 'K');
	if (acl) {
		add_number(&content, acl->kind);
		VEC_EACH(const struct ace, ace, &acl->aces)
			if (same_line_counts(ace))
				add_number(&content, same_line(same, side, ace, false));
	}
	uint32_t number = same_content(same, &content);
	if (id)
		*id = number;
	return number;
}

/* --- classes ---------------------------------------------------------------------------- */

/* The map of an inspection; without a name SMTP is inspected by the default one (section 7). */
static struct str map_name(const struct config *config, const struct inspect *inspect)
{
	if (!inspect->map && mpf_is_smtp(config, inspect->engine))
		return S("_default_esmtp_map");
	return config_name(config, inspect->map);
}

static const struct inspect_map *map_of(const struct config *config, const struct inspect *inspect,
                                        struct str name)
{
	name_id id = config_find_name(config, name);
	return id ? config_inspect_map(config, inspect->engine, id) : NULL;
}

static int compare_numbers(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
	return left < right ? -1 : left > right;
}

/* In which order the matches stand does not matter: the device has an order of its own (7). */
static void add_map_matches(struct same *same, struct buf *content, enum side side,
                            const struct inspect_map *map)
{
	uint32_t *numbers = NEW_ARRAY(same->arena, uint32_t, map->matches.n + 1u);
	for (uint32_t i = 0; i < map->matches.n; i++) {
		const struct map_match *match = &map->matches.v[i];
		struct buf one = begin(same, 'P');
		add_number(&one, match->actions);
		add_number(&one, match->negated);
		add_number(&one, same_named_words(same, side, match->what));
		numbers[i] = same_content(same, &one);
	}
	qsort(numbers, map->matches.n, sizeof(*numbers), compare_numbers);
	for (uint32_t i = 0; i < map->matches.n; i++)
		add_number(content, numbers[i]);
}

/*
 * ESMTP maps by what they hold, all others by their text. The default map is in `show
 * running-config all` alone, so it is compared where both texts have it.
 */
static void add_map(struct same *same, struct buf *content, enum side side,
                    const struct inspect *inspect)
{
	const struct config *config = same->config[side], *other = same->config[!side];
	struct str name = map_name(config, inspect);
	const struct inspect_map *map = map_of(config, inspect, name);
	if (str_eq(name, S("_default_esmtp_map")) &&
	    !config_inspect_map(other,
	                        config_find_name(other, config_name(config, inspect->engine)),
	                        config_find_name(other, name)))
		map = NULL;
	if (!mpf_is_smtp(config, inspect->engine) || (map && map->unknown))
		add_number(content, same_block(same, side, S("policy-map"), name));
	else if (!map)
		add_text(content, name);
	if (!map)
		return;
	add_number(content, map->allow_tls);
	add_number(content, map->mask_banner);
	add_number(content, map->mail_relay);
	add_number(content, map->special_character);
	add_map_matches(same, content, side, map);
}

uint32_t same_inspect(struct same *same, enum side side, const struct inspect *inspect)
{
	const struct config *config = same->config[side];
	struct buf content = begin(same, 'I');
	add_text(&content, config_name(config, inspect->engine));
	add_map(same, &content, side, inspect);
	return same_content(same, &content);
}

static void add_match(struct same *same, enum side side, struct buf *content,
                      const struct class_match *match)
{
	add_number(content, match->kind);
	add_number(content, match->doubtful);
	switch (match->kind) {
	case MATCH_ANY:
	case MATCH_DEFAULT_INSPECTION:
		return;
	case MATCH_ACL:
		add_number(content, same_list(same, side, match->acl));
		return;
	case MATCH_PORT:
		add_number(content, match->protocol);
		add_number(content, match->lo);
		add_number(content, match->hi);
		return;
	case MATCH_HEADER:
	case MATCH_UNKNOWN:
		add_text(content, match->text);
		return;
	}
}

uint32_t same_matches(struct same *same, enum side side, const struct policy_class *class)
{
	const struct config *config = same->config[side];
	const struct class_map *map = config_class_map(config, class->name);
	struct buf content = begin(same, 'M');
	if (!map) {
		add_text(&content, config_name(config, class->name));
		return same_content(same, &content);
	}
	add_number(&content, map->match_any_of && map->matches.n > 1);
	add_number(&content, map->matches.n);
	VEC_EACH(const struct class_match, match, &map->matches)
		add_match(same, side, &content, match);
	VEC_EACH(const struct class_match, match, &map->refused)
		add_match(same, side, &content, match);
	return same_content(same, &content);
}

static void add_conn(struct buf *content, const struct policy_class *class)
{
	for (int i = 0; i < CONN_LIMIT_COUNT; i++) /* 0 is no limit (ruling 12) */
		add_number(content, class->limits[i].set ? class->limits[i].value : 0);
	for (int i = 0; i < TIMEOUT_COUNT; i++)
		add_setting(content, &class->timeouts[i]);
	add_number(content, class->conn_other);
	add_number(content, class->sequence_kept);
	add_number(content, class->dcd ? 1 + (uint64_t) class->dcd_retry : 0);
	add_number(content, class->dcd_tries);
}

uint32_t same_actions(struct same *same, enum side side, const struct policy_class *class,
                      enum feature feature)
{
	const struct config *config = same->config[side];
	struct buf content = begin(same, 'C');
	add_number(&content, feature);
	add_number(&content, class->unknown);
	switch (feature) {
	case FEATURE_INSPECT:
		VEC_EACH(const struct inspect, inspect, &class->inspects)
			if (!mpf_is_combinable(config, inspect->engine))
				add_number(&content, same_inspect(same, side, inspect));
		break;
	case FEATURE_CONN:
		add_conn(&content, class);
		break;
	case FEATURE_TCP:
		add_number(&content, class->state_bypass);
		if (class->tcp_map)
			add_number(&content, same_block(same, side, S("tcp-map"),
			                                config_name(config, class->tcp_map)));
		break;
	case FEATURE_POLICE_IN:
		add_setting(&content, &class->police_in);
		break;
	case FEATURE_POLICE_OUT:
		add_setting(&content, &class->police_out);
		break;
	case FEATURE_MODULE:
		VEC_EACH(const struct module_action, action, &class->modules) {
			add_text(&content, config_name(config, action->module));
			add_number(&content, action->copy_only);
		}
		break;
	}
	return same_content(same, &content);
}
