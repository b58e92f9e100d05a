// The sender actor: POSTs webhooks by libcurl, many at a time, on one thread.
#pragma once

#include <chrono>
#include <memory>

#include "actors/interfaces.hpp"
#include "app/webhooks/signature.hpp"
#include "domain/network.hpp"

namespace mutirao::app {

struct sender_options {
  webhook_secrets secrets;
  address_policy allowed;
  std::chrono::milliseconds timeout{10'000};  // of a whole transfer
  std::chrono::milliseconds connect_timeout{5'000};
  std::size_t longest_answer = 64u << 10;  // bytes of head, and of body, that are read of one
};

/// Redirects are not followed, proxies of the environment not used, and no address is connected to
/// that is not allowed, whatever a name resolves to. The words of delivery_response::error:
/// private-address, no-secret, dns, connection, tls, timeout, protocol, internal. Blocks for up to
/// 20 ms at a time while transfers are on their way: detached, but in tests.
actors::sender_actor::behavior_type run_sender(actors::sender_actor::pointer self,
                                               std::shared_ptr<const sender_options> options);

}  // namespace mutirao::app
