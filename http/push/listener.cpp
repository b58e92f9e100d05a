#include "http/push/listener.hpp"

#include "http/json/job.hpp"
#include "http/names.hpp"

namespace mutirao::http::push {

listener::listener(stream_actor::pointer self, client who) : self_(self), to_(std::move(who)) {}

void listener::start(std::variant<user_id, job_id> to) {
  const stream_actor own(self_);
  self_->request(site().given.notifier, caf::infinite, actors::subscribe{to, own, who().user})
      .then(
          [this](bool taken) {
            if (ended_) return;
            if (!taken) return refuse({errc::stream_limit, {}});
            joined();
          },
          [this](const caf::error&) {
            refuse({errc::internal, "the notifier is gone"});
          });
}

void listener::beat() {
  if (ended_) return;
  if (to_.until && site().given.clock->now() >= *to_.until) {
    return begun_ ? end() : refuse({errc::invalid_token, {}});
  }
  if (!begun_) return;
  try_again();
  if (++quiet_ < quiet_beats || !has_room()) return;
  quiet_ = 0;
  if (!to_.out->say_nothing()) end();
}

void listener::end() {
  if (ended_) return;
  if (!begun_) return refuse({errc::draining, {}});
  to_.out->finish();
  leave();
}

void listener::refuse(const error& why) {
  if (ended_) return;
  if (begun_) {
    site().given.log->log(log_level::warning, "stream_failed",
                          {{"user", who().user.value},
                           {"code", to_string(why.code)},
                           {"detail", std::string_view(why.detail)}});
    return end();
  }
  to_.out->refuse(why);
  leave();
}

void listener::leave() {
  ended_ = true;
  to_.out = nullptr;
  self_->quit();
}

void listener::begin(const std::optional<position>& from) {
  begun_ = true;
  to_.out->begin(from);
  to_.out->on_gone(told_by<gone_atom>());
}

void listener::wait_for_room() {
  if (!ended_) to_.out->on_room(told_by<room_atom>());
}

void listener::say(std::string_view event, std::string_view data,
                   const std::optional<position>& at) {
  if (ended_) return;
  quiet_ = 0;
  if (!to_.out->say(event, data, at)) end();
}

void listener::look_up(const job_id& job) {
  const auto [at, is_new] = looking_.try_emplace(job, false);
  if (!is_new) {
    at->second = true;
    return;
  }
  ask(site().given.supervisor, find_job{job}, [this, job](const expected<job_view>& found) {
    const bool again = looking_.extract(job).mapped();
    if (found) looked_up(*found);
    if (again) look_up(job);
  });
}

std::shared_ptr<const std::string> listener::object_of(const job_view& job) const {
  const auto names = names_for(site());
  if (auto known = site().streamed_jobs.find(job, names->version())) return known;
  json::writer out;
  json::write_job(out, job, *site().given.types, std::nullopt, *names);
  auto text = std::make_shared<const std::string>(out.take());
  site().streamed_jobs.put(job, text, names->version());
  return text;
}

}  // namespace mutirao::http::push
