// Values as PostgreSQL's binary format has them: numbers most significant byte first.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "storage/sql/connection.hpp"

namespace mutirao::storage::postgres {

/// Numbers of types, as the server's catalogue has them for ever.
constexpr unsigned type_of(sql::value_kind kind, bool array) {
  switch (kind) {
    case sql::value_kind::integer:
      return array ? 1016 : 20;  // int8
    case sql::value_kind::text:
      return array ? 1009 : 25;
    case sql::value_kind::blob:
      return array ? 1001 : 17;  // bytea
  }
  return 0;
}

template <class Number>
void put_number(std::string& to, Number value) {
  for (int shift = 8 * (static_cast<int>(sizeof(Number)) - 1); shift >= 0; shift -= 8) {
    to += static_cast<char>((static_cast<std::uint64_t>(value) >> shift) & 0xff);
  }
}

/// Of 1 (a boolean, too), 2, 4 or 8 bytes.
inline std::int64_t get_number(std::string_view bytes) {
  if (bytes.empty()) return 0;
  std::int64_t value = bytes.size() > 1 ? static_cast<signed char>(bytes[0])
                                        : static_cast<std::int64_t>(bytes[0] != 0);
  for (const char byte : bytes.substr(1)) {
    value = static_cast<std::int64_t>((static_cast<std::uint64_t>(value) << 8U) |
                                      static_cast<unsigned char>(byte));
  }
  return value;
}

/// One array of one dimension, grown value by value.
class array_builder {
 public:
  explicit array_builder(sql::value_kind kind) : kind_(kind) {}

  void add(std::optional<std::string_view> value) {
    ++count_;
    if (!value) {
      has_null_ = true;
      put_number(values_, std::int32_t{-1});
      return;
    }
    put_number(values_, static_cast<std::int32_t>(value->size()));
    values_ += *value;
  }
  void add(std::int64_t value) {
    ++count_;
    put_number(values_, std::int32_t{8});
    put_number(values_, value);
  }

  std::int32_t size() const { return count_; }

  /// In the server's format; empty again.
  std::string take() {
    std::string all;
    all.reserve(values_.size() + 20);
    put_number(all, std::int32_t{count_ == 0 ? 0 : 1});
    put_number(all, std::int32_t{has_null_ ? 1 : 0});
    put_number(all, static_cast<std::int32_t>(type_of(kind_, false)));
    if (count_ > 0) {
      put_number(all, count_);
      put_number(all, std::int32_t{1});
    }
    all += values_;
    values_.clear();
    count_ = 0;
    has_null_ = false;
    return all;
  }

  sql::value_kind kind() const { return kind_; }

 private:
  sql::value_kind kind_;
  std::string values_;
  std::int32_t count_ = 0;
  bool has_null_ = false;
};

}  // namespace mutirao::storage::postgres
