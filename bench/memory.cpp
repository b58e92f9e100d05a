// Resident memory of the service.
#include <unistd.h>

#include <string>

#include "bench/connection.hpp"
#include "bench/failure.hpp"
#include "bench/posting.hpp"
#include "bench/rows.hpp"
#include "bench/token.hpp"

namespace mutirao::bench {
namespace {

constexpr std::size_t jobs_in_flight = 1'000;
constexpr std::int64_t companies_each = 80;
constexpr int future_years = 5;
constexpr std::size_t units = 2 * jobs_in_flight;  // some jobs end while others are posted
constexpr std::size_t many_jobs = 100'000;
constexpr double patience_seconds = 120;

void idle(const setup& in, report& into) {
  const database_file from(in, "start", ordinary_population());
  std::vector<double> sizes;
  for (std::size_t i = 0; i < in.repetitions; ++i) {
    service running(in, from);
    const auto answer =
        connection(running.port()).ask(request_text("GET", "/health/ready", token_of(1, 1)));
    require(answer.status == 200, "not ready: " + std::to_string(answer.status));
    sizes.push_back(running.child().resident_mib());
    running.end();
  }
  into.bound("memory, idle, 80,000 companies", "MiB", sizes, 40, 20);
}

void in_flight(const setup& in, report& into) {
  const database_file from(in, "start", populate({{units, companies_each}}));
  const auto requests = one_job_each(units, future_years);
  std::vector<double> peaks;
  for (std::size_t i = 0; i < in.repetitions; ++i) {
    const database_file file(in, "ours", from);
    service running(in, file);
    const auto posted = post_until_unfinished(running, requests, jobs_in_flight);
    tell("1,000 jobs in flight of " + std::to_string(posted) + " posted, " +
         std::to_string(running.child().resident_mib()) + " MiB then");
    running.wait_until_idle(std::chrono::seconds(120));
    peaks.push_back(running.child().peak_mib());
    const auto jobs = static_cast<std::int64_t>(posted);
    running.check({jobs, jobs * companies_each, 1 + future_years});
    running.end();
  }
  into.bound("memory, 1,000 jobs in flight, the peak", "MiB", peaks, 150, 75);
}

void after_many(const setup& in, report& into) {
  const database_file file(in, "start", populate({{many_jobs, 1}}));
  service running(in, file);
  const auto posted = post_all(running.port(), one_job_each(many_jobs), patience_seconds);
  require(posted.answered + posted.late == many_jobs, "not all jobs were posted");
  running.wait_until_idle(std::chrono::seconds(120));
  const auto size = running.child().resident_mib();
  const auto peak = running.child().peak_mib();
  running.check({many_jobs, many_jobs});
  running.end();
  into.bound("memory, after 100,000 jobs", "MiB", {size}, 200, 100);
  into.bound("the peak while they ran", "MiB", {peak}, 200, 100);
}

}  // namespace

void measure_memory(const setup& in, report& into) {
  idle(in, into);
  in_flight(in, into);
  after_many(in, into);
}

}  // namespace mutirao::bench
