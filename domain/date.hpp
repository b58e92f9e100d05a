// Civil dates (no clock, no zone; proleptic Gregorian) and instants, with the one text form of
// each. What is written and read here is the form of the API and of the store alike.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace mutirao {

/// A civil date. Its text form exists for the years 0001 to 9999.
using date = std::chrono::sys_days;

/// A point in time, UTC, to the millisecond.
using instant = std::chrono::sys_time<std::chrono::milliseconds>;

/// The years that have a text form, both included.
inline constexpr int first_year = 1;
inline constexpr int last_year = 9999;

/// Characters of a date's text form.
inline constexpr std::size_t date_length = 10;

/// Exactly `YYYY-MM-DD`, years 0001 to 9999, a date that exists; nothing for any other text.
std::optional<date> parse_date(std::string_view text);

/// `YYYY-MM-DD`. Years outside 0001..9999 have no text form: only their last four digits appear.
std::string format_date(date day);

/// The same 10 characters behind `out`; no allocation but the growth of `out`.
void append_date(std::string& out, date day);

/// The civil year.
int year_of(date day);

/// `2026-11-23T21:15:41.123Z`.
std::string format_instant(instant at);

/// The same, or without milliseconds or seconds, or with an offset (`-03:00`) for `Z`; nothing for
/// any other text.
std::optional<instant> parse_instant(std::string_view text);

}  // namespace mutirao
