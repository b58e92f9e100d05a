#include "storage/sql/scope.hpp"

#include <limits>

namespace mutirao::storage::sql {

std::vector<std::uint8_t> encode_scope(std::span<const item_id> items) {
  std::vector<std::uint8_t> stored;
  stored.reserve(items.size() + 8);
  std::int64_t before = 0;
  for (const item_id item : items) {
    auto rest = static_cast<std::uint64_t>(item.value - before);
    before = item.value;
    for (; rest >= 0x80; rest >>= 7) stored.push_back(static_cast<std::uint8_t>(rest | 0x80));
    stored.push_back(static_cast<std::uint8_t>(rest));
  }
  return stored;
}

expected<std::vector<item_id>> decode_scope(std::span<const std::uint8_t> stored) {
  std::vector<item_id> items;
  items.reserve(stored.size());
  std::int64_t last = 0;
  std::uint64_t difference = 0;
  int shift = 0;
  for (const std::uint8_t byte : stored) {
    difference |= std::uint64_t{byte & 0x7fU} << shift;
    if ((byte & 0x80) != 0) {
      shift += 7;
      if (shift > 56) return fail(errc::store_corrupt, "job scope: a number is too long");
      continue;
    }
    const auto room = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max() - last);
    if (difference > room) return fail(errc::store_corrupt, "job scope: a number is too large");
    last += static_cast<std::int64_t>(difference);
    items.push_back({last});
    difference = 0;
    shift = 0;
  }
  if (shift != 0) return fail(errc::store_corrupt, "job scope: it ends within a number");
  return items;
}

}  // namespace mutirao::storage::sql
