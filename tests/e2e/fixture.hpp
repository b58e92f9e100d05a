// A test with a folder, a database and a service of its own.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "domain/date.hpp"
#include "tests/e2e/database.hpp"
#include "tests/e2e/http_client.hpp"
#include "tests/e2e/population.hpp"
#include "tests/e2e/pure_rules.hpp"
#include "tests/support/service_process.hpp"
#include "tests/support/temporary_folder.hpp"

namespace mutirao::e2e {

using testing::program_process;
using testing::program_result;
using testing::run_program;
using testing::service_process;

/// A zone in which it is about noon now, so that no test meets midnight.
std::string noon_zone();
/// The date there.
date noon_date();

struct identity {
  std::int64_t user = 7;
  std::vector<std::int64_t> units{1};
  bool admin = false;
  std::int64_t lifetime_seconds = 3600;
};
std::string token_of(const identity& who);
/// The environment of a program that shares the service's secret.
inline std::map<std::string, std::string> with_secret() {
  return {{"MUTIRAO_JWT_SECRET", std::string(service_process::secret)}};
}

class service_test : public ::testing::Test {
 protected:
  /// Whatever a test did, what is stored must hold together.
  void TearDown() override;

  std::string file() const { return (folder_ / "mutirao.db").string(); }
  std::string url() const { return "sqlite:" + file(); }
  /// A database with the present schema, units 1 and 2 and nothing else.
  void make_database();
  /// Starts the service in the noon zone; a test fails where it is not ready.
  void start(std::vector<std::string> flags = {});
  void kill_and_start(const std::vector<std::string>& flags = {});
  /// SIGTERM; it must exit 0.
  void stop();

  /// Of the service that runs now.
  http_client as(const identity& who = {}) { return http_client(service_->port(), token_of(who)); }
  http_client admin() { return as({1, {}, true}); }
  http_client nobody() { return http_client(service_->port()); }
  database db() { return database(file()); }

  /// POSTs a job of which the answer must be 202; its id.
  std::string start_job(http_client& by, std::int64_t unit = 1, int future_years = 0);
  /// Polls as the front end does until the job has ended, and holds what it sees to the rules: the
  /// four words, three keys, no step back. The last job object.
  json wait_for_end(http_client& by, const std::string& job);
  /// Polls until as many companies are handled; nothing if the job ends first.
  std::optional<json> wait_for_progress(http_client& by, const std::string& job, std::int64_t done);

  testing::temporary_folder folder_;
  std::unique_ptr<service_process> service_;
};

/// The path that starts a job.
std::string job_path(std::int64_t unit, const std::string& query = {});
bool is_instant(const json& value);
std::vector<std::string> keys_of(const json& object);

}  // namespace mutirao::e2e
