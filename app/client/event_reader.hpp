// Reads a stream of server-sent events as it arrives (HTML standard, 9.2.6).
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace mutirao::app {

struct server_event {
  std::string name = "message";
  std::string data;
};

class event_reader {
 public:
  /// Takes bytes, however they are cut; calls `each` with every event that they complete. False as
  /// soon as `each` says so: nothing more is read.
  bool feed(std::string_view bytes, const std::function<bool(const server_event&)>& each);

 private:
  bool take_line(std::string_view line, const std::function<bool(const server_event&)>& each);

  std::string line_;  // begun
  bool after_return_ = false;
  bool has_data_ = false;
  server_event event_;
};

}  // namespace mutirao::app
