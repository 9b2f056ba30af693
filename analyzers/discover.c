/* SPDX-License-Identifier: ISC */
#include "analyzers/discover.h"

#include "analyzers/path.h"

static const uint16_t smtp_port = 25;

static void add_guess(struct arena *arena, struct guesses *guesses, struct host host,
                      struct str because, struct span span)
{
	VEC_EACH(const struct guess, old, &guesses->list)
		if (old->host.real == host.real)
			return;
	if (guesses->list.n < MAX_GUESSES)
		VEC_PUSH(arena, &guesses->list, (struct guess){host, because, span});
}

/* --- translations of tcp/25 ------------------------------------------------------------- */

static void guess_statics(struct arena *arena, const struct config *config, struct guesses *guesses)
{
	VEC_EACH(const struct legacy_nat, nat, &config->nats) {
		if (nat->kind != NAT_STATIC || nat->protocol != PROTO_TCP || nat->real_unknown ||
		    nat->acl || nat->real_port != smtp_port)
			continue;
		struct host host = {.real = nat->real.lo};
		host.has_mapped = !nat->mapped_is_interface && !nat->mapped_unknown;
		host.mapped = host.has_mapped ? nat->mapped.lo : 0;
		add_guess(arena, guesses, host, S("a static of tcp/25"), nat->span);
	}
	VEC_EACH(const struct object_nat, nat, &config->object_nats) {
		uint32_t at = config_index_get(&config->object_index, nat->object);
		if (!at || nat->protocol != PROTO_TCP || nat->real_port != smtp_port)
			continue;
		struct iset real = config->object_sets[at - 1].must;
		if (real.n == 1 && real.v[0].lo == real.v[0].hi)
			add_guess(arena, guesses, (struct host){.real = real.v[0].lo},
			          S("object NAT of tcp/25"), nat->span);
	}
}

/* --- permits to tcp/25 ------------------------------------------------------------------ */

/* A service that means mail: tcp/25 and not much else. */
static bool is_smtp_service(const struct service_set *service)
{
	enum { FEW_PORTS = 8 };
	VEC_EACH(const struct service_box, box, &service->must)
		if (iset_contains(box->proto, PROTO_TCP) && iset_contains(box->dport, smtp_port) &&
		    iset_size_capped(box->dport, FEW_PORTS + 1) <= FEW_PORTS)
			return true;
	return false;
}

/* The host behind an address as a list sees it: before 8.3 the real end of its static. */
static struct host behind(const struct config *config, u128 address)
{
	if (!config_uses_real_addresses(config))
		VEC_EACH(const struct legacy_nat, nat, &config->nats)
			if (nat->kind == NAT_STATIC && nat->acl == 0 && !nat->mapped_unknown &&
			    !nat->real_unknown && !nat->mapped_is_interface &&
			    nat->mapped.lo <= address && address <= nat->mapped.hi)
				return (struct host){nat->real.lo + (address - nat->mapped.lo),
				                     address, true};
	return (struct host){.real = address};
}

static void guess_permits(struct arena *arena, const struct config *config, struct guesses *guesses)
{
	enum { FEW_HOSTS = 8 };
	VEC_EACH(const struct access_group, group, &config->access_groups) {
		const struct acl *acl = config_acl(config, group->acl);
		if (!acl || group->direction == DIR_OUT)
			continue;
		VEC_EACH(const struct ace, ace, &acl->aces) {
			if (ace->action != ACE_PERMIT || ace->inactive ||
			    !is_smtp_service(config_service_set(config, ace->service)))
				continue;
			struct iset dst = config_addr_set(config, ace->dst)->must;
			if (iset_size_capped(dst, FEW_HOSTS + 1) > FEW_HOSTS)
				continue;
			for (uint32_t i = 0; i < dst.n; i++)
				for (u128 at = dst.v[i].lo;; at++) {
					add_guess(arena, guesses, behind(config, at),
					          S("a permit to tcp/25"), ace->span);
					if (at == dst.v[i].hi)
						break;
				}
		}
	}
}

/* --- names ------------------------------------------------------------------------------ */

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Does a word of the name (letters between others) say what it is: ESA1, mail-gw, IronPort? */
static bool sounds_like_mail(struct str name)
{
	static const char *const words[] = {"esa", "ironport", "mailgw", "mailgate", "mailgateway"};
	for (size_t at = 0; at < name.n;) {
		size_t begin = at;
		while (at < name.n && is_letter(name.s[at]))
			at++;
		for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
			if (str_eq_nocase((struct str){name.s + begin, at - begin},
			                  str_of(words[i])))
				return true;
		at += at < name.n;
	}
	return false;
}

static void guess_names(struct arena *arena, const struct config *config, struct guesses *guesses)
{
	VEC_EACH(const struct object, object, &config->objects) {
		if (object->kind != OBJECT_ADDRESS || object->address.kind != ADDR_RANGE ||
		    object->address.range.lo != object->address.range.hi ||
		    !config_object(config, object->name) ||
		    !sounds_like_mail(config_name(config, object->name)))
			continue;
		add_guess(arena, guesses, behind(config, object->address.range.lo), S("its name"),
		          object->span);
	}
	VEC_EACH(const struct label, label, &config->labels)
		if (sounds_like_mail(config_name(config, label->name)))
			add_guess(arena, guesses, behind(config, label->address), S("its name"),
			          (struct span){0});
}

struct guesses discover_appliances(struct arena *arena, const struct config *config)
{
	struct guesses guesses = {0};
	guess_statics(arena, config, &guesses);
	guess_permits(arena, config, &guesses);
	guess_names(arena, config, &guesses);
	return guesses;
}
