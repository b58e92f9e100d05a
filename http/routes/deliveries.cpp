#include "http/routes/deliveries.hpp"

#include <utility>

#include "http/ask.hpp"
#include "http/json/delivery.hpp"
#include "http/parameters.hpp"

namespace mutirao::http::routes {
namespace {

constexpr page_sizes delivery_pages{.usual = 100, .most = 500};

void show(const exchange_ptr& at, const job_view& job, const list_deliveries& question) {
  if (job.user != at->who->user && !at->who->admin) {
    return at->refuse({job.visible_to(*at->who) ? errc::forbidden : errc::unknown_job, {}});
  }
  ask(at, at->site->next_reader(), question, [](const list_deliveries::answer& page) {
    return json_answer(json::render_deliveries(page));
  });
}

}  // namespace

void deliveries_of_job(const exchange_ptr& at) {
  const auto id = path_job(*at);
  if (!id) return at->refuse(id.error());
  const auto window = read_window(at->asked, delivery_pages);
  if (!window) return at->refuse(window.error());
  // An operator's URL may itself be a secret.
  list_deliveries question{*id, !at->who->admin, window->limit, window->after};
  ask(at, at->site->given.supervisor, find_job{*id},
      [at, question](const job_view& job) { show(at, job, question); });
}

}  // namespace mutirao::http::routes
