#include "app/preview.hpp"

#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

#include "domain/auto_tasks.hpp"

namespace mutirao::app {
namespace {

using nlohmann::json;

constexpr std::int64_t most_years = 10'000;

struct plan_case {
  generation run;
  renewal_cycle cycle;
  std::vector<date> existing;
};

// The field's value; nothing where it is absent or null.
const json* find(const json& object, const char* field) {
  const auto found = object.find(field);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

expected<date> read_day(const json& value, const char* field) {
  const auto day =
      value.is_string() ? parse_date(value.get_ref<const std::string&>()) : std::optional<date>();
  if (!day) return fail(errc::invalid_field, std::string(field) + " is no date YYYY-MM-DD");
  return *day;
}

expected<std::int64_t> read_number(const json& value, const char* field) {
  if (!value.is_number_integer()) {
    return fail(errc::invalid_field, std::string(field) + " is no whole number");
  }
  return value.get<std::int64_t>();
}

expected<void> read_company(const json& object, plan_case& into) {
  const json* const company = find(object, "company");
  if (company == nullptr || !company->is_object()) {
    return fail(errc::missing_field, "company is missing");
  }
  if (const json* const renewal = find(*company, "data_renovacao")) {
    auto day = read_day(*renewal, "data_renovacao");
    if (!day) return tl::unexpected(day.error());
    into.cycle.renewal = *day;
  }
  if (const json* const period = find(*company, "periodicidade")) {
    auto days = read_number(*period, "periodicidade");
    if (!days) return tl::unexpected(days.error());
    into.cycle.period_days = *days;
  }
  return {};
}

expected<void> read_existing(const json& object, plan_case& into) {
  const json* const tasks = find(object, "existingTasks");
  if (tasks == nullptr) return {};
  if (!tasks->is_array()) return fail(errc::invalid_field, "existingTasks is no array");
  for (const json& each : *tasks) {
    auto day = read_day(each, "existingTasks");
    if (!day) return tl::unexpected(day.error());
    into.existing.push_back(*day);
  }
  return {};
}

expected<plan_case> read_case(const json& object) {
  if (!object.is_object()) return fail(errc::invalid_field, "no object");
  plan_case made{};
  const json* const today = find(object, "today");
  if (today == nullptr) return fail(errc::missing_field, "today is missing");
  auto day = read_day(*today, "today");
  if (!day) return tl::unexpected(day.error());
  made.run.today = *day;
  if (const json* const years = find(object, "futureYears")) {
    auto number = read_number(*years, "futureYears");
    if (!number) return tl::unexpected(number.error());
    if (*number < 0 || *number > most_years) {
      return fail(errc::invalid_future_years, "futureYears is not 0 to 10000");
    }
    made.run.future_years = static_cast<int>(*number);
  }
  if (auto read = read_company(object, made); !read) return tl::unexpected(read.error());
  if (auto read = read_existing(object, made); !read) return tl::unexpected(read.error());
  return made;
}

void append_tasks(std::string& out, const std::vector<generated_task>& tasks) {
  out += "{\"tasks\":[";
  const char* separator = "[";
  for (const generated_task& task : tasks) {
    out += separator;
    out += std::to_string(static_cast<int>(task.kind));
    out += ",\"";
    append_date(out, task.due);
    out += "\"]";
    separator = ",[";
  }
  out += "]}";
}

}  // namespace

expected<std::string> preview(std::string_view cases) {
  const json all = json::parse(cases, nullptr, false);
  if (!all.is_array()) return fail(errc::invalid_json, "stdin holds no JSON array of cases");
  std::string out = "[";
  std::size_t number = 0;
  for (const json& each : all) {
    ++number;
    const auto one = read_case(each);
    if (!one) {
      return fail(one.error().code, "case " + std::to_string(number) + ": " + one.error().detail);
    }
    out += number == 1 ? "\n" : ",\n";
    append_tasks(out, plan_auto_tasks(one->run, one->cycle, one->existing));
  }
  out += "\n]\n";
  return out;
}

}  // namespace mutirao::app
