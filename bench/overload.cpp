// GET of jobs' status while 10,000 wait, and whoever posts more is refused and posts again.
#include <algorithm>
#include <atomic>
#include <deque>
#include <future>
#include <string>

#include "bench/connection.hpp"
#include "bench/failure.hpp"
#include "bench/load.hpp"
#include "bench/posting.hpp"
#include "bench/rows.hpp"
#include "bench/token.hpp"

namespace mutirao::bench {
namespace {

constexpr std::int64_t waiting = 10'000;
constexpr std::int64_t max_jobs = 11'000;  // waiting, running, and those about to replace the ended
constexpr std::size_t units = 22'000;
constexpr std::size_t companies_each = 10;
constexpr std::size_t posting_connections = 100;
constexpr double seconds = 3;
constexpr double patience_seconds = 120;

/// Clients that take no 503 for an answer.
class crowd {
 public:
  crowd(std::uint16_t port, const std::vector<std::string>& requests)
      : port_(port), left_(requests.begin(), requests.end()) {}

  /// Posts until the service refuses.
  load_result fill(std::size_t connections) {
    return post(connections, [this] { return refused_ > 0; });
  }
  /// Goes on posting until `done`.
  load_result press(std::size_t connections, const std::atomic<bool>& done) {
    return post(connections, [&done] { return done.load(); });
  }

  const std::vector<std::string>& accepted() const { return accepted_; }
  std::size_t refused() const { return refused_; }

 private:
  template <class Enough>
  load_result post(std::size_t connections, Enough enough) {
    load_options options;
    options.port = port_;
    options.connections = connections;
    options.seconds = patience_seconds;
    options.next = [&]() -> std::optional<std::string_view> {
      if (enough() || left_.empty()) return std::nullopt;
      const auto request = left_.front();
      left_.pop_front();
      return request;
    };
    options.right = [&](std::string_view request, const response& answer) {
      if (answer.status == 202) {
        accepted_.push_back(job_in(answer.body));
      } else {
        ++refused_;
        left_.push_back(request);
      }
      return answer.status == 202 || answer.status == 503;
    };
    return put_load(options);
  }

  std::uint16_t port_;
  std::deque<std::string_view> left_;
  std::vector<std::string> accepted_;  // ids, oldest first
  std::size_t refused_ = 0;
};

/// Asks for the status of one job after the other, round and round.
load_result ask_for_each(std::uint16_t port, const std::vector<std::string>& jobs) {
  const auto token = admin_token(1);
  std::vector<std::string> requests;
  for (const auto& job : jobs) requests.push_back(status_text(job, token));
  auto at = requests.begin();
  load_options options;
  options.port = port;
  options.seconds = seconds;
  options.next = [&]() -> std::optional<std::string_view> {
    if (at == requests.end()) at = requests.begin();
    return *at++;
  };
  options.right = [](std::string_view, const response& answer) { return answer.status == 200; };
  return put_load(options);
}

double once(const setup& in, const database_file& from, const std::vector<std::string>& requests) {
  const database_file file(in, "ours", from);
  service running(in, file, max_jobs);
  crowd posting(running.port(), requests);
  posting.fill(50);
  const auto jobs = posting.accepted();

  std::atomic<bool> done{false};
  auto pressing =
      std::async(std::launch::async, [&] { return posting.press(posting_connections, done); });
  const auto before = running.waiting();
  const auto asked = ask_for_each(running.port(), jobs);
  const auto after = running.waiting();
  done = true;
  const auto pressed = pressing.get();
  require(std::min(before, after) >= waiting,
          "only " + std::to_string(before) + ", then " + std::to_string(after) + " jobs waited");
  tell(std::to_string(asked.per_second()) + " GET/s; POST p99 " +
       std::to_string(pressed.milliseconds_at(0.99)) + " ms, " +
       std::to_string(posting.accepted().size() - jobs.size()) + " taken, " +
       std::to_string(posting.refused()) + " refused meanwhile");

  running.wait_until_idle(std::chrono::seconds(300));
  const auto all = static_cast<std::int64_t>(posting.accepted().size());
  running.check({all, all * static_cast<std::int64_t>(companies_each)});
  running.end();
  return asked.milliseconds_at(0.99);
}

}  // namespace

void measure_overload(const setup& in, report& into) {
  const database_file from(in, "start", populate({{units, companies_each}}));
  const auto requests = one_job_each(units);
  std::vector<double> tails;
  for (std::size_t i = 0; i < in.repetitions; ++i) tails.push_back(once(in, from, requests));
  into.bound("GET status p99, 10,000 jobs wait, more refused", "ms", tails, 50, 0);
}

}  // namespace mutirao::bench
