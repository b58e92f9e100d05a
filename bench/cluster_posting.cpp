// Jobs of one company, posted at one, two and four nodes as fast as they are taken.
#include <array>
#include <future>
#include <string>

#include "bench/cluster.hpp"
#include "bench/failure.hpp"
#include "bench/posting.hpp"
#include "bench/rows.hpp"
#include "bench/stopwatch.hpp"

namespace mutirao::bench {
namespace {

constexpr std::array<std::size_t, 3> node_counts{1, 2, 4};
constexpr std::size_t units = 20'000;
constexpr std::size_t connections = 48;
constexpr double seconds = 3;
constexpr std::chrono::seconds patience{300};

struct burst {
  double posted_per_second = 0, completed_per_second = 0, high_ms = 0;
};

burst post_at(const setup& in, const postgres_database& from, std::size_t nodes,
              std::span<const std::string> requests) {
  const postgres_database on(in, "ours", from);
  cluster all(in, on, nodes);
  const auto share = requests.size() / nodes;
  const stopwatch watch;
  std::vector<std::future<load_result>> parts;
  for (std::size_t i = 0; i < nodes; ++i) {
    parts.push_back(std::async(std::launch::async, post_all, all.node(i).port(),
                               requests.subspan(i * share, share), seconds, connections / nodes));
  }
  burst done;
  load_result together;
  std::size_t accepted = 0;
  for (auto& each : parts) {
    const auto part = each.get();
    done.posted_per_second += part.per_second();
    accepted += part.answered + part.late;
    together.nanoseconds.insert(together.nanoseconds.end(), part.nanoseconds.begin(),
                                part.nanoseconds.end());
  }
  require(accepted < requests.size(), "too few units");
  done.high_ms = together.milliseconds_at(0.99);
  all.node(0).wait_until_idle(patience);
  done.completed_per_second = static_cast<double>(accepted) / watch.seconds();
  const auto jobs = static_cast<std::int64_t>(accepted);
  all.finish({jobs, jobs}, patience);
  return done;
}

}  // namespace

void measure_cluster_posting(const setup& in, report& into) {
  const postgres_database from(in, "start", populate({{units, 1}}));
  const auto requests = one_job_each(units);
  for (const auto nodes : node_counts) {
    std::vector<double> posted, completed, high;
    for (std::size_t i = 0; i < in.repetitions; ++i) {
      const auto done = post_at(in, from, nodes, requests);
      posted.push_back(done.posted_per_second);
      completed.push_back(done.completed_per_second);
      high.push_back(done.high_ms);
    }
    const auto where = std::to_string(nodes) + (nodes == 1 ? " node" : " nodes");
    into.figure("durable POST/s, 48 connections, " + where, "/s", posted);
    into.figure("their p99", "ms", high);
    into.figure("jobs of one company completed, from the first POST to the last end", "jobs/s",
                completed);
  }
}

}  // namespace mutirao::bench
