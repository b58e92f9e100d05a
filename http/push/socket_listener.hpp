// What a socket is told of its user: first the notifications that no socket was ever given, then
// what happens. A notification counts as pushed once the kernel has taken its bytes.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <unordered_set>
#include <vector>

#include "http/push/progress_board.hpp"
#include "http/push/user_listener.hpp"
#include "http/socketio/socket.hpp"

namespace mutirao::http::push {

/// Events `notification:new` (the nine fields), `job:progress` and `job:done` (the job object); of
/// progress the newest only.
class socket_listener final : public user_listener {
 public:
  /// Of the user's newest notifications so many are looked at, and told as far as they are unread,
  /// not older than this, and were given to no socket.
  static constexpr std::int64_t most_missed = 200;
  static constexpr std::chrono::hours missed_for{24};

  /// `to` is what `who` has for a line.
  socket_listener(stream_actor::pointer self, client who, std::shared_ptr<socketio::socket> to)
      : user_listener(self, std::move(who), std::nullopt), socket_(std::move(to)) {}

  void hear(const actors::news& what) override;
  void taken() override;

 protected:
  void opened() override;
  void tell_job(const job_event& event, const job_view& job) override;
  void tell_notification(const job_event& event, const notification& told) override;
  void caught_up() override { tell_progress(); }
  void looked_up(const job_view& job) override;

 private:
  void tell_missed(const std::vector<notification>& newest_first);
  void tell(const notification& told);
  void tell_progress();
  void offer(std::shared_ptr<const job_view> job);
  void watch_taking();
  void mark(std::vector<notification_id> ids);

  std::shared_ptr<socketio::socket> socket_;
  std::unordered_set<std::int64_t> missed_;  // told as such, and perhaps heard of again
  progress_board progress_;
  std::unordered_set<job_id> ended_meanwhile_;  // while they were looked up
  std::vector<notification_id> said_;           // since the kernel is watched
  std::vector<notification_id> taking_;         // before
  bool marking_ = false;
};

}  // namespace mutirao::http::push
