/* SPDX-License-Identifier: ISC */
/* Dates are checked here and kept as text: their order is that of their letters. */
#include "model/date.h"

#include <assert.h>

/* Take exactly `digits` digits off the front. */
static bool take_number(struct str *text, size_t digits, unsigned *value)
{
	*value = 0;
	if (text->n < digits)
		return false;
	for (size_t i = 0; i < digits; i++) {
		if (text->s[i] < '0' || text->s[i] > '9')
			return false;
		*value = *value * 10 + (unsigned)(text->s[i] - '0');
	}
	*text = (struct str){text->s + digits, text->n - digits};
	return true;
}

static bool take_char(struct str *text, char c)
{
	if (!text->n || text->s[0] != c)
		return false;
	*text = (struct str){text->s + 1, text->n - 1};
	return true;
}

static unsigned days_in(unsigned year, unsigned month)
{
	static const unsigned char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (unsigned)(month == 2 && leap);
}

/* A point in time, counted where the clock shows it; `zone` is what that is ahead of UTC. */
struct moment {
	long long seconds;
	long zone; /* seconds */
	bool has_zone;
};

/* Days since some first of March: then leap days are at the end of years. */
static long long day_number(unsigned year, unsigned month, unsigned day)
{
	long long y = (long long)year + 400 - (month < 3); /* never below 0 */
	unsigned m = (month + 9) % 12;                     /* March is 0 */

	return y * 365 + y / 4 - y / 100 + y / 400 + (m * 153 + 2) / 5 + day - 1;
}

static bool take_date(struct str *text, struct moment *at)
{
	unsigned year, month, day;

	if (!take_number(text, 4, &year) || !take_char(text, '-') ||
	    !take_number(text, 2, &month) || !take_char(text, '-') || !take_number(text, 2, &day) ||
	    month < 1 || month > 12 || day < 1 || day > days_in(year, month))
		return false;
	at->seconds = day_number(year, month, day) * 24 * 60 * 60;
	return true;
}

static bool take_hour_minute(struct str *text, long *seconds)
{
	unsigned hour, minute;

	if (!take_number(text, 2, &hour) || !take_char(text, ':') ||
	    !take_number(text, 2, &minute) || hour > 23 || minute > 59)
		return false;
	*seconds = (long)(hour * 60 + minute) * 60;
	return true;
}

bool date_is_valid(struct str text)
{
	struct moment at;

	return take_date(&text, &at) && !text.n;
}

static bool take_moment(struct str text, struct moment *at)
{
	unsigned second = 0;
	long of_day;
	bool west;

	*at = (struct moment){0};
	if (!take_date(&text, at) || !take_char(&text, 'T') || !take_hour_minute(&text, &of_day))
		return false;
	if (take_char(&text, ':') && !(take_number(&text, 2, &second) && second < 60))
		return false;
	at->seconds += of_day + (long)second;
	west = text.n && text.s[0] == '-';
	if (take_char(&text, '+') || take_char(&text, '-')) {
		at->has_zone = true;
		if (!take_hour_minute(&text, &at->zone))
			return false;
		at->zone = west ? -at->zone : at->zone;
	} else {
		at->has_zone = take_char(&text, 'Z');
	}
	return !text.n;
}

bool date_time_is_valid(struct str text)
{
	struct moment at;

	return take_moment(text, &at);
}

bool date_time_is_before(struct str a, struct str b)
{
	struct moment first, second;
	bool valid = take_moment(a, &first) && take_moment(b, &second);
	long apart = first.has_zone && second.has_zone ? first.zone - second.zone : 0;

	assert(valid);
	(void)valid;
	return first.seconds - apart < second.seconds;
}
