#include "app/webhooks/options.hpp"

#include <optional>

#include "app/file_text.hpp"
#include "domain/web_url.hpp"

namespace mutirao::app {
namespace {

using kind = option_spec::kind;
using std::chrono::milliseconds;

constexpr auto secret_variable = "MUTIRAO_WEBHOOK_SECRET";

void read_secret_variable(option_reader& given, webhook_secrets& into) {
  const auto text = given.variable(secret_variable);
  if (!text) return;
  auto secret = webhook_secret::parse(*text);
  if (secret) {
    into.usual.push_back(*std::move(secret));
  } else {
    given.complain(std::string(secret_variable) + ": " + secret.error().detail);
  }
}

webhook_secrets read_secrets(option_reader& given) {
  webhook_secrets all;
  const std::string path = given.text("webhook-secret-file");
  if (!path.empty()) {
    const auto text = read_file(path);
    if (!text) {
      given.complain("webhook-secret-file", text.error().detail);
    } else if (auto read = parse_webhook_secrets(*text)) {
      all = *std::move(read);
    } else {
      given.complain("webhook-secret-file", "\"" + path + "\", " + read.error().detail);
    }
  }
  read_secret_variable(given, all);
  return all;
}

void read_endpoints(option_reader& given, webhook_options& into) {
  for (const auto& text : given.texts("webhook")) {
    auto endpoint = parse_endpoint(text);
    if (!endpoint) {
      given.complain("webhook", "\"" + text +
                                    "\" is not EVENTS URL, e.g. \"job.completed+job.failed "
                                    "https://example.com/hook\", or \"job.* https://...\"");
      continue;
    }
    if (given.problems().empty() && into.secrets.for_url(endpoint->url).empty()) {
      given.complain("webhook", "there is no secret to sign what goes to " + endpoint->url +
                                    " with: see --webhook-secret-file");
    }
    const auto address = literal_address(*parse_web_url(endpoint->url));
    if (address && !into.allowed.allows(*address)) {
      given.complain("webhook", endpoint->url +
                                    " is a private address: see --webhook-allow and "
                                    "--webhooks-allow-private");
    }
    into.endpoints.push_back(*std::move(endpoint));
  }
}

address_policy read_allowed(option_reader& given) {
  address_policy allowed;
  allowed.everything = given.flag("webhooks-allow-private");
  for (const auto& text : given.texts("webhook-allow")) {
    if (const auto range = parse_ip_range(text)) {
      allowed.also.push_back(*range);
    } else {
      given.complain("webhook-allow",
                     "\"" + text + "\" is no range of addresses such as 10.1.0.0/16 or fd00::/8");
    }
  }
  return allowed;
}

}  // namespace

std::optional<webhook_endpoint> parse_endpoint(std::string_view text) {
  const auto blank = text.find(' ');
  if (blank == std::string_view::npos) return std::nullopt;
  webhook_endpoint endpoint;
  endpoint.url = text.substr(blank + 1);
  if (!parse_web_url(endpoint.url)) return std::nullopt;
  for (auto events = text.substr(0, blank);;) {
    const auto plus = events.find('+');
    const auto event = events.substr(0, plus);
    if (!is_event_pattern(event)) return std::nullopt;
    endpoint.events.emplace_back(event);
    if (plus == std::string_view::npos) return endpoint;
    events.remove_prefix(plus + 1);
  }
}

std::vector<option_spec> webhook_option_table() {
  return {
      {"webhook", kind::list, "EVENTS URL",
       "tells URL of these events of every job, e.g. \"job.completed+job.failed "
       "https://example.com/hook\"; job.* is all (repeatable)",
       ""},
      {"webhook-secret-file", kind::value, "FILE",
       "secrets that sign webhooks, one whsec_... a line, or \"URL whsec_...\" (or "
       "MUTIRAO_WEBHOOK_SECRET); without one no callbackUrl is taken",
       ""},
      {"webhook-allow", kind::list, "RANGE",
       "private addresses that webhooks may go to, e.g. 10.1.0.0/16 (repeatable)", ""},
      {"webhooks-allow-private", kind::flag, "", "webhooks may go to any address", ""},
      {"webhook-timeout", kind::value, "TIME", "of one attempt", "10s"},
      {"webhook-backoff", kind::value, "TIME",
       "pause after the first attempt that failed; four times as long after each further one, 6h "
       "at most",
       "5s"},
      {"webhook-attempts", kind::value, "N", "then a webhook is given up", "16"},
      {"webhook-max-age", kind::value, "TIME", "an event this old is given up", "72h"},
  };
}

webhook_options read_webhook_options(option_reader& given) {
  webhook_options options;
  options.secrets = read_secrets(given);
  options.allowed = read_allowed(given);
  options.timeout = given.duration("webhook-timeout", milliseconds(1));
  options.retry.first_pause = given.duration("webhook-backoff", milliseconds(1));
  options.retry.attempts = static_cast<int>(given.integer("webhook-attempts", 1, 1'000));
  options.retry.age = given.duration("webhook-max-age", milliseconds(1));
  read_endpoints(given, options);
  return options;
}

}  // namespace mutirao::app
