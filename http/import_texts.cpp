#include "http/import_texts.hpp"

#include <array>
#include <string_view>

#include "domain/company_fields.hpp"

namespace mutirao::http {
namespace {

struct fault_text {
  row_fault why;
  std::string_view portuguese;
  std::string_view english;
};

// In the order of row_fault. {f} is the field, {l} its label, {w} what may stand in it, {v} the
// value.
constexpr std::array<fault_text, row_fault_count> texts{{
    {row_fault::stray_quote, "há aspas onde não podem estar: escreva \"\" dentro de aspas",
     "a quote stands where none may: write \"\" for a quote inside a quoted cell"},
    {row_fault::open_quote, "as aspas não fecham", "a quoted cell does not end"},
    {row_fault::too_wide, "há mais células do que colunas", "more cells than columns"},
    {row_fault::no_object, "não é um objeto", "not an object"},
    {row_fault::missing, "{l}: campo obrigatório", "{f} is missing"},
    {row_fault::invalid, "{l}: {w}", "{f} is not valid{w}"},
    {row_fault::invalid_cnpj, "CNPJ inválido: são 14 caracteres, com dígitos verificadores certos",
     "cnpj is not valid (14 characters with right check digits)"},
    {row_fault::invalid_caepf,
     "CAEPF inválido: são 14 dígitos, ou os 11 de um CPF, com verificadores certos",
     "caepf is not valid (14 digits, or the 11 of a CPF, with right check digits)"},
    {row_fault::one_registration, "informe CNPJ ou CAEPF, exatamente um dos dois",
     "cnpj or caepf is needed, exactly one of them"},
    {row_fault::registered, "{v} já está cadastrado", "{v} is registered already"},
    {row_fault::repeated, "{v} já está mais acima neste arquivo",
     "{v} stands further up in this file"},
    {row_fault::id_taken, "o id {v} já está em uso", "id {v} is taken"},
    {row_fault::other_name, "a unidade já existe, como \"{v}\"",
     "the unit exists already, as \"{v}\""},
    {row_fault::unknown_unit, "Unidade responsável: a unidade {v} não existe; confira o número",
     "unit {v} is not stored; import it first, or give its name as unidade_nome"},
    {row_fault::foreign_unit, "sem acesso à unidade {v}", "unit {v} is not yours"},
    {row_fault::no_unit,
     "Unidade responsável: campo obrigatório; só administradores têm empresas sem unidade",
     "unidade_responsavel is missing: only admins have companies without unit"},
    {row_fault::admins_only, "só administradores importam unidades e usuários",
     "only admins import units and users"},
}};

constexpr bool in_order() {
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (static_cast<std::size_t>(texts[i].why) != i) return false;
  }
  return true;
}
static_assert(in_order());

void fill(std::string& text, std::string_view hole, std::string_view with) {
  const auto at = text.find(hole);
  if (at != std::string::npos) text.replace(at, hole.size(), with);
}

std::string_view label_of(const std::string& name) {
  const auto* const field = find_company_field(name);
  return field ? field->label : std::string_view(name);
}

std::string wanted(const std::string& name, language speaks) {
  const auto* const field = find_company_field(name);
  if (speaks == language::english) {
    return field ? ": use " + std::string(field->wants.english) : std::string{};
  }
  return field ? "use " + std::string(field->wants.portuguese) : "valor inválido";
}

}  // namespace

std::string row_message(const bad_row& row, language speaks) {
  const auto& found = texts.at(static_cast<std::size_t>(row.why));
  std::string text(speaks == language::english ? found.english : found.portuguese);
  fill(text, "{f}", row.field);
  fill(text, "{l}", label_of(row.field));
  fill(text, "{w}", wanted(row.field, speaks));
  fill(text, "{v}", row.value);
  return text;
}

}  // namespace mutirao::http
