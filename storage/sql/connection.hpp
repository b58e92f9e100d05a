// What the SQL of this folder needs of an engine: a connection, and statements that stay prepared
// on it. The SQL is the same for all engines; parameters are written ?1, ?2 ..., and each engine's
// connection makes of that what it takes. Used by one thread at a time.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "domain/error.hpp"

namespace mutirao::storage::sql {

using bytes = std::span<const std::uint8_t>;

/// Whether `code` says that the database itself failed, not that a command was refused.
bool is_store_failure(errc code);

enum class value_kind : char { integer = 'i', text = 't', blob = 'b' };

/// What a statement is given, counted from 1. It is not copied unless said. What cannot be bound is
/// the error of the next step.
class parameters {
 public:
  parameters() = default;
  parameters(const parameters&) = delete;
  parameters& operator=(const parameters&) = delete;
  virtual ~parameters() = default;

  virtual void bind_null(int at, value_kind kind) = 0;
  virtual void bind(int at, std::int64_t value) = 0;
  virtual void bind(int at, std::string_view text) = 0;
  virtual void bind(int at, bytes blob) = 0;
  virtual void bind_copy(int at, std::string_view text) = 0;
};

/// One statement of a connection: bound, stepped through, reset, bound again. What is bound must
/// live until the reset.
class prepared : public parameters {
 public:
  /// Whether there is a row (again).
  virtual expected<bool> step() = 0;
  /// Rows that were changed, once all steps are done.
  virtual std::int64_t changed() const = 0;
  virtual void reset() = 0;

  // Of the row, columns counted from 0. Text and blobs last until the next step.
  virtual bool is_null(int column) const = 0;
  virtual std::int64_t integer(int column) const = 0;
  virtual std::string_view text(int column) const = 0;
  virtual bytes blob(int column) const = 0;
};

/// One statement that writes a row, for many rows. Where statements are near the data each row is
/// written as it is added, else all of them at the flush.
class prepared_rows : public parameters {
 public:
  /// The row that is bound: what is bound may go then.
  virtual expected<void> add(std::int64_t key) = 0;
  /// The keys of the rows that were written (not those that conflicted), in no order.
  virtual expected<std::vector<std::int64_t>> flush() = 0;
  /// Forgets what was bound and added, and not written.
  virtual void drop() = 0;
};

class connection {
 public:
  virtual ~connection() = default;

  /// `sql` must be static text.
  virtual expected<std::unique_ptr<prepared>> prepare(std::string_view sql) = 0;
  /// `sql` inserts one row, from VALUES. `kinds`: a letter a parameter, i (integer), t (text) or b
  /// (blob). `returns`: the column that holds the key of a row.
  virtual expected<std::unique_ptr<prepared_rows>> prepare_rows(std::string_view sql,
                                                                std::string_view kinds,
                                                                std::string_view returns) = 0;
  /// Where it answers, a transaction is open: to write, or to read from one picture of the data.
  virtual expected<void> begin_writing() = 0;
  virtual expected<void> begin_reading() = 0;
  /// Where it fails nothing is stored, but with one of `may_be_stored` that is not known.
  virtual expected<void> commit() = 0;
  virtual expected<void> rollback() = 0;
  /// Whether the last error was a conflict with another transaction that a second try may not meet.
  virtual bool may_pass_at_once() const { return false; }
  /// Runs statements that answer nothing.
  virtual expected<void> execute(const char* sql) = 0;
  /// Whether each statement takes a way over a network: then one for many rows beats many.
  virtual bool is_far() const { return false; }
  /// Whether a transaction is open: an error may have rolled it back already.
  virtual bool in_transaction() const = 0;

 protected:
  connection() = default;
  connection(connection&&) = default;
  connection& operator=(connection&&) = default;
};

/// A transaction for reading: one picture of the data from its first statement to its end.
class picture {
 public:
  static expected<picture> take(connection& of);
  picture(picture&& other) noexcept : of_(std::exchange(other.of_, nullptr)) {}
  picture& operator=(picture&&) = delete;
  ~picture();

 private:
  explicit picture(connection& of) : of_(&of) {}
  connection* of_;
};

}  // namespace mutirao::storage::sql
