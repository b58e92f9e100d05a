// A service whose clients are told what happens, also by the process that takes its place.
#pragma once

#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "tests/e2e/fixture.hpp"
#include "tests/e2e/measure.hpp"
#include "tests/support/places.hpp"
#include "tests/support/process_figures.hpp"

namespace mutirao::e2e {

constexpr const char* user_path = "/api/notificacoes/stream";

inline std::string stream_of(const std::string& job) {
  return "/api/empresas/jobs/" + job + "/events";
}

class push_test : public service_test {
 protected:
  void SetUp() override { make_database(); }
  void fill(std::int64_t count, std::int64_t unit = 1) {
    auto stored = db();
    add_companies(stored, busy_companies(unit, unit * 10'000, count));
  }
  /// Runs `count` jobs to their end, one after the other.
  void run_jobs(int count) {
    auto user = as();
    for (int i = 0; i < count; ++i) wait_for_end(user, start_job(user));
  }
  std::string address() const { return "127.0.0.1:" + std::to_string(service_->port()); }
  /// Another process, where the first one was; that, or the one before, must have ended.
  void start_there() {
    next_ = std::make_unique<program_process>(program_process::setup{
        {"serve", "--database", url(), "--listen", address(), "--timezone", noon_zone()},
        with_secret()});
    ASSERT_EQ(next_->read_line(), "listening on http://" + address()) << next_->errors();
  }
  void kill_there() { next_ = nullptr; }
  std::int64_t measure(const std::string& called) {
    auto asking = nobody();
    return e2e::measure(asking, called);
  }
  std::int64_t listeners() { return measure("mutirao_listeners"); }
  bool all_gone() {
    return tests::eventually([this] { return listeners() == 0; });
  }
  bool has_no_more_descriptors_than(std::size_t most) {
    return tests::eventually(
        [&] { return testing::descriptors_of(service_->child().id()) <= most; });
  }

  /// Into a file of the test's folder; its path.
  std::string write(const std::string& name, const std::string& text) {
    const auto path = (folder_ / name).string();
    std::ofstream(path) << text;
    return path;
  }
  std::string read(const std::string& name) { return read_file(folder_ / name); }
  static std::string read_file(const std::filesystem::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  /// The first block of `language` below the heading, of docs/push.md.
  static std::string example(const std::string& heading, const std::string& language) {
    const auto text = read_file(testing::in_source("docs/push.md"));
    const auto section = text.find("\n## " + heading + "\n");
    const auto fence = text.find("\n```" + language + "\n", section);
    const auto from = text.find('\n', fence + 1) + 1;
    const auto to = text.find("\n```", from);
    EXPECT_NE(section, std::string::npos);
    EXPECT_NE(fence, std::string::npos);
    return text.substr(from, to - from + 1);
  }

 private:
  std::unique_ptr<program_process> next_;
};

}  // namespace mutirao::e2e
