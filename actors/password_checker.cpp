#include "actors/password_checker.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>
#include <exception>
#include <memory>

namespace mutirao::actors {

hasher_actor::behavior_type run_hasher(hasher_actor::pointer, password_hasher* hasher,
                                       telemetry* log) {
  return {[hasher, log](const check_password& asked) -> answer_to<check_password> {
    try {
      return {hasher->fits(asked.password, asked.kept)};
    } catch (const std::exception& thrown) {
      log->log(log_level::error, "hasher_threw", {{"what", std::string(thrown.what())}});
      return {fail(errc::internal, thrown.what())};
    }
  }};
}

password_checker_actor::behavior_type run_password_checker(password_checker_actor::pointer self,
                                                           hasher_actor hasher, std::size_t most) {
  const auto out = std::make_shared<std::size_t>(0);
  return {[=](check_password& asked) {
    using result = answer_to<check_password>;
    auto promise = self->make_response_promise<result>();
    if (*out >= most) {
      promise.deliver(result{fail(errc::overloaded, "too many passwords to check")});
      return promise;
    }
    ++*out;
    self->request(hasher, caf::infinite, std::move(asked))
        .then(
            [out, promise](result& answer) mutable {
              --*out;
              promise.deliver(std::move(answer));
            },
            [out, promise](const caf::error&) mutable {
              --*out;
              promise.deliver(result{fail(errc::internal, "the hasher is gone")});
            });
    return promise;
  }};
}

}  // namespace mutirao::actors
