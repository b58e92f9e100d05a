#include "http/routes/schedules.hpp"

#include <utility>

#include "http/ask.hpp"
#include "http/json/schedule.hpp"
#include "http/parameters.hpp"

namespace mutirao::http::routes {
namespace {

constexpr std::int64_t usual_page = 50;
constexpr std::int64_t longest_page = 500;

/// What the type makes of the arguments now. For each unit: of one of them, and nothing is said of
/// the unit.
expected<std::optional<unit_id>> check_arguments(const exchange& at, const schedule& what) {
  const auto& site = at.site->given;
  const auto* type = site.types->find(what.kind);
  if (!type) return fail(errc::unknown_job_type, what.kind);
  auto given = what.arguments;
  if (what.each_unit) {
    if (given.contains("unit")) return fail(errc::invalid_field, "arguments.unit");
    if (!what.owner.admin && what.owner.units.empty()) return fail(errc::forbidden_unit);
    given["unit"] = std::to_string(what.owner.admin ? 1 : what.owner.units.front().value);
  }
  const auto today = today_in(what.zone, site.clock->now(), *site.zones);
  if (!today) return tl::unexpected(today.error());
  const auto arguments = type->validate(given, *today);
  if (!arguments) return tl::unexpected(arguments.error());
  if (!what.owner.may_see(arguments->unit)) return fail(errc::forbidden_unit);
  if (!what.each_unit) return arguments->unit;
  if (!arguments->unit) return fail(errc::invalid_field, "eachUnit");
  return std::nullopt;
}

expected<instant> first_due(const exchange& at, const schedule_order& order,
                            const std::string& zone) {
  if (order.cron.empty()) {
    const auto once = parse_instant(order.run_at);
    if (!once) return fail(errc::invalid_run_at, order.run_at);
    return *once;
  }
  const auto rule = parse_cron(order.cron);
  if (!rule) return tl::unexpected(rule.error());
  const auto& site = at.site->given;
  return next_due(*rule, zone, site.clock->now(), *site.zones);
}

expected<create_schedule> read_creation(const exchange& at, schedule_order order) {
  const auto& site = at.site->given;
  create_schedule asked;
  asked.now = site.clock->now();
  auto& what = asked.what;
  what.owner = *at.who;
  what.kind = order.kind;
  what.arguments = std::move(order.arguments);
  what.each_unit = order.each_unit;
  what.cron = order.cron;
  what.zone = order.zone.empty() ? site.options.time_zone : order.zone;
  what.callback_url = order.callback_url;
  what.created_at = asked.now;
  const auto due = first_due(at, order, what.zone);
  if (!due) return tl::unexpected(due.error());
  what.next_due = *due;
  asked.run_at = order.run_at;
  const auto unit = check_arguments(at, what);
  if (!unit) return tl::unexpected(unit.error());
  asked.unit = *unit;
  const auto key = read_idempotency_key(at.what);
  if (!key) return tl::unexpected(key.error());
  if (*key) asked.key = (*key)->key;
  return asked;
}

response located(const schedule& what, response answer) {
  answer.headers.emplace_back("Location", "/api/schedules/" + std::to_string(what.id.value));
  return answer;
}

}  // namespace

void add_schedule(const exchange_ptr& at) {
  auto order = read_schedule_order(at->what.body);
  if (!order) return at->refuse(order.error());
  auto asked = read_creation(*at, *std::move(order));
  if (!asked) return at->refuse(asked.error());
  ask(at, at->site->given.store, *std::move(asked), [](const create_schedule::answer& made) {
    return located(made.what, json_answer(json::render_schedule(made.what), 201));
  });
}

void start_later(const exchange_ptr& at, schedule_order order) {
  auto asked = read_creation(*at, std::move(order));
  if (!asked) return at->refuse(asked.error());
  ask(at, at->site->given.store, *std::move(asked), [](const create_schedule::answer& made) {
    return located(made.what, json_answer(json::render_start_later(made.what), 202));
  });
}

void schedules_of_caller(const exchange_ptr& at) {
  const auto all = read_flag(at->asked, "all");
  if (!all) return at->refuse(all.error());
  const auto window = read_window(at->asked, usual_page, longest_page);
  if (!window) return at->refuse(window.error());
  ask(at, at->site->next_reader(),
      list_schedules{*at->who, *all && at->who->admin, window->limit, window->after},
      [](const list_schedules::answer& page) { return json_answer(json::render_schedules(page)); });
}

void schedule_by_id(const exchange_ptr& at) {
  const auto id = path_id<schedule_id>(*at);
  if (!id) return at->refuse(id.error());
  ask(at, at->site->next_reader(), find_schedule{*id, *at->who},
      [](const schedule& found) { return json_answer(json::render_schedule(found)); });
}

void remove_schedule(const exchange_ptr& at) {
  const auto id = path_id<schedule_id>(*at);
  if (!id) return at->refuse(id.error());
  ask(at, at->site->given.store, delete_schedule{*id, *at->who}, [](const schedule_id&) {
    return response{204, "", {}, {}};
  });
}

}  // namespace mutirao::http::routes
