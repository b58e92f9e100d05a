#include "app/import/reading.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>

#include "app/import/csv.hpp"
#include "app/import/utf8.hpp"
#include "domain/company_fields.hpp"
#include "http/bodies.hpp"

namespace mutirao::app {
namespace {

using nlohmann::json;

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

enum class row_kind { unit, user, company };

// A row as one JSON object, whatever the file's form.
struct named_row {
  std::string place;  // "line 12"
  json fields;
};

constexpr std::array<std::string_view, 15> company_columns{"id",
                                                           "cnpj",
                                                           "caepf",
                                                           "razao_social",
                                                           "nome_fantasia",
                                                           "cidade",
                                                           "telefone",
                                                           "periodicidade",
                                                           "data_renovacao",
                                                           "tecnico_responsavel",
                                                           "unidade_responsavel",
                                                           "status",
                                                           "nome",
                                                           "unidade_nome",
                                                           "tecnico_nome"};
constexpr std::array<std::string_view, 4> user_columns{"id", "nome", "sobrenome", "email"};
constexpr std::array<std::string_view, 2> unit_columns{"id", "nome"};
// Cells of these are numbers where they can be.
constexpr std::array<std::string_view, 4> number_columns{
    "id", "periodicidade", "tecnico_responsavel", "unidade_responsavel"};

template <class Range>
bool contains(const Range& range, std::string_view text) {
  return std::find(range.begin(), range.end(), text) != range.end();
}

// Values within values; what is ours has three. Copying and writing JSON recurses.
constexpr int deepest = 16;

// What a refusal of the API's body readers means to somebody who looks at a file.
std::string explain(const error& why) {
  switch (why.code) {
    case errc::missing_field:
      return why.detail + " is missing";
    case errc::invalid_field:
      return why.detail + " is not valid";
    case errc::invalid_cnpj:
      return "cnpj is not valid (14 characters with right check digits)";
    case errc::invalid_caepf:
      return "caepf is not valid (14 digits, or the 11 of a CPF, with right check digits)";
    case errc::one_registration:
      return "cnpj or caepf is needed, exactly one of them";
    default:
      return std::string(to_string(why.code)) + (why.detail.empty() ? "" : " " + why.detail);
  }
}

// Takes rows in, one after the other, and keeps what the later ones must not clash with.
class row_taker {
 public:
  explicit row_taker(const stored_keys& stored) : known_(stored) {}

  void take(row_kind kind, const named_row& row) {
    std::optional<std::string> problem;
    if (!row.fields.is_object()) {
      problem = "not an object";
    } else if (kind == row_kind::unit) {
      problem = take_unit(row.fields);
    } else if (kind == row_kind::user) {
      problem = take_user(row.fields);
    } else {
      problem = take_company(row.fields);
    }
    if (problem) refuse(row.place, *problem);
  }

  void refuse(const std::string& place, const std::string& why) {
    reading_.problems.push_back(place + ": " + why);
  }

  import_reading finish() {
    // New ids are given behind the highest: those that are named come first.
    std::stable_partition(reading_.rows.companies.begin(), reading_.rows.companies.end(),
                          [](const company& each) { return each.id.value != 0; });
    return std::move(reading_);
  }

 private:
  // 0 where it is absent and may be; nothing where it is no id.
  static std::optional<std::int64_t> read_id(const json& fields, const char* name, bool needed) {
    const auto found = fields.find(name);
    if (found == fields.end() || found->is_null()) return needed ? std::nullopt : std::optional(0L);
    if (!found->is_number_integer()) return std::nullopt;
    const auto id = found->get<std::int64_t>();
    return id > 0 ? std::optional(id) : std::nullopt;
  }

  // Empty where it is absent; nothing where it is no usable text.
  static std::optional<std::string> read_text(const json& fields, const char* name) {
    const auto found = fields.find(name);
    if (found == fields.end() || found->is_null()) return std::string{};
    if (!found->is_string()) return std::nullopt;
    auto text = found->get<std::string>();
    return is_plain_text(text) ? std::optional(text) : std::nullopt;
  }

  std::optional<std::string> take_unit(const json& fields) {
    const auto id = read_id(fields, "id", true);
    if (!id) return "id is missing or no positive whole number";
    const auto name = read_text(fields, "nome");
    if (!name || name->empty()) return "nome is missing or not valid";
    if (const auto known = known_.units.find(*id); known != known_.units.end()) {
      if (known->second == *name) return std::nullopt;
      return "unit " + std::to_string(*id) + " exists already, as \"" + known->second + "\"";
    }
    add_unit(*id, *name);
    return std::nullopt;
  }

  void add_unit(std::int64_t id, const std::string& name) {
    known_.units.emplace(id, name);
    reading_.rows.units.push_back({unit_id{id}, name});
  }

  std::optional<std::string> take_user(const json& fields) {
    const auto id = read_id(fields, "id", true);
    if (!id) return "id is missing or no positive whole number";
    if (!users_.insert(*id).second) return "user " + std::to_string(*id) + " stands twice";
    const auto name = read_text(fields, "nome");
    const auto surname = read_text(fields, "sobrenome");
    const auto email = read_text(fields, "email");
    if (!name || name->empty()) return "nome is missing or not valid";
    if (!surname) return "sobrenome is not valid";
    if (!email) return "email is not valid";
    reading_.rows.users.push_back({user_id{*id}, *name, *surname, *email});
    return std::nullopt;
  }

  std::optional<std::string> take_company(const json& fields) {
    const auto id = read_id(fields, "id", false);
    if (!id) return "id is no positive whole number";
    auto made = http::read_new_company(
        fields.dump(-1, ' ', false, nlohmann::detail::error_handler_t::replace));
    if (!made) return explain(made.error());
    made->id = company_id{*id};
    if (*id != 0 && known_.companies.count(*id) != 0) {
      return "id " + std::to_string(*id) + " is taken";
    }
    const std::string registration = made->cnpj ? *made->cnpj : made->caepf.value_or("");
    if (known_.registrations.count(registration) != 0) {
      return registration + " is registered already";
    }
    if (auto problem = place_in_unit(*made, fields)) return problem;
    if (*id != 0) known_.companies.insert(*id);
    known_.registrations.insert(registration);
    reading_.rows.companies.push_back(std::move(*made));
    return std::nullopt;
  }

  std::optional<std::string> place_in_unit(const company& made, const json& fields) {
    if (!made.unidade_responsavel) return std::nullopt;
    const std::int64_t unit = made.unidade_responsavel->value;
    if (known_.units.count(unit) != 0) return std::nullopt;
    const auto name = read_text(fields, "unidade_nome");
    if (!name || name->empty()) {
      return "unit " + std::to_string(unit) +
             " is not stored; import it first, or give its name as unidade_nome";
    }
    add_unit(unit, *name);
    return std::nullopt;
  }

  stored_keys known_;
  std::set<std::int64_t> users_;
  import_reading reading_;
};

json cell_value(const std::string& column, const std::string& text) {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, failure] = std::from_chars(text.data(), end, number);
  if (contains(number_columns, column) && failure == std::errc{} && rest == end) return number;
  return text;
}

template <std::size_t N>
expected<void> check_columns(const std::vector<std::string>& columns,
                             const std::array<std::string_view, N>& allowed) {
  for (const std::string& column : columns) {
    if (contains(allowed, column)) continue;
    std::string names;
    for (const std::string_view name : allowed)
      names += (names.empty() ? "" : ", ") + std::string(name);
    return fail(errc::invalid_field,
                "line 1: unknown column \"" + column + "\"; known are " + names);
  }
  return {};
}

expected<row_kind> kind_of(const std::vector<std::string>& columns) {
  const bool company = contains(columns, "razao_social");
  const bool user = contains(columns, "sobrenome") || contains(columns, "email");
  const auto checked = company ? check_columns(columns, company_columns)
                       : user  ? check_columns(columns, user_columns)
                               : check_columns(columns, unit_columns);
  if (!checked) return tl::unexpected(checked.error());
  return company ? row_kind::company : user ? row_kind::user : row_kind::unit;
}

expected<import_reading> read_csv_rows(std::string_view text, const stored_keys& stored) {
  const auto table = read_csv(text);
  if (!table) return tl::unexpected(table.error());
  const auto kind = kind_of(table->columns);
  if (!kind) return tl::unexpected(kind.error());
  row_taker taker(stored);
  for (const csv_row& row : table->rows) {
    named_row named{"line " + std::to_string(row.line), json::object()};
    if (!row.problem.empty()) {
      taker.refuse(named.place, row.problem);
      continue;
    }
    for (const auto& [column, cell] : row.cells) named.fields[column] = cell_value(column, cell);
    taker.take(*kind, named);
  }
  return taker.finish();
}

expected<import_reading> read_json_rows(std::string_view text, const stored_keys& stored) {
  if (const auto line = first_line_not_utf8(text)) {
    return fail(errc::invalid_field, "line " + std::to_string(*line) + ": not UTF-8");
  }
  bool too_deep = false;
  const auto within_depth = [&](int depth, json::parse_event_t, const json&) {
    too_deep = too_deep || depth > deepest;
    return !too_deep;
  };
  const json all = json::parse(text, within_depth, false);
  if (too_deep) return fail(errc::invalid_field, "JSON is nested too deep");
  if (all.is_discarded()) return fail(errc::invalid_field, "neither JSON nor CSV");
  constexpr std::array<std::pair<const char*, row_kind>, 3> parts{
      {{"unidades", row_kind::unit},
       {"usuarios", row_kind::user},
       {"empresas", row_kind::company}}};
  row_taker taker(stored);
  bool any = false;
  for (const auto& [name, kind] : parts) {
    const auto part = all.find(name);
    if (part == all.end() || part->is_null()) continue;
    if (!part->is_array()) return fail(errc::invalid_field, std::string(name) + " is no array");
    any = true;
    std::size_t number = 0;
    for (const json& fields : *part) {
      taker.take(kind, {std::string(name) + " " + std::to_string(++number), fields});
    }
  }
  if (!any) return fail(errc::invalid_field, "no unidades, usuarios or empresas in it");
  return taker.finish();
}

}  // namespace

expected<import_reading> read_import(std::string_view text, const stored_keys& stored) {
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return fail(errc::invalid_field, "the file is empty");
  return text[first] == '{' ? read_json_rows(text.substr(first), stored)
                            : read_csv_rows(text, stored);
}

}  // namespace mutirao::app
