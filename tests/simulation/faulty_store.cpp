#include "tests/simulation/faulty_store.hpp"

#include <stdexcept>

#include "storage/sqlite/writer.hpp"

namespace mutirao::simulation {
namespace {

command_answer failed(const command& of, errc why) {
  return std::visit(
      [&]<class Command>(const Command&) {
        return command_answer(std::in_place_index<command_index<Command>>, fail(why, "simulated"));
      },
      of);
}

std::vector<command_answer> all_failed(std::span<const command> group, errc why) {
  std::vector<command_answer> answers;
  for (const auto& one : group) answers.push_back(failed(one, why));
  return answers;
}

bool is_value(const command_answer& answer) {
  return std::visit([](const auto& value) { return value.has_value(); }, answer);
}

/// Breaks transactions of a real connection from within: at their commit, or half-way.
class saboteur {
 public:
  explicit saboteur(sqlite3* at) : at_(at) {
    sqlite3_commit_hook(
        at_, [](void* me) { return static_cast<saboteur*>(me)->veto_ ? 1 : 0; }, this);
  }
  void veto(bool on) { veto_ = on; }
  void trip_after(int operations) {
    stumbles_ = true;
    sqlite3_progress_handler(
        at_, operations,
        [](void* me) {
          return std::exchange(static_cast<saboteur*>(me)->stumbles_, false) ? 1 : 0;
        },
        this);
  }
  void leave() {
    veto_ = false;
    sqlite3_progress_handler(at_, 0, nullptr, nullptr);
  }

 private:
  sqlite3* at_;
  bool veto_ = false;
  bool stumbles_ = false;
};

class faulty_store final : public job_store {
 public:
  faulty_store(std::unique_ptr<job_store> inner, fate& shared)
      : inner_(std::move(inner)),
        fate_(shared),
        saboteur_(dynamic_cast<storage::sqlite::writer&>(*inner_).writing().handle()) {}

  std::vector<command_answer> commit(std::span<const command> group) override {
    if (fate_.dead) return all_failed(group, errc::store_failed);
    const auto how = fate_.faults->next(group);
    const bool stored = how != fault::before && how != fault::crash_before;
    saboteur_.veto(!stored);
    if (how == fault::stumble) saboteur_.trip_after(fate_.faults->stumbling_block());
    auto answers = inner_->commit(group);
    saboteur_.leave();
    committed_ = inner_->take_committed();
    for (const auto& answer : answers) {
      if (!stored && is_value(answer)) throw std::runtime_error("a vetoed commit was answered");
    }
    fate_.on_commit(group, answers, committed_, how);
    fate_.dead = how == fault::crash_before || how == fault::crash_after;
    if (how == fault::none || how == fault::stumble) return answers;
    return all_failed(group, fate_.faults->error_of(how));
  }

  committed take_committed() override { return std::exchange(committed_, {}); }
  void checkpoint() override {
    if (!fate_.dead) inner_->checkpoint();
  }

 private:
  std::unique_ptr<job_store> inner_;
  fate& fate_;
  saboteur saboteur_;
  committed committed_;
};

class faulty_reads final : public reads {
 public:
  faulty_reads(std::unique_ptr<reads> inner, fate& shared)
      : inner_(std::move(inner)), fate_(shared) {}

  expected<find_job::answer> read(const find_job& q) override { return pass(q); }
  expected<find_result::answer> read(const find_result& q) override { return pass(q); }
  expected<list_jobs::answer> read(const list_jobs& q) override { return pass(q); }
  expected<list_items::answer> read(const list_items& q) override { return pass(q); }
  expected<list_notifications::answer> read(const list_notifications& q) override {
    return pass(q);
  }
  expected<list_events::answer> read(const list_events& q) override { return pass(q); }
  expected<list_companies::answer> read(const list_companies& q) override { return pass(q); }
  expected<find_company::answer> read(const find_company& q) override { return pass(q); }
  expected<list_units::answer> read(const list_units& q) override { return pass(q); }
  expected<list_tasks::answer> read(const list_tasks& q) override { return pass(q); }
  expected<company_tasks::answer> read(const company_tasks& q) override { return pass(q); }
  expected<technician_agenda::answer> read(const technician_agenda& q) override { return pass(q); }
  expected<list_agenda::answer> read(const list_agenda& q) override { return pass(q); }
  expected<count_jobs::answer> read(const count_jobs& q) override { return pass(q); }
  expected<due_deliveries::answer> read(const due_deliveries& q) override { return pass(q); }
  expected<count_deliveries::answer> read(const count_deliveries& q) override { return pass(q); }
  expected<list_deliveries::answer> read(const list_deliveries& q) override { return pass(q); }
  expected<due_schedules::answer> read(const due_schedules& q) override { return pass(q); }
  expected<find_schedule::answer> read(const find_schedule& q) override { return pass(q); }
  expected<find_account::answer> read(const find_account& q) override { return pass(q); }
  expected<list_users::answer> read(const list_users& q) override { return pass(q); }
  expected<list_schedules::answer> read(const list_schedules& q) override { return pass(q); }
  expected<job_history::answer> read(const job_history& q) override { return pass(q); }
  expected<group_items::answer> read(const group_items& q) override { return pass(q); }
  expected<list_names::answer> read(const list_names& q) override { return pass(q); }
  expected<list_stored_keys::answer> read(const list_stored_keys& q) override { return pass(q); }
  // Read once, before anything runs: a start that fails is tried again by whoever started it.
  expected<list_unfinished::answer> read(const list_unfinished& q) override {
    return inner_->read(q);
  }

  expected<std::vector<item_id>> list_items_of(const job_type& type,
                                               const job_arguments& arguments) override {
    if (fails()) return fail(errc::store_busy, "simulated");
    return inner_->list_items_of(type, arguments);
  }
  expected<batch_plan> plan(const job_type& type, const job_id& of, const job_arguments& arguments,
                            std::span<const item_id> items) override {
    if (fails()) return fail(errc::store_busy, "simulated");
    auto made = inner_->plan(type, of, arguments, items);
    if (made) fate_.on_plan(items);
    return made;
  }

 private:
  bool fails() const { return fate_.dead || fate_.faults->strikes_read(); }

  template <class Question>
  expected<typename Question::answer> pass(const Question& question) {
    if (fails()) return fail(errc::store_busy, "simulated");
    return inner_->read(question);
  }

  std::unique_ptr<reads> inner_;
  fate& fate_;
};

}  // namespace

expected<std::unique_ptr<job_store>> faulty_database::writer() {
  return inner_->writer().map([&](auto&& opened) {
    return std::unique_ptr<job_store>(std::make_unique<faulty_store>(std::move(opened), fate_));
  });
}

expected<std::unique_ptr<reads>> faulty_database::reader() {
  return inner_->reader().map([&](auto&& opened) {
    return std::unique_ptr<reads>(std::make_unique<faulty_reads>(std::move(opened), fate_));
  });
}

}  // namespace mutirao::simulation
