// Plans cases given as JSON, without a database: what companies would get.
#pragma once

#include <string>
#include <string_view>

#include "domain/error.hpp"

namespace mutirao::app {

/// `cases`: an array of {today, company: {data_renovacao?, periodicidade?}, existingTasks?: [date],
/// futureYears?}. Gives an array of {"tasks": [[finalidade_id, prazo]...]} in the same order, one
/// case a line. errc::invalid_json, or errc::invalid_field with the case (from 1) and the field.
expected<std::string> preview(std::string_view cases);

}  // namespace mutirao::app
