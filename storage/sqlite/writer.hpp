// The job store on SQLite, and how its log is moved into the file from another thread.
#pragma once

#include <atomic>
#include <span>
#include <string>
#include <vector>

#include "domain/ports/store.hpp"
#include "storage/sql/commands.hpp"
#include "storage/sql/group.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/memory_book.hpp"

namespace mutirao::storage::sqlite {

/// In pages. The log begins anew only where a commit finds all of it moved, which under load never
/// happens by itself (seen: 365 MB). So from `is_long` on the writer moves the rest itself, once
/// the checkpointing thread has left it little: moving much costs 5 to 15 ms, little 2 to 8.
struct log_limits {
  std::int64_t is_long = 16'000;
  std::int64_t little_left = 250;
  std::int64_t too_long = 64'000;  // moved whatever is left
};

class writer final : public job_store {
 public:
  static expected<std::unique_ptr<writer>> open(const std::string& file, const job_types& types,
                                                published_revision& published, std::string owner,
                                                const webhook_rules* webhooks = nullptr,
                                                log_limits limits = {});

  std::vector<command_answer> commit(std::span<const command> group) override {
    return group_.commit(group);
  }
  committed take_committed() override;
  void trim_log() override;
  std::int64_t log_left() const override { return log_.length - log_.moved; }
  /// From a thread of its own, if wanted: it has a connection of its own.
  void checkpoint() override;

  std::int64_t interrupted() const { return book_.interrupted(); }
  /// The connection that writes: for its settings.
  connection& writing() { return writing_; }

 private:
  writer(connection writing, connection checkpointing, const job_types& types,
         published_revision& published, std::string owner, const webhook_rules* webhooks,
         log_limits limits);

  void move_log(connection& by);

  /// In pages, as of the last commit and the last checkpoint.
  struct log_pages {
    std::atomic<std::int64_t> length{0};
    std::atomic<std::int64_t> moved{0};
  };

  log_limits limits_;
  connection writing_;
  connection checkpointing_;
  log_pages log_;
  memory_book book_;
  sql::commands commands_;
  sql::group_writer group_;
};

}  // namespace mutirao::storage::sqlite
