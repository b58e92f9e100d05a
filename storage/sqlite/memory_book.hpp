// What commands must know that stands in no row, in memory: one process writes the file. Read from
// the file at the open, and what a failed transaction left unknown is read again.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "storage/sql/bookkeeping.hpp"
#include "storage/sql/statement.hpp"
#include "storage/sqlite/admission.hpp"
#include "storage/sqlite/revisions.hpp"

namespace mutirao::storage::sqlite {

class memory_book final : public sql::bookkeeping {
 public:
  memory_book(sql::connection& on, published_revision& published);

  /// Once, after opening: what an earlier process left.
  expected<void> load();
  std::int64_t interrupted() const {
    return static_cast<std::int64_t>(interrupted_.size() + suspects_.size());
  }

  expected<void> begin(std::span<const command> group) override;
  void begin_command() override { ++now_; }
  expected<void> finish(const mutirao::committed&) override { return {}; }
  void committed() override;
  void rolled_back() override;

  expected<std::int64_t> new_job() override { return ++last_job_; }
  expected<task_id> new_tasks(std::size_t count) override;
  expected<notification_id> new_notification() override {
    return notification_id{++last_notification_};
  }
  expected<std::int64_t> next_event(user_id user) override;
  void took_event(user_id user) override { ++last_event_.at(user); }
  expected<std::vector<std::int64_t>> number_events(const std::vector<events_of_user>& of) override;

  expected<std::int64_t> unfinished() override { return admission_.unfinished(); }
  expected<std::int64_t> unfinished(user_id user) override { return admission_.unfinished(user); }
  void add_unfinished(user_id user, std::int64_t difference) override {
    admission_.add_unfinished(user, difference);
  }
  expected<std::int64_t> next_turn(user_id user) override { return admission_.next_turn(user); }
  void take_turn(user_id user, std::int64_t turn) override { admission_.take_turn(user, turn); }
  void serve(std::int64_t turn) override { admission_.serve(turn); }

  std::string_view takes_up_only() const override { return {}; }
  expected<std::optional<std::int64_t>> next_interrupted(bool suspect) override {
    return (suspect ? suspects_ : interrupted_).next();
  }
  void taken(std::int64_t no) override;
  void given_back(std::int64_t no) override { interrupted_.given_back(no); }
  expected<std::vector<std::int64_t>> out() override;

  expected<instant> say_alive(const std::string& owner, std::chrono::milliseconds lease,
                              instant now) override;

  void changed(company_id company) override { changes_.changed(company.value, now_); }
  bool changed_after(company_id company, revision picture) const override {
    return changes_.changed_after(company.value, picture);
  }
  revision version_of(const sql::job_record&) const override { return now_; }

 private:
  struct interrupted_job {
    std::int64_t no = 0;
    bool suspect = false;  // it had committed nothing since its claim
    std::int64_t crash_count = 0;
  };
  expected<void> load_admission();
  expected<std::vector<interrupted_job>> all_out();

  published_revision& published_;
  sql::statement out_, unfinished_, turn_served_, last_job_query_, last_task_query_,
      last_notification_query_, last_event_query_, say_alive_;

  admission admission_;
  interrupted_jobs interrupted_;  // that had committed something since their claim
  interrupted_jobs suspects_;     // and those that had not
  company_changes changes_;
  revision now_ = 1;  // the command being run
  std::int64_t last_job_ = 0;
  std::int64_t last_task_ = 0;
  std::int64_t last_notification_ = 0;
  std::unordered_map<user_id, std::int64_t> last_event_;
  bool uncertain_ = false;  // a transaction failed: counts and numbers of events may be wrong
};

}  // namespace mutirao::storage::sqlite
