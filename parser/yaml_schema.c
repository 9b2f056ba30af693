/* SPDX-License-Identifier: ISC */
/* The parts that schemas are made of; nothing here knows what a policy is. */
#include "parser/yaml_schema.h"

/* So much of a text is quoted in an error. */
enum { SHOWN_MAX = 60 };

/* ---- errors ---- */

bool yaml_problem(struct yaml_reader *reader, struct span span, const char *format, ...)
{
	struct str message;
	va_list args;

	va_start(args, format);
	message = str_vprintf(reader->arena, format, args);
	va_end(args);
	diag_add(reader->arena, reader->diags, SEVERITY_ERROR, span, "%.*s", STR(message));
	return false;
}

static bool is_nothing(const struct yaml_node *node)
{
	return node->kind == YAML_TEXT && node->plain &&
	       (!node->text.n || str_eq(node->text, S("~")) || str_eq(node->text, S("null")));
}

struct str yaml_shown(struct arena *arena, struct str text)
{
	struct buf buf = {.arena = arena};

	buf_char(&buf, '"');
	for (size_t i = 0; i < text.n && i < SHOWN_MAX; i++)
		buf_char(&buf, (unsigned char)text.s[i] < ' ' ? ' ' : text.s[i]);
	buf_add(&buf, text.n > SHOWN_MAX ? S("...\"") : S("\""));
	return buf_str(&buf);
}

/* A value as an error names it. */
static struct str found(struct yaml_reader *reader, const struct yaml_node *node)
{
	if (is_nothing(node))
		return S("nothing");
	switch (node->kind) {
	case YAML_TEXT:
		return yaml_shown(reader->arena, node->text);
	case YAML_LIST:
		return S("a list");
	case YAML_MAP:
		break;
	}
	return S("a map");
}

bool yaml_expected(struct yaml_reader *reader, const struct yaml_node *node, const char *what)
{
	struct str value = found(reader, node);

	return yaml_problem(reader, node->span, "expected %s, found %.*s", what, STR(value));
}

struct str yaml_suggest(struct arena *arena, struct str word, const struct str *known, size_t n)
{
	int nearest = str_nearest(word, known, n);

	if (nearest < 0)
		return S("");
	return str_printf(arena, "; did you mean \"%.*s\"?", STR(known[nearest]));
}

/* ---- maps and lists ---- */

static int find_field(const struct yaml_field *fields, size_t n, struct str name)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq(name, str_of(fields[i].name)))
			return (int)i;
	}
	return -1;
}

static void unknown_key(struct yaml_reader *reader, const struct yaml_node *key, const char *what,
                        const struct yaml_field *fields, size_t n)
{
	struct str known[YAML_FIELDS_MAX], hint, shown = yaml_shown(reader->arena, key->text);

	for (size_t i = 0; i < n; i++)
		known[i] = str_of(fields[i].name);
	hint = yaml_suggest(reader->arena, key->text, known, n);
	yaml_problem(reader, key->span, "unknown key %.*s in %s%.*s", STR(shown), what, STR(hint));
}

bool yaml_map(struct yaml_reader *reader, const struct yaml_node *node, const char *what,
              const struct yaml_field *fields, size_t n, void *into)
{
	const struct yaml_node *values[YAML_FIELDS_MAX] = {0};

	if (node->kind != YAML_MAP)
		return yaml_expected(reader, node, what);
	VEC_EACH(struct yaml_item, item, &node->items) {
		int field;

		if (item->key->kind != YAML_TEXT) {
			yaml_expected(reader, item->key, "a key");
			continue;
		}
		field = find_field(fields, n, item->key->text);
		if (field < 0)
			unknown_key(reader, item->key, what, fields, n);
		else if (values[field])
			yaml_problem(reader, item->key->span,
			             "the key \"%.*s\" is given twice in %s", STR(item->key->text),
			             what);
		else
			values[field] = item->value;
	}
	for (size_t i = 0; i < n; i++) {
		if (values[i])
			fields[i].read(reader, values[i], into);
		else if (fields[i].required)
			yaml_problem(reader, node->span, "the key \"%s\" is missing in %s",
			             fields[i].name, what);
	}
	return true;
}

bool yaml_is_list(struct yaml_reader *reader, const struct yaml_node *node, const char *what)
{
	return node->kind == YAML_LIST || yaml_expected(reader, node, what);
}

bool yaml_is_filled_list(struct yaml_reader *reader, const struct yaml_node *node, const char *what)
{
	if (!yaml_is_list(reader, node, what))
		return false;
	return node->items.n ||
	       yaml_problem(reader, node->span, "expected %s, found an empty one", what);
}

/* ---- texts ---- */

bool yaml_text(struct yaml_reader *reader, const struct yaml_node *node, const char *what,
               struct str *text)
{
	if (node->kind != YAML_TEXT || is_nothing(node) || !node->text.n)
		return yaml_expected(reader, node, what);
	*text = node->text;
	return true;
}

bool yaml_word(struct yaml_reader *reader, const struct yaml_node *node, const struct str *words,
               size_t n, size_t *chosen)
{
	struct buf list = {.arena = reader->arena};
	struct str hint = S(""), value = found(reader, node);

	for (size_t i = 0; i < n; i++) {
		if (node->kind == YAML_TEXT && str_eq(node->text, words[i])) {
			*chosen = i;
			return true;
		}
		buf_printf(&list, "%s%.*s", i == 0 ? "" : i + 1 < n ? ", " : " or ", STR(words[i]));
	}
	if (node->kind == YAML_TEXT)
		hint = yaml_suggest(reader->arena, node->text, words, n);
	return yaml_problem(reader, node->span, "expected %.*s, found %.*s%.*s",
	                    STR(buf_str(&list)), STR(value), STR(hint));
}

static bool is_one_of(const struct yaml_node *node, const char *const *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (node->kind == YAML_TEXT && node->plain &&
		    str_eq_nocase(node->text, str_of(words[i])))
			return true;
	}
	return false;
}

/* The words of YAML 1.1 for a truth value; programs that rewrite a file swap them at will. */
static bool is_true(const struct yaml_node *node)
{
	static const char *const words[] = {"true", "on", "yes"};

	return is_one_of(node, words, sizeof(words) / sizeof(words[0]));
}

bool yaml_is_false(const struct yaml_node *node)
{
	static const char *const words[] = {"false", "off", "no"};

	return is_one_of(node, words, sizeof(words) / sizeof(words[0]));
}

bool yaml_number(struct yaml_reader *reader, const struct yaml_node *node, uint64_t min,
                 uint64_t max, const char *what, uint64_t *number)
{
	if (node->kind != YAML_TEXT || !node->plain || !str_number(node->text, max, number) ||
	    *number < min)
		return yaml_expected(reader, node, what);
	return true;
}

bool yaml_bool(struct yaml_reader *reader, const struct yaml_node *node, const char *words,
               bool *value)
{
	if (!is_true(node) && !yaml_is_false(node))
		return yaml_expected(reader, node, words);
	*value = is_true(node);
	return true;
}
