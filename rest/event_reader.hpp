// Reads a stream of server-sent events as it arrives (HTML standard, 9.2.6).
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace mutirao::rest {

struct server_event {
  std::string name = "message";
  std::string data;
  std::string id = {};  // the last that the stream gave, of this event or of an earlier one
};

class event_reader {
 public:
  /// Takes bytes, however they are cut; calls `each` with every event that they complete. False as
  /// soon as `each` says so: nothing more is read.
  bool feed(std::string_view bytes, const std::function<bool(const server_event&)>& each);

  /// A whole block has come, an event or not.
  bool begun() const { return begun_; }
  /// Where the stream began: what it said of that before its first event; empty: nothing.
  const std::string& first_id() const { return first_id_; }

 private:
  bool take_line(std::string_view line, const std::function<bool(const server_event&)>& each);

  std::string line_;  // begun
  bool after_return_ = false;
  bool has_data_ = false;
  bool begun_ = false;
  std::string first_id_;
  std::string last_id_;
  server_event event_;
};

}  // namespace mutirao::rest
