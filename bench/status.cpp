// GET of a job's status, as often as 50 connections can.
#include <string>

#include "bench/connection.hpp"
#include "bench/failure.hpp"
#include "bench/load.hpp"
#include "bench/rows.hpp"
#include "bench/token.hpp"

namespace mutirao::bench {
namespace {

constexpr double seconds = 2;
constexpr double running_seconds = 1;
constexpr int most_future_years = 5;

load_result get_all(std::uint16_t port, const std::string& request, double for_seconds,
                    std::string_view must_say) {
  load_options options;
  options.port = port;
  options.seconds = for_seconds;
  options.next = [&] { return std::optional<std::string_view>(request); };
  options.right = [&](std::string_view, const response& answer) {
    return answer.status == 200 && answer.body.find(must_say) != std::string_view::npos;
  };
  return put_load(options);
}

struct rates {
  std::vector<double> ours, floor;
};

/// One burst at a plain server that answers as many bytes as `like` has.
double floor_of(const setup& in, const std::string& request, std::size_t bytes,
                double for_seconds) {
  const pistache_floor plain(in, 200, bytes);
  return get_all(plain.port(), request, for_seconds, "").per_second();
}

rates of_finished(const setup& in) {
  const database_file file(in, "ours", ordinary_population());
  service running(in, file);
  const auto token = token_of(1, 1);
  job_client client(running.port(), token);
  const auto job = client.post(1);
  client.wait(job, 1'000);
  const auto request = status_text(job, token);
  const auto bytes = connection(running.port()).ask(request).body.size();
  tell("a finished job's status has " + std::to_string(bytes) + " bytes");

  rates found;
  for (std::size_t i = 0; i < in.repetitions; ++i) {
    found.floor.push_back(floor_of(in, request, bytes, seconds));
    found.ours.push_back(
        get_all(running.port(), request, seconds, R"("status":"completed")").per_second());
  }
  running.check({1, 150});
  running.end();
  return found;
}

/// The job must still run when the burst is over: each answer has to say so.
double of_running_once(const setup& in, const database_file& from, std::size_t& bytes) {
  const database_file file(in, "ours", from);
  service running(in, file);
  const auto token = token_of(1, 1);
  job_client client(running.port(), token);
  const auto request = status_text(client.post(1, most_future_years), token);
  connection asker(running.port());
  while (asker.ask(request).body.find(R"("status":"running")") == std::string_view::npos) {
  }
  bytes = asker.ask(request).body.size();
  const auto rate =
      get_all(running.port(), request, running_seconds, R"("status":"running")").per_second();
  running.wait_until_idle(std::chrono::seconds(60));
  running.check({1, 40'000, 1 + most_future_years});
  running.end();
  return rate;
}

rates of_running(const setup& in) {
  const database_file from(in, "start", populate({{1, 40'000}, {266, 150}, {1, 100}}));
  const auto request = status_text("00000000-0000-4000-8000-000000000000", token_of(1, 1));
  std::size_t bytes = 400;
  rates found;
  for (std::size_t i = 0; i < in.repetitions; ++i) {
    found.floor.push_back(floor_of(in, request, bytes, running_seconds));
    found.ours.push_back(of_running_once(in, from, bytes));
  }
  return found;
}

}  // namespace

void measure_status(const setup& in, report& into) {
  const auto finished = of_finished(in);
  into.rate("GET status/s, finished job of 150", "/s", finished.ours, finished.floor, 0.5, 0.9);
  const auto running = of_running(in);
  into.rate("GET status/s, running job of 40,000", "/s", running.ours, running.floor, 0.5, 0.9);
}

}  // namespace mutirao::bench
