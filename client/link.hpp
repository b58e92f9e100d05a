// The actor behind open_link.
#pragma once

#include <caf/actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <functional>

#include "mutirao/client.hpp"

namespace mutirao::client {

/// Something to be done later within the actor. Has no name on the wire.
struct later {
  std::function<void()> run;
};

}  // namespace mutirao::client

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mutirao::client::later)

namespace mutirao::client {

/// A link that also hears what its session tells.
using inner_link =
    link_actor::extend<caf::reacts_to<protocol::v1::job_event>,
                       caf::reacts_to<protocol::v1::notification_event>,
                       caf::reacts_to<protocol::v1::subscription_ended>, caf::reacts_to<later>>;

/// `net` connects: a caf::io::middleman_actor.
inner_link::behavior_type run_link(inner_link::pointer self, link_options options, caf::actor net);

}  // namespace mutirao::client
