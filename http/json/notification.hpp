// Notifications as clients see them, in lists and pushes alike.
#pragma once

#include <span>
#include <string>

#include "domain/job.hpp"
#include "http/json/writer.hpp"

namespace mutirao::http::json {

/// The nine fields. Without `metadata.title` the front end would cut the message short.
void write_notification(writer& out, const notification& of);

/// `{notifications:[...]}`.
std::string render_notifications(std::span<const notification> list);

}  // namespace mutirao::http::json
