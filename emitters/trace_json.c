/* SPDX-License-Identifier: ISC */
/* A writer of its own: it allocates nothing but the buffer it writes to. */
#include "emitters/escape.h"
#include "emitters/json_value.h"
#include "emitters/trace.h"
#include "model/ports.h"

#include <string.h>

/* --- values ----------------------------------------------------------------------------- */

#define EACH_BYTE(value) ((uint64_t)0x0101010101010101u * (value))

/* Is some byte of a word below a limit of at most 0x80? Or equal to one? */
static inline bool has_below(uint64_t word, uint64_t limit)
{
	return ((word - EACH_BYTE(limit)) & ~word & EACH_BYTE(0x80)) != 0;
}

static inline bool has_byte(uint64_t word, uint64_t byte)
{
	return has_below(word ^ EACH_BYTE(byte), 1);
}

static inline bool is_plain_word(const char *s)
{
	uint64_t word;
	memcpy(&word, s, sizeof(word));
	return !(word & EACH_BYTE(0x80)) && !has_below(word, 0x20) && !has_byte(word, 0x7f) &&
	       !has_byte(word, '"') && !has_byte(word, '\\');
}

/*
 * Printable ASCII without what JSON escapes; eight bytes at a time, the last of them perhaps twice.
 */
static bool is_plain(struct str text)
{
	if (text.n >= 8) {
		for (size_t i = 0; i + 8 < text.n; i += 8)
			if (!is_plain_word(text.s + i))
				return false;
		return is_plain_word(text.s + text.n - 8);
	}
	for (size_t i = 0; i < text.n; i++) {
		unsigned char c = (unsigned char)text.s[i];
		if (c < 0x20 || c >= 0x7f || c == '"' || c == '\\')
			return false;
	}
	return true;
}

/* A character, or a byte that is part of none; its length. */
static size_t put_character(struct buf *out, struct str text)
{
	unsigned length = escape_utf8_length(text);
	unsigned char c = (unsigned char)text.s[0];
	if (length == 0) {
		buf_add(out, S("\xef\xbf\xbd")); /* U+FFFD */
		return 1;
	}
	if (c == '"' || c == '\\')
		buf_char(out, '\\');
	if (c < 0x20 || c == 0x7f)
		buf_printf(out, "\\u%04x", c);
	else
		buf_add(out, (struct str){text.s, length});
	return length;
}

void emit_json_string(struct buf *out, struct str text)
{
	buf_char(out, '"');
	if (is_plain(text))
		buf_add(out, text);
	else
		for (size_t i = 0; i < text.n;)
			i += put_character(out, (struct str){text.s + i, text.n - i});
	buf_char(out, '"');
}

static void put_text_or_null(struct buf *out, struct str text)
{
	if (text.n)
		emit_json_string(out, text);
	else
		buf_add(out, S("null"));
}

static void put_bool(struct buf *out, bool value)
{
	buf_add(out, value ? S("true") : S("false"));
}

static void put_address(struct buf *out, u128 address)
{
	buf_char(out, '"');
	addr_add(out, address);
	buf_char(out, '"');
}

/* "line":N, and "path" where it is not the config itself. */
static void put_line(struct buf *out, const struct sources *sources, struct span span)
{
	buf_add(out, S("\"line\":"));
	if (span.len == 0) {
		buf_add(out, S("null"));
		return;
	}
	struct place place = source_place(sources, span);
	buf_number(out, place.line);
	if (span.source) {
		buf_add(out, S(",\"path\":"));
		emit_json_string(out, place.path);
	}
}

/* --- parts ------------------------------------------------------------------------------ */

static void put_result(struct buf *out, const struct trace *trace)
{
	buf_add(out, S("\"result\":\""));
	buf_add(out, str_of(trace_result_names[trace->result]));
	buf_add(out, S("\",\"reason\":"));
	put_text_or_null(out, trace->reason);
}

static void put_packet(struct buf *out, const struct trace *trace)
{
	const u128 *at = trace->packet.at;
	buf_add(out, S("\"packet\":{\"input\":"));
	emit_json_string(out, trace->input);
	buf_add(out, S(",\"protocol\":"));
	const char *protocol = protocol_name((uint8_t)at[DIM_PROTO]);
	buf_char(out, '"');
	if (protocol && at[DIM_PROTO])
		buf_add(out, str_of(protocol));
	else
		buf_number(out, (uint8_t)at[DIM_PROTO]);
	buf_char(out, '"');
	buf_add(out, S(",\"src\":"));
	put_address(out, at[DIM_SRC]);
	buf_add(out, S(",\"sport\":"));
	buf_number(out, (uint32_t)at[DIM_SPORT]);
	buf_add(out, S(",\"dst\":"));
	put_address(out, at[DIM_DST]);
	buf_add(out, S(",\"dport\":"));
	buf_number(out, (uint32_t)at[DIM_DPORT]);
	buf_add(out, S("},"));
	put_result(out, trace);
}

static void put_list(struct buf *out, const struct trace *trace, const struct sources *sources)
{
	const struct trace_list *list = &trace->list;
	buf_add(out, S(",\"access_list\":"));
	if (!list->applies) {
		buf_add(out, S("null"));
		return;
	}
	buf_add(out, S("{\"name\":"));
	emit_json_string(out, list->name);
	buf_add(out, S(",\"action\":\""));
	buf_add(out, str_of(list_action_names[list->action]));
	buf_add(out, S("\","));
	put_line(out, sources, list->span);
	buf_char(out, '}');
}

static void put_end(struct buf *out, const char *key, const struct trace_nat *nat,
                    const struct sources *sources)
{
	buf_add(out, str_of(key));
	if (!nat->applies) {
		buf_add(out, S("null"));
		return;
	}
	buf_add(out, S("{\"kind\":\""));
	buf_add(out, str_of(nat->kind));
	buf_add(out, S("\",\"address\":"));
	if (nat->address_known)
		put_address(out, nat->address);
	else
		buf_add(out, S("null"));
	buf_add(out, S(",\"port\":"));
	if (nat->port_known)
		buf_number(out, nat->port);
	else
		buf_add(out, S("null"));
	buf_add(out, S(",\"certain\":"));
	put_bool(out, nat->certain);
	buf_char(out, ',');
	put_line(out, sources, nat->span);
	buf_char(out, '}');
}

static void put_nat(struct buf *out, const struct trace *trace, const struct sources *sources)
{
	buf_add(out, S(",\"nat\":"));
	if (!trace->destination.applies && !trace->source.applies) {
		buf_add(out, S("null"));
		return;
	}
	put_end(out, "{\"destination\":", &trace->destination, sources);
	put_end(out, ",\"source\":", &trace->source, sources);
	buf_char(out, '}');
}

static void put_scope(struct buf *out, struct str interface)
{
	if (interface.n == 0) {
		buf_add(out, S("\"global\""));
		return;
	}
	buf_add(out, S("\"interface "));
	for (size_t i = 0; i < interface.n;)
		i += put_character(out, (struct str){interface.s + i, interface.n - i});
	buf_char(out, '"');
}

static void put_inspections(struct buf *out, const struct trace *trace,
                            const struct sources *sources)
{
	const char *between = "";
	buf_add(out, S(",\"inspections\":["));
	VEC_EACH(const struct trace_inspection, inspection, &trace->inspections) {
		const struct inspection_hit *hit = &inspection->hit;
		buf_add(out, str_of(between));
		buf_add(out, S("{\"engine\":"));
		emit_json_string(out, hit->engine);
		buf_add(out, S(",\"map\":"));
		put_text_or_null(out, hit->map);
		buf_add(out, S(",\"policy\":"));
		put_text_or_null(out, hit->policy);
		buf_add(out, S(",\"class\":"));
		put_text_or_null(out, hit->class);
		buf_add(out, S(",\"scope\":"));
		put_scope(out, hit->interface);
		buf_add(out, S(",\"certain\":"));
		put_bool(out, inspection->certain);
		buf_char(out, ',');
		put_line(out, sources, hit->span);
		buf_char(out, '}');
		between = ",";
	}
	buf_char(out, ']');
}

static void put_limits(struct buf *out, const struct trace *trace, const struct sources *sources)
{
	const char *between = "";
	buf_add(out, S(",\"limits\":["));
	VEC_EACH(const struct trace_limit, limit, &trace->limits) {
		buf_add(out, str_of(between));
		buf_add(out, S("{\"kind\":\""));
		buf_add(out, str_of(limit_kind_names[limit->hit.kind]));
		buf_add(out, S("\",\"value\":"));
		buf_number(out, limit->hit.value);
		buf_add(out, S(",\"source\":\""));
		buf_add(out, str_of(limit_source_names[limit->hit.source]));
		buf_add(out, S("\",\"certain\":"));
		put_bool(out, limit->certain);
		buf_char(out, ',');
		put_line(out, sources, limit->hit.span);
		buf_char(out, '}');
		between = ",";
	}
	buf_char(out, ']');
}

static void put_phases(struct buf *out, const struct trace *trace, const struct sources *sources)
{
	const char *between = "";
	buf_add(out, S(",\"phases\":["));
	VEC_EACH(const struct trace_phase, phase, &trace->phases) {
		buf_add(out, str_of(between));
		buf_add(out, S("{\"phase\":\""));
		buf_add(out, str_of(phase->type));
		buf_add(out, S("\",\"subtype\":"));
		put_text_or_null(out, phase->subtype);
		buf_add(out, S(",\"result\":\""));
		buf_add(out, str_of(trace_result_names[phase->result]));
		buf_add(out, S("\","));
		put_line(out, sources, phase->lines.n ? phase->lines.v[0] : (struct span){0});
		buf_add(out, S(",\"detail\":"));
		put_text_or_null(out, phase->detail);
		buf_char(out, '}');
		between = ",";
	}
	buf_char(out, ']');
}

void emit_trace_object(const struct trace *trace, const struct sources *sources, struct buf *out)
{
	buf_add(out, S("{\"schema_version\":1,"));
	put_packet(out, trace);
	put_list(out, trace, sources);
	put_nat(out, trace, sources);
	buf_add(out, S(",\"output\":"));
	put_text_or_null(out, trace->output);
	put_inspections(out, trace, sources);
	put_limits(out, trace, sources);
	put_phases(out, trace, sources);
	buf_char(out, '}');
}

void emit_trace_brief(const struct trace *trace, struct buf *out)
{
	buf_char(out, '{');
	put_result(out, trace);
	buf_char(out, '}');
}

void emit_trace_json(const struct trace *trace, const struct sources *sources, struct buf *out)
{
	struct buf flat = {.arena = out->arena};
	emit_trace_object(trace, sources, &flat);
	json_t *document = json_loadb(flat.s, flat.n, 0, NULL);
	if (document)
		json_write(out, document);
}
