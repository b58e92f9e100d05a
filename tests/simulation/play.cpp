#include "tests/simulation/play.hpp"

#include <algorithm>
#include <stdexcept>

#include "domain/jobs/remove_unit_tasks.hpp"
#include "tests/simulation/stored.hpp"

namespace mutirao::simulation {
namespace {

constexpr std::size_t most_moves = 20'000;

// Small, so that a few companies make several batches and a few jobs reach each limit.
app::wiring_options small() {
  app::wiring_options options;
  options.detached = false;
  options.readers = 1;
  options.store.group_commands = 6;
  options.pool.workers = 2;
  options.supervisor.live_jobs = 3;
  options.supervisor.ended_jobs = 2;
  options.supervisor.admission = {.per_user = 4, .per_process = 8};
  options.run.batch_items = 3;
  options.run.batches_out = 2;
  options.run.attempts = 4;
  return options;
}

std::unique_ptr<storage::database> open(const std::string& file, const job_types& types,
                                        const webhook_rules* webhooks = nullptr) {
  auto opened = storage::open_database("sqlite:" + file, types, {.webhooks = webhooks});
  if (!opened) throw std::runtime_error(opened.error().detail);
  return *std::move(opened);
}

std::string told(const command& asked, const command_answer& answer) {
  const bool stored = std::visit([](const auto& value) { return value.has_value(); }, answer);
  return std::string(commit_point(asked.index())) + (stored ? "" : " refused");
}

}  // namespace

play::play(std::uint64_t seed, std::string file, coverage& seen)
    : seed_(seed),
      file_(std::move(file)),
      chance_(seed),
      faults_(chance_, seen),
      past_(types_, found_),
      receivers_(chance_, found_),
      webhooks_(receivers_.rules()),
      script_({chance_, time_, types_, feelings_, past_, found_, log_, tells_others(),
               has_schedules() ? &zones_ : nullptr}) {
  types_.add(std::make_unique<moody_type>(feelings_));
  types_.add(std::make_unique<remove_unit_tasks>());
  fate_.faults = &faults_;
  fate_.on_commit = [this](auto group, const auto& answers, const auto& what, fault how) {
    heard(group, answers, what, how);
  };
  fate_.on_plan = [this](std::span<const item_id> items) {
    if (!items.empty() && faults_.pesters()) script_.pester(*machine_, items);
  };
}

play::~play() = default;

void play::heard(std::span<const command> group, const std::vector<command_answer>& answers,
                 const committed& what, fault how) {
  std::string line = "commit:";
  for (std::size_t at = 0; at < group.size(); ++at) {
    line += (at == 0 ? " " : ", ") + told(group[at], answers.at(at));
  }
  answers_lost_ = answers_lost_ || how == fault::after;
  if (how != fault::none) line += "; fault: " + std::string(to_string(how));
  for (const auto& job : what.jobs) {
    line += "; " + job.id.to_string().substr(0, 8) + " " + std::string(to_string(job.state)) + " " +
            std::to_string(job.totals.done) + "/" + std::to_string(job.totals.total) + " run " +
            std::to_string(job.run) + " fence " + std::to_string(job.fence);
  }
  log_.push_back(std::move(line));
  past_.committed(group, answers, what);
}

void play::start() {
  fate_.dead = false;
  answers_lost_ = false;
  left_.clear();
  for (const auto& [id, job] : past_.jobs()) left_[id] = job.view.fence;
  auto database = open(file_, types_, tells_others() ? &webhooks_ : nullptr);
  if (!past_.jobs().empty()) {
    auto reader = database->reader();
    if (reader) compare_stored(**reader, past_, found_);
  }
  auto options = small();
  if (tells_others()) options.webhooks = receivers_.wiring();
  machine_ = std::make_unique<machine>(
      std::make_unique<faulty_database>(std::move(database), fate_), fate_,
      outside{&types_, &time_, &chance_, &telemetry_, has_schedules() ? &zones_ : nullptr},
      options);
  machine_->cast().recover();
}

void play::restart(const std::string& why) {
  log_.push_back("process: " + why);
  machine_.reset();
  start();
}

void play::begin() {
  start();
  machine_->ask(machine_->cast().store(), script_.opening(), [](const auto&) {});
  while (machine_->step()) {
  }
  acts_left_ = static_cast<int>(chance_.between(10, 40));
  faults_.begin(forecast(chance_));
}

void play::move() {
  if (fate_.dead) return restart("crashed");
  if (chance_.chance(5)) {
    --acts_left_;
    if (chance_.chance(4)) return stop_and_start();
    return script_.act(*machine_);
  }
  if (faults_.kills()) {
    const auto who = chance_.chance(50) ? victim::job : victim::worker;
    if (machine_->kill(who)) log_.push_back(who == victim::job ? "a job dies" : "a worker dies");
  }
  if (chance_.chance(2)) machine_->starve(chance_.below(40));
  if (chance_.chance(2) && machine_->let_time_pass()) return;
  if (!machine_->step()) machine_->let_time_pass();
}

void play::trouble() {
  for (std::size_t moves = 0; moves < most_moves && acts_left_ > 0 && !over(); ++moves) move();
}

void play::stop_and_start() {
  log_.push_back("process: drains");
  bool answered = false;
  machine_->ask(machine_->cast().supervisor(), actors::drain{},
                [&](const expected<std::int64_t>& answer) {
                  answered = true;
                  // A job whose claim was lost is not in hand: the next start finds it.
                  if (!answer || answers_lost_) return;
                  for (const auto& [id, job] : past_.jobs()) {
                    if (job.view.fence == left_[id]) continue;  // a suspect whose turn never came
                    found_.check(job.view.state != job_state::running,
                                 "job " + id.to_string() + " is running after a drain");
                  }
                });
  for (std::size_t moves = 0; moves < most_moves && !answered && !fate_.dead; ++moves) {
    if (!machine_->step() && !machine_->let_time_pass()) break;
  }
  found_.check(answered || fate_.dead, "a drain was never answered");
  restart("starts again");
}

bool play::all_at_rest() const {
  const auto& jobs = past_.jobs();
  return std::all_of(jobs.begin(), jobs.end(), [](const auto& x) {
    return ended(x.second.view.state) || x.second.view.state == job_state::paused;
  });
}

void play::settle() {
  for (std::size_t moves = 0; moves < most_moves && !over(); ++moves) {
    if (machine_->step()) continue;
    if (all_at_rest()) return;
    if (!machine_->let_time_pass()) break;
  }
  for (const auto& [id, job] : past_.jobs()) {
    if (ended(job.view.state) || job.view.state == job_state::paused) continue;
    found_.add("job " + id.to_string() + " is stuck: " + std::string(to_string(job.view.state)));
  }
}

// What was due and waited for a limit: nothing is paused any more.
void play::settle_schedules() {
  for (std::size_t moves = 0; moves < most_moves && !over(); ++moves) {
    if (machine_->step()) continue;
    if (all_at_rest() && !past_.schedules().any_due(time_.now())) return;
    if (!machine_->let_time_pass()) break;
  }
  found_.check(over(), "a schedule is stuck");
}

bool play::completes(const known_job& job) const {
  const auto& view = job.view;
  return (view.state == job_state::completed && view.totals.failed == 0) ||
         view.state == job_state::cancelled;
}

// In rounds: beside an equal job that is unfinished, and at a limit, a retry is refused.
void play::retry_what_failed() {
  feelings_ = {};
  for (std::size_t round = 0; round <= past_.jobs().size() && !over(); ++round) {
    for (const auto& [id, job] : past_.jobs()) {
      if (completes(job)) continue;
      const bool paused = job.view.state == job_state::paused;
      script_.change(*machine_, id, paused ? job_trigger::resume : job_trigger::retry);
    }
    settle();
  }
  for (const auto& [id, job] : past_.jobs()) {
    found_.check(completes(job) || over(), "job " + id.to_string() + " does not complete: " +
                                               std::string(to_string(job.view.state)) + ", " +
                                               job.view.error);
  }
}

// An answer that was lost is asked for again after a pause of some seconds.
void play::let_pauses_pass() {
  const auto enough = time_.now() + std::chrono::minutes(1);
  do {
    while (machine_->step()) {
    }
  } while (time_.now() < enough && machine_->let_time_pass());
}

void play::check_end() {
  let_pauses_pass();
  for (const auto& [id, job] : past_.jobs()) {
    machine_->ask(machine_->cast().supervisor(), find_job{id},
                  [this, id = id, known = job.view](const expected<job_view>& answer) {
                    found_.check(answer && answer->state == known.state &&
                                     answer->run == known.run && answer->totals == known.totals,
                                 "job " + id.to_string() + " is answered as " +
                                     std::string(answer ? to_string(answer->state) : "an error") +
                                     " and is " + std::string(to_string(known.state)));
                  });
  }
  while (machine_->step()) {
  }
  machine_.reset();
  check_promises(file_, found_);
  const auto database = open(file_, types_);
  auto reader = database->reader();
  if (!reader) return found_.add(reader.error().detail);
  compare_stored(**reader, past_, found_);
  if (tells_others()) receivers_.compare(file_);
  plan_again(**reader, types_, past_, found_);
}

void play::run() {
  begin();
  trouble();
  if (fate_.dead && !over()) restart("crashed");
  faults_.begin({});
  receivers_.recover();
  log_.push_back("no more faults");
  if (!over()) settle();
  if (!over()) retry_what_failed();
  if (!over()) settle_schedules();
  if (!over()) check_end();
}

}  // namespace mutirao::simulation
