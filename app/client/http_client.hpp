// Asks a running service over HTTP.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "app/options.hpp"
#include "domain/error.hpp"
#include "rest/event_reader.hpp"

namespace mutirao::app {

struct http_answer {
  long status = 0;
  std::string body;
};

/// One connection, kept open between requests. For one thread.
class http_client {
 public:
  explicit http_client(client_options options);
  ~http_client();
  http_client(const http_client&) = delete;
  http_client& operator=(const http_client&) = delete;

  /// `target` begins with a slash. Any status is an answer. errc::internal where there is none; the
  /// detail says why and names --url.
  expected<http_answer> get(const std::string& target);
  expected<http_answer> post(const std::string& target, const std::string& json = {});
  expected<http_answer> put(const std::string& target, const std::string& json);
  expected<http_answer> remove(const std::string& target);

  /// Reads a stream of events until it ends, breaks off, brings nothing for 45 s (three times the
  /// service's heartbeat) or `each` says false; the answer then is 200 without a body. An answer
  /// that is no such stream comes with its body.
  expected<http_answer> listen(const std::string& target,
                               const std::function<bool(const rest::server_event&)>& each);

 private:
  void prepare(const std::string& url);
  expected<http_answer> perform();
  expected<http_answer> send(const std::string& target, const char* method,
                             const std::string& body = {});

  struct handle;
  client_options options_;
  std::unique_ptr<handle> handle_;
};

}  // namespace mutirao::app
