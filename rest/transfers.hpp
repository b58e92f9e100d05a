// Asks the HTTP API for many at a time: requests and streams of events, all on one thread of
// libcurl's, so that nobody who asks waits for an answer. Knows nothing of what is asked.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "rest/event_reader.hpp"

namespace mutirao::rest {

struct request {
  std::string method = "GET";
  std::string target;                                             // begins with a slash
  std::vector<std::pair<std::string, std::string>> headers = {};  // without line ends
  std::string body = {};                                          // JSON
  std::chrono::milliseconds deadline{10'000};                     // of a stream: until it has begun
};

struct answer {
  long status = 0;  // 0: none came; `problem` says why
  std::string body = {};
  std::uint32_t retry_after_s = 0;
  std::string problem = {};
  bool late = false;      // none came in time
  bool too_many = false;  // not asked: too much waits already
};

/// What a stream tells, on the thread of the transfers: `opened` once it has begun, with the id
/// behind which it begins (empty: it did not say), then each event, in the end `ended`, once and
/// always. A stream that ended in order has status 200 and no problem.
struct stream_hooks {
  std::function<void(const std::string& id)> opened;
  std::function<void(server_event&&)> event;
  std::function<void(answer&&)> ended;
};

struct transfer_limits {
  std::size_t at_once = 32;     // requests on their way; more wait
  std::size_t waiting = 1'000;  // more are refused
  std::size_t streams = 2'000;  // open ones; more are refused
  std::size_t longest_answer = 64U << 20;
  // Nothing on a stream for so long: three of the service's heartbeats. It is dead.
  std::chrono::milliseconds longest_silence{45'000};
};

/// Its functions are safe from any thread, also from within a hook.
class transfers {
 public:
  /// `url` as http://127.0.0.1:5000.
  explicit transfers(std::string url, const transfer_limits& limits = {});
  ~transfers();
  transfers(const transfers&) = delete;
  transfers& operator=(const transfers&) = delete;

  /// Ends everything: what waits, and what is asked from now on, is answered with a problem.
  void stop();

  /// Calls `done` once, on the thread of the transfers, within the deadline.
  void ask(request what, std::function<void(answer&&)> done);

  /// The number to close it by.
  std::uint64_t listen(request what, stream_hooks hooks);
  /// `ended` is called, unless it was already.
  void close(std::uint64_t stream);

 private:
  class engine;
  std::unique_ptr<engine> engine_;
};

}  // namespace mutirao::rest
