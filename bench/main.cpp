// Measures a built service and prints the table; bench/run builds and calls it.
#include <array>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "bench/failure.hpp"
#include "bench/rows.hpp"

namespace mutirao::bench {
namespace {

struct row {
  std::string_view name;
  void (*measure)(const setup&, report&);
};

constexpr std::array rows{row{"job150", measure_small_job},   row{"job2000", measure_large_job},
                          row{"jobs200", measure_throughput}, row{"post", measure_posting},
                          row{"status", measure_status},      row{"memory", measure_memory},
                          row{"recovery", measure_recovery},  row{"overload", measure_overload},
                          row{"fairness", measure_fairness},  row{"streams", measure_streams},
                          row{"sockets", measure_sockets},    row{"import", measure_import},
                          row{"noop", measure_noop},          row{"gateway", measure_gateway}};

// Of several nodes on one PostgreSQL database.
constexpr std::array cluster_rows{
    row{"jobs200", measure_cluster_jobs},  row{"job2000", measure_cluster_large_job},
    row{"post", measure_cluster_posting},  row{"takeover", measure_cluster_takeover},
    row{"events", measure_cluster_events}, row{"notify", measure_cluster_notify}};

constexpr std::string_view usage =
    "usage: mutirao_bench --program MUTIRAO --floor MUTIRAO_BENCH_FLOOR --folder FOLDER\n"
    "                     [--only job150|job2000|jobs200|post|status|memory|recovery|overload|"
    "fairness|streams|sockets|import|noop|gateway]\n"
    "                     [--repetitions N]\n"
    "                     [--cluster POSTGRESQL: jobs200 job2000 post takeover events notify]\n";

struct options {
  setup in;
  std::string only;
};

options read(int count, char** words) {
  options found;
  for (int i = 1; i + 1 < count; i += 2) {
    const std::string_view name = words[i];
    const std::string value = words[i + 1];
    if (name == "--program") found.in.program = value;
    if (name == "--floor") found.in.floor_program = value;
    if (name == "--folder") found.in.folder = value;
    if (name == "--cluster") found.in.server = value;
    if (name == "--only") found.only = value;
    if (name == "--repetitions") found.in.repetitions = std::stoul(value);
  }
  return found;
}

bool run(const options& with) {
  std::filesystem::create_directories(with.in.folder);
  const auto chosen = with.in.server.empty() ? std::span<const row>(rows) : cluster_rows;
  report into;
  bool any = false;
  for (const auto& each : chosen) {
    if (!with.only.empty() && with.only != each.name) continue;
    each.measure(with.in, into);
    any = true;
  }
  if (any) std::fputs(into.table().c_str(), stdout);
  return any;
}

}  // namespace
}  // namespace mutirao::bench

int main(int count, char** words) try {
  using namespace mutirao::bench;
  const auto with = read(count, words);
  if (with.in.program.empty() || with.in.floor_program.empty() || with.in.folder.empty() ||
      with.in.repetitions == 0 || !run(with)) {
    std::fputs(usage.data(), stderr);
    return 2;
  }
  return 0;
} catch (const std::exception& problem) {
  std::fprintf(stderr, "the benchmark failed: %s\n", problem.what());
  return 1;
}
