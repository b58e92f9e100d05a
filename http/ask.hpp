// How a handler asks an actor: it never waits. The answer is taken where the question was carried
// (askers.hpp), by a named continuation per step.
#pragma once

#include <exception>
#include <type_traits>
#include <utility>

#include "actors/messages.hpp"
#include "http/exchange.hpp"

namespace mutirao::http {

namespace detail {

/// Runs `step`; what it throws becomes a 500 without text.
template <class Step>
void guarded(const exchange_ptr& at, Step step) try {
  step();
} catch (const std::exception& thrown) {
  at->refuse({errc::internal, thrown.what()});
}

template <class Answer, class Then>
void take(const exchange_ptr& at, Then& then, expected<Answer>&& answer) {
  if constexpr (std::is_invocable_v<Then&, expected<Answer>&&>) {
    then(std::move(answer));
  } else if (!answer) {
    at->refuse(answer.error());
  } else if constexpr (std::is_same_v<std::invoke_result_t<Then&, Answer&&>, response>) {
    at->send(then(*std::move(answer)));
  } else {
    then(*std::move(answer));
  }
}

}  // namespace detail

/// Asks `whom`. `then` gets the answer and gives a response, or goes on by itself (void); an error
/// is sent as its problem, unless `then` takes the expected whole. A receiver that is gone or
/// dies meanwhile is errc::internal.
template <class Handle, class Message, class Then>
void ask(const exchange_ptr& at, const Handle& whom, Message message, Then then) {
  at->site->carriers.run([at, whom, message = std::move(message),
                          then = std::move(then)](caf::event_based_actor* self) mutable {
    self->request(whom, caf::infinite, std::move(message))
        .then(
            [at, then = std::move(then)](actors::answer_to<Message>& answer) mutable {
              detail::guarded(at, [&] { detail::take(at, then, std::move(answer.value)); });
            },
            [at](const caf::error&) {
              detail::guarded(at, [&] { at->refuse({errc::internal, "the receiver is gone"}); });
            });
  });
}

}  // namespace mutirao::http
