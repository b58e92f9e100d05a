#include "domain/date.hpp"

#include <array>
#include <cstdint>

namespace mutirao {
namespace {

/// The number in `digits`, all of which must be decimal digits; -1 where one is not.
int read_number(std::string_view digits) {
  int number = 0;
  for (const char c : digits) {
    if (c < '0' || c > '9') return -1;
    number = number * 10 + (c - '0');
  }
  return number;
}

/// Writes `number` right-aligned over `width` characters, with leading zeros.
void write_number(char* to, int width, std::uint32_t number) {
  for (int i = width - 1; i >= 0; --i) {
    to[i] = static_cast<char>('0' + number % 10);
    number /= 10;
  }
}

void write_date(char* to, date day) {
  const std::chrono::year_month_day civil{day};
  const int year = static_cast<int>(civil.year());
  write_number(to, 4, static_cast<std::uint32_t>(year < 0 ? -year : year));
  to[4] = '-';
  write_number(to + 5, 2, static_cast<unsigned>(civil.month()));
  to[7] = '-';
  write_number(to + 8, 2, static_cast<unsigned>(civil.day()));
}

}  // namespace

std::optional<date> parse_date(std::string_view text) {
  if (text.size() != date_length || text[4] != '-' || text[7] != '-') return std::nullopt;
  const int year = read_number(text.substr(0, 4));
  const int month = read_number(text.substr(5, 2));
  const int day = read_number(text.substr(8, 2));
  if (year < first_year || month < 1 || day < 1) return std::nullopt;
  const std::chrono::year_month_day civil{std::chrono::year{year},
                                          std::chrono::month{static_cast<unsigned>(month)},
                                          std::chrono::day{static_cast<unsigned>(day)}};
  if (!civil.ok()) return std::nullopt;
  return date{civil};
}

void append_date(std::string& out, date day) {
  std::array<char, date_length> text;
  write_date(text.data(), day);
  out.append(text.data(), text.size());
}

std::string format_date(date day) {
  std::string text;
  append_date(text, day);
  return text;
}

int year_of(date day) {
  return static_cast<int>(std::chrono::year_month_day{day}.year());
}

std::string format_instant(instant at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  const std::chrono::hh_mm_ss time{at - day};
  std::string text(24, '\0');
  char* to = text.data();
  write_date(to, day);
  to[10] = 'T';
  write_number(to + 11, 2, static_cast<std::uint32_t>(time.hours().count()));
  to[13] = ':';
  write_number(to + 14, 2, static_cast<std::uint32_t>(time.minutes().count()));
  to[16] = ':';
  write_number(to + 17, 2, static_cast<std::uint32_t>(time.seconds().count()));
  to[19] = '.';
  write_number(to + 20, 3, static_cast<std::uint32_t>(time.subseconds().count()));
  to[23] = 'Z';
  return text;
}

namespace {

/// `:` or another mark and a number of `digits` digits at the front, taken off; nothing where they
/// are not there.
std::optional<int> take_number(std::string_view& text, char mark, std::size_t digits) {
  if (text.size() < digits + 1 || text.front() != mark) return std::nullopt;
  const int number = read_number(text.substr(1, digits));
  if (number < 0) return std::nullopt;
  text.remove_prefix(digits + 1);
  return number;
}

/// `Z` or `-03:00`: what a clock there is ahead of UTC.
std::optional<std::chrono::minutes> read_offset(std::string_view text) {
  using std::chrono::hours;
  using std::chrono::minutes;
  if (text == "Z") return minutes(0);
  const char sign = text.empty() ? ' ' : text.front();
  if (sign != '+' && sign != '-') return std::nullopt;
  const auto hour = take_number(text, sign, 2);
  const auto minute = take_number(text, ':', 2);
  if (!hour || !minute || !text.empty() || *hour > 23 || *minute > 59) return std::nullopt;
  const minutes ahead = hours(*hour) + minutes(*minute);
  return sign == '+' ? ahead : -ahead;
}

}  // namespace

std::optional<instant> parse_instant(std::string_view text) {
  using namespace std::chrono;
  const auto day = parse_date(text.substr(0, date_length));
  if (!day) return std::nullopt;
  text.remove_prefix(date_length);
  const auto hour = take_number(text, 'T', 2);
  const auto minute = take_number(text, ':', 2);
  if (!hour || !minute) return std::nullopt;
  const bool to_the_second = text.starts_with(':');
  const auto second = to_the_second ? take_number(text, ':', 2) : 0;
  const bool finer = to_the_second && text.starts_with('.');
  const auto fraction = finer ? take_number(text, '.', 3) : 0;
  if (!second || !fraction || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  const auto ahead = read_offset(text);
  if (!ahead) return std::nullopt;
  const instant at =
      *day + hours(*hour) + minutes(*minute) + seconds(*second) + milliseconds(*fraction) - *ahead;
  const int year = year_of(floor<days>(at));
  return year >= first_year && year <= last_year ? std::optional(at) : std::nullopt;
}

}  // namespace mutirao
