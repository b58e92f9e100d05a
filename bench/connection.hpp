// A keep-alive connection to 127.0.0.1, used by one caller that waits for each answer.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "bench/response_reader.hpp"

namespace mutirao::bench {

/// A request without a body.
std::string request_text(std::string_view method, std::string_view target, std::string_view token);

/// A connected socket, Nagle's algorithm off; the caller closes it.
int connect_to(std::uint16_t port);

class connection {
 public:
  explicit connection(std::uint16_t port) : socket_(connect_to(port)) {}
  ~connection();
  connection(connection&& other) noexcept : socket_(other.socket_) { other.socket_ = -1; }
  connection& operator=(connection&&) = delete;

  response ask(std::string_view request);

 private:
  int socket_;
  response_reader reader_;
};

/// One user's way to jobs.
class job_client {
 public:
  job_client(std::uint16_t port, std::string token) : on_(port), token_(std::move(token)) {}

  /// The id of the new job.
  std::string post(std::int64_t unit, int future_years = 0);
  /// False while it is not completed. A failed one ends the benchmark.
  bool completed(std::string_view job);
  void wait(std::string_view job, int pause_microseconds);

 private:
  connection on_;
  std::string token_;
};

std::string post_text(std::int64_t unit, int future_years, std::string_view token);
std::string status_text(std::string_view job, std::string_view token);
/// One durable event of its owner's each.
std::string priority_text(const std::string& job, const std::string& token, int priority);
/// The value of `"jobId"` in a body.
std::string job_in(std::string_view body);

}  // namespace mutirao::bench
