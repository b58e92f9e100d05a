// What operators look at (health, version, metrics, logs), and what browsers ask (CORS, HEAD).
#include <algorithm>
#include <map>
#include <regex>
#include <sstream>

#include "tests/e2e/fixture.hpp"

namespace mutirao::e2e {
namespace {

using names = std::vector<std::string>;

class system_routes : public service_test {
 protected:
  void SetUp() override {
    make_database();
    auto stored = db();
    add_companies(stored, mixed_companies(1, 1, 20));
  }
  /// `name{labels}` -> value; a test fails at a line that is not in the Prometheus text form.
  std::map<std::string, double> metrics() {
    const auto got = nobody().get("/metrics");
    EXPECT_EQ(got.status, 200);
    EXPECT_EQ(got.header("Content-Type").value_or("").substr(0, 25), "text/plain; version=0.0.4");
    static const std::regex comment(R"(# (HELP|TYPE) [a-zA-Z_:][\w:]* .+)");
    static const std::regex sample(
        R"(([a-zA-Z_:][\w:]*(?:\{(?:[a-zA-Z_]\w*="(?:[^"\\]|\\.)*",?)*\})?) (\S+)( \d+)?)");
    std::map<std::string, double> all;
    std::istringstream text(got.body);
    for (std::string line; std::getline(text, line);) {
      std::smatch parts;
      if (line.empty() || std::regex_match(line, comment)) continue;
      if (!std::regex_match(line, parts, sample)) {
        ADD_FAILURE() << "no metric: " << line;
        continue;
      }
      EXPECT_TRUE(all.emplace(parts[1], std::stod(parts[2])).second) << "twice: " << line;
    }
    return all;
  }
  /// The fields of each log line; a test fails at a line that is not logfmt.
  std::vector<std::map<std::string, std::string>> log_lines() {
    static const std::regex field(R"RX(([\w.\-]+)=("(?:[^"\\]|\\.)*"|[^\s"=]*)(?: |$))RX");
    std::vector<std::map<std::string, std::string>> all;
    std::istringstream text(service_->errors());
    for (std::string line; std::getline(text, line);) {
      auto& fields = all.emplace_back();
      std::size_t read = 0;
      for (std::sregex_iterator each(line.begin(), line.end(), field), none; each != none; ++each) {
        fields[(*each)[1]] = (*each)[2];
        read += static_cast<std::size_t>(each->length());
      }
      EXPECT_EQ(read, line.size()) << "no logfmt: " << line;
    }
    return all;
  }
};

TEST_F(system_routes, health_and_version_need_no_token) {
  start();
  EXPECT_EQ(nobody().get("/health/live").status, 200);
  EXPECT_EQ(nobody().get("/health/ready").status, 200);
  const auto version = nobody().get("/version").data();
  EXPECT_TRUE(version["version"].is_string());
  EXPECT_TRUE(version["commit"].is_string());
  const auto printed = run_program({{"--version"}, {}});
  EXPECT_EQ(printed.code, 0);
  EXPECT_NE(printed.out.find(version["version"].get<std::string>()), std::string::npos);
}

TEST_F(system_routes, metrics_move_with_what_happens) {
  start();
  auto before = metrics();
  auto user = as();
  wait_for_end(user, start_job(user));
  nobody().get("/api/empresas");
  auto after = metrics();
  auto stored = db();
  const auto moved = [&](const std::string& name) { return after[name] - before[name]; };
  // The notifier counts what the store has committed already.
  EXPECT_TRUE(tests::eventually([&] {
    after = metrics();
    return moved("mutirao_jobs_completed_total") == 1;
  }));
  EXPECT_EQ(moved("mutirao_jobs_started_total"), 1);
  EXPECT_EQ(moved("mutirao_companies_planned_total"), stored.integer("SELECT done FROM jobs"));
  EXPECT_EQ(moved("mutirao_rows_written_total"),
            2 * stored.integer("SELECT count(*) FROM tarefas"));
  EXPECT_GE(moved("mutirao_commits_total"), 1);
  EXPECT_GE(moved("mutirao_commit_duration_seconds_count"), 1);
  EXPECT_GE(moved("mutirao_requests_total"), 3);
  // Counted anew a little after somebody has looked.
  EXPECT_TRUE(tests::eventually([&] {
    auto now = metrics();
    return now["mutirao_jobs{state=\"completed\"}"] == 1 &&
           now["mutirao_jobs{state=\"running\"}"] == 0 && now["mutirao_live_jobs"] == 0;
  }));
  EXPECT_GE(after["mutirao_open_connections"], 1);
  const auto any_with = [&](std::initializer_list<const char*> words) {
    return std::any_of(after.begin(), after.end(), [&](const auto& metric) {
      return std::all_of(words.begin(), words.end(), [&](const char* word) {
        return metric.first.find(word) != std::string::npos;
      });
    });
  };
  EXPECT_TRUE(any_with({"mutirao_build_info{", "version="}));
  EXPECT_TRUE(any_with({"mutirao_http_request_duration_seconds_count", "auto-tarefas", "202"}));
  EXPECT_TRUE(any_with({"mutirao_http_request_duration_seconds_count", "401"}));
  for (const auto& [name, value] : after) {
    EXPECT_EQ(name.find(file()), std::string::npos) << "a path";
  }
}

TEST_F(system_routes, logs_are_logfmt_with_a_line_at_each_start_and_end_of_a_job) {
  start({"--log-level", "debug"});
  auto user = as();
  const auto id = start_job(user);
  const auto job = wait_for_end(user, id);
  user.get("/api/empresas/9999?q=%22a%20b%22");
  stop();
  int starts = 0;
  int ends = 0;
  int requests = 0;
  for (auto& line : log_lines()) {
    EXPECT_TRUE(line.contains("ts") && line.contains("level") && line.contains("event"));
    requests += line["event"] == "request";
    const bool of_job = std::any_of(line.begin(), line.end(),
                                    [&](const auto& field) { return field.second == id; });
    if (!of_job || line["level"] != "info") continue;
    const auto& event = line["event"];
    const bool start = event.find("start") != std::string::npos;
    const bool end = event.find("end") != std::string::npos ||
                     event.find("complete") != std::string::npos ||
                     event.find("finish") != std::string::npos;
    starts += start;
    ends += end;
    if (start || end) {
      EXPECT_EQ(line["user"], "7") << event;
      EXPECT_EQ(line["unit"], "1") << event;
    }
    if (end) {
      EXPECT_TRUE(line.contains("ms")) << event;
      EXPECT_EQ(line["created"], job["result"]["createdTotal"].dump()) << event;
    }
  }
  EXPECT_EQ(starts, 1) << service_->errors();
  EXPECT_EQ(ends, 1) << service_->errors();
  EXPECT_GE(requests, 3);
  EXPECT_EQ(service_->errors().find("eyJ"), std::string::npos) << "a token is logged";
}

TEST_F(system_routes, requests_are_logged_at_debug_only) {
  start();
  as().get("/api/unidades");
  stop();
  EXPECT_EQ(service_->errors().find("event=request"), std::string::npos);
}

TEST_F(system_routes, head_is_get_without_body) {
  start();
  auto user = as();
  for (const char* path : {"/api/unidades", "/api/empresas/1", "/api/tarefas", "/health/live",
                           "/api/empresas/999", "/api/nada"}) {
    const auto got = user.get(path);
    const auto head = user.ask("HEAD", path);
    EXPECT_EQ(head.status, got.status) << path;
    EXPECT_EQ(head.header("Content-Length"), got.header("Content-Length")) << path;
    EXPECT_EQ(head.header("Content-Type"), got.header("Content-Type")) << path;
  }
  EXPECT_EQ(user.ask("HEAD", job_path(1)).status, 405);
  EXPECT_EQ(user.get("/api/unidades").status, 200) << "the connection is still in step";
}

TEST_F(system_routes, cors_is_off_by_default) {
  start();
  const header_list browser{{"Origin", "https://app.example.com"},
                            {"Access-Control-Request-Method", "POST"},
                            {"Access-Control-Request-Headers", "authorization,content-type"}};
  const auto preflight = nobody().ask("OPTIONS", job_path(1), std::nullopt, browser);
  EXPECT_FALSE(preflight.header("Access-Control-Allow-Origin"));
  EXPECT_TRUE(preflight.header("Allow"));
  const auto got = as().get("/api/unidades", browser);
  EXPECT_EQ(got.status, 200);
  EXPECT_FALSE(got.header("Access-Control-Allow-Origin"));
}

TEST_F(system_routes, cors_lets_named_origins_in_and_no_others) {
  start({"--cors-origin", "https://app.example.com", "--cors-origin", "http://localhost:5173"});
  for (const std::string origin : {"https://app.example.com", "http://localhost:5173"}) {
    const auto preflight = nobody().ask("OPTIONS", job_path(1), std::nullopt,
                                        {{"Origin", origin},
                                         {"Access-Control-Request-Method", "POST"},
                                         {"Access-Control-Request-Headers", "authorization"}});
    EXPECT_EQ(preflight.status / 100, 2);
    EXPECT_EQ(preflight.header("Access-Control-Allow-Origin"), origin);
    auto allowed = preflight.header("Access-Control-Allow-Headers").value_or("");
    std::transform(allowed.begin(), allowed.end(), allowed.begin(), ::tolower);
    for (const char* name : {"authorization", "content-type", "idempotency-key", "last-event-id"}) {
      EXPECT_NE(allowed.find(name), std::string::npos) << allowed;
    }
    EXPECT_NE(preflight.header("Access-Control-Allow-Methods").value_or("").find("POST"),
              std::string::npos);
    EXPECT_FALSE(preflight.header("Access-Control-Allow-Credentials"));
    for (const auto& got : {as().get("/api/unidades", {{"Origin", origin}}),
                            nobody().get("/api/unidades", {{"Origin", origin}}),
                            as().get("/api/nada", {{"Origin", origin}})}) {
      EXPECT_EQ(got.header("Access-Control-Allow-Origin"), origin) << got.status;
      EXPECT_NE(got.header("Vary").value_or("").find("Origin"), std::string::npos);
    }
  }
  for (const std::string origin :
       {"https://evil.example.com", "null", "https://app.example.com.evil",
        "HTTPS://app.example.com:443x"}) {
    EXPECT_FALSE(
        as().get("/api/unidades", {{"Origin", origin}}).header("Access-Control-Allow-Origin"))
        << origin;
  }
}

TEST_F(system_routes, options_names_the_methods) {
  start();
  const auto got = nobody().ask("OPTIONS", "/api/empresas/1");
  EXPECT_EQ(got.status / 100, 2);
  const auto allow = got.header("Allow").value_or("");
  for (const char* method : {"GET", "HEAD", "PUT", "OPTIONS"}) {
    EXPECT_NE(allow.find(method), std::string::npos) << allow;
  }
  EXPECT_EQ(nobody().ask("OPTIONS", "*").status / 100, 2);
}

}  // namespace
}  // namespace mutirao::e2e
