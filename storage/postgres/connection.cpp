#include "storage/postgres/connection.hpp"

#include <array>
#include <charconv>
#include <thread>
#include <utility>
#include <vector>

#include "storage/postgres/dialect.hpp"
#include "storage/postgres/wire.hpp"
#include "storage/sql/attempt.hpp"

namespace mutirao::storage::postgres {
namespace {

constexpr int binary = 1;
constexpr auto first_pause = std::chrono::milliseconds(20);

// What a dead line would otherwise be waited for: minutes. What stands in the URL counts more.
constexpr std::array line_settings{
    std::pair("connect_timeout", "3"),     std::pair("keepalives_idle", "5"),
    std::pair("keepalives_interval", "2"), std::pair("keepalives_count", "2"),
    std::pair("tcp_user_timeout", "5000"), std::pair("application_name", "mutirao"),
    std::pair("client_encoding", "UTF8")};

// By the SQLSTATE of the answer; an answer without one: the line was lost.
errc code_of(std::string_view state) {
  // 25P03: it was idle in a transaction for too long.
  if (state.empty() || state.starts_with("08") || state.starts_with("57P") || state == "25P03") {
    return errc::store_unreachable;
  }
  if (state == "53100") return errc::disk_full;
  if (state == "25006") return errc::store_read_only;
  if (state.starts_with("58")) return errc::disk_failed;
  if (state.starts_with("XX")) return errc::store_corrupt;
  if (state.starts_with("40") || state.starts_with("53") || state.starts_with("55") ||
      state == "57014") {
    return errc::store_busy;
  }
  return errc::store_failed;
}

std::string_view state_of(const PGresult* of) {
  const char* state = of ? PQresultErrorField(of, PG_DIAG_SQLSTATE) : nullptr;
  return state ? state : "";
}

std::string without_line_end(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

// A text holds no zero byte here: each becomes U+FFFD.
std::string storable(std::string_view text) {
  std::string made;
  made.reserve(text.size());
  for (const char c : text) {
    if (c == '\0') {
      made += "\xEF\xBF\xBD";
    } else {
      made += c;
    }
  }
  return made;
}

/// One statement with its values; the answer is whole once the first row is asked for.
class prepared_statement final : public sql::prepared {
 public:
  prepared_statement(connection& on, std::string sql) : on_(on), sql_(std::move(sql)) {}

  void bind_null(int at, sql::value_kind kind) override { place(at) = {kind, false, std::nullopt}; }
  void bind(int at, std::int64_t value) override {
    auto& into = place(at);
    into = {sql::value_kind::integer, false, std::string()};
    put_number(*into.bytes, value);
  }
  void bind(int at, std::string_view text) override {
    place(at) = {sql::value_kind::text, false, storable(text)};
  }
  void bind(int at, sql::bytes blob) override {
    place(at) = {sql::value_kind::blob, false, std::string(blob.begin(), blob.end())};
  }
  void bind_copy(int at, std::string_view text) override { bind(at, text); }

  expected<bool> step() override {
    if (!answer_) {
      MUTIRAO_TRY(answer_, on_.run(sql_, values_));
      row_ = -1;
    }
    return ++row_ < PQntuples(answer_.get());
  }
  std::int64_t changed() const override {
    const std::string_view text = answer_ ? PQcmdTuples(answer_.get()) : "";
    std::int64_t count = 0;
    std::from_chars(text.data(), text.data() + text.size(), count);
    return count;
  }
  void reset() override {
    answer_.reset();
    values_.clear();
  }

  bool is_null(int column) const override { return PQgetisnull(answer_.get(), row_, column) != 0; }
  std::int64_t integer(int column) const override { return get_number(text(column)); }
  std::string_view text(int column) const override { return cell(answer_, row_, column); }
  sql::bytes blob(int column) const override {
    const auto found = text(column);
    return {reinterpret_cast<const std::uint8_t*>(found.data()), found.size()};
  }

 private:
  connection::value& place(int at) {
    const auto index = static_cast<std::size_t>(at - 1);
    if (values_.size() <= index) values_.resize(index + 1);
    return values_[index];
  }

  connection& on_;
  std::string sql_;
  std::vector<connection::value> values_;
  result answer_;
  int row_ = -1;
};

/// Rows gathered, and sent as one array a column.
class many_rows final : public sql::prepared_rows {
 public:
  many_rows(connection& on, std::string sql, std::string_view kinds)
      : on_(on), sql_(std::move(sql)) {
    for (const char kind : kinds) columns_.emplace_back(static_cast<sql::value_kind>(kind));
  }

  void bind_null(int at, sql::value_kind) override { column(at).add(std::nullopt); }
  void bind(int at, std::int64_t value) override { column(at).add(value); }
  void bind(int at, std::string_view text) override {
    const bool as_it_is = text.find('\0') == std::string_view::npos;
    column(at).add(as_it_is ? text : std::string_view(storable(text)));
  }
  void bind(int at, sql::bytes blob) override {
    column(at).add(std::string_view(reinterpret_cast<const char*>(blob.data()), blob.size()));
  }
  void bind_copy(int at, std::string_view text) override { bind(at, text); }

  expected<void> add(std::int64_t) override { return {}; }
  expected<std::vector<std::int64_t>> flush() override {
    std::vector<std::int64_t> keys;
    if (columns_.front().size() == 0) return keys;
    std::vector<connection::value> values;
    for (auto& column : columns_) values.push_back({column.kind(), true, column.take()});
    MUTIRAO_TRY(const auto answer, on_.run(sql_, values));
    const int rows = PQntuples(answer.get());
    keys.reserve(static_cast<std::size_t>(rows));
    for (int row = 0; row < rows; ++row) {
      keys.push_back(get_number(cell(answer, row, 0)));
    }
    return keys;
  }
  void drop() override {
    for (auto& column : columns_) column.take();
  }

 private:
  array_builder& column(int at) { return columns_[static_cast<std::size_t>(at - 1)]; }

  connection& on_;
  std::string sql_;
  std::vector<array_builder> columns_;
};

// libpq quotes what it cannot read, and that may be the password.
tl::unexpected<error> unreadable(const std::string& url, std::string detail) {
  if (url.find('@') != std::string::npos || url.find("password") != std::string::npos) {
    detail =
        "the URL cannot be read; in a password write % as %25, / as %2F, : as %3A and @ as %40";
  }
  return fail(errc::invalid_field, "database: " + detail);
}

}  // namespace

std::string complaint_of(const PGconn* on) {
  return without_line_end(PQerrorMessage(on));
}

expected<std::unique_ptr<connection>> connection::open(const std::string& url,
                                                       const connection_options& options) {
  std::unique_ptr<connection> made(new connection(url, options));
  char* why = nullptr;
  auto* parsed = PQconninfoParse(url.c_str(), &why);
  if (!parsed) {
    auto detail = without_line_end(why ? why : "no memory");
    PQfreemem(why);
    return unreadable(url, std::move(detail));
  }
  PQconninfoFree(parsed);
  MUTIRAO_CHECK(made->connect());
  return made;
}

expected<void> connection::connect() {
  std::vector<const char*> names, values;
  for (const auto& [name, setting] : line_settings) {
    names.push_back(name);
    values.push_back(setting);
  }
  // The last one counts where a setting comes twice.
  names.push_back("dbname");
  values.push_back(url_.c_str());
  names.push_back(nullptr);
  values.push_back(nullptr);
  constexpr int dbname_is_a_url = 1;
  db_.reset(PQconnectdbParams(names.data(), values.data(), dbname_is_a_url));
  if (!db_) return fail(errc::store_unreachable, "no memory");
  if (PQstatus(db_.get()) == CONNECTION_OK) {
    PQsetnonblocking(db_.get(), 1);
    PQsetNoticeProcessor(
        db_.get(), [](void*, const char*) {}, nullptr);
    return {};
  }
  auto detail = complaint_of(db_.get());
  if (detail.starts_with("invalid ")) return unreadable(url_, std::move(detail));
  return fail(errc::store_unreachable, std::move(detail));
}

error connection::failure(const PGresult* of) {
  const bool lost = PQstatus(db_.get()) != CONNECTION_OK;
  const auto state = lost ? std::string_view() : state_of(of);
  conflicted_ = state == "40001" || state == "40P01";
  // Without the statement that it quotes.
  const char* said = of ? PQresultErrorField(of, PG_DIAG_MESSAGE_PRIMARY) : nullptr;
  auto detail = said ? std::string(said) : complaint_of(db_.get());
  if (const char* more = of ? PQresultErrorField(of, PG_DIAG_MESSAGE_DETAIL) : nullptr) {
    detail += " " + std::string(more);
  }
  if (state == "42501") detail += "; the user of the URL needs more rights on the database";
  if (!state.empty()) detail += " (" + std::string(state) + ")";
  return {code_of(state), std::move(detail)};
}

expected<result> connection::run(const std::string& sql, std::span<const value> values) {
  std::vector<Oid> types;
  std::vector<const char*> data;
  std::vector<int> sizes;
  for (const auto& one : values) {
    types.push_back(type_of(one.kind, one.array));
    data.push_back(one.bytes ? one.bytes->data() : nullptr);
    sizes.push_back(one.bytes ? static_cast<int>(one.bytes->size()) : 0);
  }
  const std::vector<int> formats(values.size(), binary);
  return answer_to([&] {
    return PQsendQueryParams(db_.get(), sql.c_str(), static_cast<int>(values.size()), types.data(),
                             data.data(), sizes.data(), formats.data(), binary);
  });
}

result connection::ask(const std::function<int()>& send) {
  const auto began = std::chrono::steady_clock::now();
  bool given_up = false;
  auto answer = exchange(db_.get(), send, [&] {
    const auto waited = std::chrono::steady_clock::now() - began;
    given_up = (away() && waited > patience) || (!begun_ && waited > options_.first_answer);
    return given_up;
  });
  if (given_up) db_.reset();
  return answer;
}

expected<result> connection::answer_to(const std::function<int()>& send) {
  MUTIRAO_CHECK(ready());
  auto answer = ask(send);
  // A server that ends says so before it closes the line.
  if (db_ && !begun_ &&
      (PQstatus(db_.get()) != CONNECTION_OK || state_of(answer.get()).starts_with("57P"))) {
    MUTIRAO_CHECK(connect());
    answer = ask(send);
  }
  if (!db_) return fail(errc::store_unreachable, std::string(no_answer));
  const auto status = PQresultStatus(answer.get());
  if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK && status != PGRES_EMPTY_QUERY) {
    return tl::unexpected(failure(answer.get()));
  }
  return answer;
}

expected<void> connection::execute(const char* sql) {
  MUTIRAO_CHECK(answer_to([&] { return PQsendQuery(db_.get(), sql); }));
  return {};
}

expected<void> connection::ready() {
  if (begun_) return {};
  if (away()) return fail(errc::store_unreachable, std::string(no_answer));
  if (PQstatus(db_.get()) == CONNECTION_OK) return {};
  return connect();
}

expected<void> connection::begin(const char* how) {
  begun_ = conflicted_ = false;
  const auto text = std::string(how) + "; SET LOCAL statement_timeout = " +
                    std::to_string(options_.statement_timeout.count()) +
                    "; SET LOCAL idle_in_transaction_session_timeout = " +
                    std::to_string(options_.idle_timeout.count());
  MUTIRAO_CHECK(execute(text.c_str()));
  begun_ = true;
  return {};
}

expected<void> connection::begin_writing() {
  return begin("BEGIN");
}

expected<void> connection::begin_reading() {
  return begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
}

expected<void> connection::commit() {
  // Only a transaction that wrote has a number.
  MUTIRAO_TRY(const auto numbered, run("SELECT pg_current_xact_id_if_assigned()::text", {}));
  const bool wrote = PQgetisnull(numbered.get(), 0, 0) == 0;
  const std::string id = wrote ? PQgetvalue(numbered.get(), 0, 0) : "";
  if (PQtransactionStatus(db_.get()) != PQTRANS_INTRANS) {
    return fail(errc::store_failed, "a statement of this transaction failed");
  }
  auto done = execute("COMMIT");
  begun_ = false;
  if (done || PQstatus(db_.get()) == CONNECTION_OK || id.empty()) return done;
  return outcome_of(id, done.error());
}

// Of a transaction that was lost there is nothing to roll back.
expected<void> connection::rollback() {
  auto done = execute("ROLLBACK");
  begun_ = false;
  return done;
}

expected<void> connection::outcome_of(const std::string& id, const error& why) {
  const auto until = std::chrono::steady_clock::now() + options_.look_after_commit;
  const auto question = "SELECT pg_xact_status('" + id + "'::xid8)";
  for (auto pause = first_pause; std::chrono::steady_clock::now() < until; pause *= 2) {
    if (!away() && connect()) {
      const auto answer = run(question, {});
      const std::string_view status = answer ? PQgetvalue(answer->get(), 0, 0) : "";
      if (status == "committed") return {};
      if (status == "aborted") return tl::unexpected(why);
    }
    std::this_thread::sleep_for(pause);
  }
  return fail(errc::in_doubt, "it is not known whether a commit is stored: " + why.detail);
}

expected<std::unique_ptr<sql::prepared>> connection::prepare(std::string_view sql) {
  return std::make_unique<prepared_statement>(*this, translated(sql));
}

expected<std::unique_ptr<sql::prepared_rows>> connection::prepare_rows(std::string_view sql,
                                                                       std::string_view kinds,
                                                                       std::string_view returns) {
  return std::make_unique<many_rows>(*this, for_many_rows(sql, kinds, returns), kinds);
}

}  // namespace mutirao::storage::postgres
