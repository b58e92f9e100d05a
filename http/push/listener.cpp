#include "http/push/listener.hpp"

#include <caf/send.hpp>

#include "http/json/job.hpp"

namespace mutirao::http::push {

listener::listener(stream_actor::pointer self, exchange_ptr at)
    : self_(self), site_(at->site), who_(at->who), until_(at->until), at_(std::move(at)) {}

void listener::start(std::variant<user_id, job_id> to) {
  const stream_actor own(self_);
  self_->request(site_->given.notifier, caf::infinite, actors::subscribe{to, own, who_->user})
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
  if (until_ && site_->given.clock->now() >= *until_) {
    return begun_ ? end() : refuse({errc::invalid_token, {}});
  }
  if (!begun_) return;
  try_again();
  if (++quiet_ >= quiet_beats && has_room()) write(heartbeat);
}

void listener::end() {
  if (ended_) return;
  if (!begun_) return refuse({errc::draining, {}});
  out_.finish();
  leave();
}

void listener::refuse(const error& why) {
  if (ended_) return;
  if (begun_) {
    site_->given.log->log(log_level::warning, "stream_failed",
                          {{"user", who_->user.value},
                           {"code", to_string(why.code)},
                           {"detail", std::string_view(why.detail)}});
    return end();
  }
  at_->refuse(why);
  leave();
}

void listener::leave() {
  ended_ = true;
  out_ = {};
  at_ = nullptr;
  self_->quit();
}

template <class Atom>
std::function<void()> listener::tell() const {
  return [whom = stream_actor(self_)] { caf::anon_send(whom, Atom::value); };
}

void listener::begin(const std::optional<position>& from) {
  begun_ = true;
  // The second header keeps nginx from collecting what is to arrive at once.
  out_ = at_->begin_stream(
      {200, "text/event-stream", {{"Cache-Control", "no-cache"}, {"X-Accel-Buffering", "no"}}, {}});
  at_ = nullptr;
  out_.bound_kernel_queue(kernel_bytes);
  out_.on_gone(tell<gone_atom>());
  write(opening_text(from));
}

void listener::wait_for_room() {
  if (!ended_) out_.on_room(tell<room_atom>());
}

void listener::write(std::string_view text) {
  if (ended_) return;
  quiet_ = 0;
  if (!out_.write(text)) end();
}

std::shared_ptr<const std::string> listener::object_of(const job_view& job) const {
  if (auto known = site_->streamed_jobs.find(job)) return known;
  json::writer out;
  json::write_job(out, job, *site_->given.types, std::nullopt);
  auto text = std::make_shared<const std::string>(out.take());
  site_->streamed_jobs.put(job, text);
  return text;
}

}  // namespace mutirao::http::push
