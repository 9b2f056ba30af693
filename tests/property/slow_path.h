/* SPDX-License-Identifier: ISC */
/* The whole way of one packet, as a second opinion on `asamend trace`. */
#ifndef PROPERTY_SLOW_PATH_H
#define PROPERTY_SLOW_PATH_H

#include "tests/property/slow_nat.h"

struct slow_path {
	enum slow_answer passes; /* YES: allowed; NO: dropped */
	const char *because;     /* the first step that is not passed for sure */
	bool tunnelled;          /* it may have come by a tunnel, past what would drop it */
	bool coarse;             /* SLOW_UNKNOWN because this evaluator knows no better */

	struct slow_packet seen; /* as the lists and classes of its release see it */
	struct slow_end destination, source;
	bool destination_told; /* what is behind its translation is known */
	bool for_itself;       /* for the firewall: where it goes from there is out */

	/* The ingress list: the one that decides, and its line (NULL: the end). */
	const struct acl *list;
	const struct ace *ace;
	enum slow_answer list_permits; /* where list is set */
	bool list_missing;             /* an access-group of a list that is not in the text */
};

void slow_path(const struct config *config, const struct slow_nats *nats,
               const struct slow_packet *packet, struct slow_path *path);

#endif
