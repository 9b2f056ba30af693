/* SPDX-License-Identifier: ISC */
/* The head of a page and its policy; text made fit for it. */
#include "emitters/page.h"

#include "emitters/escape.h"
#include "emitters/ticket.h"

#include <nettle/base64.h>
#include <nettle/sha2.h>

/* 'sha256-...', as a policy names what may be obeyed. */
static void add_hash(struct buf *out, struct str text)
{
	char base64[BASE64_ENCODE_RAW_LENGTH(SHA256_DIGEST_SIZE)];
	uint8_t digest[SHA256_DIGEST_SIZE];
	struct sha256_ctx context;

	sha256_init(&context);
	sha256_update(&context, text.n, (const uint8_t *)text.s);
	sha256_digest(&context, sizeof(digest), digest);
	base64_encode_raw(base64, sizeof(digest), digest);
	buf_printf(out, "'sha256-%.*s'", (int)sizeof(base64), base64);
}

void page_head(struct buf *out, struct str title, struct str style, struct str script)
{
	buf_add(out, S("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
	               "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
	               "base-uri 'none'; form-action 'none'; style-src "));
	add_hash(out, style);
	buf_add(out, S("; script-src "));
	add_hash(out, script);
	buf_add(out, S("\"/>\n<meta name=\"viewport\" content=\"width=device-width, "
	               "initial-scale=1\"/>\n<meta name=\"color-scheme\" content=\"light "
	               "dark\"/>\n<title>"));
	page_text(out, title);
	buf_add(out, S("</title>\n<style>"));
	buf_add(out, style);
	buf_add(out, S("</style>\n</head>\n"));
}

void page_script(struct buf *out, struct str script)
{
	buf_add(out, S("<script>"));
	buf_add(out, script);
	buf_add(out, S("</script>\n"));
}

/* What may be markup, or begin one of the two characters that XML has not (U+FFFE, U+FFFF). */
static bool is_plain(char c)
{
	return c != '&' && c != '<' && c != '>' && c != '"' && c != '\'' && c != '\xef';
}

/* Most text needs no escape, and there may be much of it: no copy is made of such. */
void page_text(struct buf *out, struct str text)
{
	struct str fit = escape_line(out->arena, text);
	size_t i;

	for (i = 0; i < fit.n && is_plain(fit.s[i]); i++)
		;
	buf_add(out, i == fit.n ? fit : escape_xml(out->arena, fit));
}

void page_prose(struct buf *out, struct str text)
{
	struct str rest = ticket_prose(out->arena, text), run;
	bool code;

	while (ticket_run(&rest, &run, &code)) {
		buf_add(out, code ? S("<code>") : S(""));
		page_text(out, run);
		buf_add(out, code ? S("</code>") : S(""));
	}
}
