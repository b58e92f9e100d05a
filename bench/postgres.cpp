#include "bench/postgres.hpp"

#include <cstdlib>

#include "bench/failure.hpp"

namespace mutirao::bench {
namespace {

using result = std::unique_ptr<PGresult, decltype(&PQclear)>;

result checked(PGconn* on, PGresult* answer, std::string_view what) {
  const auto status = PQresultStatus(answer);
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_COPY_IN) {
    PQclear(answer);
    give_up("PostgreSQL: " + std::string(PQerrorMessage(on)) + "at " + std::string(what));
  }
  return {answer, PQclear};
}

/// The URL of another database of the same server.
std::string in_server(const std::string& url, const std::string& name) {
  const auto question = url.find('?');
  const auto slash = url.rfind('/', question);
  require(slash != std::string::npos, "no database in the server's URL");
  return url.substr(0, slash + 1) + name +
         (question == std::string::npos ? "" : url.substr(question));
}

std::string company_row(const company& one) {
  return std::to_string(one.id) + '\t' + registration(one.id) + '\t' + one.name + '\t' + one.name +
         "\tCampinas\t" + std::to_string(period_days) + '\t' + one.renewal + '\t' +
         std::to_string(one.technician) + '\t' + std::to_string(one.unit) + "\t1\n";
}

}  // namespace

postgres::postgres(const std::string& url) : on_(PQconnectdb(url.c_str())) {
  require(PQstatus(on_.get()) == CONNECTION_OK, std::string(PQerrorMessage(on_.get())));
  PQsetNoticeProcessor(
      on_.get(), [](void*, const char*) {}, nullptr);
}

void postgres::run(const std::string& sql) {
  checked(on_.get(), PQexec(on_.get(), sql.c_str()), sql);
}

std::string postgres::text(const std::string& sql) {
  const auto answer = checked(on_.get(), PQexec(on_.get(), sql.c_str()), sql);
  return PQntuples(answer.get()) > 0 ? PQgetvalue(answer.get(), 0, 0) : "";
}

std::int64_t postgres::integer(const std::string& sql) {
  return std::strtoll(text(sql).c_str(), nullptr, 10);
}

void postgres::copy(const std::string& into, std::string_view rows) {
  run("COPY " + into + " FROM STDIN");
  const bool sent = PQputCopyData(on_.get(), rows.data(), static_cast<int>(rows.size())) == 1 &&
                    PQputCopyEnd(on_.get(), nullptr) == 1;
  require(sent, "COPY: " + std::string(PQerrorMessage(on_.get())));
  while (auto* answer = PQgetResult(on_.get())) checked(on_.get(), answer, into);
}

postgres_database::postgres_database(const setup& in, const std::string& name,
                                     const std::string& like)
    : server_(in.server), name_(name), url_(in_server(in.server, name)) {
  postgres server(server_);
  server.run("DROP DATABASE IF EXISTS " + name_ + " WITH (FORCE)");
  server.run("CREATE DATABASE " + name_ + " TEMPLATE " + like);
}

postgres_database::postgres_database(const setup& in, const std::string& name,
                                     const population& all)
    : postgres_database(in, name, std::string("template0")) {
  migrate(in, url_);
  fill(all);
}

postgres_database::postgres_database(const setup& in, const std::string& name,
                                     const postgres_database& from)
    : postgres_database(in, name, from.name_) {
  postgres(server_).run("CHECKPOINT");
}

postgres_database::~postgres_database() {
  looking_.reset();
  try {
    postgres(server_).run("DROP DATABASE IF EXISTS " + name_ + " WITH (FORCE)");
  } catch (const failure& why) {
    tell(why.what());
  }
}

void postgres_database::fill(const population& all) const {
  std::string units, companies;
  for (std::size_t i = 0; i < all.units.size(); ++i) {
    const auto id = std::to_string(i + 1);
    units.append(id).append("\tUnidade ").append(id).append("\n");
  }
  for (const auto& unit : all.units) {
    for (const auto& one : unit) companies += company_row(one);
  }
  postgres on(url_);
  on.copy("unidades (id, nome)", units);
  on.copy(
      "empresas (id, cnpj, razao_social, nome_fantasia, cidade, periodicidade, data_renovacao,"
      " tecnico_responsavel, unidade_responsavel, ativo)",
      companies);
  // Not the empty ones: as empty as that they are never known to be where people work.
  on.run("VACUUM ANALYZE unidades, empresas");
}

postgres& postgres_database::looking() const {
  if (!looking_) looking_.emplace(url_);
  return *looking_;
}

}  // namespace mutirao::bench
