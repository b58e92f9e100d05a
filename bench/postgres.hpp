// PostgreSQL as a C++ value: a connection, and databases of a server. Every error is a
// bench::failure.
#pragma once

#include <libpq-fe.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "bench/service.hpp"

namespace mutirao::bench {

class postgres {
 public:
  explicit postgres(const std::string& url);

  /// One statement or several, in one journey.
  void run(const std::string& sql);
  /// The first value of the answer; empty where it is NULL or there is none.
  std::string text(const std::string& sql);
  std::int64_t integer(const std::string& sql);
  /// COPY `into` FROM STDIN; `rows` in COPY's text format.
  void copy(const std::string& into, std::string_view rows);

  PGconn* handle() const { return on_.get(); }

 private:
  struct closer {
    void operator()(PGconn* on) const { PQfinish(on); }
  };
  std::unique_ptr<PGconn, closer> on_;
};

/// A database of the server; it goes with the object, whoever is connected.
class postgres_database final : public database {
 public:
  /// A new one with `all` in it, its statistics taken.
  postgres_database(const setup& in, const std::string& name, const population& all);
  /// A copy of `from`, which nobody may be connected to, written back to the disk.
  postgres_database(const setup& in, const std::string& name, const postgres_database& from);
  ~postgres_database() override;
  postgres_database(const postgres_database&) = delete;
  postgres_database& operator=(const postgres_database&) = delete;

  std::string url() const override { return url_; }
  std::int64_t integer(const char* sql) const override { return looking().integer(sql); }
  std::string text(const std::string& sql) const { return looking().text(sql); }

 private:
  postgres_database(const setup& in, const std::string& name, const std::string& like);
  void fill(const population& all) const;
  postgres& looking() const;

  std::string server_, name_, url_;
  mutable std::optional<postgres> looking_;
};

}  // namespace mutirao::bench
