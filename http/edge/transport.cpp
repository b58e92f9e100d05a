#include "http/edge/transport.hpp"

#include <pistache/peer.h>
#include <sys/socket.h>

#include <algorithm>
#include <utility>

namespace mutirao::http {
namespace {

using Pistache::Aio::FdSet;
using Pistache::Polling::Event;
using Pistache::Polling::NotifyOn;

constexpr std::size_t buffer_bytes = 64 * 1024;

struct closed_newcomer {};

/// What Pistache calls for each connection. onInput never comes: we read ourselves.
class newcomer_handler final : public Pistache::Tcp::Handler {
  PROTOTYPE_OF(Pistache::Tcp::Handler, newcomer_handler)

 public:
  void onConnection(const std::shared_ptr<Pistache::Tcp::Peer>& peer) override {
    static_cast<edge_transport*>(transport())->adopt(peer);
  }
  void onInput(const char*, std::size_t, const std::shared_ptr<Pistache::Tcp::Peer>&) override {}
};

// FdSet::Entry hides its base, which alone says that the input ends; only this cast reaches it.
const Event& event_of(const FdSet::Entry& entry) {
  return (const Event&)entry;
}

}  // namespace

edge_transport::edge_transport(std::shared_ptr<edge_core> core,
                               std::shared_ptr<edge_transports> clones)
    : Transport(std::make_shared<newcomer_handler>()),
      core_(std::move(core)),
      clones_(std::move(clones)) {}

std::shared_ptr<Pistache::Aio::Handler> edge_transport::clone() const {
  auto copy = std::make_shared<edge_transport>(core_, clones_);
  clones_->push_back(copy);
  copy->counters_ = &core_->workers.emplace_back();
  copy->buffer_.resize(buffer_bytes);
  return copy;
}

void edge_transport::onReady(const FdSet& ready) {
  std::vector<Event> others;  // Pistache's own queues
  for (const auto& one : ready) {
    const auto& event = event_of(one);
    const auto fd = static_cast<std::size_t>(event.tag.value());
    if (fd >= entries_.size() || !entries_[fd].client) {
      others.push_back(event);
      continue;
    }
    const connection::readiness what{event.flags.hasFlag(NotifyOn::Hangup),
                                     event.flags.hasFlag(NotifyOn::Shutdown)};
    const auto client = entries_[fd].client;
    if (!client->on_ready(what, buffer_)) remove(fd);
  }
  if (others.empty()) return;
  remember_queues(others);
  Transport::onReady(FdSet(std::move(others)));
}

void edge_transport::remember_queues(const std::vector<Event>& events) {
  for (const auto& event : events) {
    const bool known = std::any_of(queues_.begin(), queues_.end(),
                                   [&](const Event& queue) { return queue.tag == event.tag; });
    if (!known) queues_.push_back(event);
  }
}

std::shared_ptr<connection> edge_transport::make_connection(int fd, std::string peer) {
  const auto out = std::make_shared<outlet>(core_, *counters_, *this, fd);
  if (!core_->outlets.add(out)) return nullptr;
  return std::make_shared<connection>(core_, out, std::move(peer));
}

void edge_transport::adopt(const std::shared_ptr<Pistache::Tcp::Peer>& peer) {
  const int fd = peer->fd();
  if (ended_) {
    ::close(fd);
    throw closed_newcomer{};
  }
  count(counters_->accepted);
  auto client = make_connection(fd, peer->address().host());
  if (!client) return;  // the edge is stopping: close_all() follows
  const auto index = static_cast<std::size_t>(fd);
  if (index >= entries_.size()) entries_.resize(index + 64);
  entries_[index] = {peer, client};
  if (core_->served.fetch_add(1) < core_->limits.max_connections) return;
  core_->served.fetch_sub(1);
  count(counters_->refused);
  client->refuse();
  if (core_->refusing.fetch_add(1) >= core_->limits.lingering_refusals) {
    ::shutdown(fd, SHUT_RDWR);
  }
}

void edge_transport::remove(std::size_t fd) {
  const auto gone = std::exchange(entries_[fd], {});
  core_->outlets.remove(gone.client->out());
  (gone.client->refused() ? core_->refusing : core_->served).fetch_sub(1);
  try {
    removePeer(gone.peer);  // closes the descriptor
  } catch (...) {
    ::close(static_cast<int>(fd));  // it was not polled any more: closing is what was left to do
  }
}

void edge_transport::close_all() {
  ended_ = true;
  for (const auto& [fd, peer] : peers) ::close(fd);
  peers.clear();
  entries_.clear();
  // The queue gives its peers to adopt() one by one; the throw keeps Pistache from polling them.
  for (bool more = !queues_.empty(); more;) {
    try {
      Transport::onReady(FdSet(std::vector<Event>(queues_)));
      more = false;
    } catch (const closed_newcomer&) {
    }
  }
}

void edge_transport::wake(int fd) noexcept {
  try {
    reactor()->modifyFd(key(), fd, NotifyOn::Read | NotifyOn::Write | NotifyOn::Shutdown,
                        Pistache::Polling::Mode::Edge);
  } catch (...) {
    // Not polled yet: its first event is still to come.
  }
}

}  // namespace mutirao::http
