// What is read of a file of units, users and companies before anything of it is stored: the rows to
// store, and what is wrong with the others.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/caller.hpp"
#include "domain/error.hpp"
#include "domain/ports/reads.hpp"
#include "domain/ports/store.hpp"

namespace mutirao {

/// What is wrong with a row. `field` and `value` are those of bad_row.
enum class row_fault : std::uint8_t {
  stray_quote,
  open_quote,
  too_wide,
  no_object,         // of JSON
  missing,           // the field
  invalid,           // the field; value: what it holds
  invalid_cnpj,      // value
  invalid_caepf,     // value
  one_registration,  // neither cnpj nor caepf, or both
  registered,        // value: the registration
  repeated,          // value: the registration, or the id of a user, that stands further up
  id_taken,          // value
  other_name,        // a unit that exists under another name; value: that one
  unknown_unit,      // value: its id
  foreign_unit,      // value: its id
  no_unit,           // of a company of somebody who is no admin
  admins_only,       // units and users
};
inline constexpr std::uint8_t row_fault_count = 17;

struct bad_row {
  std::string part;        // "unidades", "usuarios" or "empresas" of JSON; empty: of a CSV
  std::size_t number = 0;  // the line of the CSV, or the place in its part, from 1
  std::string field;       // empty: the row as a whole
  row_fault why = row_fault::invalid;
  std::string value;  // as far as it is needed to find it
};

/// Whose file it is, and how much of it is read.
struct import_terms {
  caller by;
  std::optional<unit_id> unit;  // of companies that name none
  bool as_job = false;          // only what a job import-companies takes: a CSV, no ids, no names
  std::size_t most_rows = std::numeric_limits<std::size_t>::max();
};

struct import_reading {
  import_rows rows;          // the good ones
  std::vector<bad_row> bad;  // ascending within a part
  std::size_t total = 0;     // rows
};

/// Reads a file. An error where the whole is none: errc::invalid_csv, invalid_json, unknown_column,
/// missing_field, invalid_field, too_many_rows.
using import_reader = std::function<expected<import_reading>(
    std::string_view text, const stored_keys& stored, const import_terms& terms)>;

}  // namespace mutirao
