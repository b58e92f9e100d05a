#include "http/routes/schedules.hpp"

#include <utility>

#include "http/ask.hpp"
#include "http/json/schedule.hpp"
#include "http/parameters.hpp"

namespace mutirao::http::routes {
namespace {

constexpr page_sizes schedule_pages{.usual = 50, .most = 500};

/// Whether the type takes the arguments now, and of which unit. For each unit: asked of one of
/// them, and nothing is said of the unit.
expected<std::optional<unit_id>> check_arguments(const exchange& at, const job_type& type,
                                                 const schedule& what) {
  const auto& site = at.site->given;
  const auto& owner = what.owner;
  auto given = what.arguments;
  if (what.each_unit) {
    if (!owner.admin && owner.units.empty()) return fail(errc::forbidden_unit);
    given["unit"] = std::to_string(owner.admin ? 1 : owner.units.front().value);
  }
  const auto today = today_in(what.zone, site.clock->now(), *site.zones);
  if (!today) return tl::unexpected(today.error());
  const auto made = type.validate(given, owner, *today);
  if (!made) return tl::unexpected(made.error());
  const auto unit = made->arguments.unit;
  if (unit && !owner.may_see(unit)) return fail(errc::forbidden_unit);
  if (!what.each_unit) return unit;
  // Rows that come with the request are of one unit.
  if (!unit || made->payload) return fail(errc::invalid_field, "eachUnit");
  return std::nullopt;
}

expected<void> check_size(const argument_reader& arguments) {
  std::size_t sum = 0;
  for (const auto& [name, value] : arguments) sum += name.size() + value.size();
  if (sum > most_argument_bytes) return fail(errc::schedule_too_large);
  return {};
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
  what.kind = order.type->kind();
  what.arguments = std::move(order.given);
  what.each_unit = order.each_unit;
  what.cron = order.cron;
  what.zone = order.zone.empty() ? site.options.time_zone : order.zone;
  what.callback_url = order.callback_url;
  what.created_at = asked.now;
  const auto due = first_due(at, order, what.zone);
  if (!due) return tl::unexpected(due.error());
  what.next_due = *due;
  asked.run_at = order.run_at;
  if (const auto fits = check_size(what.arguments); !fits) return tl::unexpected(fits.error());
  const auto unit = check_arguments(at, *order.type, what);
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
  const auto& types = *at->site->given.types;
  auto order = read_schedule_order(at->what.body, types);
  if (!order) return at->refuse(order.error());
  if (const auto may = check_callback(*at, order->callback_url); !may) {
    return at->refuse(may.error());
  }
  auto asked = read_creation(*at, *std::move(order));
  if (!asked) return at->refuse(asked.error());
  ask(at, at->site->given.store, *std::move(asked), [&types](const create_schedule::answer& made) {
    return located(made.what, json_answer(json::render_schedule(made.what, types), 201));
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
  const auto window = read_window(at->asked, schedule_pages);
  if (!window) return at->refuse(window.error());
  ask(at, at->site->next_reader(),
      list_schedules{*at->who, *all && at->who->admin, window->limit, window->after},
      [at](const list_schedules::answer& page) {
        return json_answer(json::render_schedules(page, *at->site->given.types));
      });
}

void schedule_by_id(const exchange_ptr& at) {
  const auto id = path_id<schedule_id>(*at);
  if (!id) return at->refuse(id.error());
  ask(at, at->site->next_reader(), find_schedule{*id, *at->who}, [at](const schedule& found) {
    return json_answer(json::render_schedule(found, *at->site->given.types));
  });
}

void remove_schedule(const exchange_ptr& at) {
  const auto id = path_id<schedule_id>(*at);
  if (!id) return at->refuse(id.error());
  ask(at, at->site->given.store, delete_schedule{*id, *at->who}, [](const schedule_id&) {
    return response{204, "", {}, {}};
  });
}

}  // namespace mutirao::http::routes
