// Hears what other processes on the database commit, over a session of its own: LISTEN and the lock
// of the one that leads last as long as that. It must not go through a pooler.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "domain/ports/neighbours.hpp"
#include "storage/postgres/connection.hpp"
#include "storage/postgres/server_time.hpp"

namespace mutirao::storage::postgres {

struct listener_options {
  std::string direct;                 // the server's own URL
  std::string url;                    // what all other connections go through
  std::string owner;                  // what this process is called in the news that it tells
  server_time* time = nullptr;        // set at each look
  std::atomic<bool>* away = nullptr;  // set where one of the two does not answer
};

/// Whether the way that all other connections take leads to the server. A pooler may let connect
/// whom it does not serve: only an answer counts.
class way_through {
 public:
  explicit way_through(std::string url) : url_(std::move(url)) {}

  /// Asks each second. errc::store_unreachable where an answer is missing for long, and from then
  /// on until one came, which is waited for: `most`.
  expected<void> look(std::chrono::milliseconds most);

 private:
  using steady = std::chrono::steady_clock;

  expected<void> take_answer(std::chrono::milliseconds most);
  expected<void> ask();
  /// Whether it is there.
  expected<bool> read_answer(std::chrono::milliseconds most);

  std::string url_;
  std::unique_ptr<connection> line_;
  std::optional<steady::time_point> asked_;  // and not answered yet
  steady::time_point next_{};
  bool answers_ = false;
};

class listener final : public neighbours {
 public:
  explicit listener(listener_options with) : with_(std::move(with)) {
    if (with_.direct != with_.url) through_.emplace(with_.url);
  }

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
  void close();

  listener_options with_;
  std::unique_ptr<connection> on_;
  std::optional<way_through> through_;  // where the others take another way
  bool leads_ = false;
  steady::time_point next_look_{};
};

/// Whether a listener may use `direct` where everything else goes through `url`: it leads to the
/// same database, and no pooler that deals sessions out stands between. errc::invalid_field.
expected<void> check_direct(const std::string& direct, const std::string& url);

}  // namespace mutirao::storage::postgres
