// What is wrong with a row of an import, in the words of its readers.
#pragma once

#include <string>

#include "domain/import_reading.hpp"
#include "http/language.hpp"

namespace mutirao::http {

/// Without the row's place.
std::string row_message(const bad_row& row, language speaks);

}  // namespace mutirao::http
