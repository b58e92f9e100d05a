// One job on an otherwise idle service, beside its rows written by SQLite alone.
#include <unistd.h>

#include <array>
#include <string>

#include "bench/connection.hpp"
#include "bench/failure.hpp"
#include "bench/floor_store.hpp"
#include "bench/rows.hpp"
#include "bench/stopwatch.hpp"
#include "bench/token.hpp"

namespace mutirao::bench {
namespace {

class contest {
 public:
  explicit contest(const setup& in)
      : people_(ordinary_population()),
        file_(in, "ours", people_),
        floor_file_(in, "floor", file_),
        service_(in, file_),
        floor_(floor_file_.path()) {}

  /// Both do the unit's job, the floor first.
  void round(std::size_t unit) {
    // The service's checkpoint of the last round is not to fall into the floor's time.
    usleep(40'000);
    const std::array<const std::vector<company>*, 1> units{&people_.units[unit]};
    floor_times.push_back(floor_.write(units) * 1000);
    times.push_back(do_job(static_cast<std::int64_t>(unit + 1)));
    rows_.jobs += 1;
    rows_.companies += static_cast<std::int64_t>(people_.units[unit].size());
  }

  void forget_times() {
    times.clear();
    floor_times.clear();
  }

  void finish() {
    service_.check(rows_);
    require(floor_.tasks() == rows_.companies * tasks_a_year, "the floor wrote other rows");
    service_.end();
  }

  std::vector<double> times, floor_times;  // milliseconds

 private:
  double do_job(std::int64_t unit) const {
    job_client client(service_.port(), token_of(unit, unit));
    const stopwatch watch;
    client.wait(client.post(unit), 0);
    return watch.milliseconds();
  }

  population people_;
  database_file file_, floor_file_;
  service service_;
  floor_store floor_;
  expected_rows rows_;
};

constexpr std::size_t warm_up = 10;

}  // namespace

population ordinary_population() {
  return populate({{small_units, 150}, {large_units, 2'000}});
}

void measure_small_job(const setup& in, report& into) {
  contest both(in);
  std::size_t unit = 0;
  while (unit < warm_up) both.round(unit++);
  both.forget_times();
  while (unit < warm_up + std::min(8 * in.repetitions, small_units - warm_up)) both.round(unit++);
  both.finish();
  into.time("POST to completed, 150 companies", both.times, both.floor_times, 2.5, 1.6);
}

void measure_large_job(const setup& in, report& into) {
  contest both(in);
  for (std::size_t unit = 0; unit < warm_up; ++unit) both.round(unit);
  both.forget_times();
  for (std::size_t i = 0; i < large_units; ++i) both.round(small_units + i);
  both.finish();
  into.time("POST to completed, 2,000 companies", both.times, both.floor_times, 1.8, 1.3);
}

}  // namespace mutirao::bench
