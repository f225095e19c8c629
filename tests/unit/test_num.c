#include "base/num.h"

#include "support/unit.h"

#define UNTOUCHED 4711

static const struct {
	const char *s;
	uint64_t max;
	bool ok;
	uint64_t n;
} u64s[] = {
	{ "0", 0, true, 0 }, { "7", 7, true, 7 }, { "8", 7, false, 0 },
	{ "1234567890", UINT64_MAX, true, 1234567890 },
	{ "18446744073709551615", UINT64_MAX, true, UINT64_MAX },
	{ "18446744073709551616", UINT64_MAX, false, 0 },
	{ "18446744073709551625", UINT64_MAX, false, 0 },
	{ "99999999999999999999999", UINT64_MAX, false, 0 },
	{ "", 9, false, 0 }, { "00", 9, false, 0 }, { "01", 9, false, 0 },
	{ "+1", 9, false, 0 }, { "-1", UINT64_MAX, false, 0 },
	{ " 1", 9, false, 0 }, { "1 ", 9, false, 0 }, { "1\n", 9, false, 0 },
	{ "1a", 9, false, 0 }, { "0x1", 99, false, 0 },
	{ "1e3", 9999, false, 0 }, { "1_000", 9999, false, 0 },
	{ "1.0", 9, false, 0 },
	{ "\xd9\xa1", 9, false, 0 }, /* Arabic-Indic one */
};

static const struct {
	const char *s;
	bool ok;
	double n;
	const char *rest;
} doubles[] = {
	{ "0", true, 0, "" },
	{ "12.5", true, 12.5, "" },
	{ "-1.5e+3", true, -1500, "" },
	{ "+7", true, 7, "" },
	{ "12ms", true, 12, "ms" },
	{ "1.25 s", true, 1.25, " s" },
	{ "1E2x", true, 100, "x" },
	{ "007", true, 7, "" },
	{ "1e308", true, 1e308, "" },
	{ "1e-400", true, 0, "" },
	{ "", false, 0, NULL },
	{ "ms", false, 0, NULL },
	{ ".5", false, 0, NULL },
	{ "5.", false, 0, NULL },
	{ "1e", false, 0, NULL },
	{ "--1", false, 0, NULL },
	{ " 1", false, 0, NULL },
	{ "0x10", false, 0, NULL },
	{ "1e309", false, 0, NULL },
	{ "-1e309", false, 0, NULL },
	{ "inf", false, 0, NULL },
	{ "nan", false, 0, NULL },
};

START_TEST(double_reads)
	{
		const char *rest = NULL;
		double n = UNTOUCHED;

		ck_assert_int_eq(
		    str_to_double(doubles[_i].s, &n, &rest), doubles[_i].ok);
		ck_assert_double_eq(
		    n, doubles[_i].ok ? doubles[_i].n : UNTOUCHED);
		if (doubles[_i].ok)
			ck_assert_str_eq(rest, doubles[_i].rest);
		else
			ck_assert_ptr_null(rest);
	}
END_TEST

START_TEST(u64_reads)
	{
		uint64_t n = UNTOUCHED;

		ck_assert_int_eq(
		    str_to_u64(u64s[_i].s, u64s[_i].max, &n), u64s[_i].ok);
		ck_assert_uint_eq(n, u64s[_i].ok ? u64s[_i].n : UNTOUCHED);
	}
END_TEST

static const struct {
	const char *s;
	bool ok;
	uint64_t n;
} durations[] = {
	{ "0s", true, 0 },
	{ "90s", true, 90 },
	{ "30m", true, 1800 },
	{ "24h", true, 86400 },
	{ "7d", true, 604800 },
	{ "2w", true, 1209600 },
	{ "36500d", true, DURATION_MAX_S },
	{ "3153600000s", true, DURATION_MAX_S },
	{ "3153600001s", false, 0 },
	{ "36501d", false, 0 },
	{ "5215w", false, 0 },
	{ "18446744073709551615w", false, 0 },
	{ "30500568904944w", false, 0 }, /* 2^64 s and a little */
	{ "90", false, 0 },
	{ "s", false, 0 },
	{ "", false, 0 },
	{ "1M", false, 0 },
	{ "1 h", false, 0 },
	{ "1h30m", false, 0 },
	{ "1hh", false, 0 },
	{ "1.5h", false, 0 },
	{ "-1h", false, 0 },
	{ "01h", false, 0 },
	{ "1y", false, 0 },
	{ "1ms", false, 0 },
}, sizes[] = {
	{ "0", true, 0 },
	{ "4096", true, 4096 },
	{ "512KiB", true, 524288 },
	{ "10MiB", true, 10485760 },
	{ "1GiB", true, 1073741824 },
	{ "1048576GiB", true, (uint64_t)1 << 50 },
	{ "1048577GiB", false, 0 },
	{ "1125899906842624", true, (uint64_t)1 << 50 },
	{ "1125899906842625", false, 0 },
	{ "17179869184GiB", false, 0 }, /* 2^64 */
	{ "18446744073709551615KiB", false, 0 },
	{ "10MB", false, 0 },
	{ "10M", false, 0 },
	{ "10mib", false, 0 },
	{ "10 MiB", false, 0 },
	{ "10B", false, 0 },
	{ "1TiB", false, 0 },
	{ "KiB", false, 0 },
	{ "", false, 0 },
	{ "1.5GiB", false, 0 },
	{ "-1", false, 0 },
}, shares[] = {
	{ "0%", true, 0 },
	{ "80%", true, 8000 },
	{ "99.5%", true, 9950 },
	{ "99.99%", true, 9999 },
	{ "0.05%", true, 5 },
	{ "100%", true, 10000 },
	{ "100.0%", true, 10000 },
	{ "100.00%", true, 10000 },
	{ "100.01%", false, 0 },
	{ "100.1%", false, 0 },
	{ "101%", false, 0 },
	{ "99.999%", false, 0 },
	{ "80", false, 0 },
	{ "%", false, 0 },
	{ "", false, 0 },
	{ ".5%", false, 0 },
	{ "5.%", false, 0 },
	{ "080%", false, 0 },
	{ "-1%", false, 0 },
	{ "80 %", false, 0 },
	{ "80%%", false, 0 },
	{ "80,5%", false, 0 },
	{ "0.8", false, 0 },
};

START_TEST(duration_reads)
	{
		uint64_t n = UNTOUCHED;

		ck_assert_int_eq(
		    str_to_duration(durations[_i].s, &n), durations[_i].ok);
		ck_assert_uint_eq(
		    n, durations[_i].ok ? durations[_i].n : UNTOUCHED);
	}
END_TEST

START_TEST(size_reads)
	{
		uint64_t n = UNTOUCHED;

		ck_assert_int_eq(str_to_size(sizes[_i].s, &n), sizes[_i].ok);
		ck_assert_uint_eq(n, sizes[_i].ok ? sizes[_i].n : UNTOUCHED);
	}
END_TEST

START_TEST(share_reads)
	{
		unsigned n = UNTOUCHED;

		ck_assert_int_eq(str_to_share(shares[_i].s, &n), shares[_i].ok);
		ck_assert_uint_eq(n, shares[_i].ok ? shares[_i].n : UNTOUCHED);
	}
END_TEST

static const struct {
	const char *s;
	bool ok;
	int64_t t;
	bool is_day;
} times[] = {
	{ "1970-01-01", true, 0, true },
	{ "2026-12-20", true, 1797724800, true },
	{ "2026-12-20T16:00:00Z", true, 1797782400, false },
	{ "2026-12-20 16:00", true, 1797782400, false },
	{ "2026-12-20T00:00:00Z", true, 1797724800, false },
	{ "2026-12-20T23:59:59Z", true, 1797811199, false },
	{ "2024-02-29", true, 1709164800, true },
	{ "2000-02-29", true, 951782400, true },
	{ "2000-03-01", true, 951868800, true },
	{ "9999-12-31T23:59:59Z", true, 253402300799, false },
	{ "2023-02-29", false, 0, false },
	{ "2100-02-29", false, 0, false },
	{ "1969-12-31", false, 0, false },
	{ "0000-01-01", false, 0, false },
	{ "10000-01-01", false, 0, false },
	{ "2026-00-10", false, 0, false },
	{ "2026-13-10", false, 0, false },
	{ "2026-12-00", false, 0, false },
	{ "2026-12-32", false, 0, false },
	{ "2026-04-31", false, 0, false },
	{ "2026-1-1", false, 0, false },
	{ "26-12-20", false, 0, false },
	{ "2026/12/20", false, 0, false },
	{ "2026-12-20 ", false, 0, false },
	{ " 2026-12-20", false, 0, false },
	{ "2026-12-20 24:00", false, 0, false },
	{ "2026-12-20 16:60", false, 0, false },
	{ "2026-12-20 16:00:00", false, 0, false },
	{ "2026-12-20 16:00 UTC", false, 0, false },
	{ "2026-12-20 4:00", false, 0, false },
	{ "2026-12-20T16:00Z", false, 0, false },
	{ "2026-12-20T16:00:00", false, 0, false },
	{ "2026-12-20T16:00:60Z", false, 0, false },
	{ "2026-12-20T16:00:00z", false, 0, false },
	{ "2026-12-20t16:00:00Z", false, 0, false },
	{ "2026-12-20T16:00:00+01:00", false, 0, false },
	{ "2026-12-20T16:00:00.5Z", false, 0, false },
	{ "2026-12-", false, 0, false },
	{ "", false, 0, false },
};

START_TEST(time_reads)
	{
		int64_t t = UNTOUCHED;
		bool is_day = !times[_i].is_day;

		ck_assert_int_eq(
		    str_to_time(times[_i].s, &t, &is_day), times[_i].ok);
		ck_assert_int_eq(t, times[_i].ok ? times[_i].t : UNTOUCHED);
		if (times[_i].ok)
			ck_assert_int_eq(is_day, times[_i].is_day);
		ck_assert_int_eq(
		    str_to_time(times[_i].s, &t, NULL), times[_i].ok);
	}
END_TEST

START_TEST(time_survives_formatting_and_back)
	{
		/* Steps that are no multiple of a day pass every kind of year.
		 */
		for (int64_t t = 0; t < 253402300799; t += 86400 * 13 + 3671) {
			int64_t back = -1;

			ck_assert(str_to_time(
			    time_format_iso(&unit_arena, t), &back, NULL));
			ck_assert_int_eq(back, t);
			arena_reset(&unit_arena);
		}
	}
END_TEST

static const struct {
	int64_t t;
	const char *text, *iso;
	unsigned weekminute;
} formats[] = {
	{ 0, "1970-01-01 00:00 UTC", "1970-01-01T00:00:00Z", 4320 },
	{ 1795407007, "2026-11-23 04:10 UTC", "2026-11-23T04:10:07Z", 250 },
	{ -1, "1969-12-31 23:59 UTC", "1969-12-31T23:59:59Z", 4319 },
	{ -86400 * 3, "1969-12-29 00:00 UTC", "1969-12-29T00:00:00Z", 0 },
	{ -86400 * 3 - 1, "1969-12-28 23:59 UTC", "1969-12-28T23:59:59Z",
	    10079 },
	{ 951782400, "2000-02-29 00:00 UTC", "2000-02-29T00:00:00Z", 1440 },
	{ -62135596800, "0001-01-01 00:00 UTC", "0001-01-01T00:00:00Z", 0 },
	{ 4102444800, "2100-01-01 00:00 UTC", "2100-01-01T00:00:00Z", 5760 },
};

START_TEST(time_in_minutes_is_never_early)
	{
		ck_assert_int_eq(time_minute_up(0), 0);
		ck_assert_int_eq(time_minute_up(1), 60);
		ck_assert_int_eq(time_minute_up(59), 60);
		ck_assert_int_eq(time_minute_up(60), 60);
		ck_assert_int_eq(time_minute_up(61), 120);
		ck_assert_int_eq(time_minute_up(-1), 0);
		ck_assert_int_eq(time_minute_up(-61), -60);
		ck_assert_int_eq(time_minute_up(INT64_MAX), INT64_MAX);
	}
END_TEST

START_TEST(time_formats)
	{
		ck_assert_str_eq(
		    time_format(&unit_arena, formats[_i].t), formats[_i].text);
		ck_assert_str_eq(time_format_iso(&unit_arena, formats[_i].t),
		    formats[_i].iso);
		ck_assert_uint_eq(
		    time_weekminute(formats[_i].t), formats[_i].weekminute);
	}
END_TEST

START_TEST(time_of_any_number_is_safe)
	{
		ck_assert_ptr_nonnull(time_format(&unit_arena, INT64_MIN));
		ck_assert_ptr_nonnull(time_format_iso(&unit_arena, INT64_MAX));
		ck_assert_uint_lt(time_weekminute(INT64_MIN), 10080);
		ck_assert_uint_lt(time_weekminute(INT64_MAX), 10080);
	}
END_TEST

static const struct {
	const char *s;
	bool ok;
	unsigned minute;
} weekminutes[] = {
	{ "Mon 00:00", true, 0 },
	{ "Mon 08:00", true, 480 },
	{ "Tue 00:00", true, 1440 },
	{ "Wed 12:30", true, 3630 },
	{ "Thu 00:01", true, 4321 },
	{ "Fri 16:00", true, 6720 },
	{ "Sat 00:00", true, 7200 },
	{ "Sun 23:59", true, 10079 },
	{ "Sun 24:00", false, 0 },
	{ "fri 16:00", false, 0 },
	{ "FRI 16:00", false, 0 },
	{ "Friday 16:00", false, 0 },
	{ "Fri  16:00", false, 0 },
	{ "Fri 16:0", false, 0 },
	{ "Fri 6:00", false, 0 },
	{ "Fri 16:60", false, 0 },
	{ "Fri 16:00 UTC", false, 0 },
	{ "Fri", false, 0 },
	{ "Fri ", false, 0 },
	{ "Fr", false, 0 },
	{ "16:00", false, 0 },
	{ "", false, 0 },
};

START_TEST(weekminute_reads)
	{
		unsigned minute = UNTOUCHED;

		ck_assert_int_eq(str_to_weekminute(weekminutes[_i].s, &minute),
		    weekminutes[_i].ok);
		ck_assert_uint_eq(minute,
		    weekminutes[_i].ok ? weekminutes[_i].minute : UNTOUCHED);
	}
END_TEST

static const struct {
	uint64_t n;
	const char *text;
} duration_texts[] = {
	{ 0, "0 s" },
	{ 40, "40 s" },
	{ 59, "59 s" },
	{ 60, "1 min" },
	{ 3599, "59 min" },
	{ 3600, "1 h" },
	{ 7200, "2 h" },
	{ 86400, "24 h" },
	{ 172799, "47 h" },
	{ 172800, "2 d" },
	{ 432000, "5 d" },
	{ 1209600, "14 d" },
	{ UINT64_MAX, "213503982334601 d" },
}, size_texts[] = {
	{ 0, "0 bytes" },
	{ 1, "1 byte" },
	{ 4096, "4096 bytes" },
	{ 10239, "10239 bytes" },
	{ 10240, "10KiB" },
	{ 10241, "10241 bytes" },
	{ 10485760, "10MiB" },
	{ 10485761, "10485761 bytes" },
	{ 1572864, "1536KiB" },
	{ (uint64_t)1 << 30, "1GiB" },
	{ (uint64_t)1 << 50, "1048576GiB" },
	{ UINT64_MAX, "18446744073709551615 bytes" },
};

START_TEST(duration_formats)
	{
		ck_assert_str_eq(
		    duration_format(&unit_arena, duration_texts[_i].n),
		    duration_texts[_i].text);
	}
END_TEST

START_TEST(share_formats)
	{
		ck_assert_str_eq(share_format(&unit_arena, 0), "0 %");
		ck_assert_str_eq(share_format(&unit_arena, 8000), "80 %");
		ck_assert_str_eq(share_format(&unit_arena, 9950), "99.5 %");
		ck_assert_str_eq(share_format(&unit_arena, 9905), "99.05 %");
		ck_assert_str_eq(share_format(&unit_arena, 10000), "100 %");
	}
END_TEST

START_TEST(size_formats)
	{
		ck_assert_str_eq(size_format(&unit_arena, size_texts[_i].n),
		    size_texts[_i].text);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("num");
	TCase *tcase = unit_case(suite, "read");

	tcase_add_loop_test(tcase, u64_reads, 0, COUNT(u64s));
	tcase_add_loop_test(tcase, double_reads, 0, COUNT(doubles));
	tcase_add_loop_test(tcase, duration_reads, 0, COUNT(durations));
	tcase_add_loop_test(tcase, size_reads, 0, COUNT(sizes));
	tcase_add_loop_test(tcase, share_reads, 0, COUNT(shares));
	tcase_add_loop_test(tcase, time_reads, 0, COUNT(times));
	tcase_add_loop_test(tcase, weekminute_reads, 0, COUNT(weekminutes));
	tcase = unit_case(suite, "format");
	tcase_add_test(tcase, time_survives_formatting_and_back);
	tcase_add_test(tcase, time_in_minutes_is_never_early);
	tcase_add_loop_test(tcase, time_formats, 0, COUNT(formats));
	tcase_add_test(tcase, time_of_any_number_is_safe);
	tcase_add_loop_test(tcase, duration_formats, 0, COUNT(duration_texts));
	tcase_add_loop_test(tcase, size_formats, 0, COUNT(size_texts));
	tcase_add_test(tcase, share_formats);
	return unit_main(suite);
}
