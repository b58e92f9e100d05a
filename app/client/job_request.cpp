#include "app/client/job_request.hpp"

#include <charconv>
#include <nlohmann/json.hpp>

#include "app/file_text.hpp"

namespace mutirao::app {
namespace {

using nlohmann::json;

expected<std::string> value_of(const std::string& text) {
  if (!text.starts_with('@')) return text;
  return read_file(text.substr(1));
}

json typed(const std::string& text, const std::string& type) {
  if (type == "boolean" && (text == "true" || text == "false")) return text == "true";
  std::int64_t number = 0;
  const char* const last = text.data() + text.size();
  const auto [end, problem] = std::from_chars(text.data(), last, number);
  if (type == "integer" && problem == std::errc{} && end == last) return number;
  return text;
}

/// The schema of the type's arguments, by name.
expected<json> schema_of(const std::string& type, std::string_view types) {
  const json all = json::parse(types, nullptr, false);
  if (!all.is_object() || !all.contains("types") || !all["types"].is_array()) {
    return fail(errc::invalid_json, "the service answered no list of types");
  }
  std::string known;
  for (const json& each : all["types"]) {
    const std::string name = each.is_object() ? each.value("type", "") : "";
    if (name == type) return each.value("/arguments/properties"_json_pointer, json::object());
    known += (known.empty() ? "" : ", ") + name;
  }
  return fail(errc::unknown_job_type,
              "the service has no jobs of type \"" + type + "\"; it has " + known);
}

std::string names_in(const json& schema) {
  std::string all;
  for (const auto& [name, form] : schema.items())
    all += (all.empty() ? "; they have " : ", ") + name;
  return all;
}

}  // namespace

expected<std::string> job_request_body(const std::string& type,
                                       const std::vector<std::string>& given,
                                       const std::string& callback_url, std::string_view types) {
  const auto schema = schema_of(type, types);
  if (!schema) return tl::unexpected(schema.error());
  json arguments = json::object();
  for (const auto& one : given) {
    const auto equals = one.find('=');
    const auto name = one.substr(0, equals);
    if (!schema->contains(name)) {
      return fail(errc::invalid_field, "jobs of type " + type + " have no argument \"" +
                                           name.substr(0, 40) + "\"" + names_in(*schema));
    }
    const auto value = value_of(equals == std::string::npos ? "" : one.substr(equals + 1));
    if (!value) return tl::unexpected(value.error());
    const auto& form = (*schema)[name];
    arguments[name] = typed(*value, form.is_object() ? form.value("type", "") : "");
  }
  json body{{"type", type}, {"arguments", std::move(arguments)}};
  if (!callback_url.empty()) body["callbackUrl"] = callback_url;
  return body.dump(-1, ' ', false, json::error_handler_t::replace);
}

}  // namespace mutirao::app
