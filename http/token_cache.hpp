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

#include "http/auth.hpp"
#include "http/lru_map.hpp"

namespace mutirao::http {

/// Safe from any thread.
class token_cache {
 public:
  explicit token_cache(std::size_t most_tokens);

  /// Nothing where the token is not known or has expired.
  std::optional<verified_token> find(std::string_view token, instant now);
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
