// Whose turn it is and who has how many unfinished jobs, in memory: counted from the file at open
// and again after a transaction that failed.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "domain/ids.hpp"

namespace mutirao::storage::sqlite {

struct unfinished_of_user {
  user_id user;
  std::int64_t count = 0;
  std::int64_t last_turn = 0;
};

/// Unfinished jobs and turns, see sql::bookkeeping.
class admission {
 public:
  /// `serving`: where turns go on after a start, behind the jobs that are out, at the first that
  /// waits.
  void load(const std::vector<unfinished_of_user>& all, std::int64_t serving);

  std::int64_t unfinished() const { return unfinished_; }
  std::int64_t unfinished(user_id user) const;
  void add_unfinished(user_id user, std::int64_t difference);

  /// The turn of the user's next job, which it has once it is taken.
  std::int64_t next_turn(user_id user) const;
  void take_turn(user_id user, std::int64_t turn);
  /// A job of this turn was taken up.
  void serve(std::int64_t turn) { serving_ = turn; }

  /// Users of whom something is remembered.
  std::size_t users() const { return users_.size(); }

 private:
  void forget_users();

  struct of_user {
    std::int64_t unfinished = 0;
    std::int64_t last_turn = 0;
  };
  std::unordered_map<user_id, of_user> users_;
  std::size_t forget_at_ = 0;  // users, when it is next worth a look at all of them
  std::int64_t unfinished_ = 0;
  std::int64_t serving_ = 0;
};

/// Jobs that were out when the file was opened, in the order in which they are taken up again.
class interrupted_jobs {
 public:
  void load(std::vector<std::int64_t> numbers);
  std::size_t size() const { return left_.size(); }
  bool left(std::int64_t no) const { return left_.contains(no); }

  /// The first that is left; nothing where none is. It stays until `taken`.
  std::optional<std::int64_t> next();
  /// The job is no longer to be taken up, or somebody has.
  void taken(std::int64_t no);
  /// A job that was given back in a state that no other claim finds.
  void given_back(std::int64_t no) { given_back_.push_back(no); }

  void committed();
  void rolled_back();

 private:
  std::vector<std::int64_t> order_;
  std::size_t first_ = 0;
  std::unordered_set<std::int64_t> left_;
  std::size_t first_before_ = 0;  // what the open transaction may have to take back
  std::vector<std::int64_t> taken_;
  std::vector<std::int64_t> given_back_;
};

}  // namespace mutirao::storage::sqlite
