#include "http/schedule_body.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "http/bodies.hpp"

namespace mutirao::http {
namespace {

using json_value = nlohmann::json;

constexpr std::size_t longest_text = 300;  // bytes
constexpr const char* unit_argument = "unit";

std::string text_of(const json_value& value) {
  return value.dump(-1, ' ', false, json_value::error_handler_t::replace);
}

const json_value* find(const json_value& in, const char* field) {
  const auto found = in.find(field);
  return found == in.end() || found->is_null() ? nullptr : &*found;
}

/// Empty where it is absent.
expected<std::string> read_text(const json_value& in, const char* field) {
  const auto* value = find(in, field);
  if (!value) return std::string();
  if (!value->is_string()) return fail(errc::invalid_field, field);
  const auto& text = value->get_ref<const std::string&>();
  if (text.empty() || text.size() > longest_text) return fail(errc::invalid_field, field);
  return text;
}

/// As for one of the units.
expected<asked_job> read_for_each(json_value given, const job_types& types) {
  auto& arguments = given["arguments"];
  if (arguments.is_null()) arguments = json_value::object();
  if (!arguments.is_object()) return fail(errc::invalid_field, "arguments");
  if (find(arguments, unit_argument)) return fail(errc::invalid_field, unit_argument);
  arguments[unit_argument] = 1;
  auto asked = read_job(text_of(given), types);
  if (asked && asked->given.erase(unit_argument) == 0) return fail(errc::invalid_field, "eachUnit");
  return asked;
}

expected<void> read_times(const json_value& given, schedule_order& into) {
  for (const auto& [field, text] : {std::pair{"cron", &into.cron}, std::pair{"runAt", &into.run_at},
                                    std::pair{"timeZone", &into.zone}}) {
    auto read = read_text(given, field);
    if (!read) return tl::unexpected(read.error());
    *text = *std::move(read);
  }
  if (into.cron.empty() == into.run_at.empty()) return fail(errc::cron_or_run_at);
  return {};
}

}  // namespace

expected<schedule_order> read_schedule_order(std::string_view body, const job_types& types) {
  const auto given = json_value::parse(body, nullptr, false);
  if (!given.is_object()) return fail(errc::invalid_json);
  schedule_order order;
  if (const auto* each = find(given, "eachUnit")) {
    if (!each->is_boolean()) return fail(errc::invalid_field, "eachUnit");
    order.each_unit = each->get<bool>();
  }
  auto asked = order.each_unit ? read_for_each(given, types) : read_job(body, types);
  if (!asked) return tl::unexpected(std::move(asked.error()));
  order.type = asked->type;
  order.given = std::move(asked->given);
  order.callback_url = std::move(asked->callback_url);
  if (const auto times = read_times(given, order); !times) return tl::unexpected(times.error());
  return order;
}

expected<std::string> read_run_at(const query& asked, std::string_view body) {
  if (const auto text = asked.get("runAt")) {
    // A '+' that was not escaped arrives as a space.
    std::string given(*text);
    std::replace(given.begin(), given.end(), ' ', '+');
    if (given.empty()) return fail(errc::invalid_run_at, given);
    return given;
  }
  const bool may_name_it =
      body.find("runAt") != std::string_view::npos || body.find("\\u") != std::string_view::npos;
  if (!may_name_it) return std::string();
  const auto given = json_value::parse(body, nullptr, false);
  if (!given.is_object()) return fail(errc::invalid_json);
  const auto* at = find(given, "runAt");
  if (!at) return std::string();
  if (!at->is_string() || at->get_ref<const std::string&>().empty()) {
    return fail(errc::invalid_run_at, text_of(*at));
  }
  return at->get<std::string>();
}

}  // namespace mutirao::http
