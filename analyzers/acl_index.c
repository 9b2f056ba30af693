/* SPDX-License-Identifier: ISC */
#include "analyzers/acl_index.h"

/* Lists shorter than this are read as fast. */
enum { WORTH_IT = 16 };

struct acl_index {
	const struct address_rows *sources, *destinations;
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

const struct acl_index *acl_index_of(struct arena *arena, const struct config *config,
                                     const struct acl *acl)
{
	struct acl_index *index = NEW(arena, struct acl_index);
	index->sources = rows_of(arena, config, acl, true);
	index->destinations = rows_of(arena, config, acl, false);
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
