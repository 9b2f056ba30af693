/* SPDX-License-Identifier: ISC */
/* The part of the text report that tells what the firewall does to each flow. */
#ifndef EMITTERS_TEXT_FLOWS_H
#define EMITTERS_TEXT_FLOWS_H

#include "emitters/console.h"
#include "emitters/emitter.h"

/*
 * A line an appliance, and a table of the flows: one row for the flows of an
 * appliance that differ in one interface only and have the same verdicts. Under
 * a row stands what its words leave out: which part is meant by "partly", and
 * why a verdict is unknown. Nothing for a config without flows.
 */
void text_flows(struct console *console, const struct config_report *config,
                const struct emit_options *options);

/* Whether flows cross the firewall and all is decided as they need it; caps aside. */
bool text_flows_are_well(const struct config_report *config);

/* In a sentence: "2 flows: permitted, not inspected, not capped; 1 flow: off path". */
struct str text_flows_decided(struct arena *arena, const struct config_report *config);

#endif
