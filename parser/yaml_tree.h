/* SPDX-License-Identifier: ISC */
/* A YAML document as a tree in which every node knows its place. */
#ifndef PARSER_YAML_TREE_H
#define PARSER_YAML_TREE_H

#include "model/diag.h"

enum yaml_kind { YAML_TEXT, YAML_LIST, YAML_MAP };

struct yaml_node {
	enum yaml_kind kind;
	struct span span; /* at least one byte; none only in an empty file */
	bool plain;       /* a text without quotes: it may be a number or a word such as off */
	struct str text;  /* a view of the source where it stands there letter by letter */
	VEC(struct yaml_item) items;
};

/* An item of a list (key NULL) or an entry of a map. */
struct yaml_item {
	const struct yaml_node *key, *value;
};

/*
 * Read the one document of a source (UTF-8, no byte order mark). Aliases are the nodes they stand
 * for; tags are refused. NULL after an error, which was added to `diags`; an
 * empty document is an empty plain text.
 */
const struct yaml_node *yaml_tree_read(struct arena *arena, const struct sources *sources,
                                       uint16_t source, struct diags *diags);

#endif
