// The stream of one user: the notifications, and each change of state of the user's jobs. Nothing
// is queued for a slow reader: the stored events are the queue, and the stream a place in it.
#pragma once

#include <cstdint>
#include <optional>

#include "http/push/listener.hpp"

namespace mutirao::http::push {

/// Events `job` (the job object) and `notification` (the nine fields), each with its id. While the
/// stream is at the end of the stored events it tells what it hears; else it reads on from where it
/// is, whenever there is room.
class user_listener final : public listener {
 public:
  /// `after`: where an earlier stream ended; nothing: from now on.
  user_listener(stream_actor::pointer self, exchange_ptr at, std::optional<position> after)
      : listener(self, std::move(at)),
        place_(after.value_or(position{})),
        resumes_(after.has_value()) {}

  void hear(const actors::news& what) override;
  void room() override { read_on(); }

 protected:
  void joined() override { read(); }
  void try_again() override;

 private:
  static constexpr std::int64_t page_events = 50;

  void read();
  void read_on();
  void take(expected<list_events::answer>&& page);
  void begin_behind(std::int64_t last);
  void pass(const job_event& event, const job_view* job, const notification* told);
  bool behind() const { return heard_ > place_.sequence; }

  position place_;
  bool resumes_;
  bool reading_ = false;
  bool waiting_ = false;    // for room
  bool failed_ = false;     // to read: again at the next beat
  std::int64_t heard_ = 0;  // the highest number that must be told
};

}  // namespace mutirao::http::push
