#include "http/names.hpp"

#include <caf/event_based_actor.hpp>
#include <utility>

#include "actors/messages.hpp"

namespace mutirao::http {

std::shared_ptr<const known_names> names_for(const context& site) {
  if (site.names.is_due(site.given.clock->now())) {
    site.carriers.run([&site](caf::event_based_actor* self) {
      self->request(site.next_reader(), caf::infinite, list_names{})
          .then(
              [&site](actors::answer_to<list_names>& answer) {
                if (answer.value) site.names.put(*std::move(answer.value));
              },
              [](const caf::error&) {});
    });
  }
  return site.names.now();
}

}  // namespace mutirao::http
