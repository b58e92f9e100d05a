// Tickets: a browser's EventSource can send no header, and a token in an address would end up in
// logs. So a page exchanges its token for a ticket that opens one stream, soon.
#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <mutex>
#include <string>
#include <unordered_set>
#include <utility>

#include "domain/error.hpp"
#include "domain/ports/clock.hpp"
#include "http/auth.hpp"

namespace mutirao::http::push {

struct ticket_limits {
  std::chrono::seconds lifetime{60};
  std::size_t used = 200'000;  // that are remembered; more within a lifetime: none is taken
};

/// A ticket says itself whose it is and until when, signed: whichever process has the secret takes
/// it, each of them once. Safe from any thread.
class tickets {
 public:
  /// `chance` is good enough for secrets, and outlives this. `secret`: that of the tokens; a ticket
  /// is no token all the same.
  tickets(randomness& chance, const std::string& secret, ticket_limits limits = {});

  /// For whoever showed `whose`.
  expected<std::string> issue(const verified_token& whose, instant now);
  /// Whoever it was issued for. Nothing where it is none, was used here, or has expired, or the
  /// token has for which it was issued.
  std::optional<verified_token> take(const std::string& ticket, instant now);

  std::chrono::seconds lifetime() const { return limits_.lifetime; }

 private:
  bool use(const std::string& number, instant until, instant now);

  randomness& chance_;
  std::string key_;
  ticket_limits limits_;
  std::mutex mutex_;
  std::unordered_set<std::string> used_;
  std::deque<std::pair<instant, std::string>> oldest_;  // of those
};

}  // namespace mutirao::http::push
