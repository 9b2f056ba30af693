/* SPDX-License-Identifier: ISC */
/* mpf_classify() over single packets and over wide boxes, for each feature and reading. */
#include "analyzers/mpf.h"
#include "tests/property/compare.h"
#include "tests/property/slow_mpf.h"

enum { PER_REGION = 40 };

static const enum feature features[SLOW_FEATURES] = {
        [SLOW_INSPECT] = FEATURE_INSPECT,
        [SLOW_CONN] = FEATURE_CONN,
        [SLOW_TCP] = FEATURE_TCP,
        [SLOW_POLICE_IN] = FEATURE_POLICE_IN,
        [SLOW_POLICE_OUT] = FEATURE_POLICE_OUT,
        [SLOW_MODULE] = FEATURE_MODULE,
};
static const char *const feature_names[] = {"inspect",   "conn",       "tcp",
                                            "police in", "police out", "module"};

/* What is asked: one feature under one reading. */
struct question {
	enum slow_feature feature;
	struct slow_reading reading;
};

static bool same_owner(const struct claim *claim, const struct slow_owner *owner)
{
	return claim->service_policy == owner->service_policy && claim->class == owner->class &&
	       claim->inspect == owner->inspect && claim->fixup == owner->fixup;
}

/* Is every owner a claim of the piece, and every claim an owner? */
static bool covers(const struct piece *piece, const struct slow_owners *owners)
{
	for (unsigned i = 0; i < owners->n; i++) {
		bool found = false;
		for (const struct claim *claim = piece->claims; claim; claim = claim->next)
			found |= same_owner(claim, &owners->list[i]);
		if (!found)
			return false;
	}
	return true;
}

static bool only(const struct piece *piece, const struct slow_owners *owners)
{
	for (const struct claim *claim = piece->claims; claim; claim = claim->next) {
		bool found = false;
		for (unsigned i = 0; i < owners->n; i++)
			found |= same_owner(claim, &owners->list[i]);
		if (!found)
			return false;
	}
	return true;
}

static void put_owner(struct run *run, struct buf *buf, const struct service_policy *sp,
                      const struct policy_class *class, const struct inspect *inspect,
                      const struct fixup *fixup)
{
	const struct config *config = run->config;
	if (fixup) {
		buf_printf(buf, " fixup %.*s", STR(fixup->text));
		return;
	}
	buf_printf(buf, " %.*s/%.*s", STR(config_name(config, sp->policy)),
	           STR(config_name(config, class->name)));
	if (inspect)
		buf_printf(buf, "/%.*s", STR(config_name(config, inspect->engine)));
}

static struct str owners_text(struct run *run, const struct slow_owners *owners)
{
	struct buf buf = {.arena = run->arena};
	for (unsigned i = 0; i < owners->n; i++)
		put_owner(run, &buf, owners->list[i].service_policy, owners->list[i].class,
		          owners->list[i].inspect, owners->list[i].fixup);
	buf_printf(&buf, "%s%s", owners->open ? " or none" : "",
	           owners->blurred ? ", blurred" : "");
	return buf_str(&buf);
}

static struct str piece_text(struct run *run, const struct piece *piece)
{
	struct buf buf = {.arena = run->arena};
	for (const struct claim *claim = piece->claims; claim; claim = claim->next)
		put_owner(run, &buf, claim->service_policy, claim->class, claim->inspect,
		          claim->fixup);
	buf_printf(&buf, "%s%s", piece->open ? " or none" : "", piece->blurred ? ", blurred" : "");
	return buf_str(&buf);
}

static void compare_piece(struct run *run, struct question question,
                          const struct slow_packet *packet, const struct piece *piece)
{
	struct slow_owners want;
	slow_search(run->config, question.feature, packet, question.reading, &want);
	run->tally.classes++;
	run->tally.unknown += want.blurred || want.n + want.open > 1;
	if (piece->why == WHY_BUDGET) {
		run->tally.vague++;
		return;
	}
	bool same = covers(piece, &want) && only(piece, &want) && piece->open == want.open;
	if (piece->blurred && want.excused) {
		run->tally.vague += !want.blurred;
		return;
	}
	if (same && !piece->blurred && !want.blurred)
		return;
	disagree(run, "%s%s%s, %s: expected%.*s, got%.*s", feature_names[question.feature],
	         question.reading.per_feature ? ", per feature" : "",
	         question.reading.real_in_global ? ", real in global" : "",
	         packet_text(run, packet), STR(owners_text(run, &want)),
	         STR(piece_text(run, piece)));
}

static void check_partition(struct run *run, struct arena *arena, struct question question,
                            const struct box *region, const struct pieces *pieces)
{
	const struct box **boxes = NEW_ARRAY(arena, const struct box *, pieces->list.n);
	for (uint32_t i = 0; i < pieces->list.n; i++)
		boxes[i] = &pieces->list.v[i].box;
	const char *fault = partition_fault(region, boxes, pieces->list.n);
	if (fault)
		disagree(run, "%s: %s", feature_names[question.feature], fault);
}

static const struct piece *piece_with(struct run *run, const struct pieces *pieces,
                                      const struct slow_packet *packet)
{
	VEC_EACH(const struct piece, piece, &pieces->list)
		if (box_has(&piece->box, packet))
			return piece;
	disagree(run, "%s: is in no piece", packet_text(run, packet));
	return NULL;
}

/* A wide region; where the real destination differs, that stays one address and port. */
static struct box wide_region(struct run *run, struct arena *arena,
                              const struct slow_packet *packet)
{
	struct box box = box_around(arena, &run->rng, &run->points, packet);
	if (packet->dst != packet->real_dst || packet->dport != packet->real_dport) {
		box.dim[DIM_DST] = set_of_point(arena, packet->dst);
		box.dim[DIM_DPORT] = set_of_point(arena, packet->dport);
	}
	return box;
}

static void compare_question(struct run *run, struct question question,
                             const struct slow_packet *packet, bool wide)
{
	struct arena *arena = arena_new();
	struct pieces pieces = {0};
	struct passage passage = {
	        .in = slow_interface(run->config, packet->in),
	        .out = slow_interface(run->config, packet->out),
	        .seen = wide ? wide_region(run, arena, packet) : box_of_packet(arena, packet),
	};
	passage.global = passage.seen;
	if (packet->dst != packet->real_dst)
		passage.global.dim[DIM_DST] = set_of_point(arena, packet->real_dst);
	if (packet->dport != packet->real_dport)
		passage.global.dim[DIM_DPORT] = set_of_point(arena, packet->real_dport);
	struct reading reading = {question.reading.per_feature, question.reading.real_in_global};
	mpf_classify(arena, run->config, features[question.feature], &passage, reading, &pieces);
	check_partition(run, arena, question, &passage.seen, &pieces);
	run->tally.regions++;
	for (unsigned i = 0; i < (wide ? PER_REGION : 1); i++) {
		struct slow_packet at = *packet;
		const struct piece *piece;
		if (i > 0 && pieces.list.n) {
			uint32_t k = rng_below(&run->rng, pieces.list.n);
			if (!pick_in_box(&run->rng, &run->points, &pieces.list.v[k].box, &at))
				continue;
			if (packet->dst == packet->real_dst)
				at.real_dst = at.dst;
			if (packet->dport == packet->real_dport)
				at.real_dport = at.dport;
		}
		piece = piece_with(run, &pieces, &at);
		if (piece)
			compare_piece(run, question, &at, piece);
	}
	arena_free(arena);
}

static name_id some_interface(struct run *run)
{
	const struct config *config = run->config;
	if (config->interfaces.n == 0)
		return 0;
	return config->interfaces.v[rng_below(&run->rng, config->interfaces.n)].nameif;
}

void compare_classes(struct run *run, unsigned n)
{
	const struct config *config = run->config;
	static const struct acl none = {0};
	uint64_t until = run->tally.classes + n;
	if (config->service_policies.n == 0 && config->fixups.n == 0)
		return;
	for (unsigned tries = 0; tries < n && run->tally.classes < until; tries++) {
		const struct acl *acl =
		        config->acls.n ? &config->acls.v[rng_below(&run->rng, config->acls.n)]
		                       : &none;
		struct slow_packet packet = pick_near(&run->rng, config, &run->points, acl);
		packet.in = some_interface(run);
		packet.out = some_interface(run);
		if (addr_is4(packet.dst) && !slow_real_addresses(config) &&
		    rng_percent(&run->rng, 40)) {
			packet.real_dst = pick_address(&run->rng, &run->points, true);
			if (rng_percent(&run->rng, 20))
				packet.real_dport = pick_port(&run->rng, &run->points);
		}
		struct question question = {
		        rng_percent(&run->rng, 50)
		                ? SLOW_INSPECT
		                : (enum slow_feature)rng_below(&run->rng, SLOW_FEATURES),
		        {rng_percent(&run->rng, 50), rng_percent(&run->rng, 50)}};
		compare_question(run, question, &packet, rng_percent(&run->rng, 12));
	}
}
