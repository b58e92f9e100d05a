#include "storage/postgres/database.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <utility>

#include "storage/postgres/connection.hpp"
#include "storage/postgres/listener.hpp"
#include "storage/postgres/migrate.hpp"
#include "storage/postgres/server_time.hpp"
#include "storage/postgres/shared_book.hpp"
#include "storage/postgres/snapshots.hpp"
#include "storage/sql/account_writes.hpp"
#include "storage/sql/attempt.hpp"
#include "storage/sql/commands.hpp"
#include "storage/sql/group.hpp"
#include "storage/sql/reader.hpp"
#include "storage/sql/revisions.hpp"

namespace mutirao::storage::postgres {
namespace {

class picture_numbers final : public sql::revisions {
 public:
  explicit picture_numbers(snapshots& taken) : taken_(taken) {}

  expected<revision> of_next_picture(sql::connection& on) const override {
    sql::statement now(on, "SELECT pg_current_snapshot()::text");
    auto found = now.run();
    MUTIRAO_CHECK(found.next());
    auto read = parse_snapshot(found.text(0));
    if (!read) return fail(errc::internal, "no snapshot: " + found.string(0));
    return taken_.add(*std::move(read));
  }
  revision of_views() const override { return 0; }

 private:
  snapshots& taken_;
};

class writer final : public job_store {
 public:
  writer(std::unique_ptr<connection> on, const job_types& types, const std::string& owner,
         std::chrono::milliseconds lease, const webhook_rules* webhooks, const snapshots& taken)
      : on_(std::move(on)),
        book_(*on_, types, owner, lease, taken),
        commands_(*on_, types, book_, owner, webhooks),
        group_(*on_, book_, commands_) {}

  // Jobs that are still out may be taken up at once.
  ~writer() override { book_.leave(); }

  std::vector<command_answer> commit(std::span<const command> group) override {
    return group_.commit(group);
  }
  committed take_committed() override { return commands_.take(); }

 private:
  std::unique_ptr<connection> on_;
  shared_book book_;
  sql::commands commands_;
  sql::group_writer group_;
};

// New at every start: what an earlier process of this name has out is not this one's. Without a
// space.
expected<std::string> name_of_process(connection& on, const std::string& owner) {
  std::array<char, 256> host{};
  if (gethostname(host.data(), host.size() - 1) != 0) host[0] = '\0';
  sql::statement unique(on, "SELECT gen_random_uuid()::text");
  auto found = unique.run();
  MUTIRAO_CHECK(found.next());
  auto name = owner + "@" + host.data() + ":" + std::to_string(getpid()) + ":" + found.string(0);
  std::replace(name.begin(), name.end(), ' ', '-');
  return name;
}

expected<void> set_time(connection& on, server_time& to) {
  sql::statement now(on, "SELECT " MUTIRAO_DATABASE_NOW);
  const auto asked = server_time::steady::now();
  MUTIRAO_TRY(const auto said, sql::number(now.run()));
  to.set(std::chrono::milliseconds(said), asked, server_time::steady::now());
  return {};
}

class postgres_database final : public database {
 public:
  postgres_database(std::string url, const job_types& types, const open_options& options)
      : url_(std::move(url)),
        direct_(options.direct.empty() ? url_ : options.direct),
        types_(types),
        webhooks_(options.webhooks),
        owner_(options.owner),
        lease_(options.lease) {}

  expected<void> prepare() {
    // So that a writer that stands still lets its jobs go before its lease is over.
    MUTIRAO_TRY(auto on, connection::open(url_, {.idle_timeout = lease_ / 2, .away = &away_}));
    MUTIRAO_TRY(schema_, bring_up_to_date(*on));
    MUTIRAO_TRY(owner_, name_of_process(*on, owner_));
    MUTIRAO_CHECK(set_time(*on, time_));
    // Of processes that died; their jobs are taken up all the same.
    MUTIRAO_CHECK(
        on->execute("DELETE FROM nodes WHERE lease_until < " MUTIRAO_DATABASE_NOW " - 86400000"));
    sql::statement left(*on,
                        "SELECT count(*) FROM jobs j WHERE state IN (1, 3) AND NOT EXISTS"
                        " (SELECT 1 FROM nodes WHERE owner = j.owner"
                        " AND lease_until >= " MUTIRAO_DATABASE_NOW ")");
    MUTIRAO_TRY(interrupted_, sql::number(left.run()));
    writing_ = std::move(on);
    return {};
  }

  expected<std::unique_ptr<job_store>> writer() override {
    if (!writing_) return fail(errc::internal, "the writer was handed out already");
    return std::make_unique<postgres::writer>(std::move(writing_), types_, owner_, lease_,
                                              webhooks_, snapshots_);
  }
  expected<std::unique_ptr<reads>> reader() override {
    MUTIRAO_TRY(auto on, connection::open(url_, {.away = &away_}));
    return std::make_unique<sql::reader>(std::move(on), numbers_);
  }
  expected<std::unique_ptr<neighbours>> others() override {
    MUTIRAO_CHECK(check_direct(direct_, url_));
    return std::make_unique<listener>(listener_options{
        .direct = direct_, .url = url_, .owner = owner_, .time = &time_, .away = &away_});
  }
  std::optional<instant> now() const override { return time_.now(); }
  const schema_report& schema() const override { return schema_; }
  std::int64_t interrupted() const override { return interrupted_; }

 private:
  std::string url_;
  std::string direct_;
  const job_types& types_;
  const webhook_rules* webhooks_;
  std::string owner_;
  std::chrono::milliseconds lease_;
  server_time time_;
  std::atomic<bool> away_{false};
  schema_report schema_;
  std::int64_t interrupted_ = 0;
  snapshots snapshots_;
  picture_numbers numbers_{snapshots_};
  std::unique_ptr<connection> writing_;  // until it is handed out
};

}  // namespace

expected<std::unique_ptr<database>> open(const std::string& url, const job_types& types,
                                         const open_options& options) {
  auto opened = std::make_unique<postgres_database>(url, types, options);
  MUTIRAO_CHECK(opened->prepare());
  return opened;
}

expected<schema_report> migrate(const std::string& url) {
  MUTIRAO_TRY(auto on, connection::open(url));
  return bring_up_to_date(*on);
}

expected<std::unique_ptr<accounts>> accounts_of(const std::string& url) {
  MUTIRAO_TRY(auto on, connection::open(url));
  MUTIRAO_CHECK(bring_up_to_date(*on));
  return std::make_unique<sql::account_writes>(std::move(on));
}

}  // namespace mutirao::storage::postgres
