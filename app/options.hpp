// What each subcommand is told, typed and checked: the result of flags, environment, file and
// defaults. Every field is an option of the same name with dashes; see `mutirao COMMAND --help`.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/gateway_child.hpp"
#include "app/webhooks/options.hpp"
#include "domain/ports/telemetry.hpp"
#include "http/edge/server.hpp"

namespace mutirao::app {

using milliseconds = std::chrono::milliseconds;

struct log_options {
  log_level level = log_level::info;
};

/// What the running service holds itself to. Zero durations are refused.
struct service_limits {
  std::int64_t max_jobs_per_user = 1000;     // unfinished ones: 429
  std::int64_t max_jobs = 100'000;           // unfinished ones: 503
  std::int64_t max_live_jobs = 512;          // claimed at a time; the others wait as rows
  milliseconds job_deadline{3'600'000};      // queued and paused time does not count
  milliseconds stall_after{60'000};          // a batch that nothing comes back of for so long
  int crash_limit = 3;                       // of one job, before it is failed
  milliseconds lease{5'000};                 // a dead process's jobs go to others within it
  std::int64_t max_streams_per_user = 3000;  // open ones: 429
  milliseconds client_timeout{30'000};       // a client that takes nothing for so long is cut
};

/// What a process does of what one process can do alone.
enum class node_role : std::uint8_t {
  all,
  web,     // takes requests, runs no job
  worker,  // runs jobs, takes no requests
};

struct serve_options {
  http::listen_address listen{"127.0.0.1", 5000};
  std::string database = "sqlite:mutirao.db";
  std::string database_direct;  // for LISTEN, where a pooler stands before `database`
  node_role role = node_role::all;
  std::string timezone = "America/Sao_Paulo";
  int workers = 2;       // planners of batches; default: the processors, 2 to 8
  int readers = 2;       // connections that read for requests; default: as workers
  int http_threads = 2;  // of the edge; default: the processors, 1 to 4
  milliseconds drain_timeout{30'000};
  milliseconds retention{86'400'000};  // finished jobs stay readable for so long; 1h at least
  std::int64_t max_connections = 0;    // 0: from the descriptor limit
  service_limits limits;
  bool dev = false;
  std::string jwt_secret;  // 32 bytes or more, always: made up where `dev` and none was given
  std::vector<std::string> cors_origins;
  std::vector<std::int64_t> admin_cargos;
  webhook_options webhooks;
  std::optional<gateway_child_options> gateway;  // nothing: none is started
  log_options log;
};

struct import_options {
  std::string file;
  std::string database = "sqlite:mutirao.db";
  bool skip_bad = false;
};

struct demo_options {
  std::string database = "sqlite:mutirao.db";
  std::int64_t units = 3;
  std::int64_t companies = 150;  // of each unit
  std::uint64_t seed = 1;
};

struct migrate_options {
  std::string database = "sqlite:mutirao.db";
};

/// Where a running service is, and as whom to ask it.
struct client_options {
  std::string url = "http://127.0.0.1:5000";
  std::string token;
  milliseconds timeout{30'000};
};

}  // namespace mutirao::app
