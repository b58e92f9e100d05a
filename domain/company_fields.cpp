#include "domain/company_fields.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "domain/registration.hpp"

namespace mutirao {
namespace {

std::optional<std::int64_t> number_between(std::string_view text, std::int64_t least,
                                           std::int64_t most) {
  std::int64_t number = 0;
  const auto* const last = text.data() + text.size();
  const auto [end, problem] = std::from_chars(text.data(), last, number);
  const bool whole = problem == std::errc{} && end == last;
  return whole && number >= least && number <= most ? std::optional(number) : std::nullopt;
}

std::optional<std::string> plain(std::string_view text) {
  return is_plain_text(text) ? std::optional<std::string>(text) : std::nullopt;
}

template <class Id>
std::optional<Id> id_in(std::string_view text) {
  const auto number = number_between(text, 1, INT64_MAX);
  return number ? std::optional(Id{*number}) : std::nullopt;
}

std::optional<bool> active_in(std::string_view text) {
  if (text == "ativo") return true;
  if (text == "inativo") return false;
  return std::nullopt;
}

/// Puts what `read` makes of the text into `field`, or clears it.
template <class T, class Read>
bool put(change<T>& field, std::string_view text, Read read) {
  if (text.empty()) {
    field.emplace(std::nullopt);
    return true;
  }
  auto taken = read(text);
  if (taken) field = std::optional<T>(*std::move(taken));
  return taken.has_value();
}

template <class T, class Read>
bool put_always(std::optional<T>& field, std::string_view text, Read read) {
  field = read(text);
  return field.has_value();
}

expected<void> put_registration(change<std::string>& field, std::string_view name,
                                std::string_view text, errc refusal,
                                std::optional<std::string> (*normalize)(std::string_view)) {
  if (!is_plain_text(text)) return fail(errc::invalid_field, std::string(name));
  if (!put(field, text, normalize)) return fail(refusal);
  return {};
}

bool put_plainly(company_patch& patch, std::string_view name, std::string_view text) {
  if (name == "razao_social") return put_always(patch.razao_social, text, plain);
  if (name == "nome_fantasia") return put_always(patch.nome_fantasia, text, plain);
  if (name == "cidade") return put(patch.cidade, text, plain);
  if (name == "telefone") return put(patch.telefone, text, plain);
  if (name == "periodicidade") {
    return put(patch.periodicidade, text,
               [](std::string_view x) { return number_between(x, 0, longest_period_days); });
  }
  if (name == "data_renovacao") return put(patch.data_renovacao, text, parse_date);
  if (name == "tecnico_responsavel") {
    return put(patch.tecnico_responsavel, text, id_in<user_id>);
  }
  if (name == "unidade_responsavel") {
    return put(patch.unidade_responsavel, text, id_in<unit_id>);
  }
  if (name == "status") return put_always(patch.active, text, active_in);
  return false;
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(' ') == std::string_view::npos;
}

}  // namespace

const company_field* find_company_field(std::string_view name) {
  const auto* const found = std::find_if(company_fields.begin(), company_fields.end(),
                                         [&](const auto& each) { return each.name == name; });
  return found == company_fields.end() ? nullptr : found;
}

bool is_plain_text(std::string_view text) {
  return text.size() <= longest_name && std::none_of(text.begin(), text.end(), [](char c) {
           return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
         });
}

expected<void> set_company_field(company_patch& patch, const company_field& field,
                                 std::string_view text) {
  if (field.name == "cnpj") {
    return put_registration(patch.cnpj, field.name, text, errc::invalid_cnpj, normalize_cnpj);
  }
  if (field.name == "caepf") {
    return put_registration(patch.caepf, field.name, text, errc::invalid_caepf, normalize_caepf);
  }
  if (!put_plainly(patch, field.name, text)) {
    return fail(errc::invalid_field, std::string(field.name));
  }
  const bool is_name = field.name == "razao_social" || field.name == "nome_fantasia";
  if (is_name && is_blank(text)) return fail(errc::missing_field, std::string(field.name));
  return {};
}

expected<company> company_from(const company_patch& given) {
  if (!given.razao_social) return fail(errc::missing_field, "razao_social");
  if (!given.nome_fantasia) return fail(errc::missing_field, "nome_fantasia");
  auto made = patched(company{}, given);
  if (made.cnpj.has_value() == made.caepf.has_value()) return fail(errc::one_registration);
  return made;
}

}  // namespace mutirao
