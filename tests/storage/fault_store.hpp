// A store whose every group fails at its commit before it is stored: what the failure leaves
// behind, in the file or in memory, shows in what follows.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <utility>
#include <vector>

#include "storage/sqlite/writer.hpp"

namespace mutirao::storage {

class fault_store final : public job_store {
 public:
  /// `inner`: on SQLite.
  explicit fault_store(std::unique_ptr<job_store> inner)
      : inner_(std::move(inner)),
        file_(dynamic_cast<sqlite::writer&>(*inner_).writing().handle()) {}

  std::vector<command_answer> commit(std::span<const command> group) override {
    // A transaction that wrote nothing is not asked about.
    bool struck = false;
    sqlite3_commit_hook(
        file_, [](void* at) { return static_cast<int>(*static_cast<bool*>(at) = true); }, &struck);
    const auto refused = inner_->commit(group);
    sqlite3_commit_hook(file_, nullptr, nullptr);
    if (!struck) return refused;
    for (const auto& answer : refused) {
      EXPECT_FALSE(std::visit([](const auto& value) { return value.has_value(); }, answer))
          << "answered, and not stored";
    }
    return inner_->commit(group);
  }
  committed take_committed() override { return inner_->take_committed(); }
  void trim_log() override { inner_->trim_log(); }
  std::int64_t log_left() const override { return inner_->log_left(); }
  void checkpoint() override { inner_->checkpoint(); }

 private:
  std::unique_ptr<job_store> inner_;
  sqlite3* file_;
};

}  // namespace mutirao::storage
