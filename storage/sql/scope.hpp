// How the items of a job are stored: ascending ids, each as its difference to the one before, seven
// bits a byte, least first. Most take a byte; read in one go, so that nobody pays for a row an
// item.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "domain/error.hpp"
#include "domain/ids.hpp"

namespace mutirao::storage::sql {

/// `items` must ascend strictly and not be negative.
std::vector<std::uint8_t> encode_scope(std::span<const item_id> items);

/// errc::store_corrupt where `stored` is none.
expected<std::vector<item_id>> decode_scope(std::span<const std::uint8_t> stored);

}  // namespace mutirao::storage::sql
