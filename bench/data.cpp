#include "bench/data.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <random>

#include "bench/sql.hpp"

namespace mutirao::bench {
namespace {

using namespace std::chrono;

// Renewals from 5 June to 24 July: one routine before and one behind each, in any year.
constexpr int renewal_days = 50;

sys_days first_renewal(std::int64_t company) {
  return sys_days{year{2019} / June / 5} + days{company % renewal_days};
}

std::string text_of(sys_days day) {
  const year_month_day date{day};
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return text.data();
}

}  // namespace

population populate(const std::vector<units_of_size>& sizes) {
  std::vector<std::size_t> unit_of;  // by company
  std::size_t units = 0;
  for (const auto& size : sizes) {
    for (std::size_t i = 0; i < size.units; ++i)
      unit_of.insert(unit_of.end(), size.companies, units++);
  }
  std::shuffle(unit_of.begin(), unit_of.end(), std::mt19937_64(1));

  population all;
  all.units.resize(units);
  for (std::size_t i = 0; i < unit_of.size(); ++i) {
    const auto id = static_cast<std::int64_t>(i + 1);
    const auto unit = static_cast<std::int64_t>(unit_of[i] + 1);
    all.units[unit_of[i]].push_back({id, unit, 3 * unit + id % 3,
                                     "Comércio e Serviços " + std::to_string(id) + " Ltda.",
                                     text_of(first_renewal(id))});
  }
  return all;
}

std::string registration(std::int64_t company) {
  auto digits = std::to_string(company);
  return std::string(14 - digits.size(), '0') + digits;
}

void store(const population& all, const std::string& file) {
  sql_database database(file, sql_database::access::write);
  sql_statement put_unit(database, "INSERT INTO unidades (id, nome) VALUES (?, ?)");
  sql_statement put_company(database,
                            "INSERT INTO empresas (id, cnpj, razao_social, nome_fantasia, cidade,"
                            " periodicidade, data_renovacao, tecnico_responsavel,"
                            " unidade_responsavel, ativo)"
                            " VALUES (?1, ?2, ?3, ?3, 'Campinas', ?4, ?5, ?6, ?7, 1)");
  std::vector<const company*> by_id;
  database.run("BEGIN");
  for (std::size_t i = 0; i < all.units.size(); ++i) {
    put_unit.run(static_cast<std::int64_t>(i + 1), "Unidade " + std::to_string(i + 1));
    for (const auto& one : all.units[i]) by_id.push_back(&one);
  }
  std::sort(by_id.begin(), by_id.end(), [](auto* a, auto* b) { return a->id < b->id; });
  for (const auto* one : by_id) {
    put_company.run(one->id, registration(one->id), one->name, period_days, one->renewal,
                    one->technician, one->unit);
  }
  database.run("COMMIT; PRAGMA wal_checkpoint(TRUNCATE)");
}

std::vector<std::string> due_dates(const company& of, int in_year) {
  const year_month_day first{first_renewal(of.id)};
  const sys_days renewal{year{in_year} / first.month() / first.day()};
  return {text_of(renewal), text_of(renewal - days{period_days}),
          text_of(renewal + days{period_days})};
}

int year_of_today() {
  const auto in_sao_paulo = system_clock::now() - hours{3};
  return static_cast<int>(year_month_day{floor<days>(in_sao_paulo)}.year());
}

}  // namespace mutirao::bench
