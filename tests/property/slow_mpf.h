/* SPDX-License-Identifier: ISC */
/* Which class owns one packet, and whether it is inspected as SMTP (rulings 1 to 7, 10). */
#ifndef PROPERTY_SLOW_MPF_H
#define PROPERTY_SLOW_MPF_H

#include "tests/property/slow.h"

enum slow_feature {
	SLOW_INSPECT,
	SLOW_CONN,
	SLOW_TCP,
	SLOW_POLICE_IN,
	SLOW_POLICE_OUT,
	SLOW_MODULE,
	SLOW_FEATURES
};

/* The two open questions: rulings 4 and 5. */
struct slow_reading {
	bool per_feature;    /* a policy that holds the engine hides the later ones */
	bool real_in_global; /* before 8.3 a global policy sees the real destination */
};

struct slow_owner {
	const struct service_policy *service_policy;
	const struct policy_class *class;
	const struct inspect *inspect; /* SLOW_INSPECT only */
	const struct fixup *fixup;     /* instead of all above */
};

enum { SLOW_MAX_OWNERS = 200 };

/* All that may own a packet: one of them, or none if `open`. */
struct slow_owners {
	struct slow_owner list[SLOW_MAX_OWNERS];
	unsigned n;
	bool open;
	bool blurred; /* a class that may match has a line that could not be read */
	const struct policy_class *blurring; /* the last such class */
	bool blurred_twice;                  /* there are several */
	bool excused; /* some class before the end cannot be read or is not defined */
};

void slow_search(const struct config *config, enum slow_feature feature,
                 const struct slow_packet *packet, struct slow_reading reading,
                 struct slow_owners *owners);

/* Inspected as SMTP: merged over the readings, and over the interfaces where they are not known. */
enum slow_answer slow_inspected(const struct config *config, const struct slow_packet *packet);

#endif
