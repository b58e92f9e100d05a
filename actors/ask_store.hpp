// A command to the store, answered as a value even where the store is gone.
#pragma once

#include <utility>

#include "actors/interfaces.hpp"

namespace mutirao::actors {

/// Calls `then` with the answer; errc::store_failed where the store's actor has ended.
template <class Self, class Command, class Then>
void ask_store(Self* self, const store_actor& store, Command what, Then then) {
  using answer = expected<typename Command::answer>;
  self->request(store, caf::infinite, std::move(what))
      .then([then](answer_to<Command>& given) mutable { then(std::move(given.value)); },
            [then](const caf::error&) mutable { then(answer(fail(errc::store_failed))); });
}

}  // namespace mutirao::actors
