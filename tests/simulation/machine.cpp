#include "tests/simulation/machine.hpp"

#include <caf/scheduled_actor.hpp>
#include <stdexcept>

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mutirao::simulation::errand)

namespace mutirao::simulation {
namespace {

// A class: see http/askers.cpp.
class client final : public caf::event_based_actor {
 public:
  using caf::event_based_actor::event_based_actor;

 protected:
  caf::behavior make_behavior() override {
    return {[this](const errand& what) { what.run(this); }};
  }
};

template <class Message>
bool is_next(caf::scheduled_actor& actor) {
  auto* element = actor.peek_at_next_mailbox_element();
  return element && element->content().match_elements<Message>();
}

}  // namespace

void put(const caf::actor& client, errand what) {
  caf::anon_send(client, std::move(what));
}

machine::machine(std::unique_ptr<storage::database> database, fate& shared, outside around,
                 const app::wiring_options& options)
    : fate_(shared),
      around_(around),
      database_(std::move(database)),
      client_(system_.spawn<client>()) {
  auto started = app::wiring::start(
      system_,
      {database_.get(), around.types, around.time, around.chance, around.log, around.zones},
      options);
  if (!started) throw std::runtime_error(started.error().detail);
  wiring_ = *std::move(started);
}

machine::~machine() {
  fate_.dead = true;
  wiring_->stop();
  caf::anon_send_exit(client_, caf::exit_reason::user_shutdown);
  scheduler_.run();
  scheduler_.clock().cancel_all();
  scheduler_.run();
}

std::size_t machine::choose() {
  const auto& ready = scheduler_.jobs;
  auto chosen = around_.chance->below(ready.size());
  if (starved_for_ > 0 && --starved_for_ > 0 && ready[chosen] == starved_) {
    chosen = (chosen + 1) % ready.size();
  }
  return chosen;
}

bool machine::step() {
  auto& ready = scheduler_.jobs;
  if (ready.empty()) return false;
  std::swap(ready.front(), ready[choose()]);
  return scheduler_.try_run_once();
}

bool machine::let_time_pass() {
  const auto before = scheduler_.clock().now();
  if (!scheduler_.trigger_timeout()) return false;
  around_.time->advance(
      std::chrono::ceil<std::chrono::milliseconds>(scheduler_.clock().now() - before));
  return true;
}

bool machine::kill(victim who) {
  for (auto* ready : scheduler_.jobs) {
    auto* actor = dynamic_cast<caf::scheduled_actor*>(ready);
    if (!actor || actor->address() == wiring_->pool().address()) continue;
    const bool found = who == victim::job ? is_next<actors::batch_outcome>(*actor)
                                          : is_next<actors::run_batch>(*actor);
    if (!found) continue;
    caf::anon_send_exit(actor->address(), caf::exit_reason::kill);
    return true;
  }
  return false;
}

void machine::starve(std::size_t moves) {
  if (scheduler_.jobs.empty()) return;
  starved_ = scheduler_.jobs[around_.chance->below(scheduler_.jobs.size())];
  starved_for_ = moves;
}

}  // namespace mutirao::simulation
