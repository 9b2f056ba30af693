/* SPDX-License-Identifier: ISC */
/* Dates are checked here and kept as text: their order is that of their letters. */
#include "model/date.h"

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

static bool take_date(struct str *text)
{
	unsigned year, month, day;

	return take_number(text, 4, &year) && take_char(text, '-') &&
	       take_number(text, 2, &month) && take_char(text, '-') && take_number(text, 2, &day) &&
	       month >= 1 && month <= 12 && day >= 1 && day <= days_in(year, month);
}

static bool take_hour_minute(struct str *text)
{
	unsigned hour, minute;

	return take_number(text, 2, &hour) && take_char(text, ':') &&
	       take_number(text, 2, &minute) && hour < 24 && minute < 60;
}

bool date_is_valid(struct str text)
{
	return take_date(&text) && !text.n;
}

bool date_time_is_valid(struct str text)
{
	unsigned second;

	if (!take_date(&text) || !take_char(&text, 'T') || !take_hour_minute(&text))
		return false;
	if (take_char(&text, ':') && !(take_number(&text, 2, &second) && second < 60))
		return false;
	if (take_char(&text, '+') || take_char(&text, '-'))
		return take_hour_minute(&text) && !text.n;
	take_char(&text, 'Z');
	return !text.n;
}
