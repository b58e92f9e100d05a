// The edge: HTTP/1.1 and 1.0 over Pistache's listener, reactor and transport.
//
// Pistache accepts the connections and polls them. All that it would do with their bytes is ours,
// because in 0.0.5 it is not safe (answers reach the wrong client, a stalled reader spins a thread,
// docs/decisions): our transport overrides onReady, reads the sockets itself, and so can stop
// reading one. A descriptor is closed only by its worker thread and written only under its
// connection's mutex while open, so a reused number never receives another connection's bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "domain/error.hpp"
#include "http/edge/hooks.hpp"
#include "http/edge/limits.hpp"

namespace mutirao::http {

struct listen_address {
  std::string host = "127.0.0.1";  // a name, an IPv4 or an IPv6 address
  std::uint16_t port = 0;          // 0: any free one
};

/// Totals since the start, but `open`.
struct edge_counters {
  std::uint64_t accepted = 0;
  std::uint64_t open = 0;          // connections now
  std::uint64_t refused = 0;       // over the cap
  std::uint64_t requests = 0;      // well-formed ones
  std::uint64_t malformed = 0;     // answered with an error of the edge's own before any handler
  std::uint64_t dropped = 0;       // replies that nobody sent: 503
  std::uint64_t late = 0;          // answer deadline passed: 504
  std::uint64_t threw = 0;         // handlers that threw: 500
  std::uint64_t cut_slow = 0;      // clients that took nothing, or streams over the limit
  std::uint64_t cut_deadline = 0;  // heads, bodies and idle connections past their deadline
  std::uint64_t upgraded = 0;
};

class edge_server {
 public:
  /// Listens and serves on `threads` threads (at least 1). Fails with `internal` where the address
  /// cannot be had; the detail says why.
  static expected<std::unique_ptr<edge_server>> start(const listen_address& address, int threads,
                                                      const edge_limits& limits, edge_hooks hooks);
  ~edge_server();
  edge_server(const edge_server&) = delete;
  edge_server& operator=(const edge_server&) = delete;

  std::uint16_t port() const;

  /// From now on every new request is answered 503, Retry-After: 1, Connection: close. Requests
  /// that were taken before still get their answers.
  void drain();

  /// Closes every connection and ends the threads; waits for no client, only for handlers that are
  /// running. Replies sent later return false. Again: nothing.
  void stop();

  edge_counters counters() const;

 private:
  class impl;
  explicit edge_server(std::unique_ptr<impl> impl);
  std::unique_ptr<impl> impl_;
};

}  // namespace mutirao::http
