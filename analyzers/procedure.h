/* SPDX-License-Identifier: ISC */
/*
 * What a person does on the device around a change: what to compare first, what to try
 * before and after, how to end old connections, who is cut off meanwhile (asa-semantics 8).
 */
#ifndef ANALYZERS_PROCEDURE_H
#define ANALYZERS_PROCEDURE_H

#include "analyzers/audit.h"
#include "model/change.h"

/*
 * Fill change->procedure, and change->verify from it. `audit` is the one that the change was
 * planned from; change->after must be set, or nothing can be tried. `capture` is the whole text
 * that was read, `part` the config in it.
 */
void procedure_plan(const struct audit *audit, struct str capture, struct str part,
                    struct change *change);

#endif
