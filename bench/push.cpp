// How soon listeners hear of what was committed, and what each of them costs.
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <future>
#include <string>

#include "bench/connection.hpp"
#include "bench/failure.hpp"
#include "bench/listeners.hpp"
#include "bench/rows.hpp"
#include "bench/token.hpp"

namespace mutirao::bench {
namespace {

constexpr std::int64_t companies = 20'000;
constexpr int events = 100;

void allow_many_descriptors() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

struct delays {
  std::vector<double> median, high;                // of the events, one of each repetition
  std::vector<double> answer_median, answer_high;  // of the answers to what brought them
  std::vector<double> kib_each, microseconds_each;
};

/// A job that rests is given one priority after the other: one durable event each.
void once(const setup& in, const database_file& from, std::size_t count,
          way_to_listen (*by)(const std::string&), delays& into) {
  const database_file file(in, "ours", from);
  service running(in, file);
  const auto token = token_of(1, 1);
  job_client client(running.port(), token);
  connection control(running.port());
  const auto job = client.post(1);
  const auto base = "/api/empresas/jobs/" + job;
  require(control.ask(request_text("POST", base + "/pause", token)).successful(), "no pause");

  const auto before = running.child().resident_mib();
  listeners all(running.port(), count, by(token));
  wait_until_told(control, count);
  const auto used = running.child().processor_seconds();
  std::vector<double> heard, answered;
  for (int i = 0; i < events; ++i) {
    const auto request = priority_text(job, token, i % 10 + 1);
    const stopwatch watch;
    auto answer = std::async(std::launch::async, [&] {
      require(control.ask(request).successful(), "no priority");
      return watch.milliseconds();
    });
    const auto times = all.next_event(watch);
    answered.push_back(answer.get());
    heard.insert(heard.end(), times.begin(), times.end());
  }
  into.microseconds_each.push_back((running.child().processor_seconds() - used) * 1e6 /
                                   static_cast<double>(count * events));
  into.median.push_back(median(heard));
  into.high.push_back(quantile(heard, 0.99));
  into.answer_median.push_back(median(answered));
  into.answer_high.push_back(quantile(answered, 0.99));
  into.kib_each.push_back((running.child().resident_mib() - before) * 1024 /
                          static_cast<double>(count));
  require(control.ask(request_text("POST", base + "/resume", token)).successful(), "no resume");
  running.wait_until_idle(std::chrono::seconds(60));
  running.check({1, companies});
  running.end();
}

struct bounds {
  std::size_t count;
  double must, aim;  // milliseconds
};

/// `one`: what a listener is called.
void measure(const setup& in, report& into, const std::string& one,
             way_to_listen (*by)(const std::string&), const std::array<bounds, 3>& ascending) {
  allow_many_descriptors();
  const database_file from(in, "start", populate({{1, companies}}));
  delays found;
  for (const auto& [count, must, aim] : ascending) {
    found = {};
    for (std::size_t i = 0; i < in.repetitions; ++i) once(in, from, count, by, found);
    const auto who = std::to_string(count) + " " + one + (count == 1 ? "" : "s");
    into.bound("request to event, " + who + ", p50", "ms", found.median, must, 0,
               found.answer_median);
    into.bound("the same, p99", "ms", found.high, must, aim, found.answer_high);
  }
  into.bound("memory for each " + one, "KiB", found.kib_each, 64, 16);
  into.bound("processor time for each " + one + " and event", "us", found.microseconds_each, 100,
             20);
}

}  // namespace

void measure_streams(const setup& in, report& into) {
  measure(in, into, "listener", by_stream,
          {bounds{1, 50, 10}, bounds{100, 50, 20}, bounds{2'000, 250, 100}});
}

void measure_sockets(const setup& in, report& into) {
  measure(in, into, "socket", by_socket,
          {bounds{1, 50, 10}, bounds{100, 50, 20}, bounds{500, 100, 50}});
}

}  // namespace mutirao::bench
