/* SPDX-License-Identifier: ISC */
/* What the rules about exemptions share; for exemption.c and exemption_*.c only. */
#ifndef ANALYZERS_EXEMPTION_PARTS_H
#define ANALYZERS_EXEMPTION_PARTS_H

#include "analyzers/audit.h"

/* --- the rules -------------------------------------------------------------------------- */

/* exemption_class.c: classes that exempt nothing */
void exemption_empty(struct audit *audit, const struct policy_class *class);    /* AM401 */
void exemption_unbound(struct audit *audit);                                    /* AM405 */
void exemption_dangling(struct audit *audit, const struct policy_class *class); /* AM406 */

/* exemption_deny.c: deny lines that do not free the mail they were made for, AM402 to AM404 */
void exemption_failed_denies(struct audit *audit);

/* exemption_bypass.c: mail that is freed by tcp-state-bypass, AM408 */
void exemption_bypasses(struct audit *audit);

/* --- what a class is -------------------------------------------------------------------- */

/* Has it an inspection of SMTP, by either engine? */
bool exemption_inspects_smtp(const struct audit *audit, const struct policy_class *class);

/* Does the class do anything, or is there a line in it that was not understood? */
bool exemption_has_actions(const struct audit *audit, const struct policy_class *class);

/* The `match access-list` of a class, or NULL. */
const struct class_match *exemption_acl_match(const struct audit *audit, name_id class);

/* The first active line of its list that names the appliance, by whatever address, or NULL. */
const struct ace *exemption_naming_ace(const struct audit *audit, name_id class,
                                       const struct appliance *appliance);

/* --- mail that is still inspected ------------------------------------------------------- */

/* Is a flow on path inspected, or a part of it, for sure? */
bool exemption_still_inspected(const struct flow *flow);

/* A cell of a flow of the appliance that is inspected; NULL if none is. */
const struct verdict_cell *exemption_inspected_cell(const struct audit *audit,
                                                    const struct appliance *appliance);

/* Give the finding a packet of the flow, or of any flow of the appliance, that is inspected. */
void exemption_witness(struct audit *audit, struct finding *finding, const struct flow_work *work);
void exemption_witness_any(struct audit *audit, struct finding *finding,
                           const struct appliance *appliance);

#endif
