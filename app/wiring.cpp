#include "app/wiring.hpp"

#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <utility>

#include "actors/checkpointer.hpp"
#include "actors/job.hpp"
#include "actors/password_checker.hpp"
#include "actors/reader.hpp"
#include "actors/worker.hpp"

namespace mutirao::app {
namespace {

// Actors that block (on the disk) get a thread of their own; on the test scheduler nothing does.
template <class Behavior, class... Arguments>
auto spawn_blocking(caf::actor_system& system, bool detached, Behavior behavior,
                    Arguments... arguments) {
  return detached ? system.spawn<caf::detached>(behavior, std::move(arguments)...)
                  : system.spawn(behavior, std::move(arguments)...);
}

}  // namespace

expected<std::unique_ptr<wiring>> wiring::start(caf::actor_system& system, surroundings around,
                                                const wiring_options& options) {
  std::unique_ptr<wiring> made(new wiring(system, around, options));
  if (auto opened = made->open_connections(); !opened) return tl::unexpected(opened.error());
  made->spawn();
  return made;
}

wiring::wiring(caf::actor_system& system, surroundings around, wiring_options options)
    : system_(system), around_(around), options_(std::move(options)) {}

wiring::~wiring() {
  stop();
}

expected<void> wiring::open_connections() {
  auto writer = around_.database->writer();
  if (!writer) return tl::unexpected(writer.error());
  writer_ = std::move(*writer);
  auto others = around_.database->others();
  if (!others) return tl::unexpected(others.error());
  others_ = std::move(*others);
  const std::size_t outbox = options_.webhooks ? 1 : 0;
  for (std::size_t i = 0; i < options_.readers + options_.pool.workers + outbox; ++i) {
    auto reader = around_.database->reader();
    if (!reader) return tl::unexpected(reader.error());
    read_connections_.push_back(std::move(*reader));
  }
  auto left = read_connections_.front()->read(list_unfinished{});
  if (!left) return tl::unexpected(left.error());
  left_ = std::move(*left);
  return {};
}

void wiring::spawn() {
  notifier_ = system_.spawn(actors::run_notifier, around_.log, options_.notifier);
  caf::anon_send(notifier_, actors::activity_start{std::move(left_), around_.time->now()});
  checkpointer_ =
      spawn_blocking(system_, options_.detached, actors::run_checkpointer, writer_.get());
  if (options_.webhooks) {
    sender_ = options_.webhooks->spawn_sender(system_);
    courier_ = system_.spawn(actors::run_courier,
                             actors::courier_surroundings{sender_, around_.time, around_.chance,
                                                          around_.log, options_.webhooks->courier});
    outbox_ = spawn_blocking(system_, options_.detached, actors::run_reader,
                             read_connections_.back().get(), around_.log);
  }
  if (around_.zones) {
    auto limits = options_.scheduler;
    limits.leaves_unknown_types = limits.leaves_unknown_types || others_;
    scheduler_ =
        system_.spawn(actors::run_scheduler,
                      actors::scheduler_surroundings{around_.types, around_.time, around_.zones,
                                                     around_.chance, around_.log, limits});
  }
  store_ = spawn_blocking(system_, options_.detached, actors::run_store, writer_.get(), around_.log,
                          actors::store_listeners{notifier_, checkpointer_, courier_, scheduler_},
                          options_.store);
  if (around_.hasher) {
    hasher_ =
        spawn_blocking(system_, options_.detached, actors::run_hasher, around_.hasher, around_.log);
    passwords_ =
        system_.spawn(actors::run_password_checker, hasher_, actors::most_waiting_password_checks);
  }
  for (std::size_t i = 0; i < options_.readers; ++i) {
    readers_.push_back(spawn_blocking(system_, options_.detached, actors::run_reader,
                                      read_connections_[i].get(), around_.log));
  }
  auto spawn_worker = [this](std::size_t slot, const actors::pool_actor& pool) {
    auto worker =
        spawn_blocking(system_, options_.detached, actors::run_worker, pool, store_,
                       read_connections_[options_.readers + slot].get(), around_.time, around_.log);
    workers_.push_back(worker);
    return worker;
  };
  pool_ = system_.spawn(actors::run_pool, spawn_worker, around_.log, options_.pool);
  caf::anon_send(pool_, actors::start_atom::value);

  auto spawn_job = [this](const actors::supervisor_actor& supervisor, const job_type* type,
                          claimed_job job) {
    return system_.spawn(actors::run_job,
                         actors::job_surroundings{supervisor, pool_, store_, around_.time,
                                                  around_.chance, around_.log, options_.run},
                         type, std::move(job));
  };
  supervisor_ =
      system_.spawn(actors::run_supervisor,
                    actors::supervisor_surroundings{store_, readers_, spawn_job, around_.types,
                                                    around_.time, around_.chance, around_.log,
                                                    options_.supervisor, others_ != nullptr});
  caf::anon_send(store_, actors::hear_first{supervisor_});
  if (options_.retention) {
    pruner_ = system_.spawn(actors::run_pruner,
                            actors::pruner_surroundings{store_, supervisor_, around_.time,
                                                        around_.log, *options_.retention});
  }
  around_.log->set(gauge::leads, 1);
  if (!others_ || !options_.detached) return;
  listening_ = system_.spawn<caf::detached>(
      actors::run_listening,
      actors::listening_surroundings{others_.get(), supervisor_, notifier_, pruner_, courier_,
                                     scheduler_, around_.log, options_.listening});
}

void wiring::recover() {
  caf::anon_send(supervisor_, actors::recover_atom::value);
  if (listening_) caf::anon_send(listening_, actors::tick_atom::value);
  if (pruner_) caf::anon_send(pruner_, actors::tick_atom::value);
  if (courier_) caf::anon_send(courier_, actors::courier_start{store_, outbox_});
  if (scheduler_) {
    caf::anon_send(scheduler_, actors::scheduler_start{store_, readers_.front(), supervisor_});
  }
}

template <class Handle>
void wiring::end(Handle& handle) {
  if (!handle) return;
  caf::anon_send_exit(handle, caf::exit_reason::user_shutdown);
  if (options_.detached) caf::scoped_actor {
      system_
      } -> wait_for(handle);
  handle = nullptr;
}

expected<std::int64_t> wiring::drain(std::chrono::milliseconds patience) {
  end(scheduler_);
  expected<std::int64_t> result = fail(errc::deadline);
  caf::scoped_actor self{system_};
  self->request(supervisor_, patience, actors::drain{})
      .receive([&](actors::answer_to<actors::drain>& answer) { result = std::move(answer.value); },
               [](const caf::error&) {});
  return result;
}

void wiring::stop() {
  end(listening_);
  end(scheduler_);
  end(pruner_);
  end(courier_);
  end(sender_);
  end(outbox_);
  end(supervisor_);
  end(pool_);
  for (auto& worker : workers_) end(worker);
  workers_.clear();
  end(passwords_);
  end(hasher_);
  end(notifier_);
  for (auto& reader : readers_) end(reader);
  readers_.clear();
  end(store_);
  end(checkpointer_);
}

}  // namespace mutirao::app
