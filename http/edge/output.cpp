#include "http/edge/output.hpp"

#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

namespace mutirao::http {
namespace {

// Small writes are joined up to this, so that many of them cost little more than their bytes.
constexpr std::size_t coalesced_bytes = 4096;

struct gathered {
  std::array<iovec, 64> parts;
  std::size_t count = 0;

  void add(std::string_view bytes) {
    // sendmsg reads only; the type is not const for the sake of recvmsg.
    parts[count++] = {const_cast<char*>(bytes.data()), bytes.size()};
  }
  bool full() const { return count == parts.size(); }
};

gathered gather(const std::vector<output::slot>& slots) {
  gathered all;
  for (const auto& slot : slots) {
    for (std::size_t i = slot.next_part; i < slot.parts.size() && !all.full(); ++i) {
      all.add(slot.parts[i].view().substr(i == slot.next_part ? slot.offset : 0));
    }
    if (slot.state != output::answer::complete || slot.close_after || all.full()) break;
  }
  return all;
}

}  // namespace

std::uint64_t output::open() {
  slots_.emplace_back();
  return first_ + slots_.size() - 1;
}

const output::slot* output::find(std::uint64_t number) const {
  const std::uint64_t index = number - first_;  // a number below first_ wraps to a huge one
  return index < slots_.size() ? &slots_[index] : nullptr;
}

output::slot* output::find(std::uint64_t number) {
  return const_cast<slot*>(std::as_const(*this).find(number));
}

void output::append(slot& where, payload bytes) {
  if (bytes.empty()) return;
  where.bytes += bytes.size();
  bytes_ += bytes.size();
  if (!where.parts.empty() && where.parts.back().extend(bytes.view(), coalesced_bytes)) return;
  where.parts.push_back(std::move(bytes));
}

output::result output::flush(steady_time now) {
  while (true) {
    drop_sent();
    if (ended_) return result::ended;
    auto all = gather(slots_);
    if (all.count == 0) {
      blocked_ = false;
      return result::drained;
    }
    msghdr message{};
    message.msg_iov = all.parts.data();
    message.msg_iovlen = all.count;
    const ssize_t sent = ::sendmsg(fd_, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) {
      progress_at_ = now;
      advance(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      if (!std::exchange(blocked_, true)) progress_at_ = now;
      check_progress(now);
      return result::blocked;
    } else if (errno != EINTR) {
      return result::failed;
    }
  }
}

void output::check_progress(steady_time now) {
  int queued = 0;
  ::ioctl(fd_, SIOCOUTQ, &queued);
  if (queued < kernel_bytes_) progress_at_ = now;
  kernel_bytes_ = queued;
  checked_at_ = now;
}

void output::drop_sent() {
  std::size_t done = 0;
  while (done < slots_.size() && slots_[done].state == answer::complete &&
         slots_[done].bytes == 0) {
    ended_ |= slots_[done].close_after;
    ++done;
    if (ended_) break;
  }
  first_ += done;
  slots_.erase(slots_.begin(), slots_.begin() + static_cast<std::ptrdiff_t>(done));
}

void output::advance(std::size_t sent) {
  bytes_ -= sent;
  for (auto& one : slots_) {
    if (sent == 0) return;
    std::size_t here = std::min(sent, one.bytes);
    sent -= here;
    one.bytes -= here;
    while (here > 0) {
      const std::size_t step = std::min(here, one.parts[one.next_part].size() - one.offset);
      here -= step;
      one.offset += step;
      if (one.offset == one.parts[one.next_part].size()) {
        one.parts[one.next_part] = {};  // a shared body is let go as soon as it is out
        ++one.next_part;
        one.offset = 0;
      }
    }
    if (one.next_part == one.parts.size()) {
      one.parts.clear();
      one.next_part = 0;
    } else if (one.next_part >= 64) {  // a stream that is never quite drained must not grow
      one.parts.erase(one.parts.begin(),
                      one.parts.begin() + static_cast<std::ptrdiff_t>(one.next_part));
      one.next_part = 0;
    }
  }
}

std::vector<output::slot> output::clear() {
  first_ += slots_.size();
  bytes_ = 0;
  blocked_ = false;
  return std::exchange(slots_, {});
}

}  // namespace mutirao::http
