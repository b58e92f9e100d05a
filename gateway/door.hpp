// The one actor that is published: it answers the hello of every version that is served, each by a
// session of that version, and holds nothing. Who kills it kills nothing else; see keeper.hpp.
#pragma once

#include "gateway/session.hpp"

namespace mutirao::gateway {

/// Version 1. Another version has the same members.
struct version_1 {
  using hello = v1::hello;
  using welcome = v1::welcome;
  using session = v1_session;
  static constexpr auto& run_session = run_v1_session;
};

template <class... Version>
using door_of = caf::typed_actor<
    typename caf::replies_to<typename Version::hello>::template with<typename Version::welcome>...>;

template <class Version, class Self>
caf::result<typename Version::welcome> greet(Self& self, const surroundings_ptr& around,
                                             const typename Version::hello& said) {
  auto slot = session_slot::take(*around);
  if (!slot) {
    return protocol::make_error(protocol::errc::too_many_sessions, "too many sessions", 5);
  }
  auto session = self->home_system().spawn(Version::run_session, around, std::move(slot));
  return self->delegate(session, said);
}

/// Within the process it also runs what it is sent, as a sign that it lives.
template <class... Version>
using inner_door = typename door_of<Version...>::template extend<caf::reacts_to<continuation>>;

template <class... Version>
typename inner_door<Version...>::behavior_type run_door(
    typename inner_door<Version...>::pointer self, surroundings_ptr around) {
  caf::scheduled_actor* const base = self;
  base->set_exit_handler([](caf::exit_msg&) {});  // anybody may send one
  base->set_down_handler([base](caf::down_msg&) { base->quit(); });
  base->monitor(around->anchor);
  return {
      [self, around](const typename Version::hello& said) mutable
      -> caf::result<typename Version::welcome> { return greet<Version>(self, around, said); }...,
      [](continuation& what) { what.run(); }};
}

}  // namespace mutirao::gateway
