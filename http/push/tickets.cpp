#include "http/push/tickets.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "http/jwt.hpp"
#include "http/random_text.hpp"

namespace mutirao::http::push {
namespace {

instant instant_of(const nlohmann::json& milliseconds) {
  return instant(std::chrono::milliseconds(milliseconds.get<std::int64_t>()));
}

std::int64_t number_of(instant at) {
  return at.time_since_epoch().count();
}

// As differences some hundred fit into an address.
std::vector<unit_id> ascending(std::vector<unit_id> units) {
  std::sort(units.begin(), units.end());
  return units;
}

}  // namespace

tickets::tickets(randomness& chance, const std::string& secret, ticket_limits limits)
    : chance_(chance), key_("ticket for a stream\n" + secret), limits_(limits) {}

expected<std::string> tickets::issue(const verified_token& whose, instant now) {
  auto units = nlohmann::json::array();
  std::int64_t last = 0;
  for (const auto unit : ascending(whose.who->units)) {
    units.push_back(unit.value - std::exchange(last, unit.value));
  }
  nlohmann::json claims{{"number", random_text(chance_, 2)},
                        {"until", number_of(now + limits_.lifetime)},
                        {"user", whose.who->user.value},
                        {"admin", whose.who->admin},
                        {"units", std::move(units)}};
  if (whose.expires) claims["expires"] = number_of(*whose.expires);
  return encode_jwt(claims.dump(), key_);
}

// What it says was written by issue(): nobody else has the key.
std::optional<verified_token> tickets::take(const std::string& ticket, instant now) {
  const auto text = decode_jwt(ticket, key_);
  if (!text) return std::nullopt;
  const auto claims = nlohmann::json::parse(*text);
  verified_token whose;
  std::vector<unit_id> units;
  std::int64_t last = 0;
  for (const auto& further : claims["units"]) {
    units.push_back({last += further.get<std::int64_t>()});
  }
  whose.who = std::make_shared<const caller>(
      caller{{claims["user"].get<std::int64_t>()}, claims["admin"].get<bool>(), std::move(units)});
  if (claims.contains("expires")) whose.expires = instant_of(claims["expires"]);
  const auto until = instant_of(claims["until"]);
  if (now >= until || whose.expired(now)) return std::nullopt;
  if (!use(claims["number"].get<std::string>(), until, now)) return std::nullopt;
  return whose;
}

bool tickets::use(const std::string& number, instant until, instant now) {
  const std::lock_guard hold(mutex_);
  while (!oldest_.empty() && oldest_.front().first <= now) {
    used_.erase(oldest_.front().second);
    oldest_.pop_front();
  }
  if (used_.size() >= limits_.used || !used_.insert(number).second) return false;
  oldest_.emplace_back(until, number);
  return true;
}

}  // namespace mutirao::http::push
