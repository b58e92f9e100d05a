#include "http/routes/tasks.hpp"

#include <utility>

#include "http/ask.hpp"
#include "http/bodies.hpp"
#include "http/json/task.hpp"
#include "http/parameters.hpp"

namespace mutirao::http::routes {
namespace {

constexpr page_sizes task_pages{.usual = 100, .most = 500};

/// A question that takes a filter and a window.
template <class Question>
expected<Question> read_filtered(const exchange& at) {
  auto filter = read_task_filter(at.asked);
  if (!filter) return tl::unexpected(filter.error());
  const auto window = read_window(at.asked, task_pages);
  if (!window) return tl::unexpected(window.error());
  return Question{*at.who, *std::move(filter), window->limit, window->after};
}

}  // namespace

void units_of_caller(const exchange_ptr& at) {
  ask(at, at->site->next_reader(), list_units{*at->who},
      [](const list_units::answer& units) { return json_answer(json::render_units(units)); });
}

void tasks_of_caller(const exchange_ptr& at) {
  auto question = read_filtered<list_tasks>(*at);
  if (!question) return at->refuse(question.error());
  ask(at, at->site->next_reader(), *std::move(question),
      [](const list_tasks::answer& page) { return json_answer(json::render_task_page(page)); });
}

void tasks_of_company(const exchange_ptr& at) {
  const auto company = path_id<company_id>(*at);
  if (!company) return at->refuse(company.error());
  ask(at, at->site->next_reader(), company_tasks{*at->who, *company},
      [](const company_tasks::answer& all) { return json_answer(json::render_all_tasks(all)); });
}

void change_task(const exchange_ptr& at) {
  const auto id = path_id<task_id>(*at);
  if (!id) return at->refuse(id.error());
  auto patch = read_task_patch(at->what.body);
  if (!patch) return at->refuse(patch.error());
  ask(at, at->site->given.store,
      edit_task{*at->who, *id, std::move(patch->status), patch->technician, patch->sector},
      [](const task_row& task) { return json_answer(json::render_task(task)); });
}

void agenda_of_technician(const exchange_ptr& at) {
  const auto technician = path_id<user_id>(*at);
  if (!technician) return at->refuse(technician.error());
  const auto from = read_date(at->asked, "from");
  if (!from) return at->refuse(from.error());
  const auto to = read_date(at->asked, "to");
  if (!to) return at->refuse(to.error());
  ask(at, at->site->next_reader(), technician_agenda{*at->who, *technician, *from, *to},
      [](const technician_agenda::answer& all) { return json_answer(json::render_events(all)); });
}

void agenda_of_caller(const exchange_ptr& at) {
  auto question = read_filtered<list_agenda>(*at);
  if (!question) return at->refuse(question.error());
  ask(at, at->site->next_reader(), *std::move(question),
      [](const list_agenda::answer& page) { return json_answer(json::render_event_page(page)); });
}

}  // namespace mutirao::http::routes
