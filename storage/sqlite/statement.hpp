// A prepared statement, kept as long as its connection, and one execution of it. Values are bound
// without copies: text and blobs must live until the execution ends.
#pragma once

#include <sqlite3.h>

#include <concepts>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "domain/date.hpp"
#include "domain/ids.hpp"
#include "storage/sqlite/connection.hpp"

namespace mutirao::storage::sqlite {

using bytes = std::span<const std::uint8_t>;

/// Text that is stored as NULL where it is not there.
struct text_if {
  bool there;
  std::string_view text;
};

/// One execution: steps through the rows; the statement is free again when it goes.
class rows {
 public:
  explicit rows(sqlite3_stmt* of, error first = {}) : of_(of), failure_(std::move(first)) {}
  rows(rows&& other) noexcept
      : of_(std::exchange(other.of_, nullptr)), failure_(std::move(other.failure_)) {}
  rows& operator=(rows&&) = delete;
  ~rows() {
    if (of_) sqlite3_reset(of_);
  }

  /// Whether there is a row (again). After false or an error there are no columns to read.
  expected<bool> next();

  // Columns count from 0. Text and blobs last until the next row.
  bool is_null(int column) const { return sqlite3_column_type(of_, column) == SQLITE_NULL; }
  std::int64_t integer(int column) const { return sqlite3_column_int64(of_, column); }
  std::string_view text(int column) const;
  bytes blob(int column) const;

  instant at(int column) const { return instant(std::chrono::milliseconds(integer(column))); }
  std::string string(int column) const { return std::string(text(column)); }
  template <class Id>
  Id id(int column) const {
    return Id{integer(column)};
  }
  /// Nothing where the column is NULL, else what `read` makes of it: optional(3, &rows::string).
  template <class T>
  std::optional<T> optional(int column, T (rows::*read)(int) const) const {
    if (is_null(column)) return std::nullopt;
    return (this->*read)(column);
  }
  template <class Id>
  std::optional<Id> optional_id(int column) const {
    return optional<Id>(column, &rows::id<Id>);
  }

 private:
  sqlite3_stmt* of_;
  error failure_;  // of preparing or binding; code internal: none
};

/// What `read` makes of every row.
template <class Read, class T = std::invoke_result_t<Read, const rows&>>
expected<std::vector<T>> all_of(rows found, Read read) {
  std::vector<T> all;
  for (;;) {
    const auto more = found.next();
    if (!more) return tl::unexpected(more.error());
    if (!*more) return all;
    all.push_back(std::invoke(read, found));
  }
}

/// What `read` makes of the first row, where there is one.
template <class Read, class T = std::invoke_result_t<Read, const rows&>>
expected<std::optional<T>> first_of(rows found, Read read) {
  const auto there = found.next();
  if (!there) return tl::unexpected(there.error());
  if (!*there) return std::nullopt;
  return std::optional<T>(std::in_place, std::invoke(read, found));
}

class statement {
 public:
  /// `sql` must be static text. It is prepared at the first use.
  statement(connection& on, std::string_view sql) : on_(&on), sql_(sql) {}
  statement(statement&& other) noexcept
      : on_(other.on_), sql_(other.sql_), prepared_(std::exchange(other.prepared_, nullptr)) {}
  statement& operator=(statement&&) = delete;
  ~statement() { sqlite3_finalize(prepared_); }

  /// Binds ?1, ?2 ... in order and begins.
  template <class... Values>
  rows run(const Values&... values) {
    if (const int code = prepare(); code != SQLITE_OK) return rows(nullptr, failure(code));
    int index = 0;
    int worst = SQLITE_OK;
    ((worst = worst == SQLITE_OK ? bind(++index, values) : worst), ...);
    return rows(prepared_, worst == SQLITE_OK ? error{} : failure(worst));
  }

  /// Binds, runs to the end, answers how many rows were changed.
  template <class... Values>
  expected<std::int64_t> execute(const Values&... values) {
    rows all = run(values...);
    for (;;) {
      const auto more = all.next();
      if (!more) return tl::unexpected(more.error());
      if (!*more) return std::int64_t{sqlite3_changes64(on_->handle())};
    }
  }

 private:
  int prepare();
  error failure(int code) const { return error_of(on_->handle(), code); }

  int bind(int index, std::nullopt_t) { return sqlite3_bind_null(prepared_, index); }
  template <std::integral T>
  int bind(int index, T value) {
    return sqlite3_bind_int64(prepared_, index, static_cast<std::int64_t>(value));
  }
  template <class T>
  requires std::is_enum_v<T>
  int bind(int index, T value) {
    return sqlite3_bind_int64(prepared_, index, static_cast<std::int64_t>(value));
  }
  template <class Tag>
  int bind(int index, id<Tag> value) {
    return sqlite3_bind_int64(prepared_, index, value.value);
  }
  int bind(int index, std::string_view value) {
    // A null pointer would bind NULL.
    const char* data = value.data() ? value.data() : "";
    return sqlite3_bind_text64(prepared_, index, data, value.size(), SQLITE_STATIC, SQLITE_UTF8);
  }
  int bind(int index, const std::string& value) { return bind(index, std::string_view(value)); }
  int bind(int index, const char* value) { return bind(index, std::string_view(value)); }
  int bind(int index, text_if value) {
    return value.there ? bind(index, value.text) : sqlite3_bind_null(prepared_, index);
  }
  int bind(int index, bytes value);
  int bind(int index, const job_id& value) { return bind(index, bytes(value.bytes)); }
  int bind(int index, instant value) { return bind(index, value.time_since_epoch().count()); }
  /// The only value that is copied: a date has no text to point at.
  int bind(int index, date value);
  template <class T>
  int bind(int index, const std::optional<T>& value) {
    return value ? bind(index, *value) : sqlite3_bind_null(prepared_, index);
  }

  connection* on_;
  std::string_view sql_;
  sqlite3_stmt* prepared_ = nullptr;
};

}  // namespace mutirao::storage::sqlite
