/* SPDX-License-Identifier: ISC */
/* The part of the text report that tells the findings of a config. */
#ifndef EMITTERS_TEXT_FINDINGS_H
#define EMITTERS_TEXT_FINDINGS_H

#include "emitters/console.h"
#include "emitters/emitter.h"

extern const enum style text_severity_styles[SEVERITY_COUNT];

/*
 * Each finding as "PATH:LINE: error AM101 smtp-inspected: MESSAGE", then the
 * lines that show it, its flows, a packet to try, and how far it can be relied on.
 */
void text_findings(struct console *console, const struct config_report *config,
                   const struct emit_options *options);

/* One unwrapped line a finding, its flow in brackets at the end. */
void text_findings_quiet(struct console *console, const struct config_report *config,
                         const struct emit_options *options);

#endif
