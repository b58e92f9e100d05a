#include "gateway/flow.hpp"

#include <algorithm>

namespace mutirao::gateway {
namespace {

using protocol::v1::job;
using protocol::v1::job_event;
using protocol::v1::notification;
using protocol::v1::notification_event;

// Of an event beside its texts: the message, its actor's mailbox, BASP's header and names.
constexpr std::size_t frame_bytes = 512;

std::size_t size_of(const job& of) {
  return of.id.size() + of.type.size() + of.status.size() + of.state.size() + of.error.size() +
         of.created_at.size() + of.started_at.size() + of.completed_at.size();
}

std::size_t size_of(const notification& of) {
  return of.type.size() + of.entity.size() + of.entity_id.size() + of.message.size() +
         of.metadata.size() + of.created_at.size() + of.read_at.size();
}

}  // namespace

std::size_t size_of(const told& event) {
  return frame_bytes + std::visit([](const auto& each) { return size_of(each.what); }, event);
}

const std::string& number_of(const told& event) {
  return std::visit([](const auto& each) -> const std::string& { return each.number; }, event);
}

flow::flow(std::uint64_t subscription, std::uint32_t window, const flow_limits& limits)
    : subscription_(subscription),
      window_(std::clamp<std::uint32_t>(window, 1, limits.largest_window)),
      limits_(limits) {}

void flow::put(told&& event) {
  const auto bytes = size_of(event);
  const auto& number = number_of(event);
  if (!number.empty()) {
    last_ = number;
  } else if (!waiting_.empty() && number_of(waiting_.back().first).empty()) {
    waiting_bytes_ -= waiting_.back().second;
    waiting_.pop_back();
  }
  waiting_.emplace_back(std::move(event), bytes);
  waiting_bytes_ += bytes;
}

bool flow::full() const {
  return waiting_.size() >= limits_.waiting_events || waiting_bytes_ >= limits_.waiting_bytes;
}

std::optional<told> flow::next(std::size_t room) {
  if (waiting_.empty() || out_.size() >= window_) return std::nullopt;
  auto& [event, bytes] = waiting_.front();
  if (bytes > room && !out_.empty()) return std::nullopt;
  std::visit(
      [this](auto& each) {
        each.subscription = subscription_;
        each.serial = serial_ + 1;
      },
      event);
  ++serial_;
  out_.emplace_back(serial_, bytes);
  out_bytes_ += bytes;
  waiting_bytes_ -= bytes;
  auto sent = std::move(event);
  waiting_.pop_front();
  return sent;
}

void flow::acknowledge(std::uint64_t serial) {
  while (!out_.empty() && out_.front().first <= serial) {
    out_bytes_ -= out_.front().second;
    out_.pop_front();
  }
}

}  // namespace mutirao::gateway
