#include "base/num.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>

#define MINUTE_S ((uint64_t)60)
#define HOUR_S (60 * MINUTE_S)
#define DAY_S (24 * HOUR_S)
#define WEEK_S (7 * DAY_S)
#define SIZE_MAX_BYTES ((uint64_t)1 << 50)
#define UNITS_FROM 10240u /* bytes; below, a plain number reads better */
#define SHARE_MAX 10000u  /* hundredths of a per cent */
#define YEAR_MIN 1970
#define YEAR_MAX 9999

struct unit {
	const char *name;
	uint64_t factor;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Reads digits at *s and moves it behind them. */
static bool take_u64(const char **s, uint64_t max, uint64_t *ret)
{
	const char *p = *s;
	uint64_t n = 0;

	if (!is_digit(*p) || (*p == '0' && is_digit(p[1])))
		return false;
	for (; is_digit(*p); p++) {
		if (__builtin_mul_overflow(n, (uint64_t)10, &n) ||
		    __builtin_add_overflow(n, (uint64_t)(*p - '0'), &n))
			return false;
	}
	if (n > max)
		return false;
	*ret = n;
	*s = p;
	return true;
}

bool str_to_u64(const char *s, uint64_t max, uint64_t *ret)
{
	uint64_t n;

	if (!take_u64(&s, max, &n) || *s)
		return false;
	*ret = n;
	return true;
}

/* Behind the digits at s; NULL: there are none. */
static const char *skip_digits(const char *s)
{
	const char *end = s;

	while (is_digit(*end))
		end++;
	return end > s ? end : NULL;
}

/* Behind the number at s; NULL: it is none. */
static const char *skip_number(const char *s)
{
	const char *end = skip_digits(s + (*s == '-' || *s == '+'));

	if (end && *end == '.')
		end = skip_digits(end + 1);
	if (end && (*end == 'e' || *end == 'E')) {
		s = end + 1;
		end = skip_digits(s + (*s == '-' || *s == '+'));
	}
	return end;
}

bool str_to_double(const char *s, double *ret, const char **ret_rest)
{
	const char *end = skip_number(s);
	double number;
	char *stop;

	if (!end)
		return false;
	number = strtod(s, &stop);
	/* It reads more than JSON does: 0x1. */
	if (stop != end || !(number >= -DBL_MAX && number <= DBL_MAX))
		return false;
	*ret = number;
	*ret_rest = end;
	return true;
}

static bool with_unit(const char *s, const struct unit *units, size_t n_units,
    uint64_t max, uint64_t *ret)
{
	uint64_t n;

	if (!take_u64(&s, UINT64_MAX, &n))
		return false;
	for (size_t i = 0; i < n_units; i++) {
		if (strcmp(s, units[i].name) != 0)
			continue;
		if (__builtin_mul_overflow(n, units[i].factor, &n) || n > max)
			return false;
		*ret = n;
		return true;
	}
	return false;
}

bool str_to_duration(const char *s, uint64_t *ret_seconds)
{
	static const struct unit units[] = { { "s", 1 }, { "m", MINUTE_S },
		{ "h", HOUR_S }, { "d", DAY_S }, { "w", WEEK_S } };

	return with_unit(s, units, sizeof(units) / sizeof(*units),
	    DURATION_MAX_S, ret_seconds);
}

bool str_to_size(const char *s, uint64_t *ret_bytes)
{
	static const struct unit units[] = { { "", 1 }, { "KiB", 1 << 10 },
		{ "MiB", 1 << 20 }, { "GiB", 1 << 30 } };

	return with_unit(s, units, sizeof(units) / sizeof(*units),
	    SIZE_MAX_BYTES, ret_bytes);
}

bool str_to_share(const char *s, unsigned *ret_bp)
{
	uint64_t whole, part = 0;

	if (!take_u64(&s, 100, &whole))
		return false;
	if (*s == '.') {
		if (!is_digit(s[1]))
			return false;
		part = 10 * (uint64_t)(s[1] - '0');
		s += 2;
		if (is_digit(*s))
			part += (uint64_t)(*s++ - '0');
	}
	if (strcmp(s, "%") != 0 || 100 * whole + part > SHARE_MAX)
		return false;
	*ret_bp = (unsigned)(100 * whole + part);
	return true;
}

/* Exactly `width` digits, leading zeros included. */
static bool take_fixed(const char **s, unsigned width, int max, int *ret)
{
	int n = 0;

	for (unsigned i = 0; i < width; i++) {
		if (!is_digit((*s)[i]))
			return false;
		n = 10 * n + ((*s)[i] - '0');
	}
	if (n > max)
		return false;
	*ret = n;
	*s += width;
	return true;
}

static bool take_char(const char **s, char c)
{
	if (**s != c)
		return false;
	(*s)++;
	return true;
}

static bool is_leap(int year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30,
		31 };

	return days[month - 1] + (month == 2 && is_leap(year) ? 1 : 0);
}

/* Days since 1970-01-01 of a date of the Gregorian calendar, and back: years
 * are counted from March, so that the leap day comes last (Hinnant, "chrono-
 * Compatible Low-Level Date Algorithms"). */
static int64_t days_from_date(int64_t year, int64_t month, int64_t day)
{
	int64_t y = month <= 2 ? year - 1 : year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t of_era = y - era * 400;
	int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day -
	    1;

	return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
	    of_year - 719468;
}

struct date {
	int64_t year;
	int month, day;
};

static struct date date_from_days(int64_t days)
{
	int64_t z = days + 719468;
	int64_t era = (z >= 0 ? z : z - 146096) / 146097;
	int64_t of_era = z - era * 146097;
	int64_t y = (of_era - of_era / 1460 + of_era / 36524 -
			of_era / 146096) /
	    365;
	int64_t of_year = of_era - (365 * y + y / 4 - y / 100);
	int64_t m = (5 * of_year + 2) / 153;
	struct date date;

	date.day = (int)(of_year - (153 * m + 2) / 5 + 1);
	date.month = (int)(m < 10 ? m + 3 : m - 9);
	date.year = y + era * 400 + (date.month <= 2 ? 1 : 0);
	return date;
}

static bool take_date(const char **s, int64_t *ret_days)
{
	int year, month, day;

	if (!take_fixed(s, 4, YEAR_MAX, &year) || year < YEAR_MIN ||
	    !take_char(s, '-') || !take_fixed(s, 2, 12, &month) || month < 1 ||
	    !take_char(s, '-') || !take_fixed(s, 2, 31, &day) || day < 1 ||
	    day > days_in(year, month))
		return false;
	*ret_days = days_from_date(year, month, day);
	return true;
}

/* `16:00`, as minutes. */
static bool take_clock(const char **s, int *ret_minutes)
{
	int hour, minute;

	if (!take_fixed(s, 2, 23, &hour) || !take_char(s, ':') ||
	    !take_fixed(s, 2, 59, &minute))
		return false;
	*ret_minutes = 60 * hour + minute;
	return true;
}

bool str_to_time(const char *s, int64_t *ret_time, bool *ret_is_day)
{
	int64_t days;
	int minutes = 0, seconds = 0;
	bool is_day = false;

	if (!take_date(&s, &days))
		return false;
	if (*s == '\0') {
		is_day = true;
	} else if (take_char(&s, 'T')) {
		if (!take_clock(&s, &minutes) || !take_char(&s, ':') ||
		    !take_fixed(&s, 2, 59, &seconds) || !take_char(&s, 'Z'))
			return false;
	} else if (!take_char(&s, ' ') || !take_clock(&s, &minutes)) {
		return false;
	}
	if (*s)
		return false;
	*ret_time = days * (int64_t)DAY_S + 60 * (int64_t)minutes + seconds;
	if (ret_is_day)
		*ret_is_day = is_day;
	return true;
}

bool str_to_weekminute(const char *s, unsigned *ret_minute)
{
	static const char days[7][4] = { "Mon", "Tue", "Wed", "Thu", "Fri",
		"Sat", "Sun" };
	unsigned day;
	int minutes;

	for (day = 0; day < 7; day++)
		if (strncmp(s, days[day], 3) == 0)
			break;
	if (day == 7)
		return false;
	s += 3;
	if (!take_char(&s, ' ') || !take_clock(&s, &minutes) || *s)
		return false;
	*ret_minute = day * 24 * 60 + (unsigned)minutes;
	return true;
}

/* Quotient and remainder rounded towards minus infinity: times before 1970
 * come from forged commits. */
static int64_t floor_div(int64_t a, int64_t b, int64_t *ret_rest)
{
	int64_t quotient = a / b, rest = a % b;

	if (rest < 0) {
		rest += b;
		quotient--;
	}
	*ret_rest = rest;
	return quotient;
}

unsigned time_weekminute(int64_t t)
{
	int64_t rest;

	/* 1970-01-01 was a Thursday: three days after a Monday. */
	floor_div(t, (int64_t)WEEK_S, &rest);
	return (unsigned)((rest + 3 * (int64_t)DAY_S) % (int64_t)WEEK_S / 60);
}

int64_t time_minute_up(int64_t t)
{
	int64_t rest;

	floor_div(t, (int64_t)MINUTE_S, &rest);
	if (rest == 0 || t > INT64_MAX - (int64_t)MINUTE_S)
		return t;
	return t - rest + (int64_t)MINUTE_S;
}

static const char *format(struct arena *arena, int64_t t, bool iso)
{
	int64_t rest;
	struct date d = date_from_days(floor_div(t, (int64_t)DAY_S, &rest));
	int hour = (int)(rest / 3600), minute = (int)(rest / 60 % 60);

	if (iso)
		return arena_printf(arena, "%04lld-%02d-%02dT%02d:%02d:%02dZ",
		    (long long)d.year, d.month, d.day, hour, minute,
		    (int)(rest % 60));
	return arena_printf(arena, "%04lld-%02d-%02d %02d:%02d UTC",
	    (long long)d.year, d.month, d.day, hour, minute);
}

const char *time_format(struct arena *arena, int64_t t)
{
	return format(arena, t, false);
}

const char *time_format_iso(struct arena *arena, int64_t t)
{
	return format(arena, t, true);
}

const char *duration_format(struct arena *arena, uint64_t seconds)
{
	const char *unit = "s";
	uint64_t n = seconds;

	/* "24 h" tells more than "1 d", and 47 h are not one day. */
	if (seconds >= 2 * DAY_S) {
		n = seconds / DAY_S;
		unit = "d";
	} else if (seconds >= HOUR_S) {
		n = seconds / HOUR_S;
		unit = "h";
	} else if (seconds >= MINUTE_S) {
		n = seconds / MINUTE_S;
		unit = "min";
	}
	return arena_printf(arena, "%llu %s", (unsigned long long)n, unit);
}

const char *size_format(struct arena *arena, uint64_t bytes)
{
	static const struct unit units[] = { { "GiB", 1 << 30 },
		{ "MiB", 1 << 20 }, { "KiB", 1 << 10 } };

	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (bytes >= UNITS_FROM && bytes % units[i].factor == 0)
			return arena_printf(arena, "%llu%s",
			    (unsigned long long)(bytes / units[i].factor),
			    units[i].name);
	return arena_printf(arena, "%llu %s", (unsigned long long)bytes,
	    bytes == 1 ? "byte" : "bytes");
}

const char *share_format(struct arena *arena, unsigned bp)
{
	if (bp % 100 == 0)
		return arena_printf(arena, "%u %%", bp / 100);
	if (bp % 10 == 0)
		return arena_printf(arena, "%u.%u %%", bp / 100, bp % 100 / 10);
	return arena_printf(arena, "%u.%02u %%", bp / 100, bp % 100);
}
