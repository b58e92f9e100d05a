// The body that asks for a job of any type, from what stands on a command line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "domain/error.hpp"

namespace mutirao::app {

/// `given`: `name=value` each (no `=`: an empty value), or `name=@FILE` for what is in a file.
/// `types`: the answer of GET /api/job-types, which says whether a value is a number, a truth or a
/// text; a value that is none goes as text, so that the service refuses it by its name.
/// errc::unknown_job_type, errc::invalid_field (with what is wrong, in English), errc::invalid_json
/// (`types`).
expected<std::string> job_request_body(const std::string& type,
                                       const std::vector<std::string>& given,
                                       const std::string& callback_url, std::string_view types);

}  // namespace mutirao::app
