// One connection to a PostgreSQL server. Statements are not kept prepared in the session, so that a
// pooler that hands sessions from transaction to transaction may stand between. A connection that
// was lost is made anew at the next transaction. Used by one thread at a time.
#pragma once

#include <libpq-fe.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "storage/postgres/exchange.hpp"
#include "storage/sql/connection.hpp"

namespace mutirao::storage::postgres {

/// How long a server may be silent before it counts as away.
inline constexpr std::chrono::milliseconds patience{2'000};

/// What is said of a server that is silent.
inline constexpr std::string_view no_answer = "the server does not answer";

/// What libpq last complained of, in one line without its end.
std::string complaint_of(const PGconn* on);

struct connection_options {
  std::chrono::milliseconds statement_timeout{30'000};
  /// After so long without a statement the server ends a transaction and lets its locks go: of a
  /// process that stands still, or is cut off.
  std::chrono::milliseconds idle_timeout{30'000};
  /// After a COMMIT whose answer was lost: how long it is tried to find out what became of it.
  std::chrono::milliseconds look_after_commit{5'000};
  /// How long the first statement of a transaction, or one alone, is waited for: a pooler may let
  /// it wait until a session is free. What follows is the statement timeout's.
  std::chrono::milliseconds first_answer{10'000};
  /// Somebody who looks knows that the server does not answer: nothing is asked (at once
  /// errc::store_unreachable), and what waits for an answer is given up. Outlives the connection.
  const std::atomic<bool>* away = nullptr;
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
  /// Sends by `send`; where that finds the connection lost, outside a transaction, once more on a
  /// new one.
  expected<result> answer_to(const std::function<int()>& send);
  /// The line is dropped where the answer is given up.
  result ask(const std::function<int()>& send);
  bool away() const { return options_.away && *options_.away; }
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
