#include "http/bodies.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "domain/company_fields.hpp"
#include "domain/job.hpp"
#include "domain/web_url.hpp"

namespace mutirao::http {
namespace {

using json_value = nlohmann::json;

/// Takes the fields out of one object and keeps the first error.
class field_reader {
 public:
  explicit field_reader(std::string_view body) : object_(json_value::parse(body, nullptr, false)) {
    if (!object_.is_object()) refuse(errc::invalid_json);
  }

  const std::optional<error>& problem() const { return problem_; }
  void refuse(errc code, std::string detail = {}) {
    if (!problem_) problem_ = error{code, std::move(detail)};
  }

  /// What the fields of a company say, by the rules of the domain.
  company_patch company() {
    company_patch patch;
    for (const auto& field : company_fields) {
      const auto text = text_of(field);
      if (!text) continue;
      const auto set = set_company_field(patch, field, *text);
      if (!set) refuse(set.error().code, set.error().detail);
    }
    return patch;
  }

  /// A whole number from `least` to `most`.
  change<std::int64_t> number(const char* field, std::int64_t least, std::int64_t most) {
    return read<std::int64_t>(field, [&](const json_value& value) -> std::optional<std::int64_t> {
      if (!value.is_number_integer()) return std::nullopt;
      if (value.is_number_unsigned() &&
          value.get<std::uint64_t>() > static_cast<std::uint64_t>(most)) {
        return std::nullopt;
      }
      const auto given = value.get<std::int64_t>();
      return given >= least && given <= most ? std::optional(given) : std::nullopt;
    });
  }

  template <class Id>
  change<Id> id(const char* field) {
    const auto given = number(field, 1, INT64_MAX);
    if (!given) return std::nullopt;
    return *given ? std::optional<Id>(Id{**given}) : std::optional<Id>();
  }

  /// One of a few words; nothing where the field is absent.
  template <std::size_t N>
  std::optional<std::string> word(const char* field,
                                  const std::array<std::string_view, N>& allowed) {
    const auto* value = find(field);
    if (!value) return std::nullopt;
    const auto text = value->is_string() ? value->get<std::string>() : std::string();
    if (std::find(allowed.begin(), allowed.end(), text) == allowed.end()) {
      refuse(errc::invalid_field, field);
    }
    return text;
  }

  bool is_null(const char* field) const {
    const auto* value = find(field);
    return !value || value->is_null();
  }
  bool has(const char* field) const { return find(field) != nullptr; }

 private:
  const json_value* find(std::string_view field) const {
    if (!object_.is_object()) return nullptr;
    const auto found = object_.find(field);
    return found == object_.end() ? nullptr : &*found;
  }

  /// As text, empty for null; nothing where it is absent or of another form, which is refused.
  std::optional<std::string> text_of(const company_field& field) {
    const auto* value = find(field.name);
    if (!value) return std::nullopt;
    if (field.clears && value->is_null()) return std::string();
    if (value->is_string() &&
        (field.form == field_form::text || value->get_ref<const std::string&>().empty())) {
      return value->get<std::string>();
    }
    if (field.form == field_form::number && value->is_number_integer()) return value->dump();
    refuse(errc::invalid_field, std::string(field.name));
    return std::nullopt;
  }

  template <class T, class Read>
  change<T> read(const char* field, Read take) {
    const auto* value = find(field);
    if (!value) return std::nullopt;
    if (value->is_null() || (value->is_string() && value->get_ref<const std::string&>().empty())) {
      return change<T>(std::in_place, std::nullopt);
    }
    std::optional<T> taken = take(*value);
    if (!taken) refuse(errc::invalid_field, field);
    return taken;
  }

  json_value object_;
  std::optional<error> problem_;
};

const std::string priority_range =
    std::to_string(lowest_priority) + ".." + std::to_string(highest_priority);

constexpr std::array<std::string_view, 4> task_statuses{"Automático", "pendente", "progress",
                                                        "concluída"};

}  // namespace

expected<company> read_new_company(std::string_view body) {
  field_reader fields(body);
  const auto given = fields.company();
  if (fields.problem()) return tl::unexpected(*fields.problem());
  return company_from(given);
}

expected<company_patch> read_company_patch(std::string_view body) {
  field_reader fields(body);
  auto patch = fields.company();
  if (fields.problem()) return tl::unexpected(*fields.problem());
  return patch;
}

expected<task_patch> read_task_patch(std::string_view body) {
  field_reader fields(body);
  task_patch patch;
  if (!fields.is_null("status")) patch.status = fields.word("status", task_statuses);
  patch.technician = fields.id<user_id>("usuarioId").value_or(std::nullopt);
  patch.sector = fields.number("setorId", 1, INT64_MAX).value_or(std::nullopt);
  if (fields.problem()) return tl::unexpected(*fields.problem());
  return patch;
}

namespace {

expected<std::string> callback_in(const json_value& given) {
  const auto url = given.find("callbackUrl");
  if (url == given.end() || url->is_null()) return std::string();
  if (!url->is_string()) return fail(errc::invalid_callback_url, url->dump());
  const auto& text = url->get_ref<const std::string&>();
  if (!parse_web_url(text)) return fail(errc::invalid_callback_url, text);
  return text;
}

/// JSON Schema's integers are numbers without a fraction, however they are written: 5.0, 1e3.
bool is_whole_float(const json_value& value) {
  constexpr double most = 9'007'199'254'740'992;  // 2^53
  if (!value.is_number_float()) return false;
  const auto number = value.get<double>();
  return std::abs(number) <= most && std::trunc(number) == number;
}

/// As the type takes it; nothing where it is of another form or out of its bounds.
std::optional<std::string> argument_in(json_value& value, const argument_spec& spec) {
  const auto within = [&](auto size) {
    return std::cmp_greater_equal(size, spec.least) && std::cmp_less_equal(size, spec.most);
  };
  switch (spec.form) {
    case argument_form::text:
      if (!value.is_string() || !within(value.get_ref<const std::string&>().size())) break;
      return std::move(value.get_ref<std::string&>());
    case argument_form::integer:
      if (is_whole_float(value)) value = static_cast<std::int64_t>(value.get<double>());
      if (value.is_number_unsigned()
              ? !within(value.get<std::uint64_t>())
              : !value.is_number_integer() || !within(value.get<std::int64_t>())) {
        break;
      }
      return value.dump();
    case argument_form::boolean:
      if (!value.is_boolean()) break;
      return value.get<bool>() ? "true" : "false";
    case argument_form::day:
      if (!value.is_string() || !parse_date(value.get_ref<const std::string&>())) break;
      return value.get<std::string>();
  }
  return std::nullopt;
}

expected<argument_reader> arguments_in(json_value& given, const job_description& about) {
  argument_reader all;
  for (const auto& spec : about.arguments) {
    const std::string name(spec.name);
    const auto value = given.find(name);
    if (value == given.end() || value->is_null()) {
      if (spec.required) return fail(errc::missing_field, name);
      if (!spec.absent.empty()) all.emplace(name, spec.absent);
      continue;
    }
    auto taken = argument_in(*value, spec);
    if (!taken) return fail(errc::invalid_field, name);
    all.emplace(name, *std::move(taken));
  }
  return all;
}

}  // namespace

expected<asked_job> read_job(std::string_view body, const job_types& types) {
  auto given = json_value::parse(body, nullptr, false);
  if (!given.is_object()) return fail(errc::invalid_json);
  const auto kind = given.find("type");
  if (kind == given.end() || kind->is_null()) return fail(errc::missing_field, "type");
  if (!kind->is_string()) return fail(errc::invalid_field, "type");
  asked_job asked;
  asked.type = types.find(kind->get_ref<const std::string&>());
  if (!asked.type) return fail(errc::unknown_job_type, kind->get<std::string>());
  auto& arguments = given["arguments"];
  if (arguments.is_null()) arguments = json_value::object();
  if (!arguments.is_object()) return fail(errc::invalid_field, "arguments");
  auto read = arguments_in(arguments, asked.type->about());
  if (!read) return tl::unexpected(std::move(read.error()));
  asked.given = *std::move(read);
  auto url = callback_in(given);
  if (!url) return tl::unexpected(std::move(url.error()));
  asked.callback_url = *std::move(url);
  return asked;
}

expected<std::string> read_callback_url(std::string_view body) {
  if (body.find_first_not_of(" \t\r\n") == std::string_view::npos) return std::string();
  const auto given = json_value::parse(body, nullptr, false);
  if (given.is_null()) return std::string();
  if (!given.is_object()) return fail(errc::invalid_json);
  return callback_in(given);
}

expected<int> read_priority(std::string_view body) {
  field_reader fields(body);
  if (fields.problem()) return tl::unexpected(*fields.problem());
  if (!fields.has("priority")) return fail(errc::missing_field, "priority");
  const auto given = fields.number("priority", lowest_priority, highest_priority);
  if (!given || !*given) return fail(errc::invalid_priority, priority_range);
  return static_cast<int>(**given);
}

}  // namespace mutirao::http
