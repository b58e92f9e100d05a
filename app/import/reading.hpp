// Units, users and companies from a CSV or JSON file, checked as the HTTP API checks them.
//
// CSV holds one kind of row, known by its header: companies (razao_social), users (sobrenome or
// email), else units (id, nome). In companies, unidade_nome makes the unit of unidade_responsavel
// where there is none yet. JSON: {"unidades": [{id, nome}], "usuarios": [{id, nome, sobrenome,
// email}], "empresas": [{...}]}, each part may be absent.
#pragma once

#include <string>
#include <string_view>

#include "domain/error.hpp"
#include "domain/import_reading.hpp"

namespace mutirao::app {

/// JSON where the first character that is no space is `{`, else CSV. An import_reader. What
/// concerns one row is among the bad ones. Only admins may bring units and users; a company is
/// checked against the units of who brings it.
expected<import_reading> read_import(std::string_view text, const stored_keys& stored,
                                     const import_terms& terms);

/// The terms of somebody who has the database's file.
import_terms operator_terms();

/// What a refusal of read_import means to somebody who looks at the file, in English.
std::string explain_refusal(const error& why);

}  // namespace mutirao::app
