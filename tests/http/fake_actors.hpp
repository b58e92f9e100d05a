// Stand-ins for the actors that the routes ask: each message is answered by a function that the
// test gives, and kept for the test to look at.
#pragma once

#include <caf/actor_system.hpp>
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
  script();
  ~script();
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

actors::reader_actor spawn_reader(caf::actor_system& system, std::shared_ptr<script> plays);
actors::store_actor spawn_store(caf::actor_system& system, std::shared_ptr<script> plays);
actors::supervisor_actor spawn_supervisor(caf::actor_system& system, std::shared_ptr<script> plays);

}  // namespace mutirao::http
