/* SPDX-License-Identifier: ISC */
#include "tests/property/compare.h"

#include <stdarg.h>
#include <stdio.h>

enum { SHOWN_PER_CONFIG = 4, SHOWN = 60 };

void disagree(struct run *run, const char *format, ...)
{
	va_list args;
	run->disagreements++;
	run->tally.disagreements++;
	bool many = run->disagreements > SHOWN_PER_CONFIG || run->tally.disagreements > SHOWN;
	if (many && !run->verbose)
		return;
	printf("%s: ", run->name);
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
}

const char *packet_text(struct run *run, const struct slow_packet *packet)
{
	struct arena *arena = run->arena;
	struct buf buf = {.arena = arena};
	buf_printf(&buf, "proto %u %.*s port %u -> %.*s port %u", packet->proto,
	           STR(addr_text(arena, packet->src)), packet->sport,
	           STR(addr_text(arena, packet->dst)), packet->dport);
	if (packet->real_dst != packet->dst || packet->real_dport != packet->dport)
		buf_printf(&buf, " (real %.*s port %u)", STR(addr_text(arena, packet->real_dst)),
		           packet->real_dport);
	if (packet->in || packet->out)
		buf_printf(&buf, " %.*s>%.*s", STR(config_name(run->config, packet->in)),
		           STR(config_name(run->config, packet->out)));
	return str_cstr(arena, buf_str(&buf));
}
