// Runs groups of commands, each group in one transaction.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "storage/sql/commands.hpp"

namespace mutirao::storage::sql {

class group_writer {
 public:
  group_writer(connection& on, bookkeeping& book, commands& what)
      : on_(on), book_(book), commands_(what) {}

  /// See job_store::commit.
  std::vector<command_answer> commit(std::span<const command> group);

 private:
  /// One transaction over `group`; nothing is stored where it fails.
  struct attempt {
    std::vector<command_answer> answers;
    std::optional<error> failed;
    bool by_command = false;  // one command broke it, not the database
  };
  attempt try_commit(std::span<const command> group);
  attempt give_up(error why, bool by_command);

  connection& on_;
  bookkeeping& book_;
  commands& commands_;
};

}  // namespace mutirao::storage::sql
