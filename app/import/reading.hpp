// Units, users and companies from a CSV or JSON file, checked as the HTTP API checks them.
//
// CSV holds one kind of row, known by its header: companies (razao_social), users (sobrenome or
// email), else units (id, nome). In companies, unidade_nome makes the unit of unidade_responsavel
// where there is none yet. JSON: {"unidades": [{id, nome}], "usuarios": [{id, nome, sobrenome,
// email}], "empresas": [{...}]}, each part may be absent.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "domain/error.hpp"
#include "domain/ports/reads.hpp"
#include "domain/ports/store.hpp"

namespace mutirao::app {

/// What a database holds already, as far as rows from outside could clash with it.
struct stored_keys {
  std::map<std::int64_t, std::string> units;  // names by id
  std::set<std::int64_t> companies;
  std::set<std::string> registrations;  // cnpj and caepf
};

/// Reads all of them. Errors as the store's.
expected<stored_keys> read_stored_keys(reads& stored);

struct import_reading {
  import_rows rows;                   // the good ones
  std::vector<std::string> problems;  // of the others: "line 12: invalid_cnpj", "empresas 3: ..."
};

/// JSON where the first character that is no space is `{`, else CSV. errc::invalid_field where the
/// whole is neither, or a CSV column is unknown, errc::invalid_csv as read_csv; what concerns one
/// row is among the problems.
expected<import_reading> read_import(std::string_view text, const stored_keys& stored);

}  // namespace mutirao::app
