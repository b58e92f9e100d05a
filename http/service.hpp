// What the HTTP side is given by whoever starts it: the actors that it asks, and its options.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "actors/interfaces.hpp"
#include "domain/import_reading.hpp"
#include "domain/job_type.hpp"
#include "domain/network.hpp"
#include "domain/ports/calendar.hpp"
#include "domain/ports/clock.hpp"
#include "domain/ports/telemetry.hpp"
#include "domain/user.hpp"
#include "http/auth.hpp"
#include "http/socketio/limits.hpp"

namespace mutirao::http {

struct build_info {
  std::string name = "mutirao";
  std::string version;
  std::string commit;
};

/// Whether a job may name a URL that is told of its end.
struct callback_options {
  bool on = false;         // there is a secret to sign with
  address_policy allowed;  // of URLs that name an address
};

struct service_options {
  std::vector<std::string> cors_origins;     // exact origins, or "*"; empty: CORS is off
  std::size_t body_cache_bytes = 16u << 20;  // rendered job objects
  std::size_t askers = 2;                    // actors that carry questions and answers
  callback_options callbacks;
  std::string time_zone = "UTC";  // the service's: of schedules that name none
  socketio::limits sockets;
};

/// Everything pointed to outlives the server. The functions are called from the edge's threads,
/// several at a time, and must not wait.
struct service {
  actors::supervisor_actor supervisor;
  actors::store_actor store;
  std::vector<actors::reader_actor> readers;  // at least one; asked in turn
  actors::notifier_actor notifier;
  const job_types* types = nullptr;
  list_names::answer names;   // as of the start
  import_reader read_import;  // POST /api/empresas/import
  const mutirao::clock* clock = nullptr;
  const calendar* zones = nullptr;
  telemetry* log = nullptr;
  randomness* chance = nullptr;  // for secrets
  auth_options auth;
  service_options options;
  actors::password_checker_actor passwords;
  std::vector<account> made_up_users;         // of --dev: who asks may be any of them
  std::function<std::string()> metrics_text;  // GET /metrics, Prometheus text format
  std::function<bool()> ready;                // GET /health/ready
  build_info build;
};

}  // namespace mutirao::http
