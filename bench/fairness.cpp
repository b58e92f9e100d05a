// A small job beside a very large one, against the same job on the idle service.
#include <algorithm>
#include <string>

#include "bench/connection.hpp"
#include "bench/failure.hpp"
#include "bench/rows.hpp"
#include "bench/stopwatch.hpp"
#include "bench/token.hpp"

namespace mutirao::bench {
namespace {

constexpr std::size_t large_companies = 100'000;
constexpr std::size_t small_companies = 10;
constexpr std::size_t warm_up = 10;
constexpr std::size_t fewest = 5;
constexpr std::int64_t large_unit = 1;

/// Small jobs of units that had none yet, each of a user of its own.
class small_jobs {
 public:
  explicit small_jobs(const service& at) : port_(at.port()) {}

  /// Milliseconds from the POST to completed.
  double next() {
    const auto unit = large_unit + static_cast<std::int64_t>(++done_);
    job_client client(port_, token_of(unit, unit));
    const stopwatch watch;
    client.wait(client.post(unit), 0);
    return watch.milliseconds();
  }
  std::size_t done() const { return done_; }

 private:
  std::uint16_t port_;
  std::size_t done_ = 0;
};

}  // namespace

void measure_fairness(const setup& in, report& into) {
  const auto samples = std::max(fewest, 3 * in.repetitions);
  const database_file file(
      in, "ours", populate({{1, large_companies}, {warm_up + 2 * samples, small_companies}}));
  service running(in, file);
  small_jobs small(running);
  while (small.done() < warm_up) small.next();

  std::vector<double> idle, beside;
  while (idle.size() < samples) idle.push_back(small.next());

  job_client owner(running.port(), token_of(large_unit, large_unit));
  const auto large = owner.post(large_unit);
  running.wait_for_more_than(static_cast<std::int64_t>(small.done() * small_companies));
  while (beside.size() < samples) {
    const double took = small.next();
    // Counts only where the large job still ran when it was over.
    if (owner.completed(large)) break;
    beside.push_back(took);
  }
  require(beside.size() >= fewest,
          "the large job ended before " + std::to_string(fewest) + " small ones had run beside it");
  running.wait_until_idle(std::chrono::seconds(120));
  const auto small_ones = static_cast<std::int64_t>(small.done());
  running.check({1 + small_ones, static_cast<std::int64_t>(large_companies) +
                                     small_ones * static_cast<std::int64_t>(small_companies)});
  running.end();
  into.time("10 companies beside 100,000, against idle", beside, idle, 20, 0);
}

}  // namespace mutirao::bench
