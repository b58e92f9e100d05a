// What `serve` is told about webhooks.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "app/option_reader.hpp"
#include "app/webhooks/signature.hpp"
#include "domain/network.hpp"
#include "domain/webhook.hpp"

namespace mutirao::app {

struct webhook_options {
  webhook_secrets secrets;
  std::vector<webhook_endpoint> endpoints;
  address_policy allowed;
  std::chrono::milliseconds timeout{10'000};
  retry_policy retry;

  /// Whether a job may name a URL of its own.
  bool takes_callbacks() const { return !secrets.usual.empty(); }
  bool on() const { return !secrets.usual.empty() || !secrets.of_url.empty(); }
};

std::vector<option_spec> webhook_option_table();

/// Reads the file of secrets too. Problems stay with `given`.
webhook_options read_webhook_options(option_reader& given);

/// "job.completed+job.failed https://example.com/hook". Nothing for another text.
std::optional<webhook_endpoint> parse_endpoint(std::string_view text);

}  // namespace mutirao::app
