#include "storage/postgres/listener.hpp"

#include <poll.h>

#include <cstdlib>
#include <iterator>
#include <utility>

#include "storage/postgres/migrate.hpp"
#include "storage/postgres/news.hpp"
#include "storage/postgres/wire.hpp"
#include "storage/sql/attempt.hpp"

namespace mutirao::storage::postgres {
namespace {

constexpr std::chrono::milliseconds between_looks{1'000};
constexpr std::chrono::milliseconds patience{2'000};  // with a server that does not answer a look

// The server finds out within seconds that nobody is there, or that who is there stands still, and
// lets go of the lock of the one that leads. By itself it would take hours. A setting that came
// with version 14 is left out before.
constexpr const char* session_settings =
    "SET tcp_keepalives_idle = 2; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 3;"
    "SET tcp_user_timeout = 5000;"
    "SELECT set_config(name, '5000', false) FROM pg_settings WHERE name = 'idle_session_timeout'";

expected<std::string> place_of(connection& on) {
  MUTIRAO_TRY(const auto answer, on.run("SELECT current_database() || ' ' ||"
                                        " extract(epoch FROM pg_postmaster_start_time())::text",
                                        {}));
  return std::string(cell(answer, 0, 0));
}

}  // namespace

expected<void> check_direct(const std::string& direct, const std::string& url) {
  MUTIRAO_TRY(const auto on, connection::open(direct));
  MUTIRAO_TRY(const auto answer, on->run("SELECT pg_backend_pid()::bigint", {}));
  // A pooler tells each client a number that it made up.
  if (get_number(cell(answer, 0, 0)) != PQbackendPID(on->handle())) {
    return fail(errc::invalid_field,
                "database: a pooler stands before the server, and what is told to a session would "
                "be lost; name the server itself with --database-direct postgres://...");
  }
  if (direct == url) return {};
  MUTIRAO_TRY(const auto here, place_of(*on));
  MUTIRAO_TRY(const auto through, connection::open(url));
  MUTIRAO_TRY(const auto there, place_of(*through));
  if (here == there) return {};
  return fail(errc::invalid_field,
              "--database-direct leads to another database or server than --database");
}

expected<heard_news> listener::listen(std::chrono::milliseconds most) {
  heard_news news;
  if (auto heard = hear(news, most); !heard) {
    on_.reset();
    leads_ = false;
    return tl::unexpected(std::move(heard.error()));
  }
  news.leads = leads_;
  news.at = time_.now();
  return news;
}

expected<void> listener::hear(heard_news& into, std::chrono::milliseconds most) {
  if (!on_) {
    MUTIRAO_CHECK(connect());
    into.missed = true;
  }
  MUTIRAO_CHECK(wait(into.missed ? std::chrono::milliseconds(0) : most));
  if (steady::now() >= next_look_) MUTIRAO_CHECK(look());
  read_all(into);
  return {};
}

expected<void> listener::connect() {
  MUTIRAO_TRY(on_, connection::open(url_));
  MUTIRAO_CHECK(ask(session_settings));
  MUTIRAO_CHECK(ask("LISTEN " MUTIRAO_CHANNEL));
  return look();
}

expected<void> listener::wait(std::chrono::milliseconds most) {
  pollfd one{PQsocket(on_->handle()), POLLIN, 0};
  if (::poll(&one, 1, static_cast<int>(most.count())) > 0 && PQconsumeInput(on_->handle()) == 0) {
    return tl::unexpected(lost());
  }
  return {};
}

expected<void> listener::look() {
  next_look_ = steady::now() + between_looks;
  const auto asked = steady::now();
  MUTIRAO_TRY(const auto answer, ask(leads_ ? "SELECT " MUTIRAO_DATABASE_NOW ", true"
                                            : "SELECT " MUTIRAO_DATABASE_NOW
                                              ", pg_try_advisory_lock(" MUTIRAO_LOCKS ", 1)"));
  const auto now = std::strtoll(PQgetvalue(answer.get(), 0, 0), nullptr, 10);
  time_.set(std::chrono::milliseconds(now), asked, steady::now());
  leads_ = cell(answer, 0, 1) == "t";
  return {};
}

// Not as connection::run: a line that was made anew would listen to nothing.
expected<result> listener::ask(const char* sql) {
  auto* const db = on_->handle();
  const auto until = steady::now() + patience;
  if (PQsendQuery(db, sql) == 0) return tl::unexpected(lost());
  while (PQisBusy(db) != 0) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - steady::now());
    if (left.count() <= 0) return fail(errc::store_unreachable, "the server does not answer");
    MUTIRAO_CHECK(wait(left));
  }
  result answer;
  while (result next{PQgetResult(db)}) answer = std::move(next);
  const auto status = PQresultStatus(answer.get());
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) return tl::unexpected(lost());
  return answer;
}

void listener::read_all(heard_news& into) {
  struct freed {
    void operator()(PGnotify* told) const { PQfreemem(told); }
  };
  while (const std::unique_ptr<PGnotify, freed> told{PQnotifies(on_->handle())}) {
    heard_news news;
    const auto from = read_news(told->extra, news);
    if (from && *from == owner_) continue;
    into.missed = into.missed || !from;
    into.deliveries = into.deliveries || news.deliveries;
    into.schedules = into.schedules || news.schedules;
    into.jobs.insert(into.jobs.end(), std::make_move_iterator(news.jobs.begin()),
                     std::make_move_iterator(news.jobs.end()));
  }
}

error listener::lost() const {
  auto detail = complaint_of(on_->handle());
  return {errc::store_unreachable, detail.empty() ? "the line was lost" : std::move(detail)};
}

}  // namespace mutirao::storage::postgres
