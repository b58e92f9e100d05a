// Notifications as clients see them, in lists and pushes alike.
#pragma once

#include <string>

#include "domain/ports/reads.hpp"
#include "http/json/writer.hpp"

namespace mutirao::http::json {

/// The nine fields. Without `metadata.title` the front end would cut the message short.
void write_notification(writer& out, const notification& of);

/// `{notifications:[...], unread}`.
std::string render_notifications(const list_notifications::answer& list);

}  // namespace mutirao::http::json
