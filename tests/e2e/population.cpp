#include "tests/e2e/population.hpp"

#include <array>
#include <cstdio>

#include "domain/registration.hpp"

namespace mutirao::e2e {
namespace {

template <class T, std::size_t N>
const T& in_turn(const std::array<T, N>& all, std::int64_t turn) {
  return all[static_cast<std::size_t>(turn) % N];
}

std::string quoted(const std::string& text) {
  return "'" + text + "'";
}

std::string number_or_null(const std::optional<std::int64_t>& number) {
  return number ? std::to_string(*number) : "NULL";
}

}  // namespace

std::string cnpj_of(std::int64_t number) {
  char root[16];
  std::snprintf(root, sizeof root, "%08lld0001", static_cast<long long>(number));
  return with_check_digits(root);
}

std::vector<company_row> mixed_companies(std::int64_t unit, std::int64_t first_id,
                                         std::int64_t count) {
  using text = std::optional<std::string>;
  using number = std::optional<std::int64_t>;
  static const std::array<text, 9> renewals{"2020-02-29", "2019-05-10", "2026-01-01",
                                            "2025-12-31", std::nullopt, "2028-03-15",
                                            "2024-07-31", "2010-01-05", "2026-11-23"};
  static const std::array<number, 8> periods{30, 90, std::nullopt, 0, 14, 7, 365, 400};
  static const std::array<number, 3> technicians{7, std::nullopt, 8};
  std::vector<company_row> all;
  for (std::int64_t i = 0; i < count; ++i) {
    auto& row = all.emplace_back();
    row.id = first_id + i;
    row.unit = unit;
    row.renewal = in_turn(renewals, i);
    row.period = in_turn(periods, i);
    row.technician = in_turn(technicians, i);
    if (i % 13 != 12) row.razao_social = "Indústria \"Ação\" nº " + std::to_string(row.id);
    row.active = i % 11 != 10;
  }
  return all;
}

std::vector<company_row> busy_companies(std::int64_t unit, std::int64_t first_id,
                                        std::int64_t count) {
  std::vector<company_row> all;
  for (std::int64_t i = 0; i < count; ++i) {
    const auto id = first_id + i;
    all.push_back({id, unit, "2020-06-15", 14, 7, "Empresa " + std::to_string(id), true});
  }
  return all;
}

void add_units(database& to, const std::vector<std::int64_t>& units) {
  for (const auto unit : units) {
    const auto name = unit == 1   ? std::string("Matriz")
                      : unit == 2 ? std::string("Filial Sul")
                                  : "Unidade " + std::to_string(unit);
    to.run("INSERT INTO unidades VALUES (" + std::to_string(unit) + "," + quoted(name) + ")");
  }
  to.run(
      "INSERT OR IGNORE INTO usuarios (id, nome, sobrenome, email) VALUES (7, 'Ana', 'Souza', "
      "'ana@example.com'), "
      "(8, 'Rui', 'Lima', 'rui@example.com')");
}

void add_companies(database& to, const std::vector<company_row>& companies) {
  to.run("BEGIN IMMEDIATE");
  for (const auto& row : companies) {
    to.run(
        "INSERT INTO empresas (id, cnpj, razao_social, nome_fantasia, periodicidade, "
        "data_renovacao, tecnico_responsavel, unidade_responsavel, ativo) VALUES (" +
        std::to_string(row.id) + "," + quoted(cnpj_of(row.id)) + "," + quoted(row.razao_social) +
        "," + quoted("Fantasia " + std::to_string(row.id)) + "," + number_or_null(row.period) +
        "," + (row.renewal ? quoted(*row.renewal) : "NULL") + "," + number_or_null(row.technician) +
        "," + number_or_null(row.unit) + "," + (row.active ? "1" : "0") + ")");
  }
  to.run("COMMIT");
}

}  // namespace mutirao::e2e
