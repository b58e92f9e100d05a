#include "app/option_reader.hpp"

#include <charconv>
#include <limits>

#include "app/duration.hpp"

namespace mutirao::app {
namespace {

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  out += text;
  out += '"';
  return out;
}

std::string range(std::int64_t least, std::int64_t most) {
  if (most == std::numeric_limits<std::int64_t>::max()) {
    return "a whole number from " + std::to_string(least) + " up";
  }
  return "a whole number from " + std::to_string(least) + " to " + std::to_string(most);
}

}  // namespace

std::string option_reader::text(std::string_view option) const {
  const auto& texts = values_.at(option).texts;
  return texts.empty() ? std::string{} : texts.back();
}

std::string option_reader::required(std::string_view option, std::string_view why) {
  std::string found = text(option);
  if (found.empty()) {
    problems_.push_back("--" + std::string(option) + " (or " + variable_name(option) +
                        ") is missing: " + std::string(why));
  }
  return found;
}

bool option_reader::flag(std::string_view option) {
  const std::string found = text(option);
  if (found.empty() || found == "false" || found == "0") return false;
  if (found != "true" && found != "1") complain(option, in_quotes(found) + " is not true or false");
  return true;
}

std::optional<std::int64_t> option_reader::whole_number(std::string_view option,
                                                        const std::string& text, std::int64_t least,
                                                        std::int64_t most) {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, failure] = std::from_chars(text.data(), end, number);
  if (failure == std::errc{} && rest == end && number >= least && number <= most) return number;
  complain(option, in_quotes(text) + " is not " + range(least, most));
  return std::nullopt;
}

std::optional<std::int64_t> option_reader::optional_integer(std::string_view option,
                                                            std::int64_t least, std::int64_t most) {
  const std::string found = text(option);
  if (found.empty() && !given(option)) return std::nullopt;
  return whole_number(option, found, least, most);
}

std::int64_t option_reader::integer(std::string_view option, std::int64_t least,
                                    std::int64_t most) {
  return whole_number(option, text(option), least, most).value_or(least);
}

std::vector<std::int64_t> option_reader::integers(std::string_view option, std::int64_t least) {
  std::vector<std::int64_t> numbers;
  for (std::string each : texts(option)) {
    each += ',';
    std::size_t begin = 0;
    for (std::size_t comma; (comma = each.find(',', begin)) != std::string::npos;
         begin = comma + 1) {
      const auto number = whole_number(option, each.substr(begin, comma - begin), least,
                                       std::numeric_limits<std::int64_t>::max());
      if (number) numbers.push_back(*number);
    }
  }
  return numbers;
}

std::chrono::milliseconds option_reader::duration(std::string_view option,
                                                  std::chrono::milliseconds least) {
  const std::string found = text(option);
  const auto length = parse_duration(found);
  if (!length) {
    complain(option, in_quotes(found) + " is not a duration such as 500ms, 30s, 5m, 1h or 7d");
    return least;
  }
  if (*length < least) {
    complain(option, in_quotes(found) + " is shorter than " + format_duration(least));
    return least;
  }
  return *length;
}

void option_reader::complain(std::string_view option, std::string_view what) {
  problems_.push_back(values_.at(option).origin + ": " + std::string(what));
}

}  // namespace mutirao::app
