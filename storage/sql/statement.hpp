// A prepared statement, kept as long as its connection, and one execution of it. Values are bound
// without copies: text and blobs must live until the execution ends.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "domain/date.hpp"
#include "domain/ids.hpp"
#include "storage/sql/connection.hpp"

namespace mutirao::storage::sql {

/// Text that is stored as NULL where it is not there.
struct text_if {
  bool there;
  std::string_view text;
};

/// One execution: steps through the rows; the statement is free again when it goes.
class rows {
 public:
  explicit rows(prepared* of) : of_(of) {}
  explicit rows(error why) : failure_(std::move(why)) {}
  rows(rows&& other) noexcept
      : of_(std::exchange(other.of_, nullptr)), failure_(std::move(other.failure_)) {}
  rows& operator=(rows&&) = delete;
  ~rows() {
    if (of_) of_->reset();
  }

  /// Whether there is a row (again). After false or an error there are no columns to read.
  expected<bool> next() {
    if (!of_) return tl::unexpected(failure_);
    return of_->step();
  }
  /// How many rows were changed, once there is no further one.
  std::int64_t changed() const { return of_->changed(); }

  // Columns count from 0. Text and blobs last until the next row.
  bool is_null(int column) const { return of_->is_null(column); }
  std::int64_t integer(int column) const { return of_->integer(column); }
  std::string_view text(int column) const { return of_->text(column); }
  bytes blob(int column) const { return of_->blob(column); }

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
  prepared* of_ = nullptr;
  error failure_;  // of preparing, where there is nothing to run
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

/// The first column of every row.
inline expected<std::vector<std::int64_t>> numbers(rows found) {
  return all_of(std::move(found), [](const rows& row) { return row.integer(0); });
}
/// The one number that the one row holds.
inline expected<std::int64_t> number(rows found) {
  const auto there = found.next();
  if (!there) return tl::unexpected(there.error());
  return found.integer(0);
}

// What is bound of each kind of value.
template <class T>
inline constexpr value_kind kind_of = value_kind::integer;
template <>
inline constexpr value_kind kind_of<std::string> = value_kind::text;
template <>
inline constexpr value_kind kind_of<std::string_view> = value_kind::text;
template <>
inline constexpr value_kind kind_of<date> = value_kind::text;
template <>
inline constexpr value_kind kind_of<job_id> = value_kind::blob;

inline void bind(parameters& to, int at, std::nullopt_t) {
  to.bind_null(at, value_kind::integer);
}
template <std::integral T>
void bind(parameters& to, int at, T value) {
  to.bind(at, static_cast<std::int64_t>(value));
}
template <class T>
requires std::is_enum_v<T>
void bind(parameters& to, int at, T value) {
  to.bind(at, static_cast<std::int64_t>(value));
}
template <class Tag>
void bind(parameters& to, int at, id<Tag> value) {
  to.bind(at, value.value);
}
inline void bind(parameters& to, int at, std::string_view value) {
  to.bind(at, value);
}
inline void bind(parameters& to, int at, const std::string& value) {
  to.bind(at, std::string_view(value));
}
inline void bind(parameters& to, int at, const char* value) {
  to.bind(at, std::string_view(value));
}
inline void bind(parameters& to, int at, text_if value) {
  value.there ? to.bind(at, value.text) : to.bind_null(at, value_kind::text);
}
inline void bind(parameters& to, int at, bytes value) {
  to.bind(at, value);
}
inline void bind(parameters& to, int at, const job_id& value) {
  to.bind(at, bytes(value.bytes));
}
inline void bind(parameters& to, int at, instant value) {
  bind(to, at, value.time_since_epoch().count());
}
/// A date has no text to point at.
inline void bind(parameters& to, int at, date value) {
  to.bind_copy(at, format_date(value));
}
template <class T>
void bind(parameters& to, int at, const std::optional<T>& value) {
  value ? bind(to, at, *value) : to.bind_null(at, kind_of<T>);
}

/// Binds 1, 2 ... in order.
template <class... Values>
void bind_all(parameters& to, const Values&... values) {
  int at = 0;
  (bind(to, ++at, values), ...);
}

/// In the place of ?1, the id of a new row of `table`; NULL: one that is given here.
#define MUTIRAO_NEW_ID(table) \
  "/*pg: coalesce(*/ ?1 /*pg:, next_id('" table "_id_seq', (SELECT max(id) FROM " table "))) */"

/// The id that an INSERT ... RETURNING id answers, run to its end.
template <class Id>
expected<Id> id_of_new(rows made) {
  const auto there = made.next();
  if (!there) return tl::unexpected(there.error());
  const auto id = made.id<Id>(0);
  const auto more = made.next();
  if (!more) return tl::unexpected(more.error());
  return id;
}

class statement {
 public:
  /// `sql` must be static text. It is prepared at the first use.
  statement(connection& on, std::string_view sql) : on_(&on), sql_(sql) {}

  /// Binds ?1, ?2 ... in order and begins.
  template <class... Values>
  rows run(const Values&... values) {
    if (auto ready = prepare(); !ready) return rows(std::move(ready).error());
    bind_all(*prepared_, values...);
    return rows(prepared_.get());
  }

  /// Binds, runs to the end, answers how many rows were changed.
  template <class... Values>
  expected<std::int64_t> execute(const Values&... values) {
    rows all = run(values...);
    for (;;) {
      const auto more = all.next();
      if (!more) return tl::unexpected(more.error());
      if (!*more) return all.changed();
    }
  }

 private:
  expected<void> prepare();

  connection* on_;
  std::string_view sql_;
  std::unique_ptr<prepared> prepared_;
};

/// A statement that writes many rows of one table.
class row_writer {
 public:
  /// As connection::prepare_rows; all texts static.
  row_writer(connection& on, std::string_view sql, std::string_view kinds, std::string_view returns)
      : on_(&on), sql_(sql), kinds_(kinds), returns_(returns) {}

  template <class... Values>
  expected<void> add(std::int64_t key, const Values&... values) {
    if (auto ready = prepare(); !ready) return ready;
    bind_all(*prepared_, values...);
    return prepared_->add(key);
  }
  expected<std::vector<std::int64_t>> flush() {
    if (!prepared_) return std::vector<std::int64_t>{};
    return prepared_->flush();
  }
  void drop() {
    if (prepared_) prepared_->drop();
  }

 private:
  expected<void> prepare();

  connection* on_;
  std::string_view sql_, kinds_, returns_;
  std::unique_ptr<prepared_rows> prepared_;
};

}  // namespace mutirao::storage::sql
