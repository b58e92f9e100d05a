#include "gateway/requests.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

namespace mutirao::gateway {
namespace {

using nlohmann::json;
using protocol::errc;
using protocol::failure;

constexpr std::size_t longest_key = 255;
constexpr std::size_t longest_token = 8'192;
constexpr std::size_t uuid_length = 36;
constexpr std::size_t longest_text = 512;  // of a problem, for people
constexpr std::string_view jobs_path = "/api/empresas/jobs";
constexpr std::string_view unit_type = "generate-auto-tasks-unit";

tl::unexpected<failure> invalid(std::string text) {
  return tl::unexpected<failure>({errc::invalid_argument, std::move(text), 0});
}

bool printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

bool is_uuid(std::string_view text) {
  return text.size() == uuid_length && std::all_of(text.begin(), text.end(), [](char c) {
           return c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') ||
                  (c >= 'A' && c <= 'F');
         });
}

std::string escaped(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                       c == '-' || c == '_' || c == '.';
    if (plain) {
      out += c;
    } else {
      out += '%';
      out += digits[byte >> 4U];
      out += digits[byte & 15U];
    }
  }
  return out;
}

std::string dumped(const json& value) {
  return value.dump(-1, ' ', false, json::error_handler_t::replace);
}

checked<rest::request> submission(const std::string& key, std::string target, const json& body) {
  if (key.empty() || key.size() > longest_key || !printable(key)) {
    return invalid("key: 1 to 255 printable characters");
  }
  rest::request made{"POST", std::move(target)};
  made.headers.emplace_back("Idempotency-Key", key);
  if (!body.empty()) made.body = dumped(body);
  return made;
}

checked<std::string> path_of(const std::string& id) {
  if (!is_uuid(id)) return tl::unexpected<failure>({errc::not_found, "no such job", 0});
  return std::string(jobs_path) + "/" + id;
}

// -- Reading.

std::string text_of(const json& object, const char* field) {
  const auto found = object.find(field);
  if (found == object.end() || found->is_null()) return {};
  return found->is_string() ? found->get<std::string>() : dumped(*found);
}

std::int64_t number_of(const json& object, const char* field) {
  const auto found = object.find(field);
  return found != object.end() && found->is_number() ? found->get<std::int64_t>() : 0;
}

std::optional<v1::job> job_from(const json& object) {
  if (!object.is_object()) return std::nullopt;
  v1::job job;
  job.id = text_of(object, "id");
  job.type = text_of(object, "type");
  job.status = text_of(object, "status");
  if (job.id.empty() || job.status.empty()) return std::nullopt;
  job.state = text_of(object, "state");
  if (const auto progress = object.find("progress");
      progress != object.end() && progress->is_object()) {
    job.current = number_of(*progress, "current");
    job.total = number_of(*progress, "total");
    job.percentage = number_of(*progress, "percentage");
  }
  job.created = number_of(object, "createdSoFar");
  job.failed_items = number_of(object, "failedItems");
  job.run = number_of(object, "run");
  job.user = number_of(object, "userId");
  job.error = text_of(object, "error");
  job.created_at = text_of(object, "createdAt");
  job.started_at = text_of(object, "startedAt");
  job.completed_at = text_of(object, "completedAt");
  return job;
}

bool succeeded(const rest::answer& from) {
  return from.problem.empty() && from.status >= 200 && from.status < 300;
}

tl::unexpected<failure> not_understood() {
  return tl::unexpected<failure>({errc::internal, "the service's answer was not understood", 0});
}

errc code_of(long status) {
  switch (status) {
    case 400:
    case 405:
    case 413:
    case 414:
    case 431:
      return errc::invalid_argument;
    case 401:
      return errc::unauthorized;
    case 403:
      return errc::forbidden;
    case 404:
      return errc::not_found;
    case 409:
      return errc::conflict;
    case 422:
      return errc::key_reused;
    case 429:
    case 503:
    case 507:
      return errc::busy;
    case 504:
      return errc::deadline;
    default:
      return errc::internal;
  }
}

}  // namespace

checked<rest::request> to_request(const v1::submit_unit& what) {
  json body = json::object();
  if (!what.callback_url.empty()) body["callbackUrl"] = what.callback_url;
  return submission(what.key,
                    "/api/empresas/unidade/" + std::to_string(what.unit) +
                        "/auto-tarefas?futureYears=" + std::to_string(what.future_years),
                    body);
}

checked<rest::request> to_request(const v1::submit_job& what) {
  json arguments = json::object();
  for (const auto& [name, text] : what.arguments) {
    auto value = json::parse(text, nullptr, false);
    arguments[name] = value.is_discarded() ? json(text) : std::move(value);
  }
  json body{{"type", what.type}, {"arguments", std::move(arguments)}};
  if (!what.callback_url.empty()) body["callbackUrl"] = what.callback_url;
  if (what.type != unit_type) return submission(what.key, "/api/jobs", body);

  const auto& given = what.arguments;
  const auto unit = given.find("unit");
  if (unit == given.end()) return invalid("arguments: \"unit\" is missing");
  const auto years = given.find("futureYears");
  json callback = json::object();
  if (!what.callback_url.empty()) callback["callbackUrl"] = what.callback_url;
  return submission(
      what.key,
      "/api/empresas/unidade/" + escaped(unit->second) +
          "/auto-tarefas?futureYears=" + (years == given.end() ? "0" : escaped(years->second)),
      callback);
}

checked<rest::request> to_request(const v1::get_job& what) {
  return path_of(what.id).map([](std::string path) {
    return rest::request{"GET", std::move(path) + "?details=false"};
  });
}

checked<rest::request> to_request(const v1::list_jobs& what) {
  std::string target = std::string(jobs_path) + "?limit=" + std::to_string(what.limit);
  for (const auto& state : what.states) target += "&state=" + escaped(state);
  if (!what.type.empty()) target += "&type=" + escaped(what.type);
  if (!what.cursor.empty()) target += "&cursor=" + escaped(what.cursor);
  return rest::request{"GET", std::move(target)};
}

checked<rest::request> to_request(const v1::cancel_job& what) {
  return path_of(what.id).map([](std::string path) {
    return rest::request{"POST", std::move(path) + "/cancel"};
  });
}

checked<rest::request> to_request(const v1::subscribe_job& what) {
  return path_of(what.id).map([](std::string path) {
    return rest::request{"GET", std::move(path) + "/events"};
  });
}

checked<rest::request> to_request(const v1::subscribe_user& what) {
  rest::request made{"GET", "/api/notificacoes/stream"};
  if (what.after.empty()) return made;
  if (what.after.size() > longest_key || !printable(what.after)) {
    return invalid("after: the number of an event");
  }
  made.headers.emplace_back("Last-Event-ID", what.after);
  return made;
}

rest::request probe() {
  return {"GET", std::string(jobs_path) + "?limit=1"};
}

checked<std::pair<std::string, std::string>> authorization(const std::string& token) {
  if (token.empty() || token.size() > longest_token || !printable(token)) {
    return tl::unexpected<failure>({errc::unauthorized, "no token", 0});
  }
  return std::pair<std::string, std::string>{"Authorization", "Bearer " + token};
}

checked<v1::accepted> read_accepted(const rest::answer& from) {
  if (!succeeded(from)) return tl::unexpected(read_failure(from));
  const json object = json::parse(from.body, nullptr, false);
  if (!object.is_object()) return not_understood();
  v1::accepted made{text_of(object, "jobId"), 0};
  if (made.job_id.empty()) return not_understood();
  for (const char* field : {"totalEmpresas", "totalItems", "total"}) {
    if (object.contains(field)) made.total = number_of(object, field);
  }
  return made;
}

checked<v1::job> read_job(const rest::answer& from) {
  if (!succeeded(from)) return tl::unexpected(read_failure(from));
  auto job = job_from(json::parse(from.body, nullptr, false));
  if (!job) return not_understood();
  return *std::move(job);
}

checked<v1::job_page> read_page(const rest::answer& from) {
  if (!succeeded(from)) return tl::unexpected(read_failure(from));
  const json object = json::parse(from.body, nullptr, false);
  if (!object.is_object() || !object.contains("jobs") || !object["jobs"].is_array()) {
    return not_understood();
  }
  v1::job_page page;
  for (const auto& each : object["jobs"]) {
    auto job = job_from(each);
    if (!job) return not_understood();
    page.jobs.push_back(*std::move(job));
  }
  page.next_cursor = text_of(object, "nextCursor");
  return page;
}

failure read_failure(const rest::answer& from) {
  if (from.too_many) return {errc::busy, from.problem, 1};
  if (from.late) return {errc::deadline, "the service did not answer in time", 0};
  if (!from.problem.empty()) return {errc::unavailable, from.problem, 1};
  std::string text = "the service answered " + std::to_string(from.status);
  const json problem = json::parse(from.body, nullptr, false);
  for (const char* field : {"detail", "title", "message", "error"}) {
    if (!problem.is_object() || text_of(problem, field).empty()) continue;
    text = text_of(problem, field).substr(0, longest_text);
    break;
  }
  return {code_of(from.status), std::move(text), from.retry_after_s};
}

std::optional<v1::job> job_of(const std::string& data) {
  return job_from(json::parse(data, nullptr, false));
}

std::optional<v1::notification> notification_of(const std::string& data) {
  const json object = json::parse(data, nullptr, false);
  if (!object.is_object() || !object.contains("id")) return std::nullopt;
  v1::notification told;
  told.id = number_of(object, "id");
  told.user = number_of(object, "user_id");
  told.type = text_of(object, "type");
  told.entity = text_of(object, "entity");
  told.entity_id = text_of(object, "entity_id");
  told.message = text_of(object, "message");
  told.metadata = text_of(object, "metadata");
  told.created_at = text_of(object, "created_at");
  told.read_at = text_of(object, "read_at");
  return told;
}

}  // namespace mutirao::gateway
