#include "http/language.hpp"

#include <algorithm>

#include "http/edge/ascii.hpp"

namespace mutirao::http {
namespace {

/// In thousandths; 1000 where no weight is given, 0 where it is not understood.
int weight_of(std::string_view parameters) {
  const auto q = ascii::trim(parameters);
  if (q.empty()) return 1000;
  if (q.size() < 3 || ascii::lower(q[0]) != 'q' || q[1] != '=' || !ascii::is_digit(q[2])) return 0;
  int weight = (q[2] - '0') * 1000;
  int scale = 100;
  for (std::size_t i = 4; i < q.size() && q[3] == '.' && scale > 0; ++i, scale /= 10) {
    if (!ascii::is_digit(q[i])) return 0;
    weight += (q[i] - '0') * scale;
  }
  return std::min(weight, 1000);
}

bool speaks(std::string_view range, std::string_view tag) {
  return ascii::same(range.substr(0, tag.size()), tag) &&
         (range.size() == tag.size() || range[tag.size()] == '-');
}

}  // namespace

language preferred_language(std::string_view accept_language) {
  int portuguese = 0;
  int english = 0;
  while (!accept_language.empty()) {
    const auto end = std::min(accept_language.find(','), accept_language.size());
    const auto item = accept_language.substr(0, end);
    accept_language.remove_prefix(std::min(end + 1, accept_language.size()));
    const auto semicolon = std::min(item.find(';'), item.size());
    const auto range = ascii::trim(item.substr(0, semicolon));
    const int weight = weight_of(item.substr(std::min(semicolon + 1, item.size())));
    if (speaks(range, "pt")) portuguese = std::max(portuguese, weight);
    if (speaks(range, "en")) english = std::max(english, weight);
  }
  return english > portuguese ? language::english : language::portuguese;
}

}  // namespace mutirao::http
