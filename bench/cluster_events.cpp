// How soon a stream at one node hears of what was committed at another.
#include <future>
#include <optional>
#include <string>

#include "bench/cluster.hpp"
#include "bench/connection.hpp"
#include "bench/failure.hpp"
#include "bench/listeners.hpp"
#include "bench/rows.hpp"
#include "bench/token.hpp"

namespace mutirao::bench {
namespace {

constexpr std::int64_t companies = 20'000;
constexpr std::int64_t companies_beside = 20'000;
constexpr int future_years = 5;
constexpr int events = 100;
constexpr double must_ms = 200;

struct delays {
  std::vector<double> median, high;            // at the other node, one of each repetition
  std::vector<double> here_median, here_high;  // at the node that was asked
};

void ask(connection& control, const std::string& request) {
  const auto answer = control.ask(request);
  require(answer.successful(), "answered " + std::to_string(answer.status));
}

/// A job that rests is given one priority after the other at the first node.
void time_events(cluster& all, const std::string& job, const std::string& token, delays& into) {
  connection control(all.node(0).port()), other(all.node(1).port());
  listeners here(all.node(0).port(), 1, by_stream(token));
  listeners there(all.node(1).port(), 1, by_stream(token));
  wait_until_told(control, 1);
  wait_until_told(other, 1);
  std::vector<double> heard, heard_here;
  for (int i = 0; i < events; ++i) {
    const auto request = priority_text(job, token, i % 10 + 1);
    const stopwatch watch;
    auto asked = std::async(std::launch::async, [&] { ask(control, request); });
    auto at_home = std::async(std::launch::async, [&] { return here.next_event(watch).front(); });
    heard.push_back(there.next_event(watch).front());
    heard_here.push_back(at_home.get());
    asked.get();
  }
  into.median.push_back(median(heard));
  into.high.push_back(quantile(heard, 0.99));
  into.here_median.push_back(median(heard_here));
  into.here_high.push_back(quantile(heard_here, 0.99));
}

/// `busy`: beside a job of another user's that runs.
void once(const setup& in, const postgres_database& from, bool busy, delays& into) {
  const postgres_database on(in, "ours", from);
  cluster all(in, on, 2);
  const auto token = token_of(1, 1);
  const auto job = job_client(all.node(0).port(), token).post(1);
  connection control(all.node(0).port());
  const auto base = "/api/empresas/jobs/" + job;
  ask(control, request_text("POST", base + "/pause", token));
  if (busy) job_client(all.node(1).port(), token_of(2, 2)).post(2, future_years);
  time_events(all, job, token, into);
  const bool was_busy = on.integer("SELECT count(*) FROM jobs WHERE state = 1") == 1;
  require(was_busy == busy, "the job beside ended too soon");
  ask(control, request_text("POST", base + "/resume", token));
  all.node(0).wait_until_idle(std::chrono::seconds(120));
  for (std::size_t i = 0; i < all.size(); ++i) all.node(i).end();
}

void measure(const setup& in, const postgres_database& from, bool busy, report& into) {
  delays found;
  for (std::size_t i = 0; i < in.repetitions; ++i) once(in, from, busy, found);
  const std::string beside = busy ? ", beside a job of 20,000" : "";
  into.bound("request at one node to the event at another" + beside + ", p50; beside: at the same",
             "ms", found.median, must_ms, 0, found.here_median);
  into.bound("the same, p99", "ms", found.high, must_ms, 0, found.here_high);
}

}  // namespace

void measure_cluster_events(const setup& in, report& into) {
  const postgres_database from(in, "start", populate({{1, companies}, {1, companies_beside}}));
  measure(in, from, false, into);
  measure(in, from, true, into);
}

}  // namespace mutirao::bench
