/* SPDX-License-Identifier: ISC */
/*
 * Clues are weighed: each kind speaks for an ESA or for an SMA. Then what is known of one end of
 * a quarantine connection (tcp/7025) tells the other, for these are always an ESA and an SMA.
 */
#include "analyzers/discover.h"

#include <stdlib.h>

/* --- several configs -------------------------------------------------------------------- */

static bool is_same_host(const struct suspect *a, const struct suspect *b)
{
	return !a->host.has_mapped || !b->host.has_mapped || a->host.mapped == b->host.mapped;
}

/*
 * The suspect that a host of another config is. Two of one real address are different hosts when
 * they are published by different addresses: sites use the same private networks. A firewall in
 * front of the one that translates knows the host by its mapped address.
 */
static struct suspect *find_known(struct survey *survey, const struct suspect *suspect,
                                  uint32_t *nth)
{
	struct suspects *known = &survey->suspects;
	const uint32_t *at = keys_find(&known->index, suspect->host.real);
	for (uint32_t i = at ? *at + 1 : 0; i; i = survey->seen.next.v[i - 1])
		if (is_same_host(&known->list.v[i - 1], suspect)) {
			*nth = i - 1;
			return &known->list.v[*nth];
		}
	at = keys_find(&survey->mapped, suspect->host.real);
	if (!at && suspect->host.has_mapped)
		at = keys_find(&known->index, suspect->host.mapped);
	if (!at)
		return NULL;
	*nth = *at;
	return &known->list.v[*nth];
}

static uint32_t add_known(struct arena *arena, struct survey *survey, const struct suspect *suspect)
{
	struct suspects *known = &survey->suspects;
	uint32_t nth = known->list.n, next = 0;
	uint32_t *first = keys_find(&known->index, suspect->host.real);
	if (first) {
		next = survey->seen.next.v[*first];
		survey->seen.next.v[*first] = nth + 1;
	} else {
		keys_put(arena, &known->index, suspect->host.real, nth);
	}
	VEC_PUSH(arena, &survey->seen.next, next);
	VEC_PUSH(arena, &survey->seen.of, (struct seen){0});
	VEC_PUSH(arena, &known->list, (struct suspect){.host.real = suspect->host.real});
	return nth;
}

static void merge(struct arena *arena, struct survey *survey, const struct suspect *suspect)
{
	uint32_t nth;
	struct suspect *known = find_known(survey, suspect, &nth);
	if (!known) {
		nth = add_known(arena, survey, suspect);
		known = &survey->suspects.list.v[nth];
	}
	if (suspect->host.has_mapped && !known->host.has_mapped) {
		known->host = suspect->host;
		keys_put(arena, &survey->mapped, suspect->host.mapped, nth);
		keys_put(arena, &survey->suspects.index, suspect->host.real, nth);
	}
	if (!known->smtp_port)
		known->smtp_port = suspect->smtp_port;
	struct name_sound sound = clue_sound(known->called);
	if (!known->called.n || !(sound.esa || sound.sma))
		known->called = suspect->called.n ? suspect->called : known->called;
	VEC_EACH(const struct clue, clue, &suspect->clues)
		VEC_PUSH(arena, &known->clues, *clue);
	VEC_PUSH(arena, &survey->seen.of.v[nth].configs, survey->n_configs);
}

void survey_add(struct arena *arena, struct survey *survey, const struct config *config)
{
	struct suspects found = clues_collect(arena, config, survey->n_configs);
	survey->suspects.too_many |= found.too_many;
	VEC_EACH(const struct suspect, suspect, &found.list)
		merge(arena, survey, suspect);
	survey->n_configs++;
}

/* --- what a suspect is ------------------------------------------------------------------ */

/* How much each kind of clue speaks for either role; SURE settles it alone. */
enum { SURE = 3 };
static const struct {
	uint8_t esa, sma;
} weights[CLUE_COUNT] = {
        [CLUE_NAT] = {SURE, 0},      [CLUE_SMTP_IN] = {SURE, 0},  [CLUE_SMTP_INNER] = {1, 0},
        [CLUE_SMTP_OUT] = {1, 0},    [CLUE_SPAM_TO] = {0, SURE},  [CLUE_SPAM_FROM] = {2, 0},
        [CLUE_NAME_ESA] = {SURE, 0}, [CLUE_NAME_SMA] = {0, SURE},
};

struct judged {
	const struct suspect *suspect;
	uint32_t nth; /* in the survey */
	bool has[CLUE_COUNT];
	unsigned esa, sma;
	struct str doubt;
	uint32_t part_of; /* another address of the guess at this place + 1 */
};

struct judge {
	struct arena *arena;
	const struct survey *survey;
	VEC(struct judged) list;
	bool *has_esa; /* of each config: something there is settled to be one */
};

static unsigned most(unsigned a, unsigned b)
{
	return a > b ? a : b;
}

static struct judged weigh(const struct suspect *suspect, uint32_t nth)
{
	struct judged judged = {.suspect = suspect, .nth = nth};
	VEC_EACH(const struct clue, clue, &suspect->clues) {
		judged.has[clue->kind] = true;
		judged.esa = most(judged.esa, weights[clue->kind].esa);
		judged.sma = most(judged.sma, weights[clue->kind].sma);
	}
	return judged;
}

static bool is_esa(const struct judged *judged)
{
	return judged->esa > judged->sma;
}

static bool is_sma(const struct judged *judged)
{
	return judged->sma > judged->esa;
}

/* The peer of a clue, among the suspects of the same config. */
static struct judged *peer_of(const struct judge *judge, const struct clue *clue)
{
	const struct survey *survey = judge->survey;
	const uint32_t *at = clue->has_peer ? keys_find(&survey->suspects.index, clue->peer) : NULL;
	if (!at && clue->has_peer)
		at = keys_find(&survey->mapped, clue->peer);
	for (uint32_t i = at ? *at + 1 : 0; i; i = survey->seen.next.v[i - 1])
		VEC_EACH(const uint32_t, config, &survey->seen.of.v[i - 1].configs)
			if (*config == clue->config)
				return &judge->list.v[i - 1];
	return NULL;
}

static bool is_cpq(const struct clue *clue)
{
	return clue->kind == CLUE_CPQ_TO || clue->kind == CLUE_CPQ_FROM;
}

/* Does the other end of quarantine connections tell which end this is? */
static void weigh_peers(const struct judge *judge)
{
	unsigned *told = NEW_ARRAY(judge->arena, unsigned, 2 * (size_t)judge->list.n + 1);
	VEC_EACH(struct judged, judged, &judge->list) {
		size_t nth = (size_t)(judged - judge->list.v);
		VEC_EACH(const struct clue, clue, &judged->suspect->clues) {
			const struct judged *peer = is_cpq(clue) ? peer_of(judge, clue) : NULL;
			bool settled = peer && most(peer->esa, peer->sma) >= 2;
			told[2 * nth] |= settled && is_sma(peer);
			told[2 * nth + 1] |= settled && is_esa(peer);
		}
	}
	VEC_EACH(struct judged, judged, &judge->list) {
		size_t nth = (size_t)(judged - judge->list.v);
		if (most(judged->esa, judged->sma) >= SURE)
			continue;
		judged->esa = told[2 * nth] ? SURE : judged->esa;
		judged->sma = told[2 * nth + 1] ? SURE : judged->sma;
	}
}

/* Of two hosts with a quarantine connection the one that opens SSH to the other is the SMA. */
static void weigh_ssh(const struct judge *judge)
{
	VEC_EACH(struct judged, judged, &judge->list)
		VEC_EACH(const struct clue, clue, &judged->suspect->clues) {
			bool from = clue->kind == CLUE_SSH_FROM;
			const struct judged *peer =
			        from || clue->kind == CLUE_SSH_TO ? peer_of(judge, clue) : NULL;
			bool cpq = judged->has[CLUE_CPQ_TO] || judged->has[CLUE_CPQ_FROM];
			if (!peer || !cpq || !(peer->has[CLUE_CPQ_TO] || peer->has[CLUE_CPQ_FROM]))
				continue;
			judged->sma = from ? most(judged->sma, 2) : judged->sma;
			judged->esa = from ? judged->esa : most(judged->esa, 2);
		}
}

/* --- doubts ----------------------------------------------------------------------------- */

static bool settles_esa(const struct judged *judged)
{
	return judged->has[CLUE_NAT] || judged->has[CLUE_SMTP_IN] || judged->has[CLUE_NAME_ESA];
}

static void find_esas(struct judge *judge)
{
	judge->has_esa = NEW_ARRAY(judge->arena, bool, judge->survey->n_configs + 1);
	VEC_EACH(const struct judged, judged, &judge->list)
		if (is_esa(judged) && settles_esa(judged))
			VEC_EACH(const uint32_t, config,
			         &judge->survey->seen.of.v[judged->nth].configs)
				judge->has_esa[*config] = true;
}

/* Does mail reach it from a single ESA only: is it the server behind that? */
static const struct judged *is_behind(const struct judge *judge, const struct judged *judged)
{
	const struct judged *front = NULL;
	VEC_EACH(const struct clue, clue, &judged->suspect->clues) {
		if (clue->kind != CLUE_SMTP_INNER)
			continue;
		const struct judged *peer = peer_of(judge, clue);
		if (!peer || peer == judged || !is_esa(peer) || !settles_esa(peer))
			return NULL;
		front = peer;
	}
	return front;
}

static bool has_wide_mail(const struct judged *judged, bool *beyond)
{
	bool wide = false;
	*beyond = false;
	VEC_EACH(const struct clue, clue, &judged->suspect->clues) {
		wide |= clue->wide;
		*beyond |= clue->beyond;
	}
	return wide;
}

/* Is there a better guess at an ESA in a config that has this one? */
static bool is_outdone(const struct judge *judge, const struct judged *judged)
{
	VEC_EACH(const uint32_t, config, &judge->survey->seen.of.v[judged->nth].configs)
		if (judge->has_esa[*config])
			return true;
	return false;
}

static struct str doubt_of_inner(const struct judge *judge, const struct judged *judged)
{
	bool beyond, wide = has_wide_mail(judged, &beyond);
	if (beyond)
		return S("no route but the default one leads to it, nor a translation: a relay of "
		         "the provider?");
	const struct judged *front = is_behind(judge, judged);
	if (front)
		return str_printf(judge->arena,
		                  "it takes mail from %.*s only: the mail server behind that?",
		                  STR(addr_text(judge->arena, front->suspect->host.real)));
	if (!wide)
		return S("mail is let in to it from some hosts or networks only: a mail server of "
		         "the inside?");
	if (is_outdone(judge, judged))
		return S("no mail is let in to it from the Internet, and to others it is: a mail "
		         "server of the inside?");
	return S("");
}

static struct str doubt_of_esa(const struct judge *judge, const struct judged *judged)
{
	bool quarantine =
	        judged->esa >= 2 && (judged->has[CLUE_CPQ_TO] || judged->has[CLUE_CPQ_FROM] ||
	                             judged->has[CLUE_SPAM_FROM]);
	if (settles_esa(judged) || quarantine)
		return S("");
	if (judged->has[CLUE_SMTP_INNER])
		return doubt_of_inner(judge, judged);
	return S("it may send mail, and none is let in to it");
}

static struct str doubt_of(const struct judge *judge, const struct judged *judged)
{
	const struct suspect *suspect = judged->suspect;
	if (judged->has[CLUE_NAME_OTHER] && !judged->has[CLUE_NAME_ESA] &&
	    !judged->has[CLUE_NAME_SMA])
		return str_printf(judge->arena, "%.*s sounds like another kind of server",
		                  STR(suspect->called));
	if (judged->esa && judged->esa == judged->sma)
		return S("some of it speaks for an ESA, some for an SMA");
	if (is_sma(judged)) {
		bool more = judged->has[CLUE_CPQ_TO] || judged->has[CLUE_CPQ_FROM] ||
		            judged->has[CLUE_SPAM_TO] || judged->has[CLUE_SSH_FROM];
		return more ? S("")
		            : S("only its name speaks for it, and other things are called SMA");
	}
	if (!judged->esa)
		return S("tcp/7025 alone does not tell an ESA from an SMA");
	return doubt_of_esa(judge, judged);
}

/* --- further addresses ------------------------------------------------------------------ */

/* "esa1-cpq" beside "esa1": an address of that for quarantines or SSH. */
static void find_parts(struct judge *judge)
{
	VEC_EACH(struct judged, judged, &judge->list) {
		struct str stem = clue_stem(judged->suspect->called);
		if (!stem.n || judged->has[CLUE_NAT] || judged->has[CLUE_SMTP_IN])
			continue;
		VEC_EACH(const struct judged, whole, &judge->list) {
			if (whole == judged || !str_eq_nocase(whole->suspect->called, stem))
				continue;
			judged->part_of = (uint32_t)(whole - judge->list.v) + 1;
			break;
		}
	}
	/* A part of a part is none. */
	VEC_EACH(struct judged, judged, &judge->list)
		if (judged->part_of && judge->list.v[judged->part_of - 1].part_of)
			judged->part_of = 0;
}

/* What speaks for a part speaks for the whole. */
static void weigh_parts(struct judge *judge)
{
	VEC_EACH(struct judged, judged, &judge->list) {
		if (!judged->part_of)
			continue;
		struct judged *whole = &judge->list.v[judged->part_of - 1];
		for (int kind = 0; kind < CLUE_COUNT; kind++)
			whole->has[kind] |= judged->has[kind] && kind != CLUE_NAME_OTHER;
		whole->esa = most(whole->esa, judged->esa);
		whole->sma = most(whole->sma, judged->sma);
	}
}

static void add_part(const struct judge *judge, const struct judged *part, struct guess *guess)
{
	struct appliance *appliance = &guess->appliance;
	if (part->has[CLUE_CPQ_TO] || part->has[CLUE_CPQ_FROM])
		VEC_PUSH(judge->arena, &appliance->cpq_addresses.list, part->suspect->host);
	if (part->has[CLUE_SSH_TO] || part->has[CLUE_SSH_FROM])
		VEC_PUSH(judge->arena, &appliance->ssh_addresses.list, part->suspect->host);
	VEC_EACH(const struct clue, clue, &part->suspect->clues)
		VEC_PUSH(judge->arena, &guess->clues, *clue);
}

/* --- guesses ---------------------------------------------------------------------------- */

static bool is_name(struct str name)
{
	u128 address;
	if (!name.n || name.n > 64 || addr_parse(name, &address) || str_eq_nocase(name, S("any")))
		return false;
	for (size_t i = 0; i < name.n; i++) {
		char c = name.s[i];
		bool alnum =
		        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
		if (!alnum && (i == 0 || (c != '.' && c != '_' && c != '-')))
			return false;
	}
	return true;
}

static bool is_free(const struct guesses *guesses, uint32_t n, struct str name)
{
	for (uint32_t i = 0; i < n; i++)
		if (str_eq_nocase(guesses->list.v[i].appliance.name, name))
			return false;
	return true;
}

/* By the name it has in the configs where that says what it is; else esa1, esa2, ... */
static void give_names(struct arena *arena, struct guesses *guesses)
{
	unsigned counts[ROLE_COUNT] = {0};
	/* Names of configs first, so that no number of ours takes one. */
	VEC_EACH(struct guess, guess, &guesses->list) {
		struct name_sound sound = clue_sound(guess->called);
		if ((sound.esa || sound.sma) && is_name(guess->called) &&
		    is_free(guesses, (uint32_t)(guess - guesses->list.v), guess->called))
			guess->appliance.name = guess->called;
	}
	VEC_EACH(struct guess, guess, &guesses->list)
		while (!guess->appliance.name.n) {
			enum role role = guess->appliance.role;
			struct str name =
			        str_printf(arena, "%s%u", role_names[role], ++counts[role]);
			if (is_free(guesses, guesses->list.n, name))
				guess->appliance.name = name;
		}
}

/* What says most comes first. */
static int compare_clues(const void *left, const void *right)
{
	const struct clue *a = left, *b = right;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->config != b->config)
		return a->config < b->config ? -1 : 1;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return a->peer < b->peer ? -1 : a->peer > b->peer;
}

static struct guess guess_of(const struct judge *judge, const struct judged *judged)
{
	struct arena *arena = judge->arena;
	const struct suspect *suspect = judged->suspect;
	struct guess guess = {.called = suspect->called, .doubt = judged->doubt};
	guess.appliance.role = is_sma(judged) ? ROLE_SMA : ROLE_ESA;
	guess.appliance.discovered = true;
	VEC_PUSH(arena, &guess.appliance.addresses.list, suspect->host);
	if (suspect->smtp_port)
		VEC_PUSH(arena, &guess.appliance.smtp_ports.list, suspect->smtp_port);
	guess.appliance.spam_quarantine = judged->has[CLUE_SPAM_FROM];
	VEC_EACH(const struct clue, clue, &suspect->clues)
		VEC_PUSH(arena, &guess.clues, *clue);
	VEC_EACH(const uint32_t, config, &judge->survey->seen.of.v[judged->nth].configs)
		if (!guess.seen.n || guess.seen.v[guess.seen.n - 1] != *config)
			VEC_PUSH(arena, &guess.seen, *config);
	VEC_EACH(const struct judged, part, &judge->list)
		if (part->part_of == judged->nth + 1)
			add_part(judge, part, &guess);
	qsort(guess.clues.v, guess.clues.n, sizeof(*guess.clues.v), compare_clues);
	return guess;
}

static void add_guesses(const struct judge *judge, struct guesses *guesses, bool doubtful, bool sma)
{
	VEC_EACH(const struct judged, judged, &judge->list)
		if (!judged->part_of && (judged->doubt.n > 0) == doubtful && is_sma(judged) == sma)
			VEC_PUSH(judge->arena, &guesses->list, guess_of(judge, judged));
}

/* A firewall in front of many mail servers is a provider's: which are appliances, it knows. */
static void doubt_the_many(const struct judge *judge)
{
	uint32_t *counts = NEW_ARRAY(judge->arena, uint32_t, judge->survey->n_configs + 1);
	VEC_EACH(struct judged, judged, &judge->list) {
		if (judged->doubt.n || judged->part_of)
			continue;
		uint32_t first = judge->survey->seen.of.v[judged->nth].configs.v[0];
		if (++counts[first] > MAX_GUESSES)
			judged->doubt = str_printf(judge->arena,
			                           "there are more than %d such hosts in one "
			                           "config, which are not all appliances",
			                           MAX_GUESSES);
	}
}

struct guesses survey_guesses(struct arena *arena, const struct survey *survey)
{
	struct judge judge = {.arena = arena, .survey = survey};
	struct guesses guesses = {0};
	VEC_EACH(const struct suspect, suspect, &survey->suspects.list)
		VEC_PUSH(arena, &judge.list, weigh(suspect, judge.list.n));
	find_parts(&judge);
	weigh_parts(&judge);
	weigh_ssh(&judge);
	weigh_peers(&judge);
	find_esas(&judge);
	VEC_EACH(struct judged, judged, &judge.list)
		judged->doubt = doubt_of(&judge, judged);
	doubt_the_many(&judge);
	for (int order = 0; order < 4; order++)
		add_guesses(&judge, &guesses, order >= 2, order % 2);
	give_names(arena, &guesses);
	return guesses;
}

struct guesses discover_appliances(struct arena *arena, const struct config *config)
{
	struct survey survey = {0};
	survey_add(arena, &survey, config);
	return survey_guesses(arena, &survey);
}
