#include "storage/sqlite/writer.hpp"

#include <exception>

#include "storage/sqlite/attempt.hpp"

namespace mutirao::storage::sqlite {
namespace {

constexpr auto writer_settings =
    "PRAGMA wal_autocheckpoint = 0; PRAGMA secure_delete = OFF; PRAGMA recursive_triggers = OFF";

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

expected<std::unique_ptr<writer>> writer::open(const std::string& file, const job_types& types,
                                               published_revision& published, std::string owner,
                                               const webhook_rules* webhooks, log_limits limits) {
  MUTIRAO_TRY(auto writing, connection::open(file, access::write));
  MUTIRAO_CHECK(writing.execute(writer_settings));
  MUTIRAO_TRY(auto checkpointing, connection::open(file, access::write));
  MUTIRAO_CHECK(checkpointing.execute("PRAGMA wal_autocheckpoint = 0"));
  std::unique_ptr<writer> opened(new writer(std::move(writing), std::move(checkpointing), types,
                                            published, std::move(owner), webhooks, limits));
  MUTIRAO_CHECK(opened->commands_.load());
  return opened;
}

writer::writer(connection writing, connection checkpointing, const job_types& types,
               published_revision& published, std::string owner, const webhook_rules* webhooks,
               log_limits limits)
    : limits_(limits),
      writing_(std::move(writing)),
      checkpointing_(std::move(checkpointing)),
      commands_(writing_, types, published, std::move(owner), webhooks) {
  const auto note_length = [](void* into, sqlite3*, const char*, int pages) {
    static_cast<log_pages*>(into)->length = pages;
    return SQLITE_OK;
  };
  sqlite3_wal_hook(writing_.handle(), note_length, &log_);
}

writer::attempt writer::give_up(error why, bool by_command) {
  // Some errors have rolled it back already; then a second time would be the error.
  if (writing_.in_transaction()) (void)writing_.execute("ROLLBACK");
  commands_.rolled_back();
  return {{}, std::move(why), by_command};
}

writer::attempt writer::try_commit(std::span<const command> group) {
  if (auto begun = writing_.execute("BEGIN IMMEDIATE"); !begun) {
    return give_up(std::move(begun.error()), false);
  }
  attempt result;
  result.answers.reserve(group.size());
  for (const auto& one : group) {
    if (auto begun = commands_.begin(); !begun) return give_up(std::move(begun.error()), false);
    const auto& answer = result.answers.emplace_back(run(commands_, one));
    if (const auto* why = store_failure(answer)) {
      return give_up(*why, why->code == errc::store_failed);
    }
  }
  if (auto done = writing_.execute("COMMIT"); !done) {
    return give_up(std::move(done.error()), false);
  }
  commands_.committed();
  return result;
}

// A log that could not be moved now is moved later: here, or by the next checkpoint.
void writer::move_log(connection& by) {
  const auto moved = by.checkpoint();
  if (moved && *moved) log_.moved = **moved;
}

std::vector<command_answer> writer::commit(std::span<const command> group) {
  auto whole = try_commit(group);
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

committed writer::take_committed() {
  return commands_.take();
}

void writer::trim_log() {
  if (log_.length < log_.moved) log_.moved = 0;  // it has begun anew
  if (log_.length < limits_.is_long) return;
  if (log_left() <= limits_.little_left || log_.length >= limits_.too_long) move_log(writing_);
}

void writer::checkpoint() {
  move_log(checkpointing_);
}

}  // namespace mutirao::storage::sqlite
