// The options of `serve`: their table, and how they become serve_options.
#pragma once

#include <vector>

#include "app/option_reader.hpp"
#include "app/options.hpp"

namespace mutirao::app {

std::vector<option_spec> serve_option_table();

/// Everything but the secret. Problems stay with `given`.
serve_options read_serve_options(option_reader& given);

/// "HOST:PORT", with an IPv6 address in brackets. Nothing for another text.
std::optional<http::listen_address> parse_listen(std::string_view text);

/// Whether only this machine can reach it.
bool is_loopback(const http::listen_address& address);

}  // namespace mutirao::app
