/* SPDX-License-Identifier: ISC */
/*
 * Crypto maps, as far as they tell which packets go into a tunnel: the access-lists of their
 * entries, and the interfaces that they are bound to. How a tunnel is made is no matter here.
 */
#include "parser/grammar.h"

static bool same_entry(const struct crypto_entry *a, const struct crypto_entry *b)
{
	return a->map == b->map && a->sequence == b->sequence && a->of_dynamic == b->of_dynamic &&
	       (a->acl != 0) == (b->acl != 0);
}

/* An entry has one list and one dynamic map; the last line counts. */
static void put_entry(struct reader *reader, const struct crypto_entry *entry)
{
	struct config *config = reader->config;
	uint32_t kept = 0;
	if (!reader->negated && !reader->applied) { /* a device prints each but once */
		VEC_PUSH(reader->arena, &config->crypto_entries, *entry);
		return;
	}
	VEC_EACH(const struct crypto_entry, old, &config->crypto_entries)
		if (!same_entry(old, entry))
			config->crypto_entries.v[kept++] = *old;
	config->crypto_entries.n = kept;
	if (!reader->negated)
		VEC_PUSH(reader->arena, &config->crypto_entries, *entry);
}

/* crypto map NAME interface IFC: an interface has one map. */
static enum handled bind(struct reader *reader, struct cursor *cursor, name_id map)
{
	struct config *config = reader->config;
	const struct crypto_binding binding = {map, name_of(reader, take(cursor)), reader->line};
	uint32_t kept = 0;
	if (binding.interface == 0)
		return HANDLED_IRRELEVANT;
	VEC_EACH(const struct crypto_binding, old, &config->crypto_bindings)
		if (old->interface != binding.interface)
			config->crypto_bindings.v[kept++] = *old;
	config->crypto_bindings.n = kept;
	if (!reader->negated)
		VEC_PUSH(reader->arena, &config->crypto_bindings, binding);
	return HANDLED;
}

/*
 * crypto {map|dynamic-map} NAME SEQ match address ACL
 * crypto map NAME SEQ ipsec-isakmp dynamic DYNAMIC-MAP
 * crypto map NAME interface IFC
 */
enum handled cmd_crypto_map(struct reader *reader, struct cursor *cursor)
{
	struct crypto_entry entry = {.span = reader->line};
	entry.of_dynamic = next_is(cursor, "dynamic-map");
	take(cursor);
	entry.map = name_of(reader, take(cursor));
	if (accept(cursor, "interface"))
		return bind(reader, cursor, entry.map);
	if (!take_number(cursor, UINT16_MAX, &entry.sequence))
		return HANDLED_IRRELEVANT;
	if (accept(cursor, "match") && accept(cursor, "address"))
		entry.acl = name_of(reader, take(cursor));
	else if (accept(cursor, "ipsec-isakmp") && accept(cursor, "dynamic"))
		entry.dynamic = name_of(reader, take(cursor));
	if (entry.map == 0 || (entry.acl == 0 && entry.dynamic == 0))
		return HANDLED_IRRELEVANT;
	put_entry(reader, &entry);
	return HANDLED;
}
