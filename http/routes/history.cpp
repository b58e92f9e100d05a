#include "http/routes/history.hpp"

#include "http/ask.hpp"
#include "http/json/history.hpp"
#include "http/parameters.hpp"

namespace mutirao::http::routes {

void timeline_of_job(const exchange_ptr& at) {
  const auto id = path_job(*at);
  if (!id) return at->refuse(id.error());
  ask(at, at->site->given.supervisor, find_job{*id}, [at](const job_view& job) {
    if (!job.visible_to(*at->who)) return at->refuse({errc::unknown_job, {}});
    ask(at, at->site->next_reader(), job_history{job.id}, [](const job_history::answer& history) {
      return json_answer(json::render_timeline(history));
    });
  });
}

void recent_stats(const exchange_ptr& at) {
  const auto now = at->site->given.clock->now();
  ask(at, at->site->given.notifier, actors::recent_activity{*at->who, now},
      [now](const activity_hour& hour) { return json_answer(json::render_stats(hour, now)); });
}

}  // namespace mutirao::http::routes
