#include "http/token_cache.hpp"

#include <utility>

namespace mutirao::http {

token_cache::token_cache(std::size_t most_tokens) {
  const auto each = most_tokens / shard_count + (most_tokens % shard_count == 0 ? 0 : 1);
  for (auto& place : shards_) place = std::make_unique<shard>(each);
}

std::optional<verified_token> token_cache::find(std::string_view token, instant now) {
  auto& [mutex, tokens] = shard_of(token);
  const std::lock_guard lock(mutex);
  const auto* known = tokens.find(token);
  if (!known) return std::nullopt;
  if (!known->expired(now)) return *known;
  tokens.erase(token);
  return std::nullopt;
}

void token_cache::put(std::string token, verified_token what) {
  auto& [mutex, tokens] = shard_of(token);
  const std::lock_guard lock(mutex);
  tokens.put(std::move(token), std::move(what), 1);
}

}  // namespace mutirao::http
