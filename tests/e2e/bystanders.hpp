// Clients that behave, beside those that do not: each asks for one company after the other, at a
// walking pace, and holds every answer to what it asked for.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <string>
#include <thread>
#include <vector>

namespace mutirao::e2e {

class bystanders {
 public:
  struct report {
    std::vector<double> latencies_ms;  // ascending
    std::uint64_t wrong = 0;           // another company, or another status than 200
    std::uint64_t lost = 0;            // no answer, or no connection

    double percentile(double share) const;
  };

  /// Whether they come back on a new connection now and then.
  enum class coming : std::uint8_t { again, once };

  /// Companies 1 to `companies` must be there for `token`.
  bystanders(std::uint16_t port, std::string token, std::int64_t companies,
             coming how = coming::again);
  ~bystanders();
  bystanders(const bystanders&) = delete;
  bystanders& operator=(const bystanders&) = delete;

  /// Answers so far.
  std::uint64_t served() const { return served_; }
  /// Ends them. What they met.
  report stop();

 private:
  void run(std::size_t place);

  std::uint16_t port_;
  std::string token_;
  std::int64_t companies_;
  coming how_;
  std::atomic<bool> stop_{false};
  std::atomic<std::uint64_t> served_{0};
  std::vector<report> met_;  // one for each thread, its own until it ends
  std::vector<std::thread> threads_;
};

}  // namespace mutirao::e2e
