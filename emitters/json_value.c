/* SPDX-License-Identifier: ISC */
/* JSON values for the emitters. */
#include "emitters/json_value.h"

#include "emitters/escape.h"

/* The one way to give up a document: a request that the arena cannot grant. */
static void out_of_memory(struct arena *arena)
{
	arena_array(arena, SIZE_MAX, SIZE_MAX, 1);
}

void json_set(struct arena *arena, json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, value) < 0)
		out_of_memory(arena);
}

void json_update(struct arena *arena, json_t *object, json_t *more)
{
	if (json_object_update(object, more) < 0)
		out_of_memory(arena);
	json_decref(more);
}

void json_append(struct arena *arena, json_t *array, json_t *value)
{
	if (json_array_append_new(array, value) < 0)
		out_of_memory(arena);
}

json_t *json_text(struct arena *arena, struct str s)
{
	struct str valid = escape_utf8(arena, s);

	return json_stringn_nocheck(valid.n ? valid.s : "", valid.n);
}

json_t *json_text_or_null(struct arena *arena, struct str s)
{
	return s.n ? json_text(arena, s) : json_null();
}

json_t *json_words(struct arena *arena, const struct words *words)
{
	json_t *array = json_array();

	VEC_EACH(const struct str, word, &words->list)
		json_append(arena, array, json_text(arena, *word));
	return array;
}

json_t *json_hosts(struct arena *arena, const struct hosts *hosts)
{
	json_t *list = json_array();

	VEC_EACH(const struct host, host, &hosts->list) {
		json_t *object = json_object();

		json_set(arena, object, "real", json_text(arena, addr_text(arena, host->real)));
		json_set(arena, object, "mapped",
		         host->has_mapped ? json_text(arena, addr_text(arena, host->mapped))
		                          : json_null());
		json_append(arena, list, object);
	}
	return list;
}

json_t *json_tool(struct arena *arena, const char *version)
{
	json_t *tool = json_object();

	json_set(arena, tool, "name", json_text(arena, S("asamend")));
	json_set(arena, tool, "version", json_text(arena, str_of(version)));
	return tool;
}

void json_set_line(struct arena *arena, json_t *object, const struct sources *sources,
                   struct span span)
{
	struct place place = source_place(sources, span);

	json_set(arena, object, "line", place.line ? json_integer(place.line) : json_null());
	if (place.line && span.source > 0)
		json_set(arena, object, "path", json_text(arena, place.path));
}

static json_t *json_addresses(struct arena *arena, const struct box *box, enum dim dim)
{
	struct words words = {0};

	box_addresses(arena, box, dim, &words);
	return json_words(arena, &words);
}

static json_t *json_ports(struct arena *arena, struct iset ports)
{
	struct words words = {0};

	ports_text(arena, ports, &words);
	return json_words(arena, &words);
}

json_t *json_packets(struct arena *arena, const struct pset *set)
{
	json_t *array = json_array();

	VEC_EACH(const struct box, box, &set->boxes) {
		json_t *packets = json_object();

		json_set(arena, packets, "src", json_addresses(arena, box, DIM_SRC));
		json_set(arena, packets, "dst", json_addresses(arena, box, DIM_DST));
		json_set(arena, packets, "ports", json_ports(arena, box->dim[DIM_DPORT]));
		if (!ports_are_any(box->dim[DIM_SPORT]))
			json_set(arena, packets, "src_ports",
			         json_ports(arena, box->dim[DIM_SPORT]));
		json_append(arena, array, packets);
	}
	return array;
}

json_t *json_witness(struct arena *arena, const struct witness *witness)
{
	const u128 *at = witness->packet.at;
	struct str protocol = protocol_text(arena, (unsigned)at[DIM_PROTO]);
	json_t *packet = json_object();

	json_set(arena, packet, "input", json_text(arena, witness->input));
	json_set(arena, packet, "protocol", json_text(arena, protocol));
	json_set(arena, packet, "src", json_text(arena, addr_text(arena, at[DIM_SRC])));
	json_set(arena, packet, "sport", json_integer((json_int_t)at[DIM_SPORT]));
	json_set(arena, packet, "dst", json_text(arena, addr_text(arena, at[DIM_DST])));
	json_set(arena, packet, "dport", json_integer((json_int_t)at[DIM_DPORT]));
	return packet;
}

static int add_chunk(const char *bytes, size_t n, void *out)
{
	buf_add(out, (struct str){bytes, n});
	return 0;
}

static void write_document(struct buf *out, json_t *document, size_t layout)
{
	if (json_dump_callback(document, add_chunk, out, layout) < 0)
		out_of_memory(out->arena);
	buf_char(out, '\n');
	json_decref(document);
}

void json_write(struct buf *out, json_t *document)
{
	write_document(out, document, JSON_INDENT(2));
}

void json_write_line(struct buf *out, json_t *document)
{
	write_document(out, document, JSON_COMPACT);
}

struct element {
	struct buf *out;
	unsigned indent;
};

/* A line end in the text of a document is one of its layout. */
static int add_indented(const char *bytes, size_t n, void *data)
{
	const struct element *element = data;
	struct str head, rest = {bytes, n};

	while (str_cut(rest, '\n', &head, &rest)) {
		buf_add(element->out, head);
		buf_printf(element->out, "\n%*s", (int)element->indent, "");
	}
	buf_add(element->out, head);
	return 0;
}

void json_write_element(struct buf *out, json_t *value, unsigned indent)
{
	struct element element = {out, indent};

	if (json_dump_callback(value, add_indented, &element, JSON_INDENT(2)) < 0)
		out_of_memory(out->arena);
	json_decref(value);
}
