// What commands that ask a running service share: their options, and what its errors say.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "app/client/http_client.hpp"
#include "app/command_line.hpp"

namespace mutirao::app {

/// `own` with --url, --token and --timeout.
std::vector<option_spec> client_option_table(std::vector<option_spec> own);

client_options read_client(option_reader& given);

/// The values of --argument. Complains of one that is no name=value.
std::vector<std::string> read_arguments(option_reader& given);

/// The body of an answer that is no error; else what the service said.
expected<std::string> body_of(expected<http_answer> answer);

/// `of` on one line.
std::string to_text(const nlohmann::json& of);
/// The field of an object as text: empty where it is absent, a string without its quotes.
std::string text_of(const nlohmann::json& object, const char* field);
/// The array `field` of an answer. errc::invalid_json, with `what` it should list.
expected<nlohmann::json> list_in(const std::string& body, const char* field, const char* what);

}  // namespace mutirao::app
