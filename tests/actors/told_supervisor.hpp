// A supervisor that keeps what it is told, and can do nothing.
#pragma once

#include <caf/typed_event_based_actor.hpp>
#include <memory>
#include <vector>

#include "actors/interfaces.hpp"

namespace mutirao::testing {

struct told_supervisor {
  std::vector<job_id> pruned;
  int looks = 0;  // for what was left
  std::vector<std::shared_ptr<const heard_news>> news;
};

inline actors::supervisor_actor::behavior_type run_told(actors::supervisor_actor::pointer,
                                                        told_supervisor* into) {
  return {
      [](const actors::submit&) { return actors::answer_to<actors::submit>{fail(errc::internal)}; },
      [](const find_job&) { return actors::answer_to<find_job>{fail(errc::internal)}; },
      [](const request_change&) { return actors::answer_to<request_change>{fail(errc::internal)}; },
      [](const actors::slot_free&) {},
      [](actors::tick_atom) {},
      [into](actors::recover_atom) { ++into->looks; },
      [into](const actors::jobs_pruned& gone) {
        into->pruned.insert(into->pruned.end(), gone.jobs.begin(), gone.jobs.end());
      },
      [](const actors::committed_news&) {},
      [into](const actors::distant_news& news) { into->news.push_back(news.what); },
      [](const actors::drain&) { return actors::answer_to<actors::drain>{}; }};
}

}  // namespace mutirao::testing
