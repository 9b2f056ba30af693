/* SPDX-License-Identifier: ISC */
/*
 * Commands that others name and of which no verdict asks what they say: they are kept as text, so
 * that two configs can be compared.
 */
#ifndef MODEL_BLOCK_H
#define MODEL_BLOCK_H

#include "model/intern.h"
#include "model/source.h"

/*
 * regex, time-range, tcp-map, class-map type, policy-map type: its lines in order, the head among
 * them. A text that has lost its indentation shows no more than the heads.
 */
struct block {
	struct str kind; /* the first word of its head */
	name_id name;    /* 0: removed */
	VEC(struct span) lines;
};

#endif
