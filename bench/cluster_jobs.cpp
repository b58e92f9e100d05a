// Generation on one database by one, two and four nodes, beside the same rows written by COPY.
#include <array>
#include <future>
#include <string>

#include "bench/cluster.hpp"
#include "bench/copy_floor.hpp"
#include "bench/failure.hpp"
#include "bench/posting.hpp"
#include "bench/rows.hpp"
#include "bench/stopwatch.hpp"

namespace mutirao::bench {
namespace {

constexpr std::array<std::size_t, 3> node_counts{1, 2, 4};
constexpr std::size_t clients = 8;
constexpr std::size_t jobs_of_client = 25;
constexpr auto jobs = clients * jobs_of_client;
constexpr std::size_t warm_up = 10;
constexpr std::size_t companies_of_small = 150;
constexpr std::size_t companies_of_large = 2'000;
constexpr std::size_t companies_of_batch = 500;  // the service's, at most
// Tasks, events and ledger rows.
constexpr double rows_of_company = 2 * tasks_a_year + 1;
constexpr std::chrono::seconds patience{120};

struct round {
  double seconds = 0, node_seconds = 0, server_seconds = 0;
};

/// Behind the end of the nodes: only then has the server counted all of it.
void tell_work(postgres& server, const server_work& before, double rows) {
  const auto after = work_of(server);
  const auto syncs = static_cast<double>(after.wal_syncs - before.wal_syncs);
  tell("WAL: " + std::to_string(static_cast<double>(after.wal_bytes - before.wal_bytes) / rows) +
       " bytes a row, " + std::to_string(rows / syncs) + " rows a sync, " +
       std::to_string((after.wal_sync_seconds - before.wal_sync_seconds) * 1000 / syncs) +
       " ms each");
}

/// Each client posts its jobs at one node, and asks the next one for them.
round generate(const setup& in, const postgres_database& from, std::size_t nodes) {
  const postgres_database on(in, "ours", from);
  postgres server(in.server);
  cluster all(in, on, nodes);
  for (std::size_t i = 0; i < nodes; ++i) do_jobs(all.node(i).port(), jobs + 1 + 2 * i, 2);
  const auto before = work_of(server);
  const auto nodes_before = all.processor_seconds();
  const stopwatch watch;
  std::vector<std::future<void>> posts;
  for (std::size_t i = 0; i < clients; ++i) {
    posts.push_back(std::async(std::launch::async, do_jobs, all.node(i).port(),
                               i * jobs_of_client + 1, jobs_of_client));
  }
  for (auto& each : posts) each.get();
  round done{watch.seconds(), all.processor_seconds() - nodes_before, 0};
  const auto after = work_of(server);
  done.server_seconds = after.processor_seconds - before.processor_seconds;
  const auto made = static_cast<std::int64_t>(jobs + 2 * nodes);
  all.finish({made, made * static_cast<std::int64_t>(companies_of_small)}, patience);
  tell_work(server, before, static_cast<double>(made) * companies_of_small * rows_of_company);
  tell(std::to_string(nodes) + " nodes, " + std::to_string(done.seconds) + " s: nodes " +
       std::to_string(done.node_seconds) + " s, server " + std::to_string(done.server_seconds) +
       " s of processor");
  return done;
}

double copied(const setup& in, const postgres_database& from,
              const std::vector<copy_batch>& batches, std::size_t connections) {
  const postgres_database on(in, "floor", from);
  return copy_all(on.url(), batches, connections);
}

std::string words(std::size_t nodes) {
  return std::to_string(nodes) + (nodes == 1 ? " node" : " nodes");
}

}  // namespace

void measure_cluster_jobs(const setup& in, report& into) {
  const auto people = populate({{jobs + warm_up, companies_of_small}});
  const postgres_database from(in, "start", people);
  const auto batches = copy_batches(people, 0, jobs, companies_of_small);
  constexpr double rows = jobs * companies_of_small * rows_of_company;
  for (const auto nodes : node_counts) {
    std::vector<double> rates, floor_rates, job_rates, node_times, server_times;
    for (std::size_t i = 0; i < in.repetitions; ++i) {
      floor_rates.push_back(rows / copied(in, from, batches, nodes));
      const auto done = generate(in, from, nodes);
      rates.push_back(rows / done.seconds);
      job_rates.push_back(static_cast<double>(jobs) / done.seconds);
      node_times.push_back(done.node_seconds * 1000 / static_cast<double>(jobs));
      server_times.push_back(done.server_seconds * 1000 / static_cast<double>(jobs));
    }
    const auto what = "200 jobs of 150 companies, 8 clients, " + words(nodes);
    into.rate(what + "; beside: COPY, as many connections", "rows/s", rates, floor_rates, 0.25,
              0.5);
    into.figure("the same, jobs", "jobs/s", job_rates);
    into.figure("processor time of such a job; beside: the server's", "ms", node_times,
                server_times);
  }
}

void measure_cluster_large_job(const setup& in, report& into) {
  const auto people = populate({{warm_up, companies_of_small}, {large_units, companies_of_large}});
  const postgres_database from(in, "start", people);
  const postgres_database on(in, "ours", from);
  constexpr double rows = companies_of_large * rows_of_company;
  cluster one(in, on, 1);
  do_jobs(one.node(0).port(), 1, warm_up);
  std::vector<double> rates, floor_rates;
  for (std::size_t i = 0; i < std::min(in.repetitions, large_units); ++i) {
    const auto batches = copy_batches(people, warm_up + i, 1, companies_of_batch);
    floor_rates.push_back(rows / copied(in, from, batches, 1));
    const stopwatch watch;
    do_jobs(one.node(0).port(), warm_up + 1 + i, 1);
    rates.push_back(rows / watch.seconds());
  }
  const auto large = static_cast<std::int64_t>(rates.size());
  one.finish({static_cast<std::int64_t>(warm_up) + large,
              static_cast<std::int64_t>(warm_up * companies_of_small) +
                  large * static_cast<std::int64_t>(companies_of_large)},
             patience);
  into.rate("1 job of 2,000 companies, 1 node; beside: COPY, 1 connection", "rows/s", rates,
            floor_rates, 0.25, 0.5);
}

}  // namespace mutirao::bench
