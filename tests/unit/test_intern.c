/* SPDX-License-Identifier: ISC */
/* The table of names. */
#include "model/intern.h"

#include <criterion/criterion.h>

Test(intern, ids)
{
	enum { NAMES = 20000 };
	struct arena *arena = arena_new();
	struct interns *names = interns_new(arena);
	name_id i;

	cr_expect(intern_count(names) == 1);
	cr_expect(intern(names, S("")) == 0 && intern_find(names, S("")) == 0);
	cr_expect(intern_str(names, 0).n == 0);
	cr_expect(intern_find(names, S("dmz")) == 0);

	for (i = 1; i <= NAMES; i++)
		cr_assert(intern(names, str_printf(arena, "name-%u", i)) == i);
	for (i = 1; i <= NAMES; i++) {
		struct str name = str_printf(arena, "name-%u", i);

		cr_assert(intern(names, name) == i);
		cr_assert(intern_find(names, name) == i);
		cr_assert(str_eq(intern_str(names, i), name));
		cr_assert(intern_str(names, i).s[name.n] == '\0');
	}
	cr_expect(intern_count(names) == NAMES + 1);
	cr_expect(intern_find(names, S("NAME-1")) == 0, "case counts");
	cr_expect(intern_find(names, S("name-")) == 0);
	arena_free(arena);
}

Test(intern, copies)
{
	struct arena *arena = arena_new();
	struct interns *names = interns_new(arena);
	char text[] = "outside";
	name_id id = intern(names, str_of(text));

	text[0] = 'X';
	cr_expect(str_eq(intern_str(names, id), S("outside")));
	cr_expect(intern(names, S("out\0side")) != intern(names, S("out")), "a NUL is a byte");
	arena_free(arena);
}
