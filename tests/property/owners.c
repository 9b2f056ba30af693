/* SPDX-License-Identifier: ISC */
#include "tests/property/owners.h"

enum { TCP = 6, N_READINGS = 4 };

static bool same_owner(const struct slow_owner *a, const struct slow_owner *b)
{
	return a->service_policy == b->service_policy && a->class == b->class &&
	       a->inspect == b->inspect && a->fixup == b->fixup;
}

static void add_owner(struct owners *owners, const struct slow_owner *one)
{
	for (unsigned i = 0; i < owners->n; i++)
		if (same_owner(&owners->list[i], one))
			return;
	if (owners->n < SLOW_MAX_OWNERS)
		owners->list[owners->n++] = *one;
}

static void add_owners(struct owners *owners, const struct slow_owners *more)
{
	for (unsigned i = 0; i < more->n; i++)
		add_owner(owners, &more->list[i]);
	owners->open |= more->open;
	owners->blurred |= more->blurred;
}

static struct slow_reading reading_of(int i)
{
	return (struct slow_reading){(i & 1) != 0, (i & 2) != 0};
}

/* State bypass ends the inspection of TCP (1.6.5). */
static enum slow_answer bypass_in(const struct config *config, const struct slow_packet *packet,
                                  struct slow_reading reading)
{
	struct slow_owners owners;
	bool some = false, all = true;
	if (packet->proto != TCP)
		return SLOW_NO;
	slow_search(config, SLOW_TCP, packet, reading, &owners);
	for (unsigned i = 0; i < owners.n; i++) {
		some |= owners.list[i].class->state_bypass;
		all &= owners.list[i].class->state_bypass;
	}
	/* The lines of a class that cannot be read do not take its own bypass back. */
	bool own =
	        owners.n == 1 && !owners.blurred_twice && owners.blurring == owners.list[0].class;
	if (some && all && !owners.open && (!owners.blurred || own))
		return SLOW_YES;
	if (owners.blurred)
		return SLOW_UNKNOWN;
	return some ? SLOW_UNKNOWN : SLOW_NO;
}

enum slow_answer owners_bypass(const struct config *config, const struct slow_packet *packet)
{
	enum slow_answer answer = bypass_in(config, packet, reading_of(0));
	for (int i = 1; i < N_READINGS; i++)
		answer = slow_either(answer, bypass_in(config, packet, reading_of(i)));
	return answer;
}

struct owners owners_of(const struct config *config, enum slow_feature feature,
                        const struct slow_packet *packet)
{
	struct owners owners = {0};
	for (int i = 0; i < N_READINGS; i++) {
		struct slow_owners one;
		enum slow_answer bypass = SLOW_NO;
		slow_search(config, feature, packet, reading_of(i), &one);
		if (feature == SLOW_INSPECT && (one.n || one.blurred))
			bypass = bypass_in(config, packet, reading_of(i));
		if (bypass == SLOW_YES) {
			one.n = 0;
			one.blurred = false;
		}
		if (bypass != SLOW_NO)
			one.open = true;
		add_owners(&owners, &one);
	}
	return owners;
}

bool owners_certain(const struct owners *owners)
{
	return owners->n == 1 && !owners->open && !owners->blurred;
}

bool owners_none(const struct owners *owners)
{
	return owners->n == 0 && !owners->blurred;
}

bool owners_unknown(const struct owners *owners)
{
	return !owners_certain(owners) && !owners_none(owners);
}
