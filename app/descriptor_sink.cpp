#include "app/descriptor_sink.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>

namespace mutirao::app {
namespace {

constexpr int look_again_ms = 100;
constexpr int patience_ms = 1'000;

}  // namespace

void descriptor_sink::sink_it_(const spdlog::details::log_msg& line) {
  spdlog::memory_buf_t text;
  formatter_->format(line, text);
  write({text.data(), text.size()});
}

// A pipe that has room takes PIPE_BUF bytes without blocking.
void descriptor_sink::write(std::string_view text) {
  while (!text.empty() && has_room()) {
    const auto taken =
        ::write(descriptor_, text.data(), std::min<std::size_t>(text.size(), PIPE_BUF));
    if (taken < 0 && errno != EINTR && errno != EAGAIN) return;
    text.remove_prefix(static_cast<std::size_t>(std::max<ssize_t>(taken, 0)));
  }
}

bool descriptor_sink::has_room() {
  for (;;) {
    pollfd wanted{descriptor_, POLLOUT, 0};
    if (::poll(&wanted, 1, waited_ms_ < patience_ms ? look_again_ms : 0) > 0) return true;
    if (!hurries_) continue;
    waited_ms_ += look_again_ms;
    if (waited_ms_ > patience_ms) return false;
  }
}

}  // namespace mutirao::app
