// The service under test, and the plain Pistache server that is measured beside it.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "bench/data.hpp"
#include "bench/process.hpp"

namespace mutirao::bench {

/// Where things are, and how often each figure is taken.
struct setup {
  std::string program;        // mutirao
  std::string floor_program;  // plain Pistache
  std::string folder;         // for databases and logs, on a real disk
  std::string server;         // PostgreSQL's URL, where nodes share one
  std::size_t repetitions = 5;
};

/// What a service keeps everything in.
class database {
 public:
  virtual ~database() = default;
  virtual std::string url() const = 0;
  /// The number that is asked for; 0 where it is NULL.
  virtual std::int64_t integer(const char* sql) const = 0;
};

/// A database file in the folder; it and what SQLite keeps beside it go with the object.
class database_file final : public database {
 public:
  /// A new database with `all` in it.
  database_file(const setup& in, const std::string& name, const population& all);
  /// A copy of `from`, which nobody may have open.
  database_file(const setup& in, const std::string& name, const database_file& from);
  ~database_file() override;
  database_file(const database_file&) = delete;
  database_file& operator=(const database_file&) = delete;

  const std::string& path() const { return path_; }
  std::string url() const override { return "sqlite:" + path_; }
  std::int64_t integer(const char* sql) const override;

 private:
  void remove() const;
  std::string path_;
};

/// What a database must hold once its jobs have run: each of `companies` has exactly its tasks.
struct expected_rows {
  std::int64_t jobs = 0;
  std::int64_t companies = 0;  // over all jobs
  std::int64_t years = 1;
};

/// `mutirao serve` on a database that outlives it, its limits out of reach unless said.
class service {
 public:
  /// `max_jobs`: so many may be unfinished.
  service(const setup& in, const database& on, std::int64_t max_jobs = 10'000'000,
          const std::vector<std::string>& flags = {});

  std::uint16_t port() const { return port_; }
  const process& child() const { return child_; }
  process& child() { return child_; }

  std::int64_t unfinished() const;
  /// Of the unfinished ones those that no actor runs yet.
  std::int64_t waiting() const;
  void wait_until_idle(std::chrono::seconds patience) const;
  /// Until the jobs have handled more than `companies`, over all of them.
  void wait_for_more_than(std::int64_t companies) const;
  /// Gives up unless the database holds exactly `rows`. Nothing may be running.
  void check(const expected_rows& rows) const;
  /// Gives up unless it exits 0.
  void end();

 private:
  const database& on_;
  process child_;
  std::uint16_t port_;
};

class pistache_floor {
 public:
  /// Answers every request with `status` and a JSON of `bytes` bytes.
  pistache_floor(const setup& in, int status, std::size_t bytes);

  std::uint16_t port() const { return port_; }

 private:
  process child_;
  std::uint16_t port_;
};

/// `mutirao migrate`: the schema in an empty database.
void migrate(const setup& in, const std::string& url);

/// A line on stderr for whoever waits.
void tell(const std::string& line);

}  // namespace mutirao::bench
