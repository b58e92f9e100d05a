// Distinct types for the numbers that name things, so that a unit cannot be passed for a user.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace mutirao {

template <class Tag>
struct id {
  std::int64_t value = 0;
  friend constexpr auto operator<=>(const id&, const id&) = default;
};

using user_id = id<struct user_tag>;
using unit_id = id<struct unit_tag>;
using company_id = id<struct company_tag>;
using task_id = id<struct task_tag>;  // an agenda event shares the id of its task
using notification_id = id<struct notification_tag>;
/// One item of a job. Opaque: the job's type knows what it names (generation: a company).
using item_id = id<struct item_tag>;

/// A UUID, version 4, in its 16 bytes.
struct job_id {
  std::array<std::uint8_t, 16> bytes{};

  /// From 128 random bits; version and variant bits are set here.
  static job_id from_random(std::uint64_t high, std::uint64_t low);
  /// The 36 characters of RFC 9562, either case. Nothing where `text` is no UUID.
  static std::optional<job_id> parse(std::string_view text);
  std::string to_string() const;

  friend constexpr auto operator<=>(const job_id&, const job_id&) = default;
};

}  // namespace mutirao

template <class Tag>
struct std::hash<mutirao::id<Tag>> {
  std::size_t operator()(mutirao::id<Tag> x) const noexcept {
    return std::hash<std::int64_t>{}(x.value);
  }
};

template <>
struct std::hash<mutirao::job_id> {
  std::size_t operator()(const mutirao::job_id& x) const noexcept {
    std::size_t half;  // the bytes are random already
    std::memcpy(&half, x.bytes.data(), sizeof half);
    return half;
  }
};
