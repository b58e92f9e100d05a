// What units and users are called, in memory: a job's object shows names and must not cost a
// question for each. Read again behind the answers, at most every `fresh_for` while anybody asks: a
// new name is shown that much later.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>

#include "domain/job.hpp"
#include "domain/ports/reads.hpp"

namespace mutirao::http {

/// One picture of all names. Nothing where a number has none.
class known_names {
 public:
  known_names() = default;
  explicit known_names(list_names::answer from, std::uint64_t version);

  const std::string* unit(unit_id of) const;
  const std::string* user(user_id of) const;  // "Ana Lima"
  /// Differs where the names differ.
  std::uint64_t version() const { return version_; }
  bool says(const list_names::answer& other) const { return from_ == other; }

 private:
  list_names::answer from_;
  std::unordered_map<unit_id, std::string> units_;
  std::unordered_map<user_id, std::string> users_;
  std::uint64_t version_ = 0;
};

/// Safe from any thread.
class name_book {
 public:
  static constexpr std::chrono::seconds fresh_for{5};

  explicit name_book(list_names::answer first);

  std::shared_ptr<const known_names> now() const { return names_.load(); }

  /// True for one asker each `fresh_for`: that one has them read again.
  bool is_due(instant now);
  /// Somebody has just written names: the next asker has them read again.
  void expire();
  void put(list_names::answer names);

 private:
  std::atomic<std::shared_ptr<const known_names>> names_;
  std::atomic<std::int64_t> due_{0};  // milliseconds since 1970
};

}  // namespace mutirao::http
