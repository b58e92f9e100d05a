// The options of `gateway`: their table, and how they are read.
#pragma once

#include <cstdint>
#include <optional>

#include "app/option_reader.hpp"
#include "gateway/gateway.hpp"

namespace mutirao::app {

/// Holds the process id of who started the gateway, and whom it dies with.
inline constexpr const char* gateway_parent_variable = "MUTIRAO_GATEWAY_PARENT";

std::vector<option_spec> gateway_option_table();

/// Complains where plain text would leave this machine, and where a part of TLS is missing.
gateway::gateway_options read_gateway_options(option_reader& given);

}  // namespace mutirao::app
