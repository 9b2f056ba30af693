/* SPDX-License-Identifier: ISC */
/* What names of hosts say about them. */
#include "analyzers/clues.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

static const char *const esa_words[] = {"esa",         "ironport", "mailgw",   "mailgate",
                                        "mailgateway", "smtpgw",   "smtpgate", "smtpgateway"};
static const char *const sma_words[] = {"sma"};
/* Servers that take or send mail and are no appliance of ours; the WSA is IronPort's too. */
static const char *const other_words[] = {
        "exchange", "exch",     "owa",    "domino", "lotus",    "zimbra", "groupwise",
        "postfix",  "sendmail", "exim",   "wsa",    "webproxy", "proxy",  "smarthost",
        "printer",  "scanner",  "copier", "backup", "web",
};
/* What a second address of an appliance is called after it. */
static const char *const address_words[] = {"cpq",  "pvo", "pvoq",       "quarantine",
                                            "mgmt", "mgt", "management", "ssh"};

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static bool is_letter(char c)
{
	return is_upper(c) || is_lower(c);
}

/* The next word from *at on: letters, up to another kind of byte or a capital after a small one. */
static struct str next_word(struct str name, size_t *at)
{
	while (*at < name.n && !is_letter(name.s[*at]))
		++*at;
	size_t begin = *at;
	while (*at < name.n && is_letter(name.s[*at]) &&
	       (*at == begin || !is_upper(name.s[*at]) || !is_lower(name.s[*at - 1])))
		++*at;
	return (struct str){name.s + begin, *at - begin};
}

/* Is `word`, or the word before it and it as one, in a list: "mail-gw", "IronPort"? */
static bool is_in(struct str before, struct str word, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct str known = str_of(list[i]);
		if (str_eq_nocase(word, known))
			return true;
		if (before.n && before.n + word.n == known.n &&
		    str_eq_nocase(before, (struct str){known.s, before.n}) &&
		    str_eq_nocase(word, (struct str){known.s + before.n, word.n}))
			return true;
	}
	return false;
}

struct name_sound clue_sound(struct str name)
{
	struct name_sound sound = {0};
	struct str before = {"", 0};
	for (size_t at = 0; at < name.n;) {
		struct str word = next_word(name, &at);
		if (!word.n)
			break;
		sound.esa |= is_in(before, word, esa_words, N(esa_words));
		sound.sma |= is_in(before, word, sma_words, N(sma_words));
		sound.other |= is_in(before, word, other_words, N(other_words));
		before = word;
	}
	/* "ironport-wsa" is what its last word says. */
	sound.esa &= !sound.other;
	sound.sma &= !sound.other;
	return sound;
}

struct str clue_stem(struct str name)
{
	size_t end = name.n;
	if (!end)
		return S("");
	while (end && is_letter(name.s[end - 1]))
		end--;
	struct str last = {name.s + end, name.n - end};
	if (!is_in((struct str){"", 0}, last, address_words, N(address_words)))
		return (struct str){name.s, 0};
	while (end && (name.s[end - 1] == '-' || name.s[end - 1] == '_' || name.s[end - 1] == '.'))
		end--;
	return (struct str){name.s, end};
}
