// A full disk under the running service: what is refused is refused clearly, and nothing is lost.
#include <sys/mount.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/e2e/fixture.hpp"

namespace mutirao::e2e {
namespace {

/// A file system of a fixed size, for as long as this lives.
class small_disk {
 public:
  small_disk(std::filesystem::path at, const char* options) : at_(std::move(at)) {
    std::filesystem::create_directory(at_);
    mounted_ = ::mount("tmpfs", at_.c_str(), "tmpfs", 0, options) == 0;
  }
  ~small_disk() {
    if (mounted_) ::umount2(at_.c_str(), MNT_DETACH);
  }
  small_disk(const small_disk&) = delete;
  small_disk& operator=(const small_disk&) = delete;
  bool mounted() const { return mounted_; }
  std::string operator/(const char* name) const { return (at_ / name).string(); }

  /// Leaves no byte.
  void fill() const {
    std::ofstream ballast(*this / "ballast", std::ios::binary);
    const std::string block(4096, 'x');
    while (ballast.write(block.data(), 4096).flush()) {
    }
  }
  void free() const { std::filesystem::remove(*this / "ballast"); }

 private:
  std::filesystem::path at_;
  bool mounted_ = false;
};

class disk : public service_test {
 protected:
  std::filesystem::path path_ = folder_ / "disk";
};

TEST_F(disk, full_disk_answers_507_loses_nothing_and_goes_on_with_space) {
  const small_disk small(path_, "size=24m");
  if (!small.mounted()) GTEST_SKIP() << "only root can mount a small disk";
  const auto database_file = small / "mutirao.db";
  ASSERT_EQ(run_program({{"migrate", "--database", "sqlite:" + database_file}, {}}).code, 0);
  {
    database stored(database_file);
    add_units(stored, {1, 2});
    add_companies(stored, mixed_companies(1, 1, 30));
    add_companies(stored, busy_companies(2, 1000, 100));
  }
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
  const auto database_file = small / "mutirao.db";
  ASSERT_EQ(run_program({{"migrate", "--database", "sqlite:" + database_file}, {}}).code, 0);
  {
    database stored(database_file);
    add_units(stored, {1});
    add_companies(stored, busy_companies(1, 1, 1200));  // far more tasks than there is room for
  }
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
                 std::filesystem::space(path_).available < 200'000;
        },
        std::chrono::seconds(30)));
    EXPECT_EQ(user.get("/api/empresas/jobs/" + id).status, 200);
    EXPECT_NE(user.get("/api/empresas/jobs/" + id).data()["status"], "completed");
    service.kill();
  }
  ASSERT_EQ(::mount("tmpfs", path_.c_str(), "tmpfs", MS_REMOUNT, "size=400m"), 0);
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
