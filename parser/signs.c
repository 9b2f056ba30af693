/* SPDX-License-Identifier: ISC */
#include "parser/signs.h"

#include "parser/config_reader.h"
#include "parser/grammar.h"

bool is_firewall_word(struct str word)
{
	static const char *const only[] = {
	        "access-group",   "conduit",     "fixup", "global",
	        "nameif",         "nat-control", "nat",   "same-security-traffic",
	        "security-level", "static",
	};
	return WORD_IN(word, only);
}

bool is_router_line(const struct str *words, uint32_t n)
{
	static const char *const ios[] = {
	        "version NUMBER",
	        "ip access-list ...",
	        "line vty ...",
	        "line con ...",
	        "ip route ...",
	        "service timestamps ...",
	        "ip nat ...",
	        "ip cef ...",
	        "spanning-tree ...",
	        "boot-start-marker",
	        "ip forward-protocol ...",
	        "ip domain name ...",
	        "ip domain-name ...",
	        "ip ssh ...",
	        "vtp ...",
	};
	if (n == 0 || !strchr("vilsb", words[0].s[0]))
		return false;
	for (size_t i = 0; i < sizeof(ios) / sizeof(ios[0]); i++)
		if (grammar_match(ios[i], words, n))
			return true;
	return false;
}

static bool is_utf16(struct str text)
{
	return text.n > 1 &&
	       (memcmp(text.s, "\377\376", 2) == 0 || memcmp(text.s, "\376\377", 2) == 0);
}

bool config_recognised(const struct config *config, struct str *looks_like)
{
	struct str text = config->sources.list.v[0].text;
	const struct coverage *coverage = &config->coverage;
	bool mostly_unknown = coverage->unknown > 2 * coverage->modelled;
	if (str_trim(text).n == 0)
		*looks_like = S("an empty file");
	else if (is_utf16(text))
		*looks_like = S("text in UTF-16 (convert it to UTF-8 first)");
	else if (config->asa_signs == 0 && memchr(text.s, '\0', text.n))
		*looks_like = S("a binary file");
	else if (config->ios_signs > config->asa_signs)
		*looks_like = S("the config of an IOS router or switch");
	else if (coverage->modelled == 0 || (config->asa_signs == 0 && mostly_unknown))
		*looks_like = S("no firewall config: none of its commands is one that decides "
		                "about traffic");
	else
		return true;
	return false;
}
