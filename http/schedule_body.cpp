#include "http/schedule_body.hpp"

#include <nlohmann/json.hpp>

#include "http/bodies.hpp"

namespace mutirao::http {
namespace {

using nlohmann::json;

const json* find(const json& in, const char* field) {
  const auto found = in.find(field);
  return found == in.end() || found->is_null() ? nullptr : &*found;
}

/// Empty where it is absent.
expected<std::string> read_text(const json& in, const char* field) {
  const auto* value = find(in, field);
  if (!value) return std::string();
  if (!value->is_string()) return fail(errc::invalid_field, field);
  const auto& text = value->get_ref<const std::string&>();
  if (text.empty() || text.size() > longest_name) return fail(errc::invalid_field, field);
  return text;
}

/// Nothing where it is neither a text, a whole number nor a truth.
std::optional<std::string> argument_text(const json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_number_integer() || value.is_boolean()) return value.dump();
  return std::nullopt;
}

expected<argument_reader> read_arguments(const json& in) {
  argument_reader all;
  const auto* given = find(in, "arguments");
  if (!given) return all;
  if (!given->is_object()) return fail(errc::invalid_field, "arguments");
  for (const auto& [name, value] : given->items()) {
    if (value.is_null()) continue;
    auto text = argument_text(value);
    if (!text || name.size() > longest_name || text->size() > longest_name) {
      return fail(errc::invalid_field, "arguments." + name.substr(0, longest_name));
    }
    all[name] = *std::move(text);
  }
  return all;
}

}  // namespace

expected<schedule_order> read_schedule_order(std::string_view body) {
  const auto given = json::parse(body, nullptr, false);
  if (!given.is_object()) return fail(errc::invalid_json);
  schedule_order order;
  for (const auto& [field, into] : {std::pair{"type", &order.kind},
                                    {"cron", &order.cron},
                                    {"runAt", &order.run_at},
                                    {"timeZone", &order.zone}}) {
    auto text = read_text(given, field);
    if (!text) return tl::unexpected(text.error());
    *into = *std::move(text);
  }
  if (order.kind.empty()) return fail(errc::missing_field, "type");
  if (order.cron.empty() == order.run_at.empty()) return fail(errc::cron_or_run_at);
  auto arguments = read_arguments(given);
  if (!arguments) return tl::unexpected(arguments.error());
  order.arguments = *std::move(arguments);
  if (const auto* each = find(given, "eachUnit")) {
    if (!each->is_boolean()) return fail(errc::invalid_field, "eachUnit");
    order.each_unit = each->get<bool>();
  }
  return order;
}

expected<std::string> read_run_at(std::string_view body) {
  if (body.find_first_not_of(" \t\r\n") == std::string_view::npos) return std::string();
  const auto given = json::parse(body, nullptr, false);
  if (given.is_null()) return std::string();
  if (!given.is_object()) return fail(errc::invalid_json);
  const auto* at = find(given, "runAt");
  if (!at) return std::string();
  if (!at->is_string() || at->get_ref<const std::string&>().empty()) {
    return fail(errc::invalid_run_at,
                at->dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
  }
  return at->get<std::string>();
}

}  // namespace mutirao::http
