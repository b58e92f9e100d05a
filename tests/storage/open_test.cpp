// Opening: what is refused, with which words, and what is left untouched.
#include "storage/open.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "storage/sqlite/database.hpp"
#include "storage/sqlite/migrate.hpp"
#include "tests/storage/world.hpp"
#include "tests/support/places.hpp"

namespace mutirao::storage {
namespace {

using ::testing::HasSubstr;

std::string contents(const std::string& file) {
  std::ifstream from(file, std::ios::binary);
  std::ostringstream all;
  all << from.rdbuf();
  return all.str();
}

void write(const std::string& file, const std::string& what) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << what;
}

/// A file system of its own for one test, where this user may mount one.
class mounted {
 public:
  mounted(std::string at, const std::string& options) : at_(std::move(at)) {
    std::filesystem::create_directories(at_);
    there_ = ::mount("tmpfs", at_.c_str(), "tmpfs", 0, options.c_str()) == 0;
  }
  ~mounted() {
    if (there_) ::umount2(at_.c_str(), MNT_DETACH);
  }
  mounted(const mounted&) = delete;
  mounted& operator=(const mounted&) = delete;

  bool there() const { return there_; }
  bool make_read_only() const {
    return ::mount(nullptr, at_.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) == 0;
  }

 private:
  std::string at_;
  bool there_;
};

class opening : public world {
 protected:
  void SetUp() override {}
  error refused(open_options options = {}) { return refused(url(), std::move(options)); }
  error refused(const std::string& of, open_options options = {}) {
    const auto opened = open_database(of, types_, options);
    EXPECT_FALSE(opened);
    return opened ? error{} : opened.error();
  }
};

TEST_F(opening, makes_a_new_database_of_the_newest_schema) {
  open();
  EXPECT_EQ(database_->schema().found, 0);
  EXPECT_EQ(database_->schema().now, std::ssize(sqlite::migrations()));
  EXPECT_EQ(database_->schema().applied.at(0), "0001_initial.sql");
  EXPECT_EQ(number("PRAGMA user_version"), database_->schema().now);
  EXPECT_EQ(number("PRAGMA application_id"), sqlite::application_id);
  auto on = sqlite::connection::open(file(), sqlite::access::read);
  EXPECT_EQ(on->text("PRAGMA journal_mode").value(), "wal");
}

TEST_F(opening, again_changes_nothing) {
  open();
  fill(3);
  close();
  open();
  EXPECT_TRUE(database_->schema().applied.empty());
  EXPECT_EQ(database_->schema().found, database_->schema().now);
  EXPECT_EQ(number("SELECT count(*) FROM empresas"), 3);
}

TEST_F(opening, every_connection_has_the_settings_that_durability_needs) {
  open();
  for (const auto mode : {sqlite::access::write, sqlite::access::read}) {
    auto on = sqlite::connection::open(file(), mode).value();
    EXPECT_EQ(on.integer("PRAGMA synchronous").value(), 2);
    EXPECT_EQ(on.integer("PRAGMA foreign_keys").value(), 1);
    EXPECT_EQ(on.integer("PRAGMA busy_timeout").value(), 5000);
  }
  close();
  auto made = sqlite::sqlite_database::open(file(), types_, {}).value()->writer().value();
  auto& writer = dynamic_cast<sqlite::writer&>(*made);
  EXPECT_EQ(writer.writing().integer("PRAGMA wal_autocheckpoint").value(), 0);
  EXPECT_EQ(writer.writing().integer("PRAGMA synchronous").value(), 2);
  EXPECT_EQ(writer.writing().integer("PRAGMA busy_timeout").value(), 250)
      << "all who wait for the writer wait as long";
}

TEST_F(opening, migrates_without_serving) {
  EXPECT_EQ(migrate_database(url())->applied.size(), sqlite::migrations().size());
  EXPECT_TRUE(migrate_database(url())->applied.empty());
  open();
  EXPECT_EQ(migrate_database(url()).error().code, errc::store_locked);
}

TEST_F(opening, hands_out_one_writer_and_many_readers) {
  open();
  EXPECT_EQ(database_->writer().error().code, errc::internal);
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(database_->reader());
}

TEST_F(opening, embedded_migrations_are_the_files) {
  int number = 0;
  for (const auto& one : sqlite::migrations()) {
    EXPECT_EQ(one.number, ++number);
    EXPECT_EQ(std::stoi(std::string(one.name.substr(0, 4))), number);
    EXPECT_EQ(one.sql,
              contents(testing::in_source("storage/migrations/sqlite/") + std::string(one.name)));
    EXPECT_NE(one.sql.find(';'), std::string_view::npos);
  }
  EXPECT_GE(number, 1);
}

TEST_F(opening, goes_on_from_an_older_schema_and_leaves_nothing_of_a_failed_step) {
  auto on = sqlite::connection::open(file(), sqlite::access::create).value();
  using sqlite::migration;
  const std::vector<migration> first{{1, "1", "CREATE TABLE a (x); INSERT INTO a VALUES (';')"}};
  EXPECT_EQ(migrate(on, first)->applied, std::vector<std::string>{"1"});
  auto more = first;
  more.push_back({2, "2", "CREATE TABLE b (x)"});
  more.push_back({3, "3", "CREATE TABLE c (x); INSERT INTO nowhere VALUES (1)"});
  const auto broken = migrate(on, more);
  ASSERT_FALSE(broken);
  EXPECT_THAT(broken.error().detail, HasSubstr("3: no such table: nowhere"));
  EXPECT_EQ(on.integer("PRAGMA user_version").value(), 2);
  EXPECT_EQ(on.integer("SELECT count(*) FROM sqlite_schema").value(), 2);
  more.back().sql = "CREATE TABLE c (x)";
  const auto mended = migrate(on, more).value();
  EXPECT_EQ(mended.found, 2);
  EXPECT_EQ(mended.applied, std::vector<std::string>{"3"});
}

TEST_F(opening, refuses_a_newer_schema_and_leaves_it_alone) {
  open();
  close();
  auto on = sqlite::connection::open(file(), sqlite::access::write).value();
  ASSERT_TRUE(on.execute("PRAGMA user_version = 99"));
  const auto why = refused();
  EXPECT_EQ(why.code, errc::newer_schema);
  EXPECT_THAT(why.detail, HasSubstr("version 99"));
  EXPECT_THAT(why.detail, HasSubstr("newer mutirao"));
  EXPECT_THAT(why.detail, HasSubstr(file()));
  EXPECT_EQ(on.integer("PRAGMA user_version").value(), 99);
}

TEST_F(opening, refuses_the_database_of_another_program_and_leaves_it_alone) {
  {
    auto on = sqlite::connection::open(file(), sqlite::access::create).value();
    ASSERT_TRUE(on.execute("CREATE TABLE theirs (x)"));
  }
  const auto before = contents(file());
  EXPECT_THAT(refused().detail, HasSubstr("another program"));
  EXPECT_EQ(contents(file()), before);
}

TEST_F(opening, refuses_what_is_no_database_and_leaves_it_alone) {
  const std::string garbage(10'000, 'x');
  write(file(), garbage);
  const auto why = refused();
  EXPECT_EQ(why.code, errc::store_corrupt);
  EXPECT_THAT(why.detail, HasSubstr("restore a backup"));
  EXPECT_EQ(contents(file()), garbage);
}

TEST_F(opening, refuses_a_damaged_database) {
  open();
  fill(50);
  for (std::uint64_t n = 1; n <= 50; ++n) commit(submission(n, static_cast<std::int64_t>(n)));
  close();
  auto bytes = contents(file());
  std::fill(bytes.begin() + 4096, bytes.end(), 'x');  // all but the first page
  write(file(), bytes);
  EXPECT_EQ(refused().code, errc::store_corrupt);
}

TEST_F(opening, says_who_holds_the_file) {
  open();
  const auto why = refused();
  EXPECT_EQ(why.code, errc::store_locked);
  EXPECT_THAT(why.detail, HasSubstr("in use by test (process " + std::to_string(::getpid()) + ")"));
  std::filesystem::create_symlink(file(), folder_ / "link.db");
  EXPECT_EQ(refused("sqlite:" + (folder_ / "link.db").string()).code, errc::store_locked);
  close();
  open();
}

TEST_F(opening, a_process_that_dies_lets_go_of_the_file) {
  int ready[2];
  ASSERT_EQ(::pipe(ready), 0);
  const auto child = ::fork();
  if (child == 0) {
    const auto held = open_database(url(), types_, {.create = true, .owner = "child"});
    const char told = held ? '1' : '0';
    (void)!::write(ready[1], &told, 1);
    for (;;) ::pause();
  }
  char told = 0;
  ASSERT_EQ(::read(ready[0], &told, 1), 1);
  EXPECT_EQ(told, '1');
  const auto why = refused();
  EXPECT_EQ(why.code, errc::store_locked);
  EXPECT_THAT(why.detail, HasSubstr("child (process " + std::to_string(child)));
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  ::close(ready[0]);
  ::close(ready[1]);
  open();
}

TEST_F(opening, refuses_names_that_are_no_file) {
  EXPECT_EQ(refused("mysql:x").code, errc::invalid_field);
  EXPECT_EQ(refused("sqlite:").code, errc::invalid_field);
  EXPECT_EQ(refused("sqlite::memory:").code, errc::invalid_field);
  EXPECT_EQ(refused("postgres:///x?host=/nowhere/at/all").code, errc::store_unreachable);
  EXPECT_EQ(refused("postgres://localhost/x?no_such_setting=1").code, errc::invalid_field);
  EXPECT_THAT(refused("sqlite:/nowhere/at/all.db").detail, HasSubstr("no directory /nowhere/at"));
  EXPECT_THAT(refused("sqlite:" + (folder_ / "").string()).detail, HasSubstr("directory"));
  const auto absent = refused({.create = false, .owner = "test"});
  EXPECT_THAT(absent.detail, HasSubstr("no such file"));
  EXPECT_FALSE(std::filesystem::exists(file()));
  EXPECT_TRUE(open_database("sqlite://" + file(), types_));
}

TEST_F(opening, never_says_a_password) {
  for (const auto* url :
       {"mysql://u:s3cret@h/x", "host=/tmp password=s3cret dbname=x", "postgres://u:s3cret%zz@h/x",
        "postgres://u:s3cret/x@h/x", "postgres://h/x?password=s3cret%zz"}) {
    const auto why = refused(url);
    EXPECT_EQ(why.code, errc::invalid_field) << url;
    EXPECT_THAT(why.detail, ::testing::Not(HasSubstr("s3cret")));
  }
  EXPECT_EQ(shown("postgres://u:s3cret@h/x?password=s3cret&a=b"),
            "postgres://u:***@h/x?password=***&a=b");
}

TEST_F(opening, refuses_a_place_that_cannot_be_written) {
  const auto at = (folder_ / "mount").string();
  const mounted place(at, "size=16m");
  if (!place.there()) GTEST_SKIP() << "this user may not mount";
  const auto inside = "sqlite:" + at + "/test.db";
  ASSERT_TRUE(open_database(inside, types_));
  ASSERT_TRUE(place.make_read_only());
  const auto why = refused(inside);
  EXPECT_EQ(why.code, errc::store_read_only);
  EXPECT_THAT(why.detail, HasSubstr("must be able to write"));
}

TEST_F(opening, refuses_a_file_that_cannot_be_written) {
  open();
  close();
  if (::geteuid() != 0) {
    std::filesystem::permissions(file(), std::filesystem::perms::owner_read);
    EXPECT_EQ(refused().code, errc::store_read_only);
    return;
  }
  // Permissions do not stop this user; a read-only mount of the file alone does.
  if (::mount(file().c_str(), file().c_str(), nullptr, MS_BIND, nullptr) != 0) {
    GTEST_SKIP() << "this user may not mount";
  }
  ASSERT_EQ(::mount(nullptr, file().c_str(), nullptr, MS_REMOUNT | MS_BIND | MS_RDONLY, nullptr),
            0);
  const auto why = refused();
  ::umount2(file().c_str(), MNT_DETACH);
  EXPECT_EQ(why.code, errc::store_read_only);
  EXPECT_THAT(why.detail, HasSubstr(file()));
}

TEST_F(opening, refuses_a_full_disk) {
  const auto at = (folder_ / "mount").string();
  const mounted place(at, "size=256k");
  if (!place.there()) GTEST_SKIP() << "this user may not mount";
  write(at + "/filler", std::string(240'000, 'x'));
  const auto why = refused("sqlite:" + at + "/test.db");
  EXPECT_EQ(why.code, errc::disk_full) << why.detail;
  EXPECT_THAT(why.detail, HasSubstr("make room"));
}

TEST_F(opening, a_disk_that_fills_up_refuses_commits_and_loses_nothing) {
  const auto at = (folder_ / "mount").string();
  const mounted place(at, "size=4m");
  if (!place.there()) GTEST_SKIP() << "this user may not mount";
  auto opened = open_database("sqlite:" + at + "/test.db", types_);
  ASSERT_TRUE(opened) << opened.error().detail;
  database_ = *std::move(opened);
  store_ = database_->writer().value();
  reads_ = database_->reader().value();
  fill(20);
  const auto job = commit(submission(1)).value().job;
  commit(batch(job, items(1, 5))).value();
  const auto before = ask(find_job{job.id}).totals;
  store_->take_committed();

  write(at + "/filler", std::string(5'000'000, 'x'));  // as much of it as there is room
  const std::vector<command> group{batch(job, items(6, 20)), submission(2, 8)};
  const auto answers = store_->commit(group);
  EXPECT_EQ(answer_at<advance_job>(answers, 0).error().code, errc::disk_full);
  EXPECT_EQ(answer_at<insert_job>(answers, 1).error().code, errc::disk_full);
  EXPECT_TRUE(store_->take_committed().jobs.empty());
  EXPECT_EQ(ask(find_job{job.id}).totals, before);
  EXPECT_EQ(refusal(find_job{job_number(2)}), errc::unknown_job);

  std::filesystem::remove(at + "/filler");
  EXPECT_EQ(commit(batch(job, items(6, 20))).value().job.state, job_state::completed);
  EXPECT_TRUE(commit(submission(2, 8)));
  EXPECT_EQ(std::filesystem::exists(at + "/test.db"), true);
  close();
}

TEST_F(opening, a_database_at_its_size_limit_fails_the_group_as_a_whole) {
  database_ = sqlite::sqlite_database::open(file(), types_, {}).value();
  store_ = database_->writer().value();
  reads_ = database_->reader().value();
  fill(20);
  const auto job = commit(submission(1)).value().job;
  auto& writing = dynamic_cast<sqlite::writer&>(*store_).writing();
  const auto pages = writing.integer("PRAGMA page_count").value();
  ASSERT_TRUE(writing.execute(("PRAGMA max_page_count = " + std::to_string(pages)).c_str()));
  std::vector<command> group;
  for (std::uint64_t n = 2; n <= 400; ++n) {
    group.emplace_back(submission(n, static_cast<std::int64_t>(1000 + n)));
  }
  const auto answers = store_->commit(group);
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto& answer = answer_at<insert_job>(answers, i);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, errc::disk_full);
  }
  EXPECT_EQ(number("SELECT count(*) FROM jobs"), 1);
  ASSERT_TRUE(writing.execute("PRAGMA max_page_count = 1000000"));
  EXPECT_TRUE(answer_at<insert_job>(store_->commit(group), 0));
  EXPECT_EQ(number("SELECT count(*) FROM jobs"), 400);
  EXPECT_EQ(commit(batch(job, items(1, 20))).value().job.state, job_state::completed);
}

TEST_F(opening, a_writer_that_another_connection_blocks_is_busy) {
  database_ = sqlite::sqlite_database::open(file(), types_, {}).value();
  store_ = database_->writer().value();
  reads_ = database_->reader().value();
  fill(2);
  auto other = sqlite::connection::open(file(), sqlite::access::write).value();
  ASSERT_TRUE(other.execute("BEGIN IMMEDIATE"));
  EXPECT_EQ(commit(submission(1)).error().code, errc::store_busy);
  ASSERT_TRUE(other.execute("ROLLBACK"));
  EXPECT_TRUE(commit(submission(1)));
}

TEST_F(opening, what_fails_never_shows_a_path_or_a_statement) {
  database_ = sqlite::sqlite_database::open(file(), types_, {}).value();
  store_ = database_->writer().value();
  reads_ = database_->reader().value();
  fill(1);
  auto& writing = dynamic_cast<sqlite::writer&>(*store_).writing();
  ASSERT_TRUE(writing.execute("DROP TABLE job_scopes"));
  const auto why = commit(submission(1)).error();
  EXPECT_EQ(why.code, errc::store_failed);
  EXPECT_EQ(why.detail.find(file()), std::string::npos);
  EXPECT_EQ(why.detail.find("INSERT"), std::string::npos);
}

}  // namespace
}  // namespace mutirao::storage
