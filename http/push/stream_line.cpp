#include "http/push/stream_line.hpp"

#include <utility>

namespace mutirao::http::push {

void stream_line::begin(const std::optional<position>& from) {
  // The second header keeps nginx from collecting what is to arrive at once.
  out_ = at_->begin_stream(
      {200, "text/event-stream", {{"Cache-Control", "no-cache"}, {"X-Accel-Buffering", "no"}}, {}});
  at_ = nullptr;
  out_.bound_kernel_queue(kernel_bytes);
  out_.write(opening_text(from));
}

}  // namespace mutirao::http::push
