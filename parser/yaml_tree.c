/* SPDX-License-Identifier: ISC */
/*
 * Events of libyaml into a tree. libyaml marks places by counting characters
 * from the beginning; they become byte offsets here, as every span is.
 */
#include "parser/yaml_tree.h"

#include <string.h>
#include <yaml.h>

/* No policy file nests deeper, and recursion ends somewhere. */
enum { DEPTH_MAX = 32 };

struct anchor {
	struct str name;
	const struct yaml_node *node;
};

struct tree {
	struct arena *arena;
	struct diags *diags;
	struct str text;
	uint16_t source;
	yaml_parser_t parser;
	/* The last mark that was looked up, and its byte. */
	size_t mark_index, mark_offset;
	VEC(struct anchor) anchors;
};

/* ---- places ---- */

static size_t byte_offset(struct tree *tree, size_t index)
{
	if (index < tree->mark_index)
		tree->mark_index = tree->mark_offset = 0;
	while (tree->mark_index < index && tree->mark_offset < tree->text.n) {
		do
			tree->mark_offset++;
		while (tree->mark_offset < tree->text.n &&
		       (tree->text.s[tree->mark_offset] & 0xc0) == 0x80);
		tree->mark_index++;
	}
	return tree->mark_offset;
}

/* The bytes from `begin` to before `end`: at least one, and inside the text. */
static struct span span_of(const struct tree *tree, size_t begin, size_t end)
{
	if (begin >= tree->text.n)
		begin = tree->text.n ? tree->text.n - 1 : 0;
	if (end <= begin)
		end = begin + 1;
	if (end > tree->text.n)
		end = tree->text.n;
	return (struct span){
	        .offset = (uint32_t)begin,
	        .len = (uint32_t)(end - begin),
	        .source = tree->source,
	};
}

static struct span event_span(struct tree *tree, const yaml_event_t *event)
{
	size_t begin = byte_offset(tree, event->start_mark.index);

	return span_of(tree, begin, byte_offset(tree, event->end_mark.index));
}

/* ---- errors ---- */

static const struct yaml_node *refuse(struct tree *tree, struct span span, const char *message)
{
	diag_add(tree->arena, tree->diags, SEVERITY_ERROR, span, "%s", message);
	return NULL;
}

/* What libyaml stumbled over, in its words. */
static const struct yaml_node *syntax_error(struct tree *tree)
{
	const yaml_parser_t *parser = &tree->parser;
	const char *problem = parser->problem ? parser->problem : "out of memory";
	size_t at;

	if (parser->error == YAML_READER_ERROR) {
		at = parser->problem_offset;
		diag_add(tree->arena, tree->diags, SEVERITY_ERROR, span_of(tree, at, at),
		         "not a YAML text in UTF-8: %s", problem);
		return NULL;
	}
	at = byte_offset(tree, parser->problem_mark.index);
	if (at < tree->text.n && tree->text.s[at] == '\t')
		problem = "a tab cannot indent; use blanks";
	if (parser->context && parser->context_mark.line != parser->problem_mark.line)
		diag_add(tree->arena, tree->diags, SEVERITY_ERROR, span_of(tree, at, at),
		         "not valid YAML: %s, %s that begins on line %zu", problem, parser->context,
		         parser->context_mark.line + 1);
	else
		diag_add(tree->arena, tree->diags, SEVERITY_ERROR, span_of(tree, at, at),
		         "not valid YAML: %s%s%s", problem, parser->context ? ", " : "",
		         parser->context ? parser->context : "");
	return NULL;
}

/* ---- nodes ---- */

static bool next(struct tree *tree, yaml_event_t *event)
{
	if (yaml_parser_parse(&tree->parser, event))
		return true;
	syntax_error(tree);
	return false;
}

static struct str event_str(const unsigned char *text)
{
	return str_of((const char *)text);
}

/* The text of a scalar: where the source has the same bytes, a view of them. */
static struct str scalar_text(struct tree *tree, const yaml_event_t *event, struct span span)
{
	struct str value = {(const char *)event->data.scalar.value, event->data.scalar.length};
	size_t begin = span.offset;

	for (size_t quote = 0; quote < 2; quote++) {
		struct str there = {tree->text.s + begin + quote, value.n};

		if (begin + quote + value.n <= tree->text.n && str_eq(there, value))
			return there;
	}
	return str_copy(tree->arena, value);
}

static const struct yaml_node *read_node(struct tree *tree, yaml_event_t *event, unsigned depth);

/* Items up to the end of the list or map. */
static bool read_items(struct tree *tree, struct yaml_node *node, unsigned depth)
{
	yaml_event_t event;

	for (;;) {
		struct yaml_item item = {0};

		if (!next(tree, &event))
			return false;
		if (event.type == YAML_SEQUENCE_END_EVENT || event.type == YAML_MAPPING_END_EVENT)
			break;
		if (node->kind == YAML_MAP) {
			item.key = read_node(tree, &event, depth);
			if (!item.key || !next(tree, &event))
				return false;
		}
		item.value = read_node(tree, &event, depth);
		if (!item.value)
			return false;
		VEC_PUSH(tree->arena, &node->items, item);
	}
	/*
	 * A list or map in blocks ends where the next thing begins; blanks before that are not it.
	 */
	if (event.end_mark.index > event.start_mark.index)
		node->span.len = event_span(tree, &event).offset + 1 - node->span.offset;
	else if (node->items.n) {
		struct span last = node->items.v[node->items.n - 1].value->span;

		if (last.offset + last.len > node->span.offset)
			node->span.len = last.offset + last.len - node->span.offset;
	}
	yaml_event_delete(&event);
	return true;
}

static const struct yaml_node *find_anchor(struct tree *tree, struct str name, struct span span)
{
	/* The latest of a name counts. */
	for (uint32_t i = tree->anchors.n; i-- > 0;) {
		if (str_eq(tree->anchors.v[i].name, name))
			return tree->anchors.v[i].node;
	}
	return refuse(tree, span, "this alias has no anchor before it");
}

/* The node that `event`, which is given up here, begins. */
static const struct yaml_node *read_node(struct tree *tree, yaml_event_t *event, unsigned depth)
{
	struct yaml_node *node = NEW(tree->arena, struct yaml_node);
	struct str anchor = {0}, tag = {0};
	const struct yaml_node *found = NULL;
	bool ok = true;

	node->span = event_span(tree, event);
	if (event->type == YAML_ALIAS_EVENT) {
		found = find_anchor(tree, event_str(event->data.alias.anchor), node->span);
		yaml_event_delete(event);
		return found;
	}
	if (event->type == YAML_SCALAR_EVENT) {
		node->kind = YAML_TEXT;
		node->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
		node->text = scalar_text(tree, event, node->span);
		anchor = event_str(event->data.scalar.anchor);
		tag = event_str(event->data.scalar.tag);
	} else if (event->type == YAML_SEQUENCE_START_EVENT) {
		node->kind = YAML_LIST;
		anchor = event_str(event->data.sequence_start.anchor);
		tag = event_str(event->data.sequence_start.tag);
	} else {
		node->kind = YAML_MAP;
		anchor = event_str(event->data.mapping_start.anchor);
		tag = event_str(event->data.mapping_start.tag);
	}
	anchor = anchor.n ? str_copy(tree->arena, anchor) : S("");
	ok = !tag.n;
	yaml_event_delete(event);
	if (!ok)
		return refuse(tree, node->span, "a YAML tag has no meaning here");
	if (depth >= DEPTH_MAX)
		return refuse(tree, node->span, "nested too deeply");
	if (node->kind != YAML_TEXT && !read_items(tree, node, depth + 1))
		return NULL;
	if (anchor.n)
		VEC_PUSH(tree->arena, &tree->anchors, (struct anchor){anchor, node});
	return node;
}

/* Whether the next event is of that type; it is dropped. */
static bool skip(struct tree *tree, yaml_event_type_t type, const char *otherwise)
{
	yaml_event_t event;
	bool is;

	if (!next(tree, &event))
		return false;
	is = event.type == type;
	if (!is)
		refuse(tree, event_span(tree, &event), otherwise);
	yaml_event_delete(&event);
	return is;
}

static const struct yaml_node *read_document(struct tree *tree)
{
	const struct yaml_node *root;
	yaml_event_t event;

	if (!skip(tree, YAML_STREAM_START_EVENT, "not a YAML text") || !next(tree, &event))
		return NULL;
	if (event.type == YAML_STREAM_END_EVENT) {
		struct yaml_node *empty = NEW(tree->arena, struct yaml_node);

		empty->span = span_of(tree, 0, 0);
		empty->plain = true;
		yaml_event_delete(&event);
		return empty;
	}
	yaml_event_delete(&event);
	if (!next(tree, &event))
		return NULL;
	root = read_node(tree, &event, 0);
	if (!root || !skip(tree, YAML_DOCUMENT_END_EVENT, "one document is enough") ||
	    !skip(tree, YAML_STREAM_END_EVENT, "a second document begins here; one is expected"))
		return NULL;
	return root;
}

const struct yaml_node *yaml_tree_read(struct arena *arena, const struct sources *sources,
                                       uint16_t source, struct diags *diags)
{
	struct tree tree = {
	        .arena = arena,
	        .diags = diags,
	        .source = source,
	        .text = sources->list.v[source].text,
	};
	const struct yaml_node *root;

	if (!yaml_parser_initialize(&tree.parser))
		return refuse(&tree, (struct span){.source = source}, "out of memory");
	yaml_parser_set_encoding(&tree.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&tree.parser, (const unsigned char *)tree.text.s, tree.text.n);
	root = read_document(&tree);
	yaml_parser_delete(&tree.parser);
	return root;
}
