/* SPDX-License-Identifier: ISC */
/* A report made by hand that has one of each: what the tests of the emitters print. */
#ifndef TESTS_UNIT_SAMPLE_REPORT_H
#define TESTS_UNIT_SAMPLE_REPORT_H

#include "model/report.h"

/*
 * One config with an applied change beside it: findings that are alike, with a
 * secret in their evidence, suppressed, without a place, in the other source;
 * flows that are partly inspected, undecided and off path; a hostname and a
 * message that are not UTF-8.
 */
struct report *sample_report(struct arena *arena);

/* Two contexts of one capture in which all is well. */
struct report *sample_clean_report(struct arena *arena);

/* A change with a note, something unmended, and its rollback. */
struct report *sample_change_report(struct arena *arena);

#endif
