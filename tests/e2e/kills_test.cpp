// kill -9 at random moments of a mixed load: after each, whatever was answered is stored and the
// whole holds together; at the end everything completes. The seed is printed with a failure;
// MUTIRAO_TEST_SEED sets it, MUTIRAO_TEST_ROUNDS more rounds.
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <random>
#include <set>
#include <thread>

#include "tests/e2e/fixture.hpp"
#include "tests/support/places.hpp"

namespace mutirao::e2e {
namespace {

constexpr std::int64_t units = 20;
constexpr std::int64_t quiet_units = 10;  // 1..10; the companies of the others are edited
constexpr std::int64_t companies = 20;    // of each unit
constexpr int most_years = 5;

std::uint32_t number_from(const char* variable, std::uint32_t fallback) {
  const char* given = std::getenv(variable);
  return given == nullptr ? fallback : static_cast<std::uint32_t>(std::strtoul(given, nullptr, 10));
}

std::uint32_t base_seed() {
  static const auto seed = number_from("MUTIRAO_TEST_SEED", std::random_device{}());
  return seed;
}

constexpr std::int64_t first_period = 30;

/// What the clients were told, over all rounds.
class told_to_clients {
 public:
  struct progress {
    std::int64_t run = 0;
    std::int64_t current = 0;
  };

  void accepted(const std::string& job, const std::string& key) {
    const std::lock_guard hold(mutex_);
    jobs_.try_emplace(job);
    if (key.empty()) return;
    const auto [known, fresh] = keys_.try_emplace(key, job);
    EXPECT_TRUE(fresh || known->second == job) << "the key " << key << " made two jobs";
  }
  std::optional<std::string> any_job(std::uint32_t chance) {
    const std::lock_guard hold(mutex_);
    if (jobs_.empty()) return std::nullopt;
    return std::next(jobs_.begin(), chance % static_cast<std::uint32_t>(jobs_.size()))->first;
  }
  void saw(const std::string& job, const json& now) {
    const std::lock_guard hold(mutex_);
    auto& last = jobs_[job];
    const progress seen{now.value("run", std::int64_t{0}),
                        now["progress"].value("current", std::int64_t{-1})};
    EXPECT_GE(seen.run, last.run) << job;
    // Several clients look at once: only what one of them saw before it asked is certain.
    if (seen.run > last.run || seen.current > last.current) last = seen;
  }
  void sends_edit(std::int64_t company, std::int64_t period) {
    const std::lock_guard hold(mutex_);
    auto& may_be_stored = periods_[company];
    if (may_be_stored.empty()) may_be_stored.insert(first_period);
    may_be_stored.insert(period);
  }
  void edited(std::int64_t company, std::int64_t period) {
    const std::lock_guard hold(mutex_);
    periods_[company] = {period};
  }

  /// After a kill: nothing of it is gone.
  void expect_kept(database& in) {
    std::map<std::string, progress> stored;
    for (const auto& row : in.rows("SELECT lower(hex(id)), run, done FROM jobs")) {
      stored[row[0]] = {std::stoll(row[1]), std::stoll(row[2])};
    }
    for (const auto& [job, last] : jobs_) {
      std::string digits = job;
      std::erase(digits, '-');
      const auto found = stored.find(digits);
      ASSERT_NE(found, stored.end()) << job << " was answered with 202 and is gone";
      EXPECT_GE(found->second.run, last.run) << job;
      if (found->second.run == last.run) {
        EXPECT_GE(found->second.current, last.current) << job << ": told before it was on disk";
      }
    }
    for (const auto& row : in.rows("SELECT id, periodicidade FROM empresas")) {
      const auto sent = periods_.find(std::stoll(row[0]));
      if (sent == periods_.end()) continue;
      EXPECT_TRUE(row[1] != "null" && sent->second.contains(std::stoll(row[1])))
          << "company " << row[0] << " lost an edit: " << row[1];
      sent->second = {std::stoll(row[1])};
    }
  }
  std::size_t jobs() const { return jobs_.size(); }

 private:
  std::mutex mutex_;
  std::map<std::string, progress> jobs_;
  std::map<std::string, std::string> keys_;
  std::map<std::int64_t, std::set<std::int64_t>> periods_;  // that may be stored now
};

class kills : public service_test, public ::testing::WithParamInterface<std::uint32_t> {
 protected:
  using client = void (kills::*)(std::uint32_t seed);

  void SetUp() override {
    make_database();
    auto stored = db();
    for (std::int64_t unit = 3; unit <= units; ++unit) add_units(stored, {unit});
    for (std::int64_t unit = 1; unit <= units; ++unit) {
      add_companies(stored, unit % 2 == 0 ? busy_companies(unit, unit * 1000, companies / 4)
                                          : mixed_companies(unit, unit * 1000, companies));
      first_periods(stored, unit);
    }
  }

  // The clients, each until the service is gone. Controls of jobs (cancel, retry, pause, resume,
  // priority) belong here as one more; `told_` then needs to know which jobs may end otherwise.
  void submits(std::uint32_t seed) {
    std::mt19937 random(seed);
    const auto who = static_cast<std::int64_t>(11 + random() % 2);
    auto user = as({who, {}, true});
    for (;;) {
      const auto unit = static_cast<std::int64_t>(1 + random() % units);
      const auto years = random() % (most_years + 1);
      header_list headers;
      // Few keys, each always for the same request: most are repeated, also after a restart.
      const auto key = std::to_string(unit) + "-" + std::to_string(years);
      const bool keyed = random() % 2 == 0;
      if (keyed) headers.emplace_back("Idempotency-Key", key);
      const auto got =
          user.post_with(job_path(unit, "futureYears=" + std::to_string(years)), headers);
      if (!goes_on(got)) return;
      ASSERT_EQ(got.status, 202) << got.body;
      told_.accepted(got.data()["jobId"], keyed ? key + " of " + std::to_string(who) : "");
    }
  }
  void edits(std::uint32_t seed) {
    std::mt19937 random(seed);
    auto root = admin();
    for (;;) {
      const auto unit =
          static_cast<std::int64_t>(quiet_units + 1 + random() % (units - quiet_units));
      const auto company = unit * 1000 + static_cast<std::int64_t>(random() % (companies / 4));
      const auto period = static_cast<std::int64_t>(14 + random() % 60);
      told_.sends_edit(company, period);
      const auto got =
          root.put("/api/empresas/" + std::to_string(company), {{"periodicidade", period}});
      if (!goes_on(got)) return;
      ASSERT_EQ(got.status, 200) << got.body;
      told_.edited(company, period);
    }
  }
  void polls(std::uint32_t seed) {
    std::mt19937 random(seed);
    auto root = admin();
    for (;;) {
      const auto job = told_.any_job(static_cast<std::uint32_t>(random()));
      const auto got = root.get(job ? "/api/empresas/jobs/" + *job : "/api/unidades");
      if (!goes_on(got)) return;
      ASSERT_EQ(got.status, 200) << got.body;
      if (job) told_.saw(*job, got.data());
    }
  }

  /// All clients at once until `end` ends the service, some time after the first answer.
  void load_until(std::mt19937& random, const std::function<void()>& end) {
    const client cast[] = {&kills::submits, &kills::submits, &kills::edits, &kills::polls};
    std::vector<std::thread> clients;
    answers_ = 0;
    for (const auto each : cast) {
      clients.emplace_back(
          [this, each, seed = static_cast<std::uint32_t>(random())] { (this->*each)(seed); });
    }
    tests::eventually([&] { return answers_ > 0; });
    // How far it gets is left to chance, and counted in answers: a slow machine gets as far.
    const auto mark = static_cast<int>(random() % 400);
    tests::eventually([&] { return answers_ >= mark; }, std::chrono::seconds(20));
    end();
    for (auto& each : clients) each.join();
  }
  void expect_whole(const std::string& when) {
    auto stored = db();
    EXPECT_EQ(breaches(stored), std::vector<std::string>{}) << when;
    told_.expect_kept(stored);
  }
  /// Everything completes, and every task is there once, as one job after the other gives them.
  void expect_the_end() {
    start({"--crash-limit", "1000"});
    const auto all_ended = [&] {
      return db().integer("SELECT count(*) FROM jobs WHERE state < 4") == 0;
    };
    EXPECT_TRUE(tests::eventually(all_ended, std::chrono::seconds(60)));
    {
      auto root = admin();
      for (std::int64_t unit = 1; unit <= units; ++unit) start_job(root, unit, most_years);
    }
    EXPECT_TRUE(tests::eventually(all_ended, std::chrono::seconds(60)));
    stop();
    auto stored = db();
    EXPECT_EQ(stored.integer("SELECT count(*) FROM jobs WHERE state <> 4 OR run <> 1"), 0);
    EXPECT_EQ(stored.integer("SELECT count(*) FROM jobs WHERE total > 0"),
              stored.integer("SELECT count(*) FROM notificacoes"));
    for (std::int64_t unit = 1; unit <= units; ++unit) {
      auto planned = planned_for_unit(stored, unit, {noon_date(), most_years});
      auto found = stored_lines(stored, "unidade_id = " + std::to_string(unit));
      // By which request each was made is left to chance, and with it the order of their ids.
      std::sort(planned.begin(), planned.end());
      std::sort(found.begin(), found.end());
      EXPECT_EQ(difference(planned, found), "") << "unit " << unit;
    }
  }

  told_to_clients told_;
  std::atomic<int> answers_ = 0;

 private:
  /// False where the service is gone, or about to go.
  bool goes_on(const answer& got) {
    if (got.status == 0 || got.status == 503 || HasFatalFailure()) return false;
    ++answers_;
    return true;
  }
  /// Every company that is edited has a period from the start, so that each edit leaves one.
  void first_periods(database& in, std::int64_t unit) {
    if (unit <= quiet_units) return;
    in.run("UPDATE empresas SET periodicidade = " + std::to_string(first_period) +
           " WHERE unidade_responsavel = " + std::to_string(unit));
  }
};

TEST_P(kills, at_random_moments_of_a_mixed_load_lose_and_double_nothing) {
  const auto seed = base_seed() + GetParam();
  SCOPED_TRACE("MUTIRAO_TEST_SEED=" + std::to_string(base_seed()) + ", of it " +
               std::to_string(GetParam()));
  std::mt19937 random(seed);
  const auto rounds = number_from("MUTIRAO_TEST_ROUNDS", 10);
  // Where the machine is busy with other things, little happens in a round: then there are more.
  const auto means_something = [&] { return told_.jobs() > 20; };
  for (std::uint32_t round = 0; round < rounds || (round < 5 * rounds && !means_something());
       ++round) {
    start({"--crash-limit", "1000"});
    load_until(random, [&] { service_->kill(); });
    expect_whole("after kill " + std::to_string(round));
    if (HasFailure()) return;
  }
  EXPECT_TRUE(means_something()) << told_.jobs() << " jobs are too few";
  expect_the_end();
}

TEST_P(kills, during_the_drain_lose_and_double_nothing) {
  SCOPED_TRACE("MUTIRAO_TEST_SEED=" + std::to_string(base_seed()));
  std::mt19937 random(base_seed() + 100 + GetParam());
  int killed = 0;
  for (int round = 0; round < 3; ++round) {
    start({"--crash-limit", "1000"});
    load_until(random, [&] {
      service_->send(SIGTERM);
      // The first at once, the others anywhere in a drain or behind it.
      const std::chrono::milliseconds moment(random() % (12 * round + 1));
      if (!service_->child().wait(moment)) ++killed;
      service_->kill();
    });
    expect_whole("after kill " + std::to_string(round));
    if (HasFailure()) return;
  }
  EXPECT_GT(killed, 0) << "every drain was over before its kill";
  expect_the_end();
}

INSTANTIATE_TEST_SUITE_P(seeds, kills, ::testing::Range(1U, 6U));

// A database of the first version with much to move, as it may be found at an upgrade.
TEST(kills_of_a_migration, leave_the_old_version_or_the_new_one) {
  const testing::temporary_folder folder;
  const auto file = (folder / "old.db").string();
  std::ofstream(file).flush();
  {
    std::ifstream from(testing::in_source("storage/migrations/sqlite/0001_initial.sql"));
    database old(file);
    old.run(std::string{std::istreambuf_iterator<char>(from), {}});
    old.run(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50000) "
        "INSERT INTO idempotency_keys SELECT i % 100, 'key-' || i, 'request', i, 50000 - i FROM n;"
        "PRAGMA application_id = 0x4D757469; PRAGMA user_version = 1");
  }
  int interrupted = 0;
  for (int round = 0; round < 20; ++round) {
    program_process migrating({{"migrate", "--database", "sqlite:" + file}, {}});
    migrating.wait(std::chrono::milliseconds(4 * round));
    migrating.send(SIGKILL);
    migrating.wait();
    database stored(file);
    const auto version = stored.integer("PRAGMA user_version");
    interrupted += version == 1;
    EXPECT_EQ(stored.text("PRAGMA integrity_check"), "ok");
    EXPECT_EQ(stored.integer("SELECT count(*) FROM idempotency_keys"), 50000);
    EXPECT_EQ(stored.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'pruned_jobs'"),
              version == 1 ? 0 : 1);
    if (version != 1) break;
  }
  EXPECT_GT(interrupted, 0);
  const auto made = run_program({{"migrate", "--database", "sqlite:" + file}, {}});
  EXPECT_EQ(made.code, 0) << made.err;
  database stored(file);
  EXPECT_EQ(stored.integer("SELECT min(created_at) = (SELECT created_at FROM idempotency_keys "
                           "WHERE no = 1) FROM idempotency_keys"),
            1);
}

}  // namespace
}  // namespace mutirao::e2e
