/* SPDX-License-Identifier: ISC */
/* What a change does not mend, each with the reason: nothing that was found is passed over. */
#ifndef ANALYZERS_UNMENDED_H
#define ANALYZERS_UNMENDED_H

#include "model/change.h"
#include "model/report.h"

/*
 * Findings about one inspection that changes end, AM101 to AM107 and AM401 to AM404: one reason is
 * for them all.
 */
bool unmended_about_inspection(const struct rule *rule);

/* Is there a reason already for what the finding tells? */
bool unmended_told(const struct change *change, const struct finding *finding);

/*
 * Say why the finding is left, unless that is said of its flow. For all inspection there is one
 * reason, the first. `why` lives as long as the change.
 */
void unmended_leave(struct arena *arena, struct change *change, const struct finding *finding,
                    struct str why);

/* All findings that a change of this form sets out to mend are left, for this reason. */
void unmended_leave_covered(struct arena *arena, struct change *change,
                            const struct config_report *report, struct str why);

/* Mail that is hurt by findings that no form of change is about, and appliances not met here. */
void unmended_leave_uncovered(struct arena *arena, struct change *change,
                              const struct config_report *report);

/* "it is not known whether this mail is inspected", with the reason and the line of it. */
struct str unmended_doubt(struct arena *arena, const struct sources *sources,
                          const struct flow *flow);

/*
 * Mail of which something is not known, commands that are not, a text that is not whole, an
 * appliance that is nowhere: a change is for what is known.
 */
void unmended_leave_doubts(struct arena *arena, struct change *change,
                           const struct config_report *report);

/*
 * The plan gave up some mail that its commands free all the same, as IPv6 where an inspection ends
 * for everybody: what is said of flows that `after` finds free is taken back.
 */
void unmended_forget(struct change *change, const struct config_report *after);

/*
 * The change must not be printed as a remedy: it loses its commands and what was found by trying
 * them, but for the counterexample, and all it was to mend is left for this reason.
 */
void unmended_withdraw(struct arena *arena, struct change *change,
                       const struct config_report *before, struct str why);

#endif
