// A service whose clients are told what happens, also by the process that takes its place.
#pragma once

#include <fstream>
#include <iterator>
#include <memory>
#include <string>

#include "tests/e2e/fixture.hpp"

namespace mutirao::e2e {

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
  /// -1: there is no such.
  std::int64_t measure(const std::string& called) {
    const auto text = nobody().get("/metrics").body;
    const auto name = "\n" + called + " ";
    const auto at = text.find(name);
    return at == std::string::npos ? -1 : std::atoll(text.c_str() + at + name.size());
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
    const auto text = read_file(std::string(MUTIRAO_SOURCE_DIR) + "/docs/push.md");
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
