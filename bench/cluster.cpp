#include "bench/cluster.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "bench/failure.hpp"

namespace mutirao::bench {
namespace {

struct process_line {
  int parent = 0;
  double own_seconds = 0, children_seconds = 0;
};

/// /proc/ID/stat; nothing where it ended meanwhile.
std::optional<process_line> line_of(const std::string& id) {
  std::ifstream file("/proc/" + id + "/stat");
  std::string line;
  if (!std::getline(file, line)) return std::nullopt;
  std::istringstream words(line.substr(line.rfind(')') + 2));
  std::string skipped;
  process_line found;
  words >> skipped >> found.parent;
  for (int i = 0; i < 9; ++i) words >> skipped;
  double user = 0, kernel = 0, children_user = 0, children_kernel = 0;
  words >> user >> kernel >> children_user >> children_kernel;
  const auto ticks = static_cast<double>(sysconf(_SC_CLK_TCK));
  found.own_seconds = (user + kernel) / ticks;
  found.children_seconds = (children_user + children_kernel) / ticks;
  return found;
}

/// The server's first process, those it has started, and those of them that ended.
double processor_seconds_of(int first) {
  const auto parent = line_of(std::to_string(first));
  require(parent.has_value(), "the server runs on another machine");
  double sum = parent->own_seconds + parent->children_seconds;
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    const auto name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const auto one = line_of(name);
    if (one && one->parent == first) sum += one->own_seconds;
  }
  return sum;
}

}  // namespace

cluster::cluster(const setup& in, const database& on, std::size_t nodes,
                 const std::vector<std::string>& flags) {
  constexpr std::int64_t most_jobs = 10'000'000;
  for (std::size_t i = 0; i < nodes; ++i) {
    nodes_.push_back(std::make_unique<service>(in, on, most_jobs, flags));
  }
}

void cluster::kill_node(std::size_t at) {
  nodes_[at]->child().kill_now();
  nodes_.erase(nodes_.begin() + static_cast<std::ptrdiff_t>(at));
}

double cluster::processor_seconds() const {
  double sum = 0;
  for (const auto& one : nodes_) sum += one->child().processor_seconds();
  return sum;
}

void cluster::finish(const expected_rows& rows, std::chrono::seconds patience) {
  nodes_.front()->wait_until_idle(patience);
  nodes_.front()->check(rows);
  for (auto& one : nodes_) one->end();
}

server_work work_of(postgres& server) {
  std::ifstream file(server.text("SHOW data_directory") + "/postmaster.pid");
  int first = 0;
  require(static_cast<bool>(file >> first), "the server's folder cannot be read");
  return {processor_seconds_of(first), server.integer("SELECT wal_bytes FROM pg_stat_wal"),
          server.integer("SELECT wal_sync FROM pg_stat_wal"),
          static_cast<double>(
              server.integer("SELECT (1000 * wal_sync_time)::bigint FROM pg_stat_wal")) /
              1e6};
}

}  // namespace mutirao::bench
