// From kill -9 of the node that runs a job to the first commit of another.
#include <unistd.h>

#include <string>

#include "bench/cluster.hpp"
#include "bench/connection.hpp"
#include "bench/failure.hpp"
#include "bench/rows.hpp"
#include "bench/stopwatch.hpp"
#include "bench/token.hpp"

namespace mutirao::bench {
namespace {

constexpr std::int64_t companies = 10'000;
constexpr int future_years = 5;
constexpr double lease_ms = 5'000;  // the default of --lease

std::size_t node_that_runs(cluster& all, const postgres_database& on) {
  const auto owner = on.text("SELECT owner FROM jobs WHERE state = 1");
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto id = std::to_string(all.node(i).child().id());
    if (owner.find(":" + id + ":") != std::string::npos) return i;
  }
  give_up("no node runs the job");
}

double move_over(const setup& in, const postgres_database& from) {
  const postgres_database on(in, "ours", from);
  cluster all(in, on, 2);
  job_client(all.node(0).port(), token_of(1, 1)).post(1, future_years);
  all.node(0).wait_for_more_than(companies / 10);
  const auto victim = node_that_runs(all, on);
  const auto owner = on.text("SELECT owner FROM jobs");
  const stopwatch watch;
  all.node(victim).child().freeze();
  const auto moved = "SELECT count(*) FROM jobs WHERE owner <> '" + owner + "' AND done > " +
                     std::to_string(on.integer("SELECT done FROM jobs"));
  all.kill_node(victim);
  while (on.integer(moved.c_str()) == 0) {
    require(watch.seconds() < 60, "nobody takes the job up");
    usleep(2'000);
  }
  const auto took = watch.milliseconds();
  tell("moved over after " + std::to_string(took) + " ms");
  all.finish({1, companies, 1 + future_years}, std::chrono::seconds(120));
  return took;
}

}  // namespace

void measure_cluster_takeover(const setup& in, report& into) {
  const postgres_database from(in, "start", populate({{1, companies}}));
  std::vector<double> times;
  for (std::size_t i = 0; i < in.repetitions; ++i) times.push_back(move_over(in, from));
  into.bound("kill -9 of a job's node to the first commit of another, --lease 5s", "ms", times,
             lease_ms, 0);
}

}  // namespace mutirao::bench
