// What every handler has at hand, shared by all requests of one server.
#pragma once

#include <atomic>
#include <caf/fwd.hpp>
#include <cstddef>

#include "http/askers.hpp"
#include "http/auth.hpp"
#include "http/body_cache.hpp"
#include "http/cors.hpp"
#include "http/name_book.hpp"
#include "http/push/streams.hpp"
#include "http/push/tickets.hpp"
#include "http/service.hpp"
#include "http/sign_in/throttle.hpp"

namespace mutirao::http {

struct context {
  context(caf::actor_system& system, service what)
      : given(std::move(what)),
        tokens(given.auth, *given.clock),
        names(given.names),
        carriers(system, given.options.askers),
        origins(given.options.cors_origins),
        bodies(given.options.body_cache_bytes),
        streamed_jobs(given.options.body_cache_bytes / 4),
        tickets(*given.chance, given.auth.secret),
        streams(system) {}

  service given;
  auth tokens;
  mutable name_book names;  // outlives the carriers, which fill it
  askers carriers;
  cors origins;
  mutable body_cache bodies;
  mutable body_cache streamed_jobs;  // without the lines of their results
  mutable push::tickets tickets;
  mutable sign_in_throttle sign_ins;
  push::streams streams;
  mutable std::atomic<std::size_t> turn{0};

  const actors::reader_actor& next_reader() const {
    return given.readers[turn.fetch_add(1, std::memory_order_relaxed) % given.readers.size()];
  }
};

}  // namespace mutirao::http
