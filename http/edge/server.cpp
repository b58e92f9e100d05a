#include "http/edge/server.hpp"

#include <pistache/listener.h>
#include <sys/resource.h>

#include <algorithm>
#include <exception>
#include <mutex>
#include <utility>

#include "http/edge/core.hpp"
#include "http/edge/deadline_clock.hpp"
#include "http/edge/outlet.hpp"
#include "http/edge/transport.hpp"

namespace mutirao::http {
namespace {

constexpr int backlog = 1024;

std::size_t default_max_connections(std::size_t spare) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 256;
  const auto soft = static_cast<std::size_t>(limit.rlim_cur);
  return soft > 2 * spare ? (soft - spare) / 2 : spare / 2;
}

Pistache::Address to_pistache(const listen_address& address) {
  const bool ipv6 = address.host.find(':') != std::string::npos && address.host.front() != '[';
  return {ipv6 ? "[" + address.host + "]" : address.host, Pistache::Port(address.port)};
}

}  // namespace

class edge_server::impl {
 public:
  impl(const edge_limits& limits, edge_hooks hooks) : core_(std::make_shared<edge_core>()) {
    core_->limits = limits;
    core_->hooks = std::move(hooks);
    core_->limits.waiting_answers = std::max<std::size_t>(limits.waiting_answers, 2);
    if (limits.max_connections == 0) {
      core_->limits.max_connections = default_max_connections(limits.spare_descriptors);
    }
  }
  ~impl() { stop(); }
  impl(const impl&) = delete;
  impl& operator=(const impl&) = delete;

  /// Throws what Pistache throws.
  void start(const listen_address& address, int threads) {
    using Pistache::Tcp::Options;
    auto listener = std::make_unique<Pistache::Tcp::Listener>();
    listener->init(
        static_cast<std::size_t>(std::max(threads, 1)),
        Pistache::Flags<Options>(Options::ReuseAddr | Options::NoDelay | Options::CloseOnExec),
        "edge", backlog);
    listener->setTransportFactory(
        [this] { return std::make_shared<edge_transport>(core_, transports_); });
    listener->bind(to_pistache(address));
    port_ = listener->getPort();
    listener->runThreaded();
    listener_ = std::move(listener);
    clock_.emplace(core_);
  }

  void stop() {
    const std::lock_guard guard(stopping_);
    if (!listener_) return;
    clock_.reset();
    for (const auto& one : core_->outlets.close()) one->stop();
    listener_->shutdown();
    listener_.reset();  // joins the threads
    for (const auto& one : *transports_) one->close_all();
    transports_->clear();
    core_->outlets.clear();
  }

  std::shared_ptr<edge_core> core_;
  std::uint16_t port_ = 0;

 private:
  std::mutex stopping_;
  std::shared_ptr<edge_transports> transports_ = std::make_shared<edge_transports>();
  std::unique_ptr<Pistache::Tcp::Listener> listener_;
  std::optional<deadline_clock> clock_;
};

edge_server::edge_server(std::unique_ptr<impl> inner) : impl_(std::move(inner)) {}
edge_server::~edge_server() = default;

expected<std::unique_ptr<edge_server>> edge_server::start(const listen_address& address,
                                                          int threads, const edge_limits& limits,
                                                          edge_hooks hooks) {
  try {
    auto inner = std::make_unique<impl>(limits, std::move(hooks));
    inner->start(address, threads);
    return std::unique_ptr<edge_server>(new edge_server(std::move(inner)));
  } catch (const std::exception& problem) {
    return fail(errc::internal, "cannot listen on " + address.host + ":" +
                                    std::to_string(address.port) + ": " + problem.what());
  }
}

std::uint16_t edge_server::port() const {
  return impl_->port_;
}

void edge_server::drain() {
  impl_->core_->draining = true;
}

void edge_server::stop() {
  impl_->stop();
}

edge_counters edge_server::counters() const {
  edge_counters sum;
  sum.open = impl_->core_->outlets.size();
  for (const auto& worker : impl_->core_->workers) {
    sum.accepted += worker.accepted;
    sum.refused += worker.refused;
    sum.requests += worker.requests;
    sum.malformed += worker.malformed;
    sum.dropped += worker.dropped;
    sum.late += worker.late;
    sum.threw += worker.threw;
    sum.cut_slow += worker.cut_slow;
    sum.cut_deadline += worker.cut_deadline;
    sum.upgraded += worker.upgraded;
  }
  return sum;
}

}  // namespace mutirao::http
