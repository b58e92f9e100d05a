// From a start behind kill -9 to a ready service, and to the first company that it commits.
#include <unistd.h>

#include <chrono>
#include <string>

#include "bench/connection.hpp"
#include "bench/failure.hpp"
#include "bench/posting.hpp"
#include "bench/rows.hpp"
#include "bench/sql.hpp"
#include "bench/stopwatch.hpp"
#include "bench/token.hpp"

namespace mutirao::bench {
namespace {

struct stored_jobs {
  std::size_t unfinished;  // at the kill, at least
  std::size_t spare;       // so many more a moment before: some end meanwhile
  std::size_t companies_each;
  int future_years;
};

struct restart_times {
  std::vector<double> ready, moving;  // milliseconds
};

/// Runs the jobs until enough are unfinished while companies are committed, then kill -9. Returns
/// how many jobs were accepted.
std::size_t crash(const setup& in, const database_file& file, const stored_jobs& jobs,
                  const std::vector<std::string>& requests) {
  service running(in, file);
  const auto posted = post_until_unfinished(running, requests, jobs.unfinished + jobs.spare);
  running.wait_for_more_than(0);
  running.child().freeze();
  const auto left = running.unfinished();
  running.child().kill_now();
  require(left >= static_cast<std::int64_t>(jobs.unfinished),
          "only " + std::to_string(left) + " jobs were unfinished at the kill");
  tell(std::to_string(left) + " jobs unfinished at the kill");
  return posted;
}

std::int64_t milliseconds_since_1970() {
  using namespace std::chrono;
  return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
}

/// Until a company is committed later than `start`. Looks at the jobs only after a commit, so that
/// looking takes no time from the service.
void wait_for_progress(const database_file& file, std::int64_t start) {
  const auto advanced =
      "SELECT EXISTS (SELECT 1 FROM jobs WHERE advanced_at > " + std::to_string(start) + ")";
  sql_database reading(file.path(), sql_database::access::read);
  const stopwatch watch;
  std::int64_t seen = -1;
  while (true) {
    const auto version = reading.integer("PRAGMA data_version");
    if (version != seen && reading.integer(advanced.c_str()) == 1) return;
    seen = version;
    require(watch.seconds() < 60, "no job moves again");
    usleep(100);
  }
}

void restart(const setup& in, const database_file& file, const stored_jobs& jobs,
             std::size_t posted, restart_times& times) {
  const auto start = milliseconds_since_1970();
  const stopwatch watch;
  service running(in, file);
  connection asker(running.port());
  const auto ask = request_text("GET", "/health/ready", "");
  while (asker.ask(ask).status != 200) {
  }
  times.ready.push_back(watch.milliseconds());
  wait_for_progress(file, start);
  times.moving.push_back(watch.milliseconds());
  tell("ready after " + std::to_string(times.ready.back()) + " ms, first commit after " +
       std::to_string(times.moving.back()) + " ms");

  running.wait_until_idle(std::chrono::seconds(300));
  const auto all = static_cast<std::int64_t>(posted);
  running.check({all, all * static_cast<std::int64_t>(jobs.companies_each), 1 + jobs.future_years});
  running.end();
}

restart_times measure(const setup& in, const stored_jobs& jobs) {
  const auto units = jobs.unfinished == 1 ? 1 : 2 * (jobs.unfinished + jobs.spare);
  const database_file from(in, "start", populate({{units, jobs.companies_each}}));
  const auto requests = one_job_each(units, jobs.future_years);
  restart_times times;
  for (std::size_t i = 0; i < in.repetitions; ++i) {
    const database_file file(in, "ours", from);
    const auto posted = crash(in, file, jobs, requests);
    restart(in, file, jobs, posted, times);
  }
  return times;
}

}  // namespace

void measure_recovery(const setup& in, report& into) {
  constexpr double must = 1'000;
  const auto one = measure(in, {1, 0, 2'000, 5});
  into.bound("kill -9, start to first commit, 1 job of 2,000", "ms", one.moving, must, 0);
  const auto some = measure(in, {100, 20, 150, 1});
  into.bound("the same, 100 jobs of 150", "ms", some.moving, must, 0);
  const auto many = measure(in, {10'000, 500, 10, 0});
  into.bound("the same, 10,000 jobs of 10", "ms", many.moving, must, 0);
  into.bound("its start to ready", "ms", many.ready, must, 0);
}

}  // namespace mutirao::bench
