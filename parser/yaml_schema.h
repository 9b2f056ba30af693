/* SPDX-License-Identifier: ISC */
/*
 * Reading a tree of YAML against a schema that is written as tables of fields.
 * Each function that reads a value says what it expected, as an error at the
 * place of the value, when it is something else.
 */
#ifndef PARSER_YAML_SCHEMA_H
#define PARSER_YAML_SCHEMA_H

#include "parser/yaml_tree.h"

struct yaml_reader {
	struct arena *arena;
	struct diags *diags;
};

/* One key of a map. `read` puts its value into the struct that the map becomes. */
struct yaml_field {
	const char *name;
	bool required;
	void (*read)(struct yaml_reader *reader, const struct yaml_node *node, void *into);
};

enum { YAML_FIELDS_MAX = 12 }; /* of one map */

/* Add an error. Always false. */
__attribute__((format(printf, 3, 4))) bool yaml_problem(struct yaml_reader *reader,
                                                        struct span span, const char *format, ...);

/* Add the error "expected WHAT, found ...". Always false. */
bool yaml_expected(struct yaml_reader *reader, const struct yaml_node *node, const char *what);

/* A text in quotes as errors show it: on one line, and cut when long. */
struct str yaml_shown(struct arena *arena, struct str text);

/* "; did you mean "WORD"?" for the nearest of `known`, or nothing. */
struct str yaml_suggest(struct arena *arena, struct str word, const struct str *known, size_t n);

/*
 * Read a map, which errors call `what`. Keys are read in the order of the table.
 * Unknown keys, repeated ones and missing ones are errors. False if it is no map.
 */
bool yaml_map(struct yaml_reader *reader, const struct yaml_node *node, const char *what,
              const struct yaml_field *fields, size_t n, void *into);

/* Whether it is a list; one with items. */
bool yaml_is_list(struct yaml_reader *reader, const struct yaml_node *node, const char *what);
bool yaml_is_filled_list(struct yaml_reader *reader, const struct yaml_node *node,
                         const char *what);

/* A text that is not empty. */
bool yaml_text(struct yaml_reader *reader, const struct yaml_node *node, const char *what,
               struct str *text);

/* One of `n` words, as its index. */
bool yaml_word(struct yaml_reader *reader, const struct yaml_node *node, const struct str *words,
               size_t n, size_t *chosen);

/* A number from `min` to `max`, without quotes. */
bool yaml_number(struct yaml_reader *reader, const struct yaml_node *node, uint64_t min,
                 uint64_t max, const char *what, uint64_t *number);

/* A truth value; `words` is how an error names the two. */
bool yaml_bool(struct yaml_reader *reader, const struct yaml_node *node, const char *words,
               bool *value);

/* Whether it is a plain word for false: false, off or no. */
bool yaml_is_false(const struct yaml_node *node);

#endif
