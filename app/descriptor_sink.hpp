// Log lines to a descriptor that nobody may be reading, such as a full pipe: they wait for their
// reader, but not once the process wants to end.
#pragma once

#include <spdlog/details/null_mutex.h>
#include <spdlog/sinks/base_sink.h>

#include <atomic>
#include <string_view>

namespace mutirao::app {

/// For one writing thread.
class descriptor_sink final : public spdlog::sinks::base_sink<spdlog::details::null_mutex> {
 public:
  /// `descriptor` stays the caller's, and blocking.
  explicit descriptor_sink(int descriptor) : descriptor_(descriptor) {}

  /// From any thread: from now on a line that is not taken within a second in all is dropped, and
  /// so are those behind it.
  void hurry() { hurries_ = true; }

 private:
  void sink_it_(const spdlog::details::log_msg& line) override;
  void flush_() override {}

  void write(std::string_view text);
  bool has_room();

  int descriptor_;
  std::atomic<bool> hurries_{false};
  int waited_ms_ = 0;  // since it hurries
};

}  // namespace mutirao::app
