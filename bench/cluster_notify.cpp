// What NOTIFY costs the server: commits a second of small transactions with and without it.
#include <poll.h>

#include <atomic>
#include <future>
#include <string>
#include <vector>

#include "bench/postgres.hpp"
#include "bench/rows.hpp"
#include "bench/stopwatch.hpp"

namespace mutirao::bench {
namespace {

constexpr std::size_t listening = 4;
constexpr double seconds = 2;
constexpr const char* plain =
    "BEGIN; INSERT INTO said SELECT i FROM generate_series(1, 10) i; COMMIT";
constexpr const char* telling =
    "BEGIN; INSERT INTO said SELECT i FROM generate_series(1, 10) i;"
    " SELECT pg_notify('said', repeat('x', 150)); COMMIT";

void listen_until(const std::string& url, const std::atomic<bool>& over) {
  postgres on(url);
  on.run("LISTEN said");
  while (!over) {
    pollfd socket{PQsocket(on.handle()), POLLIN, 0};
    if (poll(&socket, 1, 50) <= 0) continue;
    PQconsumeInput(on.handle());
    while (auto* note = PQnotifies(on.handle())) PQfreemem(note);
  }
}

std::size_t commit_for(const std::string& url, const char* transaction) {
  postgres on(url);
  std::size_t done = 0;
  for (const stopwatch watch; watch.seconds() < seconds; ++done) on.run(transaction);
  return done;
}

double commits_per_second(const std::string& url, std::size_t connections,
                          const char* transaction) {
  std::atomic<bool> over{false};
  std::vector<std::future<void>> listeners;
  for (std::size_t i = 0; i < listening; ++i) {
    listeners.push_back(std::async(std::launch::async, listen_until, url, std::cref(over)));
  }
  std::vector<std::future<std::size_t>> writers;
  for (std::size_t i = 0; i < connections; ++i) {
    writers.push_back(std::async(std::launch::async, commit_for, url, transaction));
  }
  std::size_t all = 0;
  for (auto& each : writers) all += each.get();
  over = true;
  for (auto& each : listeners) each.get();
  return static_cast<double>(all) / seconds;
}

}  // namespace

void measure_cluster_notify(const setup& in, report& into) {
  const postgres_database on(in, "ours", population{});
  postgres(on.url()).run("CREATE TABLE said (i bigint)");
  for (const std::size_t connections : {1, 4}) {
    std::vector<double> with, without;
    for (std::size_t i = 0; i < in.repetitions; ++i) {
      without.push_back(commits_per_second(on.url(), connections, plain));
      with.push_back(commits_per_second(on.url(), connections, telling));
    }
    into.figure("small commits that NOTIFY 4 listeners, " + std::to_string(connections) +
                    (connections == 1 ? " connection" : " connections") + "; beside: without",
                "/s", with, without);
  }
}

}  // namespace mutirao::bench
