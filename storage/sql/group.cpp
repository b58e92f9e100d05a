#include "storage/sql/group.hpp"

#include <exception>

#include "storage/sql/attempt.hpp"

namespace mutirao::storage::sql {
namespace {

constexpr int most_conflicts = 5;

template <class Command>
command_answer answer_of(const Command&, expected<typename Command::answer> value) {
  return command_answer(std::in_place_index<command_index<Command>>, std::move(value));
}

command_answer failed_answer(const command& of, const error& why) {
  return std::visit([&](const auto& x) { return answer_of(x, tl::unexpected(why)); }, of);
}

const error* store_failure(const command_answer& answer) {
  return std::visit(
      [](const auto& value) {
        return !value && is_store_failure(value.error().code) ? &value.error() : nullptr;
      },
      answer);
}

command_answer run(commands& on, const command& one) {
  return std::visit(
      [&](const auto& x) {
        try {
          return answer_of(x, on.run(x));
        } catch (const std::exception& problem) {
          // No memory, or a job type that throws: as if the database had refused this command.
          return answer_of(x, fail(errc::store_failed, problem.what()));
        }
      },
      one);
}

}  // namespace

group_writer::attempt group_writer::give_up(error why, bool by_command) {
  // Some errors have rolled it back already; then a second time would be the error.
  if (on_.in_transaction()) (void)on_.rollback();
  commands_.rolled_back();
  return {{}, std::move(why), by_command};
}

group_writer::attempt group_writer::try_commit(std::span<const command> group) {
  if (auto begun = on_.begin_writing(); !begun) {
    return give_up(std::move(begun.error()), false);
  }
  if (auto begun = book_.begin(group); !begun) return give_up(std::move(begun.error()), false);
  attempt result;
  result.answers.reserve(group.size());
  for (const auto& one : group) {
    book_.begin_command();
    const auto& answer = result.answers.emplace_back(run(commands_, one));
    if (const auto* why = store_failure(answer)) {
      return give_up(*why, why->code == errc::store_failed);
    }
  }
  if (auto done = commands_.finish(); !done) return give_up(std::move(done.error()), false);
  if (auto done = on_.commit(); !done) {
    return give_up(std::move(done.error()), false);
  }
  commands_.committed();
  return result;
}

std::vector<command_answer> group_writer::commit(std::span<const command> group) {
  auto whole = try_commit(group);
  for (int again = 0; whole.failed && on_.may_pass_at_once() && again < most_conflicts; ++again) {
    whole = try_commit(group);
  }
  if (!whole.failed) return std::move(whole.answers);
  std::vector<command_answer> answers;
  answers.reserve(group.size());
  for (const auto& one : group) {
    // A command that breaks must fail alone: each gets a transaction of its own.
    auto single = whole.by_command && group.size() > 1 ? try_commit({&one, 1}) : attempt{};
    if (single.failed || single.answers.empty()) {
      answers.push_back(failed_answer(one, single.failed ? *single.failed : *whole.failed));
    } else {
      answers.push_back(std::move(single.answers.front()));
    }
  }
  return answers;
}

}  // namespace mutirao::storage::sql
