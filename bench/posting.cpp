#include "bench/posting.hpp"

#include <algorithm>

#include "bench/connection.hpp"
#include "bench/failure.hpp"
#include "bench/rows.hpp"
#include "bench/stopwatch.hpp"
#include "bench/token.hpp"

namespace mutirao::bench {
namespace {

constexpr std::size_t units = 250'000;
constexpr double floor_seconds = 3;
constexpr double seconds = 5;
constexpr double patience_seconds = 120;
constexpr std::size_t answer_bytes = 160;  // of the service's 202, about

struct burst {
  load_result load;
  double completed_per_second;
};

burst ours(const setup& in, const database_file& from, const std::vector<std::string>& requests) {
  const database_file file(in, "ours", from);
  service running(in, file);
  const stopwatch watch;
  burst done{post_all(running.port(), requests, seconds), 0};
  running.wait_until_idle(std::chrono::seconds(120));
  const auto accepted = done.load.answered + done.load.late;
  done.completed_per_second = static_cast<double>(accepted) / watch.seconds();
  const auto jobs = static_cast<std::int64_t>(accepted);
  running.check({jobs, jobs});
  running.end();
  return done;
}

load_result floor_of(const setup& in, const std::vector<std::string>& requests) {
  const pistache_floor plain(in, 202, answer_bytes);
  return post_all(plain.port(), requests, floor_seconds);
}

}  // namespace

std::vector<std::string> one_job_each(std::size_t of_units, int future_years) {
  std::vector<std::string> requests;
  requests.reserve(of_units);
  for (std::size_t i = 1; i <= of_units; ++i) {
    const auto number = static_cast<std::int64_t>(i);
    requests.push_back(post_text(number, future_years, token_of(number, number)));
  }
  return requests;
}

load_result post_all(std::uint16_t port, std::span<const std::string> requests, double for_seconds,
                     std::size_t connections) {
  auto next = requests.begin();
  load_options options;
  options.port = port;
  options.connections = connections;
  options.seconds = for_seconds;
  options.next = [&]() -> std::optional<std::string_view> {
    if (next == requests.end()) return std::nullopt;
    return *next++;
  };
  options.right = [](std::string_view, const response& answer) { return answer.status == 202; };
  return put_load(options);
}

void do_jobs(std::uint16_t port, std::size_t first_unit, std::size_t count) {
  const auto first = static_cast<std::int64_t>(first_unit);
  const auto units = static_cast<std::int64_t>(count);
  job_client client(port, token_of(first, first, units));
  std::vector<std::string> posted;
  for (auto unit = first; unit < first + units; ++unit) posted.push_back(client.post(unit));
  for (const auto& job : posted) client.wait(job, 1'000);
}

std::size_t post_until_unfinished(const service& at, std::span<const std::string> requests,
                                  std::size_t wanted) {
  std::size_t posted = 0;
  std::size_t next = wanted;
  while (true) {
    const auto part = requests.subspan(posted, std::min(next, requests.size() - posted));
    const auto load = post_all(at.port(), part, patience_seconds);
    require(!part.empty() && load.answered + load.late == part.size(),
            "jobs end too fast: fewer than " + std::to_string(wanted) + " are unfinished");
    posted += part.size();
    const auto unfinished = static_cast<std::size_t>(at.unfinished());
    if (unfinished >= wanted) return posted;
    next = 2 * (wanted - unfinished) + 10;
  }
}

void measure_posting(const setup& in, report& into) {
  const database_file from(in, "start", populate({{units, 1}}));
  const auto requests = one_job_each(units);
  std::vector<double> rates, tails, floor_rates, floor_tails, completed;
  for (std::size_t i = 0; i < in.repetitions; ++i) {
    const auto plain = floor_of(in, requests);
    floor_rates.push_back(plain.per_second());
    floor_tails.push_back(plain.milliseconds_at(0.99));
    const auto done = ours(in, from, requests);
    rates.push_back(done.load.per_second());
    tails.push_back(done.load.milliseconds_at(0.99));
    completed.push_back(done.completed_per_second);
    tell("posted " + std::to_string(rates.back()) + "/s, completed " +
         std::to_string(completed.back()) + "/s");
  }
  into.rate("durable POST/s, 50 connections", "/s", rates, floor_rates, 0.15, 0.3);
  into.bound("their p99", "ms", tails, 10, 0, floor_tails);
}

}  // namespace mutirao::bench
