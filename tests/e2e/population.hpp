// Units and companies for a database, written by plain SQL.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "tests/e2e/database.hpp"

namespace mutirao::e2e {

struct company_row {
  std::int64_t id = 0;
  std::optional<std::int64_t> unit;
  std::optional<std::string> renewal;
  std::optional<std::int64_t> period;
  std::optional<std::int64_t> technician;
  std::string razao_social;
  bool active = true;
};

/// A numeric CNPJ with right check digits, another for each `number` up to 10^8.
std::string cnpj_of(std::int64_t number);

/// Of every kind that the rules tell apart: with and without renewal, period, technician and name,
/// renewals on 29 February, in the future and in the past, inactive ones.
std::vector<company_row> mixed_companies(std::int64_t unit, std::int64_t first_id,
                                         std::int64_t count);

/// Active ones with some 26 tasks a year each: a job over them lasts.
std::vector<company_row> busy_companies(std::int64_t unit, std::int64_t first_id,
                                        std::int64_t count);

/// The unit 1 "Matriz", 2 "Filial Sul", any other "Unidade N"; users 7 and 8.
void add_units(database& to, const std::vector<std::int64_t>& units);
void add_companies(database& to, const std::vector<company_row>& companies);

}  // namespace mutirao::e2e
