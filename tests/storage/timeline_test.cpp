// The history of a job, from its events and its ledger.
#include <algorithm>

#include "tests/storage/world.hpp"

namespace mutirao::storage {
namespace {

using kind = job_event::kind;
using kinds = std::vector<kind>;

class timeline : public world {
 protected:
  void SetUp() override {
    world::SetUp();
    fill(200);
  }
  static kinds kinds_of(const job_history::answer& history) {
    kinds all;
    for (const auto& event : history.events) all.push_back(event.what);
    return all;
  }
  static std::int64_t items_of(const job_history::answer& history) {
    std::int64_t sum = 0;
    for (const auto& batch : history.batches) sum += batch.items;
    return sum;
  }
  /// Commits items first..last at `at`, of which `bad` fail.
  job_view advance(const job_view& job, std::int64_t first, std::int64_t last, instant at,
                   std::vector<std::int64_t> bad = {}) {
    auto made = batch(job, items(first, last));
    made.now = at;
    for (auto& item : made.batch.items) {
      if (std::find(bad.begin(), bad.end(), item.item.value) == bad.end()) continue;
      item = {.item = item.item, .state = item_state::failed, .tasks = {}, .error = "x"};
    }
    return commit(std::move(made)).value().job;
  }
  job_view change(const job_view& job, job_trigger on, instant at) {
    return commit(request_change{job.id, administrator(), on, {}, at}).value().job;
  }
  job_view claim(instant at) { return commit(claim_jobs{.now = at}).value().at(0).job; }
  static instant after(int seconds) { return noon + std::chrono::seconds(seconds); }
};

TEST_F(timeline, a_job_has_its_events_and_its_batches) {
  auto job = commit(submission(1)).value().job;
  job = advance(job, 1, 50, after(1));
  job = advance(job, 51, 200, after(3), {60, 61});
  const auto history = ask(job_history{job.id});
  EXPECT_EQ(kinds_of(history), (kinds{kind::created, kind::started, kind::completed}));
  EXPECT_EQ(history.events[2].at, after(3));
  ASSERT_EQ(history.batches.size(), 2U);
  EXPECT_EQ(history.batches[0].from, after(1));
  EXPECT_EQ(history.batches[0].to, after(1));
  EXPECT_EQ(history.batches[0].items, 50);
  EXPECT_EQ(history.batches[0].failed, 0);
  EXPECT_GT(history.batches[0].created, 0);
  EXPECT_EQ(history.batches[1].items, 150);
  EXPECT_EQ(history.batches[1].failed, 2);
  EXPECT_EQ(history.batches[0].created + history.batches[1].created, job.totals.created);
}

TEST_F(timeline, it_survives_pause_crash_and_retry) {
  auto job = commit(submission(1)).value().job;
  job = advance(job, 1, 50, after(1));
  job = change(job, job_trigger::pause, after(2));
  job = change(job, job_trigger::resume, after(3));
  job = claim(after(4));
  job = advance(job, 51, 100, after(5));
  crash();
  job = claim(after(60));
  job = advance(job, 101, 200, after(61), {150});
  job = change(job, job_trigger::retry, after(70));
  job = claim(after(71));
  job = advance(job, 150, 150, after(72));
  const auto history = ask(job_history{job.id});
  EXPECT_EQ(kinds_of(history),
            (kinds{kind::created, kind::started, kind::paused, kind::continued, kind::resumed,
                   kind::resumed, kind::completed, kind::retried, kind::resumed, kind::completed}));
  EXPECT_EQ(history.events.back().run, 2);
  EXPECT_EQ(items_of(history), 200) << "an item counts where it ended last";
  EXPECT_EQ(history.batches.back().items, 1);
  EXPECT_EQ(history.batches.back().from, after(72));
}

TEST_F(timeline, others_of_the_same_user_are_not_in_it) {
  commit(submission(1, 7, 1)).value();
  auto other = submission(2, 7, 1, false);
  other.arguments = arguments(1, 1);
  auto mine = commit(other).value().job;
  commit(request_change{mine.id, administrator(), {}, 5, after(1)}).value();
  mine = change(mine, job_trigger::cancel, after(2));
  const auto done = ask(job_history{mine.id});
  EXPECT_EQ(kinds_of(done), (kinds{kind::created, kind::reprioritized, kind::cancelled}));
  for (const auto& event : done.events) EXPECT_EQ(event.job, mine.id);
  EXPECT_EQ(refusal(job_history{job_number(99)}), errc::unknown_job);
}

TEST_F(timeline, each_of_several_jobs_made_together_has_its_first_event) {
  std::vector<command> group;
  for (std::uint64_t i = 1; i <= 4; ++i) {
    auto asked = submission(i, i % 2 == 0 ? 7 : 8);
    asked.arguments = arguments(1, static_cast<int>(i));
    group.emplace_back(std::move(asked));
  }
  for (const auto& answer : store_->commit(group)) {
    const auto& made = std::get<command_index<insert_job>>(answer).value().job;
    const auto history = ask(job_history{made.id});
    EXPECT_EQ(kinds_of(history), (kinds{kind::created, kind::started}));
    for (const auto& event : history.events) EXPECT_EQ(event.job, made.id);
  }
}

TEST_F(timeline, the_answer_is_bounded_and_loses_no_item) {
  auto job = commit(submission(1)).value().job;
  for (int i = 1; i <= 200; ++i) job = advance(job, i, i, after(i));
  job_history asked{job.id};
  asked.most_batches = 7;
  asked.most_events = 2;
  const auto history = ask(asked);
  ASSERT_EQ(history.batches.size(), 7U);
  EXPECT_EQ(items_of(history), 200);
  for (std::size_t i = 1; i < history.batches.size(); ++i) {
    EXPECT_LT(history.batches[i - 1].to, history.batches[i].from);
    EXPECT_GE(history.batches[i].items, 28);
  }
  EXPECT_EQ(kinds_of(history), (kinds{kind::started, kind::completed})) << "the newest";
}

TEST_F(timeline, a_map_has_every_item_in_a_group) {
  auto job = commit(submission(1)).value().job;
  job = advance(job, 1, 100, after(1), {3, 50});
  auto groups = ask(group_items{job.id, 7});
  ASSERT_EQ(groups.size(), 7U);
  std::int64_t items = 0;
  std::int64_t done = 0;
  std::int64_t failed = 0;
  for (const auto& group : groups) {
    EXPECT_EQ(group.first.value, items + 1);
    EXPECT_TRUE(group.items == 28 || group.items == 29);
    items += group.items;
    done += group.done;
    failed += group.failed;
  }
  EXPECT_EQ(items, 200);
  EXPECT_EQ(done, 98);
  EXPECT_EQ(failed, 2);
  EXPECT_EQ(groups[0].failed, 1);
  EXPECT_EQ(groups[6].done, 0);
  EXPECT_EQ(ask(group_items{job.id, 1'000}).size(), 200U);
  job = advance(job, 101, 200, after(2));
  job = change(job, job_trigger::retry, after(3));
  for (const auto& group : ask(group_items{job.id, 7}))
    EXPECT_EQ(group.failed, 0) << "pending again";
  EXPECT_EQ(refusal(group_items{job_number(99)}), errc::unknown_job);
}

TEST_F(timeline, a_job_of_before_this_schema_is_found_from_the_beginning) {
  auto job = commit(submission(1)).value().job;
  job = advance(job, 1, 200, after(1));
  close();
  ASSERT_TRUE(place_.change("UPDATE jobs SET first_event = 0"));
  open();
  EXPECT_EQ(kinds_of(ask(job_history{job.id})),
            (kinds{kind::created, kind::started, kind::completed}));
}

TEST_F(timeline, indexes_answer) {
  auto on = sqlite::connection::open(file(), sqlite::access::read);
  const auto plan_of = [&](const std::string& sql) {
    std::string plan;
    sqlite3_exec(
        on->handle(), ("EXPLAIN QUERY PLAN " + sql).c_str(),
        [](void* into, int, char** values, char**) {
          *static_cast<std::string*>(into) += std::string(values[3]) + "\n";
          return 0;
        },
        &plan, nullptr);
    return plan;
  };
  const auto events = plan_of(
      "SELECT seq FROM job_events WHERE user_id = 7 AND seq >= 5 AND seq < 500 AND job_no = 3"
      " ORDER BY seq");
  EXPECT_NE(events.find("SEARCH job_events USING PRIMARY KEY (user_id=? AND seq>? AND seq<?)"),
            std::string::npos)
      << events;
  const auto batches = plan_of("SELECT count(*) FROM job_items WHERE job_no = 1 GROUP BY ended_at");
  EXPECT_NE(batches.find("SEARCH job_items USING PRIMARY KEY (job_no=?)"), std::string::npos)
      << batches;
  const auto unfinished = plan_of("SELECT id FROM jobs WHERE state <= 3");
  EXPECT_NE(unfinished.find("USING INDEX jobs_unfinished"), std::string::npos) << unfinished;
}

// The aim is tens of milliseconds in a release build; what fails the test is a second.
TEST_F(timeline, a_job_of_100000_items_amid_as_many_events_answers_at_once) {
  auto job = commit(submission(1)).value().job;
  job = advance(job, 1, 200, after(1));
  {
    ASSERT_TRUE(
        place_.change("WITH RECURSIVE n(i) AS (SELECT 1001 UNION ALL SELECT i + 1 FROM n"
                      " WHERE i < 100800) INSERT INTO job_items SELECT 1, i, 1, 3, 1, NULL, 1,"
                      " 1795435200000 + i / 250 FROM n"));
    ASSERT_TRUE(
        place_.change("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
                      " WHERE i < 100000) INSERT INTO job_events SELECT 7, 100 + i, 9, 1, 0, 0"
                      " FROM n; UPDATE jobs SET state = 1"));
  }
  const auto began = std::chrono::steady_clock::now();
  const auto history = ask(job_history{job.id});
  const auto took = std::chrono::steady_clock::now() - began;
  std::cout << "took " << std::chrono::duration<double, std::milli>(took).count() << " ms\n";
  EXPECT_EQ(items_of(history), 100'000);
  EXPECT_EQ(history.batches.size(), 200U);
  EXPECT_LT(took, std::chrono::seconds(1));
}

TEST_F(timeline, what_is_unfinished_is_listed_for_the_measures) {
  commit(submission(1)).value();
  auto waits = commit(submission(2, 8, 1, false)).value().job;
  auto ended = commit(submission(3, 9, 1, false)).value().job;
  change(ended, job_trigger::cancel, after(1));
  auto found = ask(list_unfinished{});
  ASSERT_EQ(found.size(), 2U);
  std::sort(found.begin(), found.end(),
            [](const auto& a, const auto& b) { return a.user < b.user; });
  EXPECT_EQ(found[0].state, job_state::running);
  EXPECT_EQ(found[1].state, job_state::pending);
  EXPECT_EQ(found[1].id, waits.id);
  EXPECT_EQ(found[1].unit, unit_id{1});
}

TEST_F(timeline, names_and_keys_are_listed) {
  const auto names = ask(list_names{});
  EXPECT_EQ(names.units.size(), 3U);
  EXPECT_EQ(names.users, (std::vector<named_user>{{{40}, "Ana", "Lima", ""}}));
  EXPECT_EQ(ask(list_names{.most = 2}).units.size(), 2U);
  const auto keys = ask(list_stored_keys{});
  EXPECT_EQ(keys.units.at(1), "Unidade 1");
  EXPECT_EQ(keys.companies.size(), 200U);
  EXPECT_EQ(keys.registrations.count("10000000000005"), 1U);
}

}  // namespace
}  // namespace mutirao::storage
