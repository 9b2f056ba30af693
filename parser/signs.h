/* SPDX-License-Identifier: ISC */
/* What tells a firewall's config from a router's. */
#ifndef PARSER_SIGNS_H
#define PARSER_SIGNS_H

#include "model/str.h"

/* A first word that no router's config has. */
bool is_firewall_word(struct str word);
/* A line of the top level that only a router's or a switch's config has. */
bool is_router_line(const struct str *words, uint32_t n);

#endif
