// A real database whose commits and reads fail as the seed says, and which dies with its process.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "storage/open.hpp"
#include "tests/simulation/faults.hpp"

namespace mutirao::simulation {

/// What the connections of one process share.
struct fate {
  fault_source* faults = nullptr;
  bool dead = false;  // the process has crashed: nothing it still does reaches the disk
  /// After each commit, with the store's own answers.
  std::function<void(std::span<const command>, const std::vector<command_answer>&, const committed&,
                     fault)>
      on_commit;
  /// A worker has planned these and goes to commit them.
  std::function<void(std::span<const item_id>)> on_plan;
};

class faulty_database final : public storage::database {
 public:
  /// `shared` outlives the database and what it hands out.
  faulty_database(std::unique_ptr<storage::database> inner, fate& shared)
      : inner_(std::move(inner)), fate_(shared) {}

  expected<std::unique_ptr<job_store>> writer() override;
  expected<std::unique_ptr<reads>> reader() override;
  const storage::schema_report& schema() const override { return inner_->schema(); }
  std::int64_t interrupted() const override { return inner_->interrupted(); }

 private:
  std::unique_ptr<storage::database> inner_;
  fate& fate_;
};

}  // namespace mutirao::simulation
