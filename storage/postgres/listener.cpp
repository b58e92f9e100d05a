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
// With a pooler: a question may have to wait there until a session is free.
constexpr std::chrono::milliseconds patience_through{4'000};

// The server finds out within seconds that nobody is there, or that who is there stands still, and
// lets go of the lock of the one that leads. By itself it would take hours. A setting that came
// with version 14 is left out before.
constexpr const char* session_settings =
    "SET tcp_keepalives_idle = 2; SET tcp_keepalives_interval = 1; SET tcp_keepalives_count = 3;"
    "SET tcp_user_timeout = 5000;"
    "SELECT set_config(name, '5000', false) FROM pg_settings WHERE name = 'idle_session_timeout'";

error lost(const connection& on) {
  auto detail = complaint_of(on.handle());
  return {errc::store_unreachable, detail.empty() ? "the line was lost" : std::move(detail)};
}

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

expected<void> way_through::look(std::chrono::milliseconds most) {
  auto answered = take_answer(most);
  if (!answered && line_ && PQstatus(line_->handle()) != CONNECTION_OK) {
    // One session may be lost while the server is there.
    line_.reset();
    answered = take_answer(most);
  }
  if (!answered) {
    answers_ = false;
    // What is only silent may answer yet.
    if (line_ && PQstatus(line_->handle()) != CONNECTION_OK) line_.reset();
  }
  return answered;
}

expected<void> way_through::take_answer(std::chrono::milliseconds most) {
  if (!line_) {
    asked_.reset();
    MUTIRAO_TRY(line_, connection::open(url_));
  }
  if (!asked_ && (!answers_ || steady::now() >= next_)) MUTIRAO_CHECK(ask());
  if (!asked_) return {};
  MUTIRAO_TRY(const bool answered, read_answer(answers_ ? std::chrono::milliseconds(0) : most));
  if (answered) {
    asked_.reset();
    answers_ = true;
  } else if (!answers_ || steady::now() - *asked_ > patience_through) {
    return fail(errc::store_unreachable, "what stands before the server does not answer");
  }
  return {};
}

expected<bool> way_through::read_answer(std::chrono::milliseconds most) {
  auto* const db = line_->handle();
  if (PQconsumeInput(db) != 0 && PQisBusy(db) != 0 && most.count() == 0) return false;
  bool silent = false;
  const auto answer = exchange(
      db, [] { return 1; },
      [&, until = steady::now() + most] { return silent = steady::now() >= until; });
  if (silent) return false;
  if (PQresultStatus(answer.get()) != PGRES_TUPLES_OK) return tl::unexpected(lost(*line_));
  return true;
}

expected<void> way_through::ask() {
  if (PQsendQuery(line_->handle(), "SELECT 1") == 0) return tl::unexpected(lost(*line_));
  asked_ = steady::now();
  next_ = *asked_ + between_looks;
  return {};
}

expected<heard_news> listener::listen(std::chrono::milliseconds most) {
  heard_news news;
  auto heard = hear(news, most);
  if (!heard && on_ && PQstatus(on_->handle()) != CONNECTION_OK) {
    // One session may be lost while the server is there.
    close();
    heard = hear(news, most);
  }
  *with_.away = !heard;
  if (!heard) {
    close();
    return tl::unexpected(std::move(heard.error()));
  }
  news.leads = leads_;
  news.at = with_.time->now();
  return news;
}

void listener::close() {
  on_.reset();
  leads_ = false;
}

expected<void> listener::hear(heard_news& into, std::chrono::milliseconds most) {
  if (through_) MUTIRAO_CHECK(through_->look(most));
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
  MUTIRAO_TRY(on_, connection::open(with_.direct));
  MUTIRAO_CHECK(ask(session_settings));
  MUTIRAO_CHECK(ask("LISTEN " MUTIRAO_CHANNEL));
  return look();
}

expected<void> listener::wait(std::chrono::milliseconds most) {
  pollfd one{PQsocket(on_->handle()), POLLIN, 0};
  if (::poll(&one, 1, static_cast<int>(most.count())) > 0 && PQconsumeInput(on_->handle()) == 0) {
    return tl::unexpected(lost(*on_));
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
  with_.time->set(std::chrono::milliseconds(now), asked, steady::now());
  leads_ = cell(answer, 0, 1) == "t";
  return {};
}

// Not as connection::run: a line that was made anew would listen to nothing.
expected<result> listener::ask(const char* sql) {
  auto* const db = on_->handle();
  bool silent = false;
  auto answer = exchange(
      db, [&] { return PQsendQuery(db, sql); },
      [&, until = steady::now() + patience] { return silent = steady::now() > until; });
  if (silent) return fail(errc::store_unreachable, std::string(no_answer));
  const auto status = PQresultStatus(answer.get());
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) return tl::unexpected(lost(*on_));
  return answer;
}

void listener::read_all(heard_news& into) {
  struct freed {
    void operator()(PGnotify* told) const { PQfreemem(told); }
  };
  while (const std::unique_ptr<PGnotify, freed> told{PQnotifies(on_->handle())}) {
    heard_news news;
    const auto from = read_news(told->extra, news);
    if (from && *from == with_.owner) continue;
    into.missed = into.missed || !from;
    into.deliveries = into.deliveries || news.deliveries;
    into.schedules = into.schedules || news.schedules;
    into.jobs.insert(into.jobs.end(), std::make_move_iterator(news.jobs.begin()),
                     std::make_move_iterator(news.jobs.end()));
  }
}

}  // namespace mutirao::storage::postgres
