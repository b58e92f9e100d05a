// Hears what other processes on the database commit, over a session of its own: LISTEN and the lock
// of the one that leads last as long as that. It must not go through a pooler.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "domain/ports/neighbours.hpp"
#include "storage/postgres/connection.hpp"
#include "storage/postgres/server_time.hpp"

namespace mutirao::storage::postgres {

class listener final : public neighbours {
 public:
  /// `owner`: what this process is called in the news that it tells. `time` is set at each look.
  listener(std::string url, std::string owner, server_time& time)
      : url_(std::move(url)), owner_(std::move(owner)), time_(time) {}

  expected<heard_news> listen(std::chrono::milliseconds most) override;

 private:
  using steady = std::chrono::steady_clock;

  expected<void> hear(heard_news& into, std::chrono::milliseconds most);
  expected<void> connect();
  expected<void> wait(std::chrono::milliseconds most);
  /// Whether the server still answers; its time; whether this process leads.
  expected<void> look();
  expected<result> ask(const char* sql);
  void read_all(heard_news& into);
  error lost() const;

  std::string url_;
  std::string owner_;
  server_time& time_;
  std::unique_ptr<connection> on_;
  bool leads_ = false;
  steady::time_point next_look_{};
};

/// Whether a listener may use `direct` where everything else goes through `url`: it leads to the
/// same database, and no pooler that deals sessions out stands between. errc::invalid_field.
expected<void> check_direct(const std::string& direct, const std::string& url);

}  // namespace mutirao::storage::postgres
