#include "tests/simulation/receivers.hpp"

#include <caf/typed_event_based_actor.hpp>

#include "storage/sql/statement.hpp"
#include "storage/sqlite/connection.hpp"

namespace mutirao::simulation {
namespace {

actors::sender_actor::behavior_type run_sender(actors::sender_actor::pointer, receivers* to) {
  return {[to](const actors::post_webhook& what) {
            return actors::answer_to<actors::post_webhook>{to->take(what)};
          },
          [](actors::tick_atom) {}};
}

}  // namespace

webhook_rules receivers::rules() const {
  webhook_rules made;
  made.endpoints = {{operators, {"job.*"}}};
  made.render = [](std::string_view type, instant, const job_view&) { return std::string(type); };
  return made;
}

app::webhook_wiring receivers::wiring() {
  app::webhook_wiring made;
  made.spawn_sender = [this](caf::actor_system& system) { return system.spawn(run_sender, this); };
  made.courier.transfers = 4;
  made.courier.per_receiver = 2;
  made.courier.for_silent = 2;
  made.courier.unsettled = 3;
  made.courier.retry.longest_pause = std::chrono::seconds(10);
  made.courier.retry.attempts = 100'000;  // so that everything arrives in the end
  made.courier.retry.age = std::chrono::hours(24 * 365);
  return made;
}

delivery_response receivers::take(const actors::post_webhook& what) {
  // msg_JOB_EVENT
  const auto cut = what.message.rfind('_');
  const auto event = std::stoll(what.message.substr(cut + 1));
  auto& newest = newest_[what.url + " " + what.message.substr(0, cut)];
  found_.check(event >= newest, what.message + " came behind event " + std::to_string(newest));
  newest = event;
  if (fails_ && chance_.chance(20)) return {0, "timeout", std::nullopt};
  if (fails_ && chance_.chance(20)) return {503, "", std::nullopt};
  taken_.insert(what.url + " " + what.message);
  return {200, "", std::nullopt};
}

void receivers::compare(const std::string& file) const {
  auto on = storage::sqlite::connection::open(file, storage::sqlite::access::read).value();
  storage::sql::statement all(on, "SELECT url || ' ' || message, state FROM webhook_deliveries");
  auto rows = all.run();
  std::set<std::string> stored;
  while (rows.next().value()) {
    const auto one = rows.string(0);
    found_.check(rows.integer(1) == static_cast<int>(delivery_state::delivered),
                 one + " is not delivered");
    found_.check(taken_.contains(one), one + " is delivered and never came");
    found_.check(stored.insert(one).second, one + " is stored twice");
  }
  found_.check(stored == taken_, "something came that is not stored");
  const auto untold = on.integer(
      "SELECT (SELECT count(*) FROM job_events) - (SELECT count(*) FROM webhook_deliveries"
      " WHERE callback = 0)");
  found_.check(untold == 0, "events and what the operator was told are not one to one");
}

}  // namespace mutirao::simulation
