// The rules for what people give of a company, field by field as text: what a body, a CSV cell or a
// row of an import says goes through here.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "domain/company.hpp"
#include "domain/error.hpp"

namespace mutirao {

/// A field may not say more of these than a person would.
inline constexpr std::size_t longest_name = 300;             // bytes
inline constexpr std::int64_t longest_period_days = 36'500;  // 0 to this

enum class field_form : std::uint8_t { text, number };

/// What a value has to be, as told to who gave another: "use ...".
struct field_wants {
  std::string_view portuguese;
  std::string_view english;
};
inline constexpr field_wants a_text{"um texto curto, em uma linha", "a short text on one line"};

struct company_field {
  std::string_view name;
  field_form form = field_form::text;
  bool clears = true;          // may be empty, which stands for null
  std::string_view label;      // for people, in Portuguese
  field_wants wants = a_text;  // what may stand in it
};

/// All of them but the id, in the order in which they are checked.
inline constexpr std::array<company_field, 11> company_fields{{
    {"cnpj", field_form::text, true, "CNPJ"},
    {"caepf", field_form::text, true, "CAEPF"},
    {"razao_social", field_form::text, false, "Razão social"},
    {"nome_fantasia", field_form::text, false, "Nome fantasia"},
    {"cidade", field_form::text, true, "Cidade"},
    {"telefone", field_form::text, true, "Telefone"},
    {"periodicidade",
     field_form::number,
     true,
     "Periodicidade",
     {"dias, de 0 a 36500", "days, 0 to 36500"}},
    {"data_renovacao",
     field_form::text,
     true,
     "Data de renovação",
     {"AAAA-MM-DD, de um dia que existe", "YYYY-MM-DD, of a day that there is"}},
    {"tecnico_responsavel",
     field_form::number,
     true,
     "Técnico responsável",
     {"o número do usuário", "the user's id"}},
    {"unidade_responsavel",
     field_form::number,
     true,
     "Unidade responsável",
     {"o número da unidade", "the unit's id"}},
    {"status", field_form::text, false, "Status", {"ativo ou inativo", "ativo or inativo"}},
}};

/// Nothing where there is no such field.
const company_field* find_company_field(std::string_view name);

/// Whether a text may stand in a field: no control characters, not too long.
bool is_plain_text(std::string_view text);

/// Sets one field; an empty text clears it. Registrations are normalized. errc::missing_field (a
/// name that is blank), invalid_field, invalid_cnpj, invalid_caepf; the first two name the field.
expected<void> set_company_field(company_patch&, const company_field&, std::string_view text);

/// The company that did not exist before: razao_social and nome_fantasia are needed, and one of
/// cnpj and caepf. errc::missing_field, one_registration.
expected<company> company_from(const company_patch&);

}  // namespace mutirao
