// Jobs of other types: an import of companies beside its rows written by SQLite alone, and what an
// item costs that does nothing.
#include <string>
#include <vector>

#include "bench/connection.hpp"
#include "bench/failure.hpp"
#include "bench/rows.hpp"
#include "bench/sql.hpp"
#include "bench/stopwatch.hpp"
#include "bench/token.hpp"

namespace mutirao::bench {
namespace {

constexpr std::int64_t lines = 50'000;
constexpr std::int64_t items = 100'000;
constexpr std::int64_t rows_a_transaction = 500;  // as many as a batch of the service's

std::string cnpj_of(std::int64_t number) {
  auto digits = std::to_string(number);
  digits.insert(0, 12 - digits.size(), '0');
  for (std::size_t length : {12U, 13U}) {
    int sum = 0;
    for (std::size_t i = 0; i < length; ++i) {
      sum += (digits[i] - '0') * static_cast<int>((length - 1 - i) % 8 + 2);
    }
    const int rest = sum % 11;
    digits += static_cast<char>(rest < 2 ? '0' : '0' + 11 - rest);
  }
  return digits;
}

std::string name_of(std::int64_t number) {
  return "Comércio e Serviços " + std::to_string(number) + " Ltda.";
}

std::string job_text(const std::string& body, std::string_view token) {
  auto head = request_text("POST", "/api/jobs", token);
  const std::string length = "Content-Length: 0";
  head.replace(head.find(length), length.size(), "Content-Length: " + std::to_string(body.size()));
  return head + body;
}

std::string import_body() {
  std::string body = R"({"type":"import-companies","arguments":{"unit":1,"csv":")"
                     R"(cnpj,razao_social,nome_fantasia,cidade,periodicidade,data_renovacao)";
  for (std::int64_t i = 1; i <= lines; ++i) {
    body += "\\n" + cnpj_of(i) + "," + name_of(i) + "," + name_of(i) + ",Campinas,150,2019-06-05";
  }
  return body + R"("}})";
}

/// Seconds from the POST to completed, looked at every millisecond.
double run_job(const service& on, const std::string& body) {
  const auto token = admin_token(1);
  const auto request = job_text(body, token);
  connection posts(on.port());
  job_client looks(on.port(), token);
  const stopwatch watch;
  const auto answer = posts.ask(request);
  require(answer.status == 202, "POST was answered " + std::to_string(answer.status) + ": " +
                                    std::string(answer.body.substr(0, 200)));
  looks.wait(job_in(answer.body), 1'000);
  return watch.seconds();
}

double import_seconds(const setup& in, const database_file& from, const std::string& body) {
  const database_file file(in, "ours", from);
  service running(in, file);
  const double seconds = run_job(running, body);
  running.end();
  sql_database stored(file.path(), sql_database::access::read);
  require(stored.integer("SELECT count(*) FROM empresas") == lines + 1, "lines are missing");
  return seconds;
}

/// The companies and the ledger.
double import_floor_seconds(const setup& in, const database_file& from) {
  const database_file file(in, "floor", from);
  sql_database database(file.path(), sql_database::access::write);
  sql_statement put_company(database,
                            "INSERT INTO empresas (cnpj, razao_social, nome_fantasia, cidade,"
                            " periodicidade, data_renovacao, unidade_responsavel, ativo)"
                            " VALUES (?1, ?2, ?2, 'Campinas', 150, '2019-06-05', 1, 1)");
  sql_statement put_item(database,
                         "INSERT INTO job_items (job_no, item, state, created, attempts, run,"
                         " ended_at) VALUES (1, ?1, 1, 1, 1, 1, 1795435200000)");
  std::vector<std::string> cnpjs, names;
  for (std::int64_t i = 1; i <= lines; ++i) {
    cnpjs.push_back(cnpj_of(i));
    names.push_back(name_of(i));
  }
  const stopwatch watch;
  for (std::int64_t i = 0; i < lines; ++i) {
    if (i % rows_a_transaction == 0) database.run("BEGIN");
    const auto at = static_cast<std::size_t>(i);
    put_company.run(cnpjs[at], names[at]);
    put_item.run(i + 2);
    if ((i + 1) % rows_a_transaction == 0) database.run("COMMIT");
  }
  return watch.seconds();
}

double noop_seconds(const setup& in, const database_file& from) {
  const database_file file(in, "ours", from);
  service running(in, file, 10, {"--dev"});
  const double seconds =
      run_job(running, R"({"type":"noop","arguments":{"items":)" + std::to_string(items) + "}}");
  running.end();
  return seconds;
}

double ledger_seconds(const setup& in, const database_file& from) {
  const database_file file(in, "floor", from);
  sql_database database(file.path(), sql_database::access::write);
  sql_statement put_item(database,
                         "INSERT INTO job_items (job_no, item, state, created, attempts, run,"
                         " ended_at) VALUES (1, ?1, 1, 0, 1, 1, 1795435200000)");
  const stopwatch watch;
  for (std::int64_t i = 0; i < items; ++i) {
    if (i % rows_a_transaction == 0) database.run("BEGIN");
    put_item.run(i + 1);
    if ((i + 1) % rows_a_transaction == 0) database.run("COMMIT");
  }
  return watch.seconds();
}

}  // namespace

void measure_import(const setup& in, report& into) {
  const database_file from(in, "start", populate({{1, 1}}));
  const auto body = import_body();
  std::vector<double> rates, floor_rates;
  for (std::size_t i = 0; i < in.repetitions; ++i) {
    floor_rates.push_back(static_cast<double>(lines) / import_floor_seconds(in, from));
    rates.push_back(static_cast<double>(lines) / import_seconds(in, from, body));
  }
  into.rate("CSV import of 50,000 lines, POST to completed", "lines/s", rates, floor_rates, 0.3,
            0.6);
}

void measure_noop(const setup& in, report& into) {
  const database_file from(in, "start", populate({{1, 1}}));
  std::vector<double> costs, floor_costs;
  constexpr double micros = 1e6 / static_cast<double>(items);
  for (std::size_t i = 0; i < in.repetitions; ++i) {
    floor_costs.push_back(ledger_seconds(in, from) * micros);
    costs.push_back(noop_seconds(in, from) * micros);
  }
  into.bound("noop job of 100,000 items, POST to completed; beside: its ledger by SQLite",
             "µs/item", costs, 20, 8, floor_costs);
}

}  // namespace mutirao::bench
