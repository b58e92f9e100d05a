#include "http/bodies.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

#include "domain/job.hpp"
#include "domain/registration.hpp"
#include "domain/web_url.hpp"

namespace mutirao::http {
namespace {

using nlohmann::json;

/// Takes the fields out of one object and keeps the first error.
class field_reader {
 public:
  explicit field_reader(std::string_view body) : object_(json::parse(body, nullptr, false)) {
    if (!object_.is_object()) refuse(errc::invalid_json);
  }

  const std::optional<error>& problem() const { return problem_; }
  void refuse(errc code, std::string detail = {}) {
    if (!problem_) problem_ = error{code, std::move(detail)};
  }

  /// A text that must be there with something in it; nothing where the field is absent.
  std::optional<std::string> name(const char* field) {
    const auto* value = find(field);
    if (!value) return std::nullopt;
    auto text = value->is_string() ? read_text(*value) : std::nullopt;
    if (!text) {
      refuse(errc::invalid_field, field);
    } else if (text->find_first_not_of(' ') == std::string::npos) {
      refuse(errc::missing_field, field);
    }
    return text;
  }

  /// A text that may be cleared, by null or by an empty text.
  change<std::string> text(const char* field) {
    return read<std::string>(field, [](const json& value) { return read_text(value); });
  }

  change<date> day(const char* field) {
    return read<date>(field, [](const json& value) {
      const auto text = read_text(value);
      return text ? parse_date(*text) : std::nullopt;
    });
  }

  /// A whole number from `least` to `most`.
  change<std::int64_t> number(const char* field, std::int64_t least, std::int64_t most) {
    return read<std::int64_t>(field, [&](const json& value) -> std::optional<std::int64_t> {
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

  change<std::string> registration(const char* field, errc refusal,
                                   std::optional<std::string> (*normalize)(std::string_view)) {
    const auto given = text(field);
    if (!given || !*given) return given;
    auto normal = normalize(**given);
    if (!normal) refuse(refusal);
    return normal;
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
  const json* find(const char* field) const {
    if (!object_.is_object()) return nullptr;
    const auto found = object_.find(field);
    return found == object_.end() ? nullptr : &*found;
  }

  /// Nothing where it is no text, too long, or holds control characters.
  static std::optional<std::string> read_text(const json& value) {
    if (!value.is_string()) return std::nullopt;
    const auto& text = value.get_ref<const std::string&>();
    const bool plain = std::none_of(text.begin(), text.end(), [](char c) {
      return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
    });
    return plain && text.size() <= longest_name ? std::optional(text) : std::nullopt;
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

  json object_;
  std::optional<error> problem_;
};

const std::string priority_range =
    std::to_string(lowest_priority) + ".." + std::to_string(highest_priority);

constexpr std::array<std::string_view, 2> company_statuses{"ativo", "inativo"};
constexpr std::array<std::string_view, 4> task_statuses{"Automático", "pendente", "progress",
                                                        "concluída"};

company_patch read_company(field_reader& fields) {
  company_patch patch;
  patch.cnpj = fields.registration("cnpj", errc::invalid_cnpj, normalize_cnpj);
  patch.caepf = fields.registration("caepf", errc::invalid_caepf, normalize_caepf);
  patch.razao_social = fields.name("razao_social");
  patch.nome_fantasia = fields.name("nome_fantasia");
  patch.cidade = fields.text("cidade");
  patch.telefone = fields.text("telefone");
  patch.periodicidade = fields.number("periodicidade", 0, longest_period_days);
  patch.data_renovacao = fields.day("data_renovacao");
  patch.tecnico_responsavel = fields.id<user_id>("tecnico_responsavel");
  patch.unidade_responsavel = fields.id<unit_id>("unidade_responsavel");
  if (const auto status = fields.word("status", company_statuses))
    patch.active = *status == "ativo";
  return patch;
}

}  // namespace

expected<company> read_new_company(std::string_view body) {
  field_reader fields(body);
  const auto given = read_company(fields);
  if (!given.razao_social) fields.refuse(errc::missing_field, "razao_social");
  if (!given.nome_fantasia) fields.refuse(errc::missing_field, "nome_fantasia");
  auto made = patched(company{}, given);
  if (made.cnpj.has_value() == made.caepf.has_value()) fields.refuse(errc::one_registration);
  if (fields.problem()) return tl::unexpected(*fields.problem());
  return made;
}

expected<company_patch> read_company_patch(std::string_view body) {
  field_reader fields(body);
  auto patch = read_company(fields);
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

expected<std::string> read_callback_url(std::string_view body) {
  if (body.find_first_not_of(" \t\r\n") == std::string_view::npos) return std::string();
  const auto given = json::parse(body, nullptr, false);
  if (given.is_null()) return std::string();
  if (!given.is_object()) return fail(errc::invalid_json);
  const auto url = given.find("callbackUrl");
  if (url == given.end() || url->is_null()) return std::string();
  if (!url->is_string()) return fail(errc::invalid_callback_url, url->dump());
  const auto& text = url->get_ref<const std::string&>();
  if (!parse_web_url(text)) return fail(errc::invalid_callback_url, text);
  return text;
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
