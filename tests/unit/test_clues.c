/* SPDX-License-Identifier: ISC */
#include "analyzers/clues.h"

#include <criterion/criterion.h>

Test(clues, names_sound_by_their_words)
{
	static const struct {
		const char *name;
		bool esa, sma, other;
	} cases[] = {
	        {"ESA1", true, false, false},
	        {"dc2-esa-01", true, false, false},
	        {"IronPort", true, false, false},
	        {"ironport_c370", true, false, false},
	        {"mail-gw", true, false, false},
	        {"MailGW2", true, false, false},
	        {"smtp.gateway", true, false, false},
	        {"sma", false, true, false},
	        {"ESA-SMA-HOSTS", true, true, false},
	        {"EXCH01", false, false, true},
	        {"ironport-wsa", false, false, true},
	        {"Ironport-Web-Proxy", false, false, true},
	        {"small", false, false, false},
	        {"mesa", false, false, false},
	        {"esalen", false, false, false},
	        {"mail", false, false, false},
	        {"", false, false, false},
	        {"-_.1", false, false, false},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct name_sound sound = clue_sound(str_of(cases[i].name));

		cr_expect_eq(sound.esa, cases[i].esa, "case %s: esa", cases[i].name);
		cr_expect_eq(sound.sma, cases[i].sma, "case %s: sma", cases[i].name);
		cr_expect_eq(sound.other, cases[i].other, "case %s: other", cases[i].name);
	}
}

Test(clues, a_second_address_is_named_after_the_first)
{
	static const struct {
		const char *name, *stem;
	} cases[] = {
	        {"esa1-cpq", "esa1"}, {"ESA1_MGMT", "ESA1"}, {"esa1.pvo", "esa1"}, {"esa1", ""},
	        {"cpq", ""},          {"esa1-data2", ""},    {"esa1ssh", "esa1"},  {"", ""},
	        {"esa-cpq-2", ""},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct str stem = clue_stem(str_of(cases[i].name));

		cr_expect(str_eq(stem, str_of(cases[i].stem)), "case %s: %.*s", cases[i].name,
		          STR(stem));
	}
}
