#include "tests/http/fake_actors.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <utility>
#include <variant>

namespace mutirao::http {
namespace {

// `plays` is an argument, not a capture, for the reason told in http/askers.cpp.
template <class... Questions>
actors::reader_actor reader_of(caf::actor_system& system, std::shared_ptr<script> plays,
                               std::tuple<Questions...>*) {
  using behavior = actors::reader_actor::behavior_type;
  const auto run = [](actors::reader_actor::pointer, std::shared_ptr<script> played) -> behavior {
    return {[played](const Questions& what) {
              return actors::answer_to<Questions>{played->play(what)};
            }...,
            [played](const actors::rehearse& what) {
              return actors::answer_to<actors::rehearse>{played->play(what)};
            }};
  };
  return system.spawn(run, std::move(plays));
}

template <class... Commands>
actors::store_actor store_of(caf::actor_system& system, std::shared_ptr<script> plays,
                             std::variant<Commands...>*) {
  using behavior = actors::store_actor::behavior_type;
  const auto run = [](actors::store_actor::pointer, std::shared_ptr<script> played) -> behavior {
    return {[played](const Commands& what) {
              return actors::answer_to<Commands>{played->play(what)};
            }...,
            [](const actors::hear_first&) {}, [](actors::flush_atom) {}};
  };
  return system.spawn(run, std::move(plays));
}

}  // namespace

script::script() = default;
script::~script() = default;

actors::reader_actor spawn_reader(caf::actor_system& system, std::shared_ptr<script> plays) {
  return reader_of(system, std::move(plays), static_cast<all_reads*>(nullptr));
}

actors::store_actor spawn_store(caf::actor_system& system, std::shared_ptr<script> plays) {
  return store_of(system, std::move(plays), static_cast<command*>(nullptr));
}

actors::supervisor_actor spawn_supervisor(caf::actor_system& system,
                                          std::shared_ptr<script> plays) {
  using behavior = actors::supervisor_actor::behavior_type;
  const auto run = [](actors::supervisor_actor::pointer,
                      std::shared_ptr<script> played) -> behavior {
    return {
        [played](const actors::submit& what) {
          return actors::answer_to<actors::submit>{played->play(what)};
        },
        [played](const find_job& what) { return actors::answer_to<find_job>{played->play(what)}; },
        [played](const request_change& what) {
          return actors::answer_to<request_change>{played->play(what)};
        },
        [](const actors::slot_free&) {},
        [](actors::tick_atom) {},
        [](actors::recover_atom) {},
        [](const actors::jobs_pruned&) {},
        [](const actors::committed_news&) {},
        [](const actors::distant_news&) {},
        [](const actors::drain&) { return actors::answer_to<actors::drain>{}; }};
  };
  return system.spawn(run, std::move(plays));
}

}  // namespace mutirao::http
