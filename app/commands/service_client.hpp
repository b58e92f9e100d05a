// What commands that ask a running service share: their options, and what its errors say.
#pragma once

#include <string>
#include <vector>

#include "app/client/http_client.hpp"
#include "app/command_line.hpp"

namespace mutirao::app {

/// `own` with --url, --token and --timeout.
std::vector<option_spec> client_option_table(std::vector<option_spec> own);

client_options read_client(option_reader& given);

/// The body of an answer that is no error; else what the service said.
expected<std::string> body_of(expected<http_answer> answer);

}  // namespace mutirao::app
