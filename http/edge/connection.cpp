#include "http/edge/connection.hpp"

#include <fcntl.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>

namespace mutirao::http {
namespace {

// One connection's share of a turn; one that sends more waits for the others of its thread.
constexpr std::size_t turn_bytes = 256 * 1024;

// Beside the connection's own, which goes with it.
connection_place another_place(const std::shared_ptr<edge_core>& core) {
  core->served.fetch_add(1);
  return {core.get(), [core](const void*) { core->served.fetch_sub(1); }};
}

}  // namespace

connection::connection(std::shared_ptr<edge_core> core, std::shared_ptr<outlet> out,
                       std::string peer)
    : core_(std::move(core)),
      out_(std::move(out)),
      peer_(std::move(peer)),
      reader_(core_->limits, core_->hooks.body_limit) {}

bool connection::on_ready(readiness what, std::span<char> buffer) {
  out_->begin_work();
  try {
    if (what.hung_up) {
      broken_ = true;
    } else {
      read(what.input_ends, buffer);
    }
  } catch (...) {
    broken_ = true;  // no memory, or a hook that must not throw did
  }
  return out_->end_work(reading_state());
}

void connection::refuse() {
  refused_ = true;
  out_->begin_work();
  reject(errc::overloaded);
  out_->end_work(reading_state());
}

void connection::read(bool input_ends, std::span<char> buffer) {
  paused_ = !discarding_ && !out_->has_room();
  if (!pending_.empty() && !paused_) consume(std::exchange(pending_, {}));
  std::size_t left = turn_bytes;
  while (!paused_ && !closed_ && !broken_ && !handed_over_) {
    if (left < buffer.size()) return out_->poll_again();
    const ssize_t got = ::recv(out_->fd(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (got > 0) {
      const auto count = static_cast<std::size_t>(got);
      left -= count;
      consume({buffer.data(), count});
      if (count < buffer.size() && !input_ends) return;  // the next bytes bring an event
    } else if (got == 0) {
      closed_ = true;
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      return;
    } else if (errno != EINTR) {
      broken_ = true;
    }
  }
}

void connection::consume(std::string_view bytes) {
  while (!bytes.empty() && !broken_) {
    if (discarding_) return discard(bytes.size());
    switch (reader_.feed(bytes)) {
      case request_reader::step::more:
        offer_continue();
        break;
      case request_reader::step::failed:
        count(out_->counters().malformed);
        reject(reader_.error());
        break;
      case request_reader::step::complete:
        dispatch(bytes);
        if (handed_over_) return;
        paused_ = !discarding_ && !out_->has_room();
        if (paused_) {
          pending_.assign(bytes);
          return;
        }
        break;
    }
  }
}

void connection::discard(std::size_t count) {
  discarded_ += count;
  if (discarded_ > core_->limits.linger_bytes) broken_ = true;
}

void connection::offer_continue() {
  if (!reader_.take_wants_continue()) return;
  slot_ = out_->open();
  out_->send_interim(*slot_, "HTTP/1.1 100 Continue\r\n\r\n");
}

std::uint64_t connection::take_slot() {
  const std::uint64_t slot = slot_ ? *slot_ : out_->open();
  slot_.reset();
  return slot;
}

asked connection::about_head(bool keep_alive) {
  const auto& head = reader_.head();
  return {head.method,
          head.http10,
          keep_alive,
          head.path,
          std::string(head.headers.get("accept-language").value_or("")),
          std::string(head.headers.get("origin").value_or("")),
          core_->hooks.now()};
}

request connection::take_request() {
  auto& head = reader_.head();
  return {head.method,
          std::move(head.method_text),
          std::move(head.path),
          std::move(head.query),
          std::move(reader_.body()),
          peer_,
          std::move(head.headers)};
}

void connection::dispatch(std::string_view rest) {
  count(out_->counters().requests);
  phase_ = request_reader::phase::idle;
  const bool draining = core_->draining.load(std::memory_order_relaxed);
  const bool keep_alive = reader_.head().keep_alive && !draining;
  const bool may_upgrade = reader_.head().upgrade && !draining && core_->hooks.upgrade;
  auto about = about_head(keep_alive);
  request wanted = take_request();
  if (may_upgrade && upgrade(wanted, rest)) return;
  reader_.next();
  discarding_ = !keep_alive;
  const auto owed = out_->ask(take_slot(), std::move(about));
  if (draining) {
    owed->fail(errc::draining);
  } else if (wanted.path.find("//") != std::string::npos) {
    owed->fail(errc::unknown_route);
  } else {
    handle(owed, std::move(wanted));
  }
}

void connection::handle(const std::shared_ptr<owed_answer>& owed, request&& wanted) {
  try {
    core_->hooks.handle(std::move(wanted), reply(owed));
  } catch (...) {
    count(out_->counters().threw);
    owed->fail(errc::internal);
  }
}

void connection::reject(errc code) {
  out_->ask(take_slot(), about_head(false))->fail(code);
  discarding_ = true;
}

bool connection::upgrade(const request& wanted, std::string_view rest) {
  if (!wanted.body.empty() || !out_->idle()) return false;
  handed_socket socket{owned_fd(::fcntl(out_->fd(), F_DUPFD_CLOEXEC, 0)), reader_.raw_head(),
                       another_place(core_)};
  if (!socket.fd) return false;
  socket.first_bytes.append(rest);
  try {
    handed_over_ = core_->hooks.upgrade(wanted, std::move(socket));
  } catch (...) {
    handed_over_ = false;
  }
  handed_over_ = handed_over_ || !socket.fd;  // whoever moved it out owns it
  if (!handed_over_) return false;
  count(out_->counters().upgraded);
  out_->hand_over();
  return true;
}

outlet::reading connection::reading_state() {
  const auto now = core_->hooks.now();
  if (reader_.at() != std::exchange(phase_, reader_.at())) phase_since_ = now;
  outlet::reading state;
  state.idle = phase_ == request_reader::phase::idle;
  state.closed = closed_;
  state.broken = broken_;
  if (paused_ || discarding_ || state.idle) return state;
  const auto& limits = core_->limits;
  if (phase_ == request_reader::phase::head) {
    state.deadline = phase_since_ + limits.head_deadline;
  } else {
    const auto earned =
        reader_.body().size() / std::max<std::size_t>(limits.body_bytes_per_second, 1);
    state.deadline = phase_since_ + limits.body_deadline +
                     std::chrono::seconds(static_cast<std::int64_t>(earned));
  }
  return state;
}

}  // namespace mutirao::http
