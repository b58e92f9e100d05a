// Several processes of the service on one PostgreSQL database.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "bench/postgres.hpp"
#include "bench/service.hpp"

namespace mutirao::bench {

class cluster {
 public:
  cluster(const setup& in, const database& on, std::size_t nodes,
          const std::vector<std::string>& flags = {});

  std::size_t size() const { return nodes_.size(); }
  service& node(std::size_t at) { return *nodes_[at % nodes_.size()]; }
  /// Gone by kill -9.
  void kill_node(std::size_t at);
  /// What all of them have used.
  double processor_seconds() const;
  /// Until no job is unfinished; then the database must hold exactly `rows`, and all exit 0.
  void finish(const expected_rows& rows, std::chrono::seconds patience);

 private:
  std::vector<std::unique_ptr<service>> nodes_;
};

/// What a server has done so far, as far as its processes have said so: those that ended have.
struct server_work {
  double processor_seconds = 0;  // all of its processes
  std::int64_t wal_bytes = 0;
  std::int64_t wal_syncs = 0;
  double wal_sync_seconds = 0;
};
server_work work_of(postgres& server);

}  // namespace mutirao::bench
