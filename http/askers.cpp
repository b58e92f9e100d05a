#include "http/askers.hpp"

#include <algorithm>
#include <caf/actor_system.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <utility>

namespace mutirao::http {
namespace {

struct question {
  std::function<void(caf::event_based_actor*)> put;
};

// A class, since CAF's spawn of a function without further arguments dereferences a null pointer
// (nothing comes of it, but sanitizers stop there).
class asker final : public caf::event_based_actor {
 public:
  using caf::event_based_actor::event_based_actor;

 protected:
  caf::behavior make_behavior() override {
    return {[this](const question& what) { what.put(this); }};
  }
};

}  // namespace
}  // namespace mutirao::http

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mutirao::http::question)

namespace mutirao::http {

askers::askers(caf::actor_system& system, std::size_t count) : system_(system) {
  actors_.resize(std::max<std::size_t>(count, 1));
  for (auto& actor : actors_) actor = system.spawn<asker>();
  aside_ = system.spawn<asker, caf::detached>();
}

askers::~askers() {
  stop();
}

void askers::run(std::function<void(caf::event_based_actor*)> put) const {
  if (actors_.empty()) return;
  const auto turn = next_.fetch_add(1, std::memory_order_relaxed);
  caf::anon_send(actors_[turn % actors_.size()], question{std::move(put)});
}

void askers::run_aside(std::function<void()> work) const {
  if (!aside_) return;
  caf::anon_send(aside_, question{[work = std::move(work)](caf::event_based_actor*) { work(); }});
}

void askers::stop() {
  // Behind what is aside come its questions.
  if (aside_) {
    caf::anon_send_exit(aside_, caf::exit_reason::user_shutdown);
    caf::scoped_actor(system_)->wait_for(aside_);
    aside_ = nullptr;
  }
  for (auto& actor : actors_) caf::anon_send_exit(actor, caf::exit_reason::user_shutdown);
  if (!actors_.empty()) caf::scoped_actor(system_)->wait_for(actors_);
  actors_.clear();
}

}  // namespace mutirao::http
