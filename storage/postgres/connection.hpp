// One connection to a PostgreSQL server. Statements are not kept prepared in the session, so that a
// pooler that hands sessions from transaction to transaction may stand between. A connection that
// was lost is made anew at the next transaction. Used by one thread at a time.
#pragma once

#include <libpq-fe.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "storage/sql/connection.hpp"

namespace mutirao::storage::postgres {

struct closed_result {
  void operator()(PGresult* of) const { PQclear(of); }
};
using result = std::unique_ptr<PGresult, closed_result>;

/// The bytes of one value; they last as long as the result.
inline std::string_view cell(const result& of, int row, int column) {
  return {PQgetvalue(of.get(), row, column),
          static_cast<std::size_t>(PQgetlength(of.get(), row, column))};
}

/// What libpq last complained of, in one line without its end.
std::string complaint_of(const PGconn* on);

struct connection_options {
  std::chrono::milliseconds statement_timeout{30'000};
  /// After so long without a statement the server ends a transaction and lets its locks go: of a
  /// process that stands still, or is cut off.
  std::chrono::milliseconds idle_timeout{30'000};
  /// After a COMMIT whose answer was lost: how long it is tried to find out what became of it.
  std::chrono::milliseconds look_after_commit{5'000};
};

class connection final : public sql::connection {
 public:
  /// `url` as libpq takes it (postgres://...). errc::store_unreachable, errc::invalid_field,
  /// errc::store_failed.
  static expected<std::unique_ptr<connection>> open(const std::string& url,
                                                    const connection_options& options = {});

  expected<std::unique_ptr<sql::prepared>> prepare(std::string_view sql) override;
  expected<std::unique_ptr<sql::prepared_rows>> prepare_rows(std::string_view sql,
                                                             std::string_view kinds,
                                                             std::string_view returns) override;
  expected<void> begin_writing() override;
  expected<void> begin_reading() override;
  expected<void> commit() override;
  expected<void> rollback() override;
  expected<void> execute(const char* sql) override;
  bool in_transaction() const override { return begun_; }
  bool may_pass_at_once() const override { return conflicted_; }
  bool is_far() const override { return true; }

  /// Runs one statement with values; binary results.
  struct value {
    sql::value_kind kind = sql::value_kind::integer;
    bool array = false;
    std::optional<std::string> bytes;  // in the server's binary format; nothing: NULL
  };
  expected<result> run(const std::string& sql, std::span<const value> values);

  PGconn* handle() const { return db_.get(); }

 private:
  struct closer {
    void operator()(PGconn* db) const { PQfinish(db); }
  };
  connection(std::string url, const connection_options& options)
      : url_(std::move(url)), options_(options) {}

  expected<void> connect();
  /// Outside a transaction: a connection that was lost is made anew.
  expected<void> ready();
  /// Runs `ask`; where that finds the connection lost, outside a transaction, once more on a new
  /// one.
  template <class Ask>
  expected<result> answer_to(Ask ask);
  expected<void> begin(const char* how);
  /// What became of the transaction `id`, once that is known.
  expected<void> outcome_of(const std::string& id, const error& why);
  error failure(const PGresult* of);

  std::string url_;
  connection_options options_;
  std::unique_ptr<PGconn, closer> db_;
  bool begun_ = false;  // a transaction, which may be lost meanwhile
  bool conflicted_ = false;
};

}  // namespace mutirao::storage::postgres
