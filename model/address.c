/* SPDX-License-Identifier: ISC */
/*
 * Addresses as text. IPv4 is read here, as inet_pton() refuses the leading zeros
 * that old configurations have; IPv6 is left to it. Writing is done here, so
 * that it is RFC 5952 with every C library.
 */
#include "model/address.h"

#include <arpa/inet.h>
#include <string.h>

/* 2^bits - 1 */
static u128 ones(unsigned bits)
{
	return bits == 128 ? U128_MAX : ((u128)1 << bits) - 1;
}

/* The value of a digit; above 9 for what is none. */
static inline uint32_t digit_of(char c)
{
	return (uint32_t)(unsigned char)c - '0';
}

static bool parse4(struct str text, u128 *addr)
{
	const char *at = text.s, *end = at + text.n;
	uint32_t bits = 0;

	for (int i = 0; i < 4; i++) {
		uint32_t byte = at < end ? digit_of(*at++) : 10;

		if (byte > 9)
			return false;
		for (int more = 0; more < 2 && at < end && digit_of(*at) <= 9; more++)
			byte = byte * 10 + digit_of(*at++);
		if (byte > 255 || (i < 3 && (at == end || *at++ != '.')))
			return false;
		bits = bits << 8 | byte;
	}
	*addr = addr4(bits);
	return at == end;
}

static bool parse6(struct str text, u128 *addr)
{
	char copy[INET6_ADDRSTRLEN] = {0};
	unsigned char bytes[16];
	u128 value = 0;
	size_t i;

	if (text.n == 0 || text.n >= sizeof(copy) || memchr(text.s, '\0', text.n))
		return false;
	memcpy(copy, text.s, text.n);
	if (inet_pton(AF_INET6, copy, bytes) != 1)
		return false;
	for (i = 0; i < sizeof(bytes); i++)
		value = value << 8 | bytes[i];
	*addr = value;
	return true;
}

bool addr_parse(struct str text, u128 *addr)
{
	return parse4(text, addr) || parse6(text, addr);
}

bool addr_parse_prefix(struct str text, struct range *range)
{
	struct str host, bits;
	uint64_t len;
	bool exact;
	u128 addr;

	if (!str_cut(text, '/', &host, &bits)) {
		if (!addr_parse(text, &addr))
			return false;
		*range = (struct range){addr, addr};
		return true;
	}
	return addr_parse(host, &addr) && str_number(bits, 128, &len) &&
	       addr_prefix(addr, (unsigned)len, range, &exact);
}

bool addr_network4(u128 addr, u128 mask, struct range *range, bool *exact)
{
	uint32_t wild = ~(uint32_t)mask;

	if (!addr_is4(addr) || !addr_is4(mask) || (wild & (wild + 1)) != 0)
		return false;
	range->lo = addr & ~(u128)wild;
	range->hi = addr | wild;
	*exact = range->lo == addr;
	return true;
}

bool addr_prefix(u128 addr, unsigned len, struct range *range, bool *exact)
{
	unsigned width = addr_is4(addr) ? 32 : 128;
	u128 wild;

	if (len > width)
		return false;
	wild = ones(width - len);
	range->lo = addr & ~wild;
	range->hi = addr | wild;
	*exact = range->lo == addr;
	return true;
}

/* The longest run of at least two zero groups, the first of equals; its length is 0 without one. */
static int zero_run(const unsigned group[8], int *start)
{
	int best = 0, i, n;

	*start = -1;
	for (i = 0; i < 8; i += n + 1) {
		for (n = 0; i + n < 8 && group[i + n] == 0; n++)
			;
		if (n > best && n > 1) {
			best = n;
			*start = i;
		}
	}
	return best;
}

/* "0" to "255", and four more that are not used. */
#define TEN(tens)                                                                                  \
	tens "0", tens "1", tens "2", tens "3", tens "4", tens "5", tens "6", tens "7", tens "8",  \
	        tens "9"
static const char bytes[260][4] = {
        TEN(""),   TEN("1"),  TEN("2"),  TEN("3"),  TEN("4"),  TEN("5"),  TEN("6"),
        TEN("7"),  TEN("8"),  TEN("9"),  TEN("10"), TEN("11"), TEN("12"), TEN("13"),
        TEN("14"), TEN("15"), TEN("16"), TEN("17"), TEN("18"), TEN("19"), TEN("20"),
        TEN("21"), TEN("22"), TEN("23"), TEN("24"), TEN("25"),
};

/* Four bytes are copied, of which so many count. */
static void add_dotted(struct buf *buf, uint32_t bits)
{
	if (buf->cap - buf->n < 16)
		buf_reserve(buf, 16);
	for (int i = 24; i >= 0; i -= 8) {
		unsigned byte = bits >> i & 255;

		memcpy(buf->s + buf->n, bytes[byte], 4);
		buf->n += 1u + (byte >= 10) + (byte >= 100);
		buf->s[buf->n++] = '.';
	}
	buf->n--;
}

void addr_add(struct buf *buf, u128 addr)
{
	unsigned group[8];
	int i, start, zeros;

	if (addr_is4(addr)) {
		add_dotted(buf, (uint32_t)addr);
		return;
	}
	for (i = 0; i < 8; i++)
		group[i] = (unsigned)(addr >> (112 - 16 * i)) & 0xffff;
	zeros = zero_run(group, &start);
	for (i = 0; i < 8; i++) {
		if (i == start) {
			buf_add(buf, S("::"));
			i += zeros - 1;
			continue;
		}
		if (i > 0 && i != start + zeros)
			buf_char(buf, ':');
		buf_printf(buf, "%x", group[i]);
	}
}

struct str addr_text(struct arena *arena, u128 addr)
{
	char room[INET6_ADDRSTRLEN];
	struct buf buf = {.arena = arena, .s = room, .cap = sizeof(room)};

	addr_add(&buf, addr);
	return str_copy(arena, buf_str(&buf));
}

static unsigned trailing_zeros(u128 x)
{
	if ((uint64_t)x)
		return (unsigned)__builtin_ctzll((uint64_t)x);
	return x ? 64 + (unsigned)__builtin_ctzll((uint64_t)(x >> 64)) : 128;
}

/* The prefixes that cover lo to hi, but none that holds v4 points only when `v6` is set. */
static void add_prefixes(struct arena *arena, u128 lo, u128 hi, bool v6, struct cidrs *out)
{
	for (;;) {
		unsigned bits = trailing_zeros(lo); /* host bits of the largest prefix from lo */
		unsigned width = addr_is4(lo) ? 32 : 128;

		while (ones(bits) > hi - lo)
			bits--;
		if (!v6 || !addr_is4(lo)) {
			struct buf buf = {.arena = arena};

			addr_add(&buf, lo);
			if (bits > 0)
				buf_printf(&buf, "/%u", width - bits);
			VEC_PUSH(arena, &out->list, buf_str(&buf));
		}
		if (lo + ones(bits) == hi)
			break;
		lo += ones(bits) + 1;
	}
}

void addr_cidrs(struct arena *arena, struct range range, struct cidrs *out)
{
	u128 lo = range.lo > ADDR4_MIN ? range.lo : ADDR4_MIN;
	u128 hi = range.hi < ADDR4_MAX ? range.hi : ADDR4_MAX;

	if (lo <= hi)
		add_prefixes(arena, lo, hi, false, out);
	addr_cidrs6(arena, range, out);
}

void addr_cidrs6(struct arena *arena, struct range range, struct cidrs *out)
{
	bool below = range.lo<ADDR4_MIN, above = range.hi> ADDR4_MAX;

	if (below && !above && range.hi >= ADDR4_MIN)
		range.hi = ADDR4_MIN - 1;
	if (above && !below && range.lo <= ADDR4_MAX)
		range.lo = ADDR4_MAX + 1;
	if (below || above)
		add_prefixes(arena, range.lo, range.hi, true, out);
}
