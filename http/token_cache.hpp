// Tokens that were verified, each with its caller, until it expires. Divided into shards with a
// lock each, held for one lookup: every request of every thread passes here.
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "domain/caller.hpp"
#include "domain/date.hpp"
#include "http/lru_map.hpp"

namespace mutirao::http {

struct verified_token {
  std::shared_ptr<const caller> who;
  std::optional<instant> expires;  // from then on it is no longer valid

  bool expired(instant now) const { return expires && now >= *expires; }
};

/// Safe from any thread.
class token_cache {
 public:
  explicit token_cache(std::size_t most_tokens);

  /// Nothing where the token is not known or has expired.
  std::shared_ptr<const caller> find(std::string_view token, instant now);
  void put(std::string token, verified_token what);

 private:
  static constexpr std::size_t shard_count = 8;
  struct shard {
    explicit shard(std::size_t most) : tokens(most) {}
    std::mutex mutex;
    lru_map<std::string, verified_token, std::string_view> tokens;
  };
  shard& shard_of(std::string_view token) {
    return *shards_[std::hash<std::string_view>{}(token) % shard_count];
  }

  std::array<std::unique_ptr<shard>, shard_count> shards_;
};

}  // namespace mutirao::http
