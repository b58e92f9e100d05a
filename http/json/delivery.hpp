// The delivery log of a job's webhooks as clients see it.
#pragma once

#include <string>

#include "domain/ports/outbox.hpp"
#include "http/json/writer.hpp"

namespace mutirao::http::json {

/// `{entregas:[...], nextCursor}`.
std::string render_deliveries(const list_deliveries::answer& page);

}  // namespace mutirao::http::json
