#include "tests/e2e/fixture.hpp"

#include <regex>

#include "http/auth.hpp"

namespace mutirao::e2e {
namespace {

using clock_type = std::chrono::system_clock;

/// Hours to add to UTC so that it is noon.
int noon_offset() {
  static const int offset = [] {
    const auto now = clock_type::now();
    const auto day = std::chrono::floor<std::chrono::days>(now);
    return 12 - static_cast<int>(std::chrono::floor<std::chrono::hours>(now - day).count());
  }();
  return offset;
}

void check_job(const json& job) {
  static const std::vector<std::string> words{"pending", "running", "completed", "failed"};
  const auto status = job.value("status", "");
  EXPECT_NE(std::find(words.begin(), words.end(), status), words.end()) << job;
  ASSERT_TRUE(job.contains("progress")) << job;
  const auto& progress = job["progress"];
  EXPECT_EQ(keys_of(progress), (std::vector<std::string>{"current", "percentage", "total"}));
  const auto current = progress.value("current", -1);
  const auto total = progress.value("total", -1);
  EXPECT_GE(current, 0);
  EXPECT_LE(current, total);
  const auto half_up = total == 0 ? 0 : (200 * current + total) / (2 * total);
  EXPECT_EQ(progress.value("percentage", -1), half_up) << job;
}

}  // namespace

std::string noon_zone() {
  // POSIX turns the sign around.
  const int offset = noon_offset();
  if (offset == 0) return "Etc/GMT";
  return "Etc/GMT" + std::string(offset > 0 ? "-" : "+") + std::to_string(std::abs(offset));
}

date noon_date() {
  return std::chrono::floor<std::chrono::days>(clock_type::now() +
                                               std::chrono::hours(noon_offset()));
}

std::string token_of(const identity& who) {
  http::token_claims claims;
  claims.user = {who.user};
  claims.name = "Ana";
  claims.email = "ana@example.com";
  for (const auto unit : who.units) claims.units.push_back({{unit}, "Unidade"});
  claims.admin = who.admin;
  claims.lifetime = std::chrono::seconds(who.lifetime_seconds);
  claims.issued_at = std::chrono::floor<std::chrono::milliseconds>(clock_type::now());
  return http::sign(claims, std::string(service_process::secret)).value();
}

std::string job_path(std::int64_t unit, const std::string& query) {
  return "/api/empresas/unidade/" + std::to_string(unit) + "/auto-tarefas" +
         (query.empty() ? "" : "?" + query);
}

bool is_instant(const json& value) {
  static const std::regex form(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)");
  return value.is_string() && std::regex_match(value.get<std::string>(), form);
}

std::vector<std::string> keys_of(const json& object) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : object.items()) keys.push_back(key);
  return keys;
}

void service_test::TearDown() {
  const bool failed = HasFailure();
  std::error_code none;
  if (std::filesystem::exists(file(), none) && std::filesystem::file_size(file(), none) > 0) {
    try {
      auto stored = db();
      for (const auto& each : breaches(stored)) ADD_FAILURE() << each;
    } catch (const std::exception& problem) {
      ADD_FAILURE() << problem.what();
    }
  }
  if (failed && service_) {
    const auto log = service_->errors();
    std::cerr << "the service's log ends:\n"
              << log.substr(log.size() - std::min<std::size_t>(log.size(), 3000));
  }
}

void service_test::make_database() {
  const auto made = run_program({{"migrate", "--database", url()}, {}});
  ASSERT_EQ(made.code, 0) << made.err;
  auto stored = db();
  add_units(stored, {1, 2});
}

void service_test::start(std::vector<std::string> flags) {
  flags.insert(flags.end(), {"--timezone", noon_zone()});
  service_.reset();
  service_ = std::make_unique<service_process>(file(), flags);
  ASSERT_TRUE(service_->ready()) << service_->errors();
}

void service_test::kill_and_start(const std::vector<std::string>& flags) {
  service_->kill();
  start(flags);
}

void service_test::stop() {
  EXPECT_EQ(service_->stop(), 0) << service_->errors();
}

std::string service_test::start_job(http_client& by, std::int64_t unit, int future_years) {
  const auto got = by.post(job_path(unit, "futureYears=" + std::to_string(future_years)));
  EXPECT_EQ(got.status, 202) << got.body;
  const auto told = got.data();
  return told.is_object() ? told.value("jobId", "") : "";
}

json service_test::wait_for_end(http_client& by, const std::string& job) {
  json last;
  std::int64_t before = 0;
  const bool ended = tests::eventually(
      [&] {
        const auto got = by.get("/api/empresas/jobs/" + job);
        EXPECT_EQ(got.status, 200) << got.body;
        if (got.status != 200) return true;
        last = got.data();
        check_job(last);
        const auto current = last["progress"].value("current", std::int64_t{0});
        EXPECT_GE(current, before) << "progress went back";
        before = current;
        return last["status"] == "completed" || last["status"] == "failed" || HasFatalFailure();
      },
      std::chrono::seconds(120));
  EXPECT_TRUE(ended) << last;
  return last;
}

std::optional<json> service_test::wait_for_progress(http_client& by, const std::string& job,
                                                    std::int64_t done) {
  json last;
  bool reached = false;
  tests::eventually(
      [&] {
        const auto got = by.get("/api/empresas/jobs/" + job);
        if (got.status != 200) return true;
        last = got.data();
        reached = last["status"] == "running" &&
                  last["progress"].value("current", std::int64_t{0}) >= done;
        return reached || last["status"] == "completed" || last["status"] == "failed";
      },
      std::chrono::seconds(60));
  return reached ? std::optional(last) : std::nullopt;
}

}  // namespace mutirao::e2e
