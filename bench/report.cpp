#include "bench/report.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "bench/service.hpp"
#include "bench/stopwatch.hpp"

namespace mutirao::bench {
namespace {

/// Three digits that say something, thousands apart.
std::string number(double value) {
  std::array<char, 32> text{};
  const int places = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  std::snprintf(text.data(), text.size(), "%.*f", places, value);
  std::string digits(text.data());
  if (places > 0) return digits;
  for (auto at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, ",");
  }
  return digits;
}

std::string limit(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%g", value);
  return text.data();
}

std::string with_spread(const std::vector<double>& values, const std::string& unit) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return "**" + number(median(values)) + " " + unit + "** (" + number(*low) + " to " +
         number(*high) + ")";
}

std::string verdict(bool must, bool aim) {
  return aim ? "pass, aim" : must ? "pass" : "**miss**";
}

}  // namespace

void report::time(const std::string& what, const std::vector<double>& ours,
                  const std::vector<double>& floor, double must, double aim) {
  const double ratio = median(ours) / median(floor);
  add({what, with_spread(ours, "ms"), with_spread(floor, "ms"), number(ratio) + " x",
       "<= " + limit(must) + " x", aim > 0 ? "<= " + limit(aim) + " x" : "",
       verdict(ratio <= must, aim > 0 && ratio <= aim)});
}

void report::rate(const std::string& what, const std::string& unit, const std::vector<double>& ours,
                  const std::vector<double>& floor, double must, double aim) {
  const double ratio = median(ours) / median(floor);
  add({what, with_spread(ours, unit), with_spread(floor, unit), number(ratio), ">= " + limit(must),
       ">= " + limit(aim), verdict(ratio >= must, ratio >= aim)});
}

void report::bound(const std::string& what, const std::string& unit,
                   const std::vector<double>& ours, double must, double aim,
                   const std::vector<double>& beside) {
  const double value = median(ours);
  add({what, with_spread(ours, unit), beside.empty() ? "" : with_spread(beside, unit), "",
       "<= " + limit(must) + " " + unit, aim > 0 ? "<= " + limit(aim) + " " + unit : "",
       verdict(value <= must, aim > 0 && value <= aim)});
}

void report::figure(const std::string& what, const std::string& unit,
                    const std::vector<double>& ours, const std::vector<double>& beside) {
  add({what, with_spread(ours, unit), beside.empty() ? "" : with_spread(beside, unit), "", "", "",
       ""});
}

void report::add(line row) {
  tell(row.what + ": " + row.ours + ", floor " + row.floor + ", " + row.ratio + " " + row.verdict);
  lines_.push_back(std::move(row));
}

std::string report::table() const {
  std::string text =
      "| what | ours | floor | ratio | must | aim | |\n|---|---|---|---|---|---|---|\n";
  for (const auto& row : lines_) {
    text += "| " + row.what + " | " + row.ours + " | " + row.floor + " | " + row.ratio + " | " +
            row.must + " | " + row.aim + " | " + row.verdict + " |\n";
  }
  return text;
}

}  // namespace mutirao::bench
