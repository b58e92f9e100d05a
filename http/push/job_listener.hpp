// The stream of one job: how it stands, then how it goes on, then how it ended. A state, not a
// history: who reads slowly gets fewer, newer ones.
#pragma once

#include <optional>

#include "http/body_cache.hpp"
#include "http/push/listener.hpp"

namespace mutirao::http::push {

/// Events `snapshot`, `progress`, and at the end `completed` or `failed`; the data of each is the
/// job object.
class job_listener final : public listener {
 public:
  job_listener(stream_actor::pointer self, client who, job_id job)
      : listener(self, std::move(who)), job_(job) {}

  void hear(const actors::news& what) override;
  void room() override;

 protected:
  void joined() override;
  void looked_up(const job_view& job) override;

 private:
  void take_snapshot(job_view job);
  void follow(const job_view& job);
  void show(std::string_view name, job_view job);
  void show_newest();
  bool is_older(const job_view& job) const;

  job_id job_;
  std::optional<job_view> shown_;
  std::optional<job_view> next_;  // the newest that was not shown
};

}  // namespace mutirao::http::push
