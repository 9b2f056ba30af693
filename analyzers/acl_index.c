/* SPDX-License-Identifier: ISC */
#include "analyzers/acl_index.h"

#include "analyzers/acl_point.h"

/* Lists shorter than this are read as fast. */
enum { WORTH_IT = 16 };

struct acl_index {
	const struct address_rows *sources, *destinations;
	const struct plain_ace *plain;
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
                                          const struct acl *acl, bool source)
{
	struct iset *sets = NEW_ARRAY(arena, struct iset, acl->aces.n);
	for (uint32_t i = 0; i < acl->aces.n; i++)
		sets[i] = side(config, &acl->aces.v[i], source);
	return address_rows_of(arena, sets, acl->aces.n);
}

static bool is_range(struct iset set, u128 max, u128 *lo, u128 *hi)
{
	if (set.n != 1 || set.v[0].lo > max)
		return false;
	*lo = set.v[0].lo;
	*hi = set.v[0].hi < max ? set.v[0].hi : max;
	return true;
}

static struct plain_ace plain_of(const struct config *config, const struct ace *ace)
{
	struct plain_ace none = {.plain = false};
	u128 proto[2], sport[2], dport[2];
	if (ace->action == ACE_UNKNOWN || ace->action == ACE_REMARK || ace->inactive ||
	    ace->unsure != WHY_NONE || ace->scope)
		return none;
	const struct service_set *service = config_service_set(config, ace->service);
	if (config_addr_set(config, ace->src)->why != WHY_NONE ||
	    config_addr_set(config, ace->dst)->why != WHY_NONE || service->why != WHY_NONE ||
	    service->must.n != 1)
		return none;
	const struct service_box *box = &service->must.v[0];
	if (!is_range(box->proto, 255, &proto[0], &proto[1]) ||
	    !is_range(box->sport, 65535, &sport[0], &sport[1]) ||
	    !is_range(box->dport, 65535, &dport[0], &dport[1]))
		return none;
	return (struct plain_ace){
	        true,
	        (uint8_t)ace_can(ace),
	        (uint8_t)proto[0],
	        (uint8_t)proto[1],
	        (uint16_t)sport[0],
	        (uint16_t)sport[1],
	        (uint16_t)dport[0],
	        (uint16_t)dport[1],
	};
}

const struct acl_index *acl_index_of(struct arena *arena, const struct config *config,
                                     const struct acl *acl)
{
	struct acl_index *index = NEW(arena, struct acl_index);
	index->sources = rows_of(arena, config, acl, true);
	index->destinations = rows_of(arena, config, acl, false);
	struct plain_ace *plain = NEW_ARRAY(arena, struct plain_ace, acl->aces.n);
	for (uint32_t i = 0; i < acl->aces.n; i++)
		plain[i] = plain_of(config, &acl->aces.v[i]);
	index->plain = plain;
	return index->sources && index->destinations ? index : NULL;
}

void acl_index_all(struct arena *arena, struct config *config)
{
	VEC_EACH(struct acl, acl, &config->acls)
		if (acl->kind == ACL_EXTENDED && acl->aces.n >= WORTH_IT)
			acl->index = acl_index_of(arena, config, acl);
}

struct row_walk acl_candidates(const struct acl_index *index, u128 src, u128 dst)
{
	return address_row_both(index->sources, src, index->destinations, dst);
}

const struct plain_ace *acl_plain(const struct acl_index *index)
{
	return index->plain;
}
