// Tickets: a browser's EventSource can send no header, and a token in an address would end up in
// logs. So a page exchanges its token for a ticket that opens one stream, soon.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "domain/error.hpp"
#include "domain/ports/clock.hpp"
#include "http/auth.hpp"

namespace mutirao::http::push {

struct ticket_limits {
  std::chrono::seconds lifetime{60};
  std::size_t per_user = 100;  // unused ones; a further one takes the place of the oldest
  std::size_t all = 20'000;    // more: errc::overloaded
};

/// In memory: a restart forgets them, and their holders ask again. Safe from any thread.
class tickets {
 public:
  /// `chance` is good enough for secrets, and outlives this.
  explicit tickets(randomness& chance, ticket_limits limits = {});

  /// 256 random bits in hexadecimal digits, for whoever showed `whose`.
  expected<std::string> issue(const verified_token& whose, instant now);
  /// Whoever it was issued for; the ticket is gone with that. Nothing where it is unknown, was
  /// used, or has expired, or the token has for which it was issued.
  std::optional<verified_token> take(const std::string& ticket, instant now);

  std::chrono::seconds lifetime() const { return limits_.lifetime; }

 private:
  struct held {
    verified_token whose;
    instant until;
  };
  void make_room_for(user_id user, instant now);
  void forget_expired(instant now);
  void forget_of(user_id user, const std::string& ticket);

  randomness& chance_;
  ticket_limits limits_;
  std::mutex mutex_;
  std::unordered_map<std::string, held> held_;
  std::unordered_map<user_id, std::deque<std::string>> of_user_;  // oldest first
};

}  // namespace mutirao::http::push
