#include "http/push/tickets.hpp"

#include <algorithm>
#include <utility>

#include "http/random_text.hpp"

namespace mutirao::http::push {

tickets::tickets(randomness& chance, ticket_limits limits) : chance_(chance), limits_(limits) {}

expected<std::string> tickets::issue(const verified_token& whose, instant now) {
  auto text = random_text(chance_, 4);
  const auto user = whose.who->user;
  const std::lock_guard hold(mutex_);
  make_room_for(user, now);
  if (held_.size() >= limits_.all) return fail(errc::overloaded, "too many tickets");
  held_[text] = {whose, now + limits_.lifetime};
  of_user_[user].push_back(text);
  return text;
}

std::optional<verified_token> tickets::take(const std::string& ticket, instant now) {
  const std::lock_guard hold(mutex_);
  const auto found = held_.find(ticket);
  if (found == held_.end()) return std::nullopt;
  const auto [whose, until] = std::move(found->second);
  held_.erase(found);
  forget_of(whose.who->user, ticket);
  if (now >= until || whose.expired(now)) return std::nullopt;
  return whose;
}

void tickets::make_room_for(user_id user, instant now) {
  if (held_.size() >= limits_.all) forget_expired(now);
  const auto own = of_user_.find(user);
  if (own == of_user_.end() || own->second.size() < limits_.per_user) return;
  held_.erase(own->second.front());
  own->second.pop_front();
}

void tickets::forget_expired(instant now) {
  std::erase_if(held_, [now](const auto& entry) { return now >= entry.second.until; });
  for (auto& [user, own] : of_user_) {
    std::erase_if(own, [this](const auto& ticket) { return !held_.contains(ticket); });
  }
  std::erase_if(of_user_, [](const auto& entry) { return entry.second.empty(); });
}

void tickets::forget_of(user_id user, const std::string& ticket) {
  const auto own = of_user_.find(user);
  if (own == of_user_.end()) return;
  std::erase(own->second, ticket);
  if (own->second.empty()) of_user_.erase(own);
}

}  // namespace mutirao::http::push
