// A full or limited disk under the running service, and a torn log after its end: what is refused
// is refused clearly, nothing is lost, and it goes on by itself.
#include <sys/resource.h>

#include <filesystem>
#include <fstream>
#include <random>

#include "tests/e2e/fixture.hpp"
#include "tests/e2e/measure.hpp"
#include "tests/e2e/small_disk.hpp"
#include "tests/support/places.hpp"

namespace mutirao::e2e {
namespace {

class disk : public service_test {
 protected:
  /// A database there, with units 1 and 2 and these companies; its file.
  static std::string fill_database(const small_disk& on,
                                   const std::vector<std::vector<company_row>>& companies) {
    const auto database_file = on / "mutirao.db";
    EXPECT_EQ(run_program({{"migrate", "--database", "sqlite:" + database_file}, {}}).code, 0);
    database stored(database_file);
    add_units(stored, {1, 2});
    for (const auto& some : companies) add_companies(stored, some);
    return database_file;
  }

  std::filesystem::path path_ = folder_ / "disk";
};

TEST_F(disk, full_disk_answers_507_loses_nothing_and_goes_on_with_space) {
  const small_disk small(path_, "size=24m");
  if (!small.mounted()) GTEST_SKIP() << "only root can mount a small disk";
  const auto database_file =
      fill_database(small, {mixed_companies(1, 1, 30), busy_companies(2, 1000, 100)});
  service_process service(database_file, {"--timezone", noon_zone()});
  ASSERT_TRUE(service.ready()) << service.errors();
  http_client user(service.port(), token_of({7, {1, 2}}));
  const std::string before = user.post(job_path(1)).data()["jobId"];
  ASSERT_EQ(wait_for_end(user, before)["status"], "completed");

  small.fill();
  answer refused;
  // The log may have pages left that need no new space.
  for (int years = 1; years <= 5 && refused.status != 507; ++years) {
    for (int i = 0; i < 200 && refused.status != 507; ++i) {
      refused = user.post_with(job_path(1, "futureYears=" + std::to_string(years)),
                               {{"Idempotency-Key", "full-" + std::to_string(i)}});
      ASSERT_TRUE(refused.status == 202 || refused.status == 507) << refused.body;
    }
  }
  ASSERT_EQ(refused.status, 507);
  EXPECT_TRUE(refused.header("Retry-After"));
  EXPECT_EQ(user.get("/api/empresas/jobs/" + before).status, 200) << "reading goes on";
  EXPECT_EQ(user.get("/api/tarefas").status, 200);
  int stored_companies = 0;
  answer created;
  for (; stored_companies < 200 && created.status != 507;
       stored_companies += created.status == 201) {
    created = user.post("/api/empresas", {{"cnpj", cnpj_of(7000 + stored_companies)},
                                          {"razao_social", "A"},
                                          {"nome_fantasia", "B"},
                                          {"periodicidade", 14},
                                          {"data_renovacao", "2020-01-01"},
                                          {"unidade_responsavel", 1}});
    ASSERT_TRUE(created.status == 201 || created.status == 507) << created.body;
  }
  EXPECT_EQ(created.status, 507) << created.body;

  small.free();
  answer accepted;
  EXPECT_TRUE(tests::eventually([&] {
    accepted = user.post(job_path(2));
    return accepted.status == 202;
  })) << accepted.status
      << accepted.body;
  const auto job = wait_for_end(user, accepted.data()["jobId"]);
  EXPECT_EQ(job["status"], "completed") << job;
  EXPECT_TRUE(tests::eventually([&] {
    database stored(database_file);
    return stored.integer("SELECT count(*) FROM jobs WHERE state NOT IN (4, 5)") == 0;
  }));
  EXPECT_EQ(service.stop(), 0) << service.errors();
  database stored(database_file);
  EXPECT_EQ(stored.integer("SELECT count(*) FROM empresas WHERE razao_social = 'A'"),
            stored_companies);
  EXPECT_EQ(breaches(stored), std::vector<std::string>{});
  EXPECT_EQ(difference(planned_for_unit(stored, 2, {noon_date(), 0}),
                       stored_lines(stored, "unidade_id = 2")),
            "");
}

TEST_F(disk, a_disk_that_fills_in_the_middle_of_a_job_loses_nothing) {
  const small_disk small(path_, "size=24m");
  if (!small.mounted()) GTEST_SKIP() << "only root can mount a small disk";
  // Far more tasks than there is room for.
  const auto database_file = fill_database(small, {busy_companies(1, 1, 1200)});
  std::string id;
  {
    service_process service(database_file, {"--timezone", noon_zone()});
    ASSERT_TRUE(service.ready()) << service.errors();
    http_client user(service.port(), token_of({}));
    const auto accepted = user.post(job_path(1, "futureYears=5"));
    ASSERT_EQ(accepted.status, 202) << accepted.body;
    id = accepted.data()["jobId"];
    // It either waits for room or says that it failed; it never pretends.
    EXPECT_TRUE(tests::eventually(
        [&] {
          database stored(database_file);
          return stored.integer("SELECT done > 0 AND done < total FROM jobs") == 1 &&
                 small.available() < 200'000;
        },
        std::chrono::seconds(30)));
    EXPECT_EQ(user.get("/api/empresas/jobs/" + id).status, 200);
    EXPECT_NE(user.get("/api/empresas/jobs/" + id).data()["status"], "completed");
    service.kill();
  }
  ASSERT_TRUE(small.grow("size=400m"));
  {
    database stored(database_file);
    EXPECT_EQ(breaches(stored), std::vector<std::string>{});
  }
  service_process service(database_file, {"--timezone", noon_zone()});
  ASSERT_TRUE(service.ready()) << service.errors();
  http_client user(service.port(), token_of({}));
  const auto job = wait_for_end(user, id);
  EXPECT_EQ(service.stop(), 0) << service.errors();
  database stored(database_file);
  EXPECT_EQ(breaches(stored), std::vector<std::string>{});
  if (job["status"] == "completed") {
    EXPECT_EQ(difference(planned_for_unit(stored, 1, {noon_date(), 5}), stored_lines(stored)), "");
  } else {
    EXPECT_EQ(stored.integer("SELECT count(*) FROM notificacoes WHERE type = 'auto-tasks-error'"),
              1);
  }
}

TEST_F(disk, a_job_that_fills_the_disk_waits_and_goes_on_by_itself) {
  constexpr int years = 5;
  const small_disk small(path_, "size=24m");
  if (!small.mounted()) GTEST_SKIP() << "only root can mount a small disk";
  const auto database_file = fill_database(small, {busy_companies(1, 1, 1200)});
  service_process service(database_file, {"--timezone", noon_zone()});
  ASSERT_TRUE(service.ready()) << service.errors();
  http_client user(service.port(), token_of({}));
  const auto id = start_job(user, 1, years);
  EXPECT_TRUE(tests::eventually(
      [&] {
        return service.errors().find("disk_full") != std::string::npos ||
               small.available() < 200'000;
      },
      std::chrono::seconds(60)));
  const auto waiting = user.get("/api/empresas/jobs/" + id).data();
  EXPECT_EQ(waiting["status"], "running") << waiting;
  EXPECT_LT(waiting["progress"]["current"], 1200);
  ASSERT_TRUE(small.grow("size=400m"));
  const auto job = wait_for_end(user, id);
  EXPECT_EQ(job["status"], "completed") << job;
  EXPECT_EQ(job["run"], 1);
  EXPECT_EQ(service.stop(), 0) << service.errors();
  database stored(database_file);
  EXPECT_EQ(breaches(stored), std::vector<std::string>{});
  EXPECT_EQ(difference(planned_for_unit(stored, 1, {noon_date(), years}), stored_lines(stored)),
            "");
}

// A disk that fails beneath open files: see tests/preload/failing_disk.cpp.
class failing_disk : public service_test, public ::testing::WithParamInterface<int> {
 protected:
  void begin() {
    make_database();
    {
      auto stored = db();
      add_companies(stored, busy_companies(1, 1, 1200));
    }
    service_ = std::make_unique<service_process>(
        file(), std::vector<std::string>{"--timezone", noon_zone()}, std::nullopt, std::nullopt,
        std::map<std::string, std::string>{{"LD_PRELOAD", testing::places.failing_disk},
                                           {"ASAN_OPTIONS", "verify_asan_link_order=0"},
                                           {"FAILING_DISK", flag_.string()}});
    ASSERT_TRUE(service_->ready()) << service_->errors();
  }
  void fail() const {
    std::ofstream(flag_.string() + ".new") << GetParam();
    std::filesystem::rename(flag_.string() + ".new", flag_);
  }
  void mend() const { std::filesystem::remove(flag_); }

  std::filesystem::path flag_ = folder_ / "flag";
};

TEST_P(failing_disk, is_waited_for_said_and_costs_no_company) {
  begin();
  auto user = as();
  const auto id = start_job(user, 1, 5);
  fail();
  auto asking = nobody();
  const auto retried = [&] { return measure(asking, "mutirao_batches_retried_total"); };
  // Longer than batches are tried that a passing error of their own keeps back.
  ASSERT_TRUE(tests::eventually([&] { return retried() >= 12; }, std::chrono::seconds(60)));
  EXPECT_EQ(measure(asking, "mutirao_store_away"), 1);
  EXPECT_NE(service_->errors().find("event=store_away code="), std::string::npos);
  EXPECT_EQ(user.get("/api/empresas/jobs/" + id).data()["status"], "running");
  const auto created =
      user.post("/api/empresas",
                json{{"cnpj", "11222333000181"}, {"razao_social", "A"}, {"nome_fantasia", "B"}});
  EXPECT_EQ(created.status, 503) << created.body;
  EXPECT_TRUE(created.header("retry-after"));
  mend();
  const auto job = wait_for_end(user, id);
  EXPECT_EQ(job["status"], "completed") << job;
  EXPECT_EQ(job["run"], 1);
  EXPECT_EQ(job["failedItems"], 0);
  EXPECT_EQ(measure(asking, "mutirao_store_away"), 0);
  EXPECT_NE(service_->errors().find("event=store_back"), std::string::npos);
  stop();
  auto stored = db();
  EXPECT_EQ(difference(planned_for_unit(stored, 1, {noon_date(), 5}), stored_lines(stored)), "");
}

INSTANTIATE_TEST_SUITE_P(disk, failing_disk, ::testing::Values(EIO, EROFS), [](const auto& named) {
  return named.param == EIO ? "broken" : "read_only";
});

// Needs no root: the limit of a process on the size of its files, set while it runs.
class file_limit : public service_test {
 protected:
  void limit_files(rlim_t bytes) {
    const rlimit limit{bytes, RLIM_INFINITY};
    ASSERT_EQ(::prlimit(service_->child().id(), RLIMIT_FSIZE, &limit, nullptr), 0);
  }
};

TEST_F(file_limit, refuses_with_507_holds_a_running_job_and_goes_on_when_it_is_lifted) {
  constexpr int years = 5;
  make_database();
  {
    auto stored = db();
    add_companies(stored, busy_companies(1, 1, 2000));
    add_companies(stored, mixed_companies(2, 5000, 20));
  }
  start();
  auto user = as({7, {1, 2}});
  const auto id = start_job(user, 1, years);
  ASSERT_TRUE(wait_for_progress(user, id, 1));
  limit_files(4096);  // not a page more
  const auto refused = user.post(job_path(2));
  EXPECT_EQ(refused.status, 507) << refused.body;
  EXPECT_TRUE(refused.header("Retry-After"));
  const auto company = user.put("/api/empresas/5000", {{"periodicidade", 77}});
  EXPECT_EQ(company.status, 507) << company.body;
  const auto held = user.get("/api/empresas/jobs/" + id).data();
  EXPECT_EQ(held["status"], "running") << held;
  EXPECT_LT(held["progress"]["current"], 2000) << "the job was over too early";
  EXPECT_EQ(user.get("/api/tarefas").status, 200) << "reading goes on";
  EXPECT_EQ(db().integer("SELECT count(*) FROM jobs"), 1);

  limit_files(RLIM_INFINITY);
  EXPECT_EQ(wait_for_end(user, id)["status"], "completed");
  EXPECT_EQ(user.put("/api/empresas/5000", {{"periodicidade", 77}}).status, 200);
  EXPECT_EQ(wait_for_end(user, start_job(user, 2))["status"], "completed");
  stop();
  auto stored = db();
  EXPECT_EQ(difference(planned_for_unit(stored, 1, {noon_date(), years}),
                       stored_lines(stored, "unidade_id = 1")),
            "");
  EXPECT_EQ(stored.integer("SELECT count(*) FROM notificacoes"), 2);
}

// The write-ahead log after kill -9, with the tail that a power cut may leave.
class torn_log : public service_test {
 protected:
  static constexpr std::uintmax_t header = 32;
  static constexpr std::uintmax_t frame = 24 + 4096;

  std::string log() const { return file() + "-wal"; }
  // What SQLite's index of the log, memory in a file, says: where the log ends (behind it stand
  // frames of its earlier rounds), and how far it may have been moved into the database. A disk
  // that keeps its word has those frames safe in the log first, so no power cut tears them.
  std::uintmax_t frames() const { return in_index(16); }
  std::uintmax_t moved() const { return in_index(128); }
  std::uintmax_t in_index(std::streamoff at) const {
    std::ifstream index(file() + "-shm", std::ios::binary);
    std::uint32_t count = 0;
    index.seekg(at).read(reinterpret_cast<char*>(&count), sizeof count);
    return count;
  }
  std::uintmax_t end_of_log() const { return header + frames() * frame; }
  /// The state as a start would find it, without touching the files.
  std::string copied() const {
    const auto copy = (folder_ / "copy.db").string();
    for (const char* end : {"", "-wal"}) {
      std::filesystem::copy_file(file() + end, copy + end,
                                 std::filesystem::copy_options::overwrite_existing);
    }
    std::filesystem::remove(copy + "-shm");
    return copy;
  }
  void append(const std::string& bytes) {
    std::ofstream(log(), std::ios::binary | std::ios::app) << bytes;
  }
  std::string last_frames(std::uintmax_t count) {
    std::ifstream in(log(), std::ios::binary);
    in.seekg(static_cast<std::streamoff>(end_of_log() - count * frame));
    std::string bytes(count * frame, '\0');
    in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    return bytes;
  }
  // What is torn off may be all that a start committed, and then its death counts against the job.
  void start_again() { start({"--crash-limit", "1000"}); }
  std::string kill_in_a_job(int years) {
    start_again();
    auto user = as();
    const auto id = start_job(user, 1, years);
    EXPECT_TRUE(wait_for_progress(user, id, 1));
    service_->kill();
    return id;
  }
  void expect_whole_after_a_start(const std::string& id, int years) {
    start_again();
    auto user = as();
    EXPECT_EQ(wait_for_end(user, id)["status"], "completed");
    stop();
    auto stored = db();
    EXPECT_EQ(difference(planned_for_unit(stored, 1, {noon_date(), years}), stored_lines(stored)),
              "");
    EXPECT_EQ(stored.integer("SELECT count(*) FROM notificacoes"), 1);
  }
};

TEST_F(torn_log, a_transaction_that_was_half_written_is_as_if_it_never_was) {
  constexpr int years = 5;
  make_database();
  {
    auto stored = db();
    add_companies(stored, busy_companies(1, 1, 1000));
  }
  const auto id = kill_in_a_job(years);
  ASSERT_GT(frames(), 4U);
  const auto end = end_of_log();
  const auto again = last_frames(3);
  // The kill may have come when a transaction was written whole and its answer not given yet.
  std::filesystem::resize_file(log(), end);
  const auto done = database(copied()).integer("SELECT done FROM jobs");
  EXPECT_LT(done, 1000) << "the job was over too early";
  for (const auto& tail : {again, again.substr(0, frame + 1000), std::string(2 * frame + 7, '\0'),
                           std::string(frame, '\xff'), std::string(11, 'x')}) {
    std::filesystem::resize_file(log(), end);
    append(tail);
    database stored(copied());
    EXPECT_EQ(breaches(stored), std::vector<std::string>{});
    EXPECT_EQ(stored.integer("SELECT done FROM jobs"), done) << "whatever the tail";
  }
  expect_whole_after_a_start(id, years);
}

TEST_F(torn_log, frames_that_never_reached_the_disk_cost_their_transactions_and_no_more) {
  constexpr int years = 5;
  make_database();
  {
    auto stored = db();
    add_companies(stored, busy_companies(1, 1, 2000));
  }
  const auto id = kill_in_a_job(years);
  std::mt19937 random(1);
  int torn = 0;
  for (int round = 0; round < 6; ++round) {
    const auto before = database(copied()).integer("SELECT done FROM jobs");
    if (frames() > moved()) {
      ++torn;
      const auto from = header + moved() * frame;
      const auto at = from + random() % (end_of_log() - from);
      if (round % 2 == 0) {
        std::filesystem::resize_file(log(), at);
      } else {
        std::fstream garble(log(), std::ios::in | std::ios::out | std::ios::binary);
        garble.seekp(static_cast<std::streamoff>(at)) << "garbled";
      }
    }
    std::filesystem::remove(file() + "-shm");  // memory: no power cut keeps it
    {
      auto stored = db();
      EXPECT_EQ(breaches(stored), std::vector<std::string>{}) << "round " << round;
      EXPECT_LE(stored.integer("SELECT done FROM jobs"), before);
    }
    start_again();
    auto user = as();
    const auto seen = wait_for_progress(user, id, 1);
    service_->kill();
    if (!seen) break;  // it has ended
  }
  EXPECT_GT(torn, 0) << "there was nothing to tear";
  expect_whole_after_a_start(id, years);
}

// A backup program, or an operator's sqlite3.
TEST_F(disk, a_file_that_another_program_holds_is_waited_for_and_costs_no_company) {
  make_database();
  {
    auto stored = db();
    add_companies(stored, busy_companies(1, 1000, 6000));
  }
  start({"--stall-after", "2s"});
  auto user = as({7, {1, 2}});
  const auto id = start_job(user, 1, 5);
  ASSERT_TRUE(wait_for_progress(user, id, 1));
  {
    auto holder = db();
    holder.run("BEGIN IMMEDIATE");
    const auto refused = user.post(job_path(2));
    EXPECT_EQ(refused.status, 503);
    EXPECT_TRUE(refused.header("Retry-After"));
    // For longer than a batch may stall.
    const auto held = std::chrono::steady_clock::now();
    ASSERT_TRUE(tests::eventually(
        [&] {
          auto asking = nobody();
          return measure(asking, "mutirao_batches_retried_total") >= 4 &&
                 std::chrono::steady_clock::now() - held > std::chrono::seconds(5);
        },
        std::chrono::seconds(60)));
    holder.run("ROLLBACK");
  }
  const auto ended = wait_for_end(user, id);
  EXPECT_EQ(ended["status"], "completed");
  auto stored = db();
  EXPECT_EQ(stored.integer("SELECT count(*) FROM job_items WHERE state = 1"), 6000);
  EXPECT_EQ(user.post(job_path(1)).status, 202) << "writing goes on";
}

TEST_F(disk, a_drain_ends_in_its_time_although_another_program_holds_the_file) {
  make_database();
  {
    auto stored = db();
    add_companies(stored, busy_companies(1, 1000, 2000));
  }
  start({"--drain-timeout", "1s"});
  auto user = as();
  const auto id = start_job(user, 1, 5);
  ASSERT_TRUE(wait_for_progress(user, id, 1));
  {
    auto holder = db();
    holder.run("BEGIN IMMEDIATE");
    const auto asked = std::chrono::steady_clock::now();
    EXPECT_EQ(service_->stop(std::chrono::seconds(20)), 0);
    EXPECT_LT(std::chrono::steady_clock::now() - asked, std::chrono::seconds(4));
    holder.run("ROLLBACK");
  }
  start();
  auto again = as();
  EXPECT_EQ(wait_for_end(again, id)["status"], "completed");
}

TEST_F(disk, a_start_with_an_existing_database_on_a_full_disk_reads_and_refuses_writes) {
  const small_disk small(path_, "size=4m");
  if (!small.mounted()) GTEST_SKIP() << "only root can mount a small disk";
  const auto database_file = fill_database(small, {mixed_companies(1, 1, 30)});
  std::ofstream(small / "room") << std::string(64 * 1024, 'x');  // for the log's index
  small.fill();
  EXPECT_EQ(run_program({{"migrate", "--database", "sqlite:" + database_file}, {}}).code, 1);
  std::filesystem::remove(small / "room");
  service_process service(database_file);
  ASSERT_TRUE(service.ready()) << service.errors();
  http_client user(service.port(), token_of({7, {1, 2}}));
  EXPECT_EQ(user.get("/api/empresas").status, 200);
  int refused = 0;
  for (int i = 0; i < 100 && refused != 507; ++i) {
    refused = user.post_with(job_path(1), {{"Idempotency-Key", std::to_string(i)}}).status;
    ASSERT_TRUE(refused == 202 || refused == 507) << refused;
  }
  EXPECT_EQ(refused, 507);
  small.free();
  const auto accepted = user.post(job_path(1));
  ASSERT_EQ(accepted.status, 202) << accepted.body;
  EXPECT_EQ(wait_for_end(user, accepted.data()["jobId"])["status"], "completed");
}

TEST_F(disk, a_start_on_a_full_disk_fails_clearly) {
  const small_disk small(path_, "size=2m");
  if (!small.mounted()) GTEST_SKIP() << "only root can mount a small disk";
  small.fill();
  const auto got = run_program(
      {{"serve", "--database", "sqlite:" + (small / "mutirao.db"), "--listen", "127.0.0.1:0"},
       {{"MUTIRAO_JWT_SECRET", std::string(service_process::secret)}}});
  EXPECT_EQ(got.code, 1) << got.err;
  EXPECT_NE(got.err.find("room"), std::string::npos) << got.err;
  small.free();
  service_process service(small / "mutirao.db");
  EXPECT_TRUE(service.ready()) << service.errors();
}

}  // namespace
}  // namespace mutirao::e2e
