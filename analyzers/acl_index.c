/* SPDX-License-Identifier: ISC */
#include "analyzers/acl_index.h"

#include "analyzers/acl_point.h"

/* Lists shorter than this are read as fast. */
enum { WORTH_IT = 16 };

struct acl_index {
	const struct address_rows *sources, *destinations;
	struct acl_part *parts;
	uint32_t *ends; /* of each part: the entry after its last */
	struct acl_entry *entries;
	uint32_t n;
};

/* What doubt there is about an address counts as a match; remarks match nothing. */
static struct iset side(const struct config *config, const struct ace *ace, bool source)
{
	if (ace->action == ACE_REMARK || ace->inactive)
		return iset_none();
	if (ace->action == ACE_UNKNOWN)
		return iset_all(); /* its addresses could not be read */
	return config_addr_set(config, source ? ace->src : ace->dst)->may;
}

static const struct address_rows *rows_of(struct arena *arena, const struct config *config,
                                          const struct acl_index *index, bool source)
{
	struct iset *sets = NEW_ARRAY(arena, struct iset, index->n);
	for (uint32_t i = 0; i < index->n; i++)
		sets[i] = side(config, index->entries[i].ace, source);
	return address_rows_of(arena, sets, index->n);
}

static bool is_range(struct iset set, u128 max, u128 *lo, u128 *hi)
{
	if (set.n != 1 || set.v[0].lo > max)
		return false;
	*lo = set.v[0].lo;
	*hi = set.v[0].hi < max ? set.v[0].hi : max;
	return true;
}

/* Fill what makes an entry plain, if it is. */
static void make_plain(const struct config *config, bool addresses_only, struct acl_entry *entry)
{
	const struct ace *ace = entry->ace;
	u128 proto[2] = {0, 255}, sport[2] = {0, 65535}, dport[2] = {0, 65535};
	if (ace->action == ACE_UNKNOWN || ace->action == ACE_REMARK || ace->inactive ||
	    ace->unsure != WHY_NONE || ace->scope ||
	    config_addr_set(config, ace->src)->why != WHY_NONE ||
	    config_addr_set(config, ace->dst)->why != WHY_NONE)
		return;
	const struct service_set *service = config_service_set(config, ace->service);
	const struct service_box *box = &service->must.v[0];
	if (!addresses_only && (service->why != WHY_NONE || service->must.n != 1 ||
	                        !is_range(box->proto, 255, &proto[0], &proto[1]) ||
	                        !is_range(box->sport, 65535, &sport[0], &sport[1]) ||
	                        !is_range(box->dport, 65535, &dport[0], &dport[1])))
		return;
	entry->plain = true;
	entry->can = (uint8_t)ace_can(ace);
	entry->proto_lo = (uint8_t)proto[0];
	entry->proto_hi = (uint8_t)proto[1];
	entry->sport_lo = (uint16_t)sport[0];
	entry->sport_hi = (uint16_t)sport[1];
	entry->dport_lo = (uint16_t)dport[0];
	entry->dport_hi = (uint16_t)dport[1];
}

static void add_entries(struct arena *arena, const struct config *config,
                        const struct acl_part *parts, uint32_t n, struct acl_index *index)
{
	for (uint32_t i = 0; i < n; i++)
		index->n += parts[i].acl->aces.n;
	index->entries = NEW_ARRAY(arena, struct acl_entry, index->n);
	index->parts = NEW_ARRAY(arena, struct acl_part, n);
	index->ends = NEW_ARRAY(arena, uint32_t, n);
	struct acl_entry *next = index->entries;
	for (uint32_t i = 0; i < n; i++) {
		index->parts[i] = parts[i];
		VEC_EACH(const struct ace, ace, &parts[i].acl->aces) {
			next->ace = ace;
			next->part = i;
			make_plain(config, parts[i].addresses_only, next++);
		}
		index->ends[i] = (uint32_t)(next - index->entries);
	}
}

const struct acl_index *acl_index_of(struct arena *arena, const struct config *config,
                                     const struct acl_part *parts, uint32_t n)
{
	struct acl_index *index = NEW(arena, struct acl_index);
	add_entries(arena, config, parts, n, index);
	index->sources = rows_of(arena, config, index, true);
	index->destinations = rows_of(arena, config, index, false);
	return index->sources && index->destinations ? index : NULL;
}

static void index_one(struct arena *arena, const struct config *config, struct acl *acl)
{
	if (acl->kind == ACL_EXTENDED && acl->aces.n >= WORTH_IT)
		acl->index = acl_index_of(arena, config, &(struct acl_part){.acl = acl}, 1);
}

void acl_index_all(struct arena *arena, struct config *config)
{
	VEC_EACH(struct acl, acl, &config->acls)
		index_one(arena, config, acl);
	index_one(arena, config, &config->conduits);
}

const struct acl_part *acl_index_part(const struct acl_index *index, uint32_t part)
{
	return &index->parts[part];
}

/* --- reading ---------------------------------------------------------------------------- */

void acl_walk_begin(const struct acl_index *index, u128 src, u128 dst, struct acl_walk *walk)
{
	walk->index = index;
	address_row_both(index->sources, src, index->destinations, dst, &walk->row);
	acl_walk_next(walk);
}

void acl_walk_next(struct acl_walk *walk)
{
	uint32_t at;
	walk->entry = row_next(&walk->row, &at) ? &walk->index->entries[at] : NULL;
}

void acl_walk_next_part(struct acl_walk *walk)
{
	uint32_t part = walk->entry->part;
	row_skip(&walk->row, walk->index->ends[part]);
	while (walk->entry && walk->entry->part == part)
		acl_walk_next(walk);
}
