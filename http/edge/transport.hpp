// Pistache's transport with our own eyes: it brings accepted connections and tells which are ready;
// reading, writing and closing are ours.
#pragma once

#include <pistache/transport.h>

#include <memory>
#include <vector>

#include "http/edge/connection.hpp"
#include "http/edge/core.hpp"
#include "http/edge/outlet.hpp"

namespace mutirao::http {

class edge_transport;
using edge_transports = std::vector<std::shared_ptr<edge_transport>>;

/// One per worker thread; Pistache clones the first for each.
class edge_transport final : public Pistache::Tcp::Transport, public socket_waker {
 public:
  /// `clones` gets every clone, so that they can be closed behind Pistache's end.
  edge_transport(std::shared_ptr<edge_core> core, std::shared_ptr<edge_transports> clones);

  std::shared_ptr<Pistache::Aio::Handler> clone() const override;
  void onReady(const Pistache::Aio::FdSet& ready) override;

  /// From the worker thread, for each connection before it is polled.
  void adopt(const std::shared_ptr<Pistache::Tcp::Peer>& peer);

  /// From any thread: polls for reading and writing anew, so that what is ready now counts as news.
  void wake(int fd) noexcept override;

  /// Once the threads have ended: closes every descriptor that is left, also those that Pistache
  /// accepted and queued but gave to nobody; it would leave them all open.
  void close_all();

 private:
  struct entry {
    std::shared_ptr<Pistache::Tcp::Peer> peer;
    std::shared_ptr<connection> client;  // null: a number that is not a connection of ours
  };
  std::shared_ptr<connection> make_connection(int fd, std::string peer);
  void remove(std::size_t fd);
  void remember_queues(const std::vector<Pistache::Polling::Event>& events);

  std::shared_ptr<edge_core> core_;
  std::shared_ptr<edge_transports> clones_;
  worker_counters* counters_ = nullptr;  // set by clone(): the first one serves nobody
  std::vector<entry> entries_;           // by descriptor
  std::vector<char> buffer_;
  std::vector<Pistache::Polling::Event> queues_;  // Pistache's own, as far as they ever had news
  bool ended_ = false;
};

}  // namespace mutirao::http
