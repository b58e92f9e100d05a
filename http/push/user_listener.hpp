// What one user is told: the notifications, and each change of state of the user's jobs. Nothing is
// queued for a slow reader: the stored events are the queue, and the listener a place in it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "http/push/listener.hpp"

namespace mutirao::http::push {

/// Events `job` (the job object) and `notification` (the nine fields), each with its id. While it
/// is at the end of the stored events it tells what it hears; else it reads on from where it is,
/// whenever there is room.
class user_listener : public listener {
 public:
  /// `after`: where an earlier one ended; nothing: from now on.
  user_listener(stream_actor::pointer self, client who, std::optional<position> after)
      : listener(self, std::move(who)),
        place_(after.value_or(position{})),
        resumes_(after.has_value()) {}

  void hear(const actors::news& what) override;
  void room() override { read_on(); }

 protected:
  void joined() override { read(); }
  void try_again() override;

  /// It has begun, and knows from where on it tells.
  virtual void opened() {}
  /// Tells nothing from here to release(), and forgets nothing.
  void hold() { reading_ = true; }
  void release();
  virtual void tell_job(const job_event& event, const job_view& job);
  virtual void tell_notification(const job_event& event, const notification& told);
  /// Whatever was to be told has been, as far as it is known.
  virtual void caught_up() {}
  bool is_caught_up() const { return begun() && !reading_ && !behind(); }
  /// The nine fields.
  static std::string object_of(const notification& told);
  using listener::object_of;

 private:
  static constexpr std::int64_t page_events = 50;

  void read();
  void read_on();
  void take(expected<list_events::answer>&& page);
  void begin_behind(std::int64_t last);
  void pass(const job_event& event, const job_view* job, const notification* told);
  bool behind() const { return in_doubt_ || heard_ > place_.sequence; }

  position place_;
  bool resumes_;
  bool reading_ = false;
  bool waiting_ = false;    // for room
  bool failed_ = false;     // to read: again at the next beat
  bool in_doubt_ = false;   // there may be events that nobody told of
  std::int64_t heard_ = 0;  // the highest number that must be told
};

}  // namespace mutirao::http::push
