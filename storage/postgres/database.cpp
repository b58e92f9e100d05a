#include "storage/postgres/database.hpp"

#include <unistd.h>

#include <array>
#include <chrono>
#include <utility>

#include "storage/postgres/connection.hpp"
#include "storage/postgres/migrate.hpp"
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

constexpr std::chrono::milliseconds first_lease{10'000};  // until the first heartbeat says better

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
         const webhook_rules* webhooks, const snapshots& taken)
      : on_(std::move(on)),
        book_(*on_, owner, first_lease, taken),
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

// New at every start: what an earlier process of this name has out is not this one's.
expected<std::string> name_of_process(connection& on, const std::string& owner) {
  std::array<char, 256> host{};
  if (gethostname(host.data(), host.size() - 1) != 0) host[0] = '\0';
  sql::statement unique(on, "SELECT gen_random_uuid()::text");
  auto found = unique.run();
  MUTIRAO_CHECK(found.next());
  return owner + "@" + host.data() + ":" + std::to_string(getpid()) + ":" + found.string(0);
}

// Held by a session of its own, and so until this process ends, however it ends. Of one that was
// killed just now the server may have to notice it first.
expected<std::unique_ptr<connection>> take_lock(const std::string& url) {
  MUTIRAO_TRY(auto on, connection::open(url));
  const auto taken = on->execute(
      "BEGIN; SET LOCAL lock_timeout = '3s';"
      " SELECT pg_advisory_lock(" MUTIRAO_LOCKS ", 1); COMMIT");
  if (taken) return on;
  if (taken.error().code != errc::store_busy) return tl::unexpected(taken.error());
  return fail(errc::store_locked,
              "another mutirao works on this database; one process at a time may");
}

class postgres_database final : public database {
 public:
  postgres_database(std::string url, const job_types& types, const open_options& options)
      : url_(std::move(url)), types_(types), webhooks_(options.webhooks), owner_(options.owner) {}

  expected<void> prepare() {
    MUTIRAO_TRY(lock_, take_lock(url_));
    MUTIRAO_TRY(auto on, connection::open(url_));
    MUTIRAO_TRY(schema_, bring_up_to_date(*on));
    MUTIRAO_TRY(owner_, name_of_process(*on, owner_));
    // Nobody else has the lock, so whoever had jobs out is dead.
    MUTIRAO_CHECK(on->execute("DELETE FROM nodes"));
    sql::statement left(*on, "SELECT count(*) FROM jobs WHERE state IN (1, 3)");
    MUTIRAO_TRY(interrupted_, sql::number(left.run()));
    writing_ = std::move(on);
    return {};
  }

  expected<std::unique_ptr<job_store>> writer() override {
    if (!writing_) return fail(errc::internal, "the writer was handed out already");
    return std::make_unique<postgres::writer>(std::move(writing_), types_, owner_, webhooks_,
                                              snapshots_);
  }
  expected<std::unique_ptr<reads>> reader() override {
    MUTIRAO_TRY(auto on, connection::open(url_));
    return std::make_unique<sql::reader>(std::move(on), numbers_);
  }
  const schema_report& schema() const override { return schema_; }
  std::int64_t interrupted() const override { return interrupted_; }

 private:
  std::string url_;
  std::unique_ptr<connection> lock_;
  const job_types& types_;
  const webhook_rules* webhooks_;
  std::string owner_;
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
