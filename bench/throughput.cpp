// Many jobs at once: rows a second from the first POST until the last job is completed.
#include <exception>
#include <future>
#include <string>

#include "bench/failure.hpp"
#include "bench/floor_store.hpp"
#include "bench/posting.hpp"
#include "bench/rows.hpp"
#include "bench/stopwatch.hpp"

namespace mutirao::bench {
namespace {

constexpr std::size_t clients = 10;
constexpr std::size_t jobs_of_client = 20;
constexpr std::size_t warm_up = 5;
constexpr std::size_t floor_jobs_a_transaction = 10;
constexpr std::int64_t companies_of_job = 150;
constexpr auto jobs = clients * jobs_of_client;
// Tasks, events and ledger rows.
constexpr double rows = static_cast<double>(jobs) * companies_of_job * (2 * tasks_a_year + 1);

double ours(const setup& in, const database_file& from) {
  const database_file file(in, "ours", from);
  service running(in, file);
  do_jobs(running.port(), jobs + 1, warm_up);

  const stopwatch watch;
  std::vector<std::future<void>> all;
  for (std::size_t i = 0; i < clients; ++i) {
    all.push_back(std::async(std::launch::async, do_jobs, running.port(), i * jobs_of_client + 1,
                             jobs_of_client));
  }
  for (auto& each : all) each.get();
  const double seconds = watch.seconds();

  const auto done = static_cast<std::int64_t>(jobs + warm_up);
  running.check({done, done * companies_of_job});
  running.end();
  return rows / seconds;
}

double floor_of(const setup& in, const database_file& from, const population& people) {
  const database_file file(in, "floor", from);
  floor_store store(file.path());
  const auto write = [&](std::size_t first, std::size_t count) {
    std::vector<const std::vector<company>*> units;
    for (std::size_t i = 0; i < count; ++i) units.push_back(&people.units[first + i]);
    return store.write(units);
  };
  write(jobs, warm_up);
  double seconds = 0;
  for (std::size_t i = 0; i < jobs; i += floor_jobs_a_transaction) {
    seconds += write(i, floor_jobs_a_transaction);
  }
  require(
      store.tasks() == static_cast<std::int64_t>(jobs + warm_up) * companies_of_job * tasks_a_year,
      "the floor wrote other rows");
  return rows / seconds;
}

}  // namespace

void measure_throughput(const setup& in, report& into) {
  const auto people = ordinary_population();
  const database_file from(in, "start", people);
  std::vector<double> rates, floor_rates;
  for (std::size_t i = 0; i < in.repetitions; ++i) {
    floor_rates.push_back(floor_of(in, from, people));
    rates.push_back(ours(in, from));
  }
  into.rate("200 jobs of 150 companies, 10 clients", "rows/s", rates, floor_rates, 0.6, 0.85);
}

}  // namespace mutirao::bench
