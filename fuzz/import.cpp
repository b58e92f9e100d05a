// CSV says the same when it is written and read again, and whatever a file holds, the rows that an
// import takes keep the promises that the database relies on.
//
// Input: a file, CSV or JSON.
#include <algorithm>
#include <set>
#include <string>

#include "app/import/csv.hpp"
#include "app/import/reading.hpp"
#include "app/import/utf8.hpp"
#include "fuzz/property.hpp"

namespace mutirao::app {
namespace {

using fuzz::require;

std::string quoted(std::string_view cell) {
  std::string text = "\"";
  for (const char c : cell) text.append(c == '"' ? 2 : 1, c);
  return text + "\"";
}

std::string cell_of(const text_row& row, std::size_t column) {
  return column < row.cells.size() ? row.cells[column] : std::string();
}

std::string written(const text_table& table) {
  std::string text;
  const auto end_cell = [&](std::size_t i) { text += i + 1 < table.columns.size() ? ',' : '\n'; };
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    text += quoted(table.columns[i]);
    end_cell(i);
  }
  for (const auto& row : table.rows) {
    if (row.problem != row_problem::none) continue;
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      text += quoted(cell_of(row, i));
      end_cell(i);
    }
  }
  return text;
}

void check_rows(const text_table& table, std::string_view text) {
  const std::set<std::string> columns(table.columns.begin(), table.columns.end());
  require(!columns.empty() && columns.size() == table.columns.size(), "columns differ");
  const auto lines = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1;
  std::size_t last = 1;
  for (const auto& row : table.rows) {
    require(row.line > last && row.line <= lines, "each row begins behind the one before");
    last = row.line;
    require(row.problem == row_problem::none || row.cells.empty(), "cells, or a problem");
    require(row.cells.size() <= table.columns.size(), "each cell has a column");
    for (const auto& cell : row.cells) require(!first_line_not_utf8(cell), "a cell is UTF-8");
  }
}

/// The separator is guessed from the header's first line: not where quoted names mislead it.
bool separator_is_plain(const text_table& table) {
  return std::none_of(table.columns.begin(), table.columns.end(), [](const std::string& column) {
    return column.find_first_of(";\t\n") != std::string::npos;
  });
}

void check_csv(std::string_view text) {
  const auto table = split_csv(text);
  if (!table) return require(!table.error().detail.empty(), "a refusal says why");
  check_rows(*table, text);
  if (!separator_is_plain(*table)) return;
  const auto again = split_csv(written(*table));
  require(again.has_value() && again->columns == table->columns, "columns stay");
  auto row = again->rows.begin();
  for (const auto& before : table->rows) {
    if (before.problem != row_problem::none) continue;
    require(row != again->rows.end() && row->problem == row_problem::none, "rows stay");
    for (std::size_t i = 0; i < table->columns.size(); ++i) {
      require(cell_of(*row, i) == cell_of(before, i), "cells stay");
    }
    ++row;
  }
  require(row == again->rows.end(), "no row is added");
}

void check_companies(const import_rows& rows, const stored_keys& stored) {
  std::set<std::int64_t> units;
  for (const auto& [id, name] : stored.units) units.insert(id);
  for (const auto& unit : rows.units) {
    require(unit.id.value > 0 && units.insert(unit.id.value).second, "a unit is new, and once");
  }
  auto companies = stored.companies;
  auto registrations = stored.registrations;
  bool unnamed = false;
  for (const auto& one : rows.companies) {
    const auto id = one.id.value;
    require(id >= 0 && (id == 0 || companies.insert(id).second), "a company is new, and once");
    require(id == 0 || !unnamed, "named ids come first");
    unnamed = id == 0;
    require(registrations.insert(one.cnpj ? *one.cnpj : one.caepf.value()).second,
            "registered once");
    if (one.unidade_responsavel) {
      require(units.count(one.unidade_responsavel->value) == 1, "its unit is there");
    }
  }
}

void check_import(std::string_view text) {
  const stored_keys stored{{{1, "Matriz"}}, {5}, {"11222333000181"}};
  const auto reading = read_import(text, stored, operator_terms());
  if (!reading) return require(!reading.error().detail.empty(), "a refusal says why");
  require(!first_line_not_utf8(text), "a file that is read is UTF-8");
  check_companies(reading->rows, stored);
  std::set<std::int64_t> users;
  for (const auto& user : reading->rows.users) {
    require(user.id.value > 0 && users.insert(user.id.value).second, "a user is there once");
  }
  for (const auto& row : reading->bad) {
    require(row.number > 0 && row.number <= reading->total + text.size(), "a bad row says where");
  }
}

}  // namespace
}  // namespace mutirao::app

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto text = mutirao::fuzz::text_of(data, size);
  mutirao::app::check_csv(text);
  mutirao::app::check_import(text);
  return 0;
}
