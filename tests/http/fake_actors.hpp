// Stand-ins for the actors that the routes ask: each message is answered by a function that the
// test gives, and kept for the test to look at.
#pragma once

#include <caf/actor_system.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <functional>
#include <memory>
#include <mutex>
#include <tuple>
#include <type_traits>
#include <vector>

#include "actors/interfaces.hpp"

namespace mutirao::http {

/// The answers to one message. Without a function it is an error that no test expects.
template <class Message>
struct canned {
  std::function<expected<typename Message::answer>(const Message&)> answer;
  std::vector<Message> asked;
};

namespace detail {
template <class List>
struct canned_list;
template <template <class...> class List, class... Messages>
struct canned_list<List<Messages...>> {
  using type = std::tuple<canned<Messages>...>;
};
using canned_questions = canned_list<all_reads>::type;
using canned_commands = canned_list<command>::type;
using canned_rest = std::tuple<canned<actors::rehearse>, canned<actors::submit>>;
}  // namespace detail

/// Shared by the fake actors and the test.
class script {
 public:
  template <class Message>
  void on(std::type_identity_t<std::function<expected<typename Message::answer>(const Message&)>>
              answer) {
    const std::lock_guard hold(mutex_);
    slot<Message>().answer = std::move(answer);
  }
  template <class Message>
  std::vector<Message> asked() {
    const std::lock_guard hold(mutex_);
    return slot<Message>().asked;
  }
  template <class Message>
  expected<typename Message::answer> play(const Message& what) {
    const std::lock_guard hold(mutex_);
    slot<Message>().asked.push_back(what);
    if (!slot<Message>().answer) return fail(errc::internal, "not expected by the test");
    return slot<Message>().answer(what);
  }

 private:
  template <class Message>
  canned<Message>& slot() {
    return std::get<canned<Message>>(slots_);
  }

  std::mutex mutex_;
  decltype(std::tuple_cat(detail::canned_questions(), detail::canned_commands(),
                          detail::canned_rest())) slots_;
};

// `plays` is an argument, not a capture, for the reason told in http/askers.cpp.
template <class... Questions>
actors::reader_actor spawn_reader(caf::actor_system& system, std::shared_ptr<script> plays,
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
actors::store_actor spawn_store(caf::actor_system& system, std::shared_ptr<script> plays,
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

inline actors::supervisor_actor spawn_supervisor(caf::actor_system& system,
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
        [](const actors::suspect_cleared&) {},
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
