// The job store on SQLite: runs groups of commands, each group in one transaction, and moves the
// log into the file from another thread.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/ports/store.hpp"
#include "storage/sqlite/commands.hpp"
#include "storage/sqlite/connection.hpp"

namespace mutirao::storage::sqlite {

class writer final : public job_store {
 public:
  static expected<std::unique_ptr<writer>> open(const std::string& file, const job_types& types,
                                                published_revision& published, std::string owner);

  std::vector<command_answer> commit(std::span<const command> group) override;
  committed take_committed() override;
  /// From a thread of its own, if wanted: it has a connection of its own.
  void checkpoint() override;

  std::int64_t interrupted() const { return commands_.interrupted(); }
  /// The connection that writes: for its settings.
  connection& writing() { return writing_; }

 private:
  writer(connection writing, connection checkpointing, const job_types& types,
         published_revision& published, std::string owner);

  /// One transaction over `group`; nothing is stored where it fails.
  struct attempt {
    std::vector<command_answer> answers;
    std::optional<error> failed;
    bool by_command = false;  // one command broke it, not the database
  };
  attempt try_commit(std::span<const command> group);
  attempt give_up(error why, bool by_command);

  connection writing_;
  connection checkpointing_;
  commands commands_;
};

}  // namespace mutirao::storage::sqlite
