#include "app/import/reading.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "app/import/csv.hpp"
#include "app/import/utf8.hpp"
#include "domain/company_fields.hpp"
#include "domain/jobs/import_companies.hpp"
#include "http/bodies.hpp"

namespace mutirao::app {
namespace {

using nlohmann::json;

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

enum class row_kind { unit, user, company };

// Where a row stands, as bad_row says it.
struct row_place {
  std::string part;
  std::size_t number = 0;
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

// Fields of a whole file. A body of 16 MiB can hold millions, and each is a value in memory.
constexpr std::size_t most_values = 3'000'000;
constexpr std::size_t longest_value = 60;  // bytes of what a bad row shows

std::string shortened(std::string_view text) {
  if (text.size() <= longest_value) return std::string(text);
  std::size_t end = longest_value;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "…";
}

// What the file holds for a field, for people.
std::string shown(const json& fields, std::string_view field) {
  const auto found = fields.find(field);
  if (found == fields.end() || found->is_null()) return {};
  if (found->is_string()) return shortened(found->get_ref<const std::string&>());
  if (found->is_structured()) return {};
  return shortened(found->dump());
}

row_fault fault_of(errc code) {
  switch (code) {
    case errc::missing_field:
      return row_fault::missing;
    case errc::invalid_cnpj:
      return row_fault::invalid_cnpj;
    case errc::invalid_caepf:
      return row_fault::invalid_caepf;
    case errc::one_registration:
      return row_fault::one_registration;
    default:
      return row_fault::invalid;
  }
}

row_fault fault_of(row_problem what) {
  switch (what) {
    case row_problem::open_quote:
      return row_fault::open_quote;
    case row_problem::too_wide:
      return row_fault::too_wide;
    default:
      return row_fault::stray_quote;
  }
}

// What is wrong with a row, without its place.
struct refusal {
  std::string field;
  row_fault why = row_fault::invalid;
  std::string value;
};
using verdict = std::optional<refusal>;  // nothing: it was taken

verdict judge(const error& why, const json& fields) {
  const auto fault = fault_of(why.code);
  if (fault == row_fault::invalid_cnpj) return refusal{"cnpj", fault, shown(fields, "cnpj")};
  if (fault == row_fault::invalid_caepf) return refusal{"caepf", fault, shown(fields, "caepf")};
  if (fault == row_fault::one_registration) return refusal{"cnpj", fault, {}};
  return refusal{why.detail, fault, shown(fields, why.detail)};
}

// Takes rows in, one after the other, and keeps what the later ones must not clash with.
class row_taker {
 public:
  row_taker(const stored_keys& stored, const import_terms& terms) : known_(stored), terms_(terms) {}

  void take(row_kind kind, row_place at, const json& fields) {
    auto refused = !fields.is_object()      ? refusal{{}, row_fault::no_object, {}}
                   : kind == row_kind::unit ? take_unit(fields)
                   : kind == row_kind::user ? take_user(fields)
                                            : take_company(fields);
    if (refused) return refuse(std::move(at), *std::move(refused));
    ++reading_.total;
  }

  void refuse(row_place at, refusal why) {
    ++reading_.total;
    reading_.bad.push_back(
        {std::move(at.part), at.number, std::move(why.field), why.why, std::move(why.value)});
  }

  bool full() const { return reading_.total >= terms_.most_rows; }

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

  static refusal wrong(const json& fields, const char* field) {
    auto value = shown(fields, field);
    const auto why = value.empty() ? row_fault::missing : row_fault::invalid;
    return {field, why, std::move(value)};
  }

  verdict take_unit(const json& fields) {
    if (!terms_.by.admin) return refusal{{}, row_fault::admins_only, {}};
    const auto id = read_id(fields, "id", true);
    if (!id) return wrong(fields, "id");
    const auto name = read_text(fields, "nome");
    if (!name || name->empty()) return wrong(fields, "nome");
    if (const auto known = known_.units.find(*id); known != known_.units.end()) {
      if (known->second == *name) return std::nullopt;
      return refusal{"id", row_fault::other_name, known->second};
    }
    add_unit(*id, *name);
    return std::nullopt;
  }

  void add_unit(std::int64_t id, const std::string& name) {
    known_.units.emplace(id, name);
    reading_.rows.units.push_back({unit_id{id}, name});
  }

  verdict take_user(const json& fields) {
    if (!terms_.by.admin) return refusal{{}, row_fault::admins_only, {}};
    const auto id = read_id(fields, "id", true);
    if (!id) return wrong(fields, "id");
    if (!users_.insert(*id).second) return refusal{"id", row_fault::repeated, std::to_string(*id)};
    const auto name = read_text(fields, "nome");
    const auto surname = read_text(fields, "sobrenome");
    const auto email = read_text(fields, "email");
    if (!name || name->empty()) return wrong(fields, "nome");
    if (!surname) return wrong(fields, "sobrenome");
    if (!email) return wrong(fields, "email");
    reading_.rows.users.push_back({user_id{*id}, *name, *surname, *email});
    return std::nullopt;
  }

  verdict take_company(const json& fields) {
    const auto id = read_id(fields, "id", false);
    if (!id) return wrong(fields, "id");
    auto made = http::read_new_company(
        fields.dump(-1, ' ', false, nlohmann::detail::error_handler_t::replace));
    if (!made) return judge(made.error(), fields);
    made->id = company_id{*id};
    if (*id != 0 && known_.companies.count(*id) != 0) {
      return refusal{"id", row_fault::id_taken, std::to_string(*id)};
    }
    if (auto clash = clashes(*made)) return clash;
    if (!made->unidade_responsavel) made->unidade_responsavel = terms_.unit;
    if (auto problem = place_in_unit(*made, fields)) return problem;
    if (*id != 0) known_.companies.insert(*id);
    registered_here_.insert(made->cnpj ? *made->cnpj : made->caepf.value_or(""));
    reading_.rows.companies.push_back(std::move(*made));
    return std::nullopt;
  }

  verdict clashes(const company& made) const {
    const char* const field = made.cnpj ? "cnpj" : "caepf";
    const auto registration = made.cnpj ? *made.cnpj : made.caepf.value_or("");
    if (known_.registrations.count(registration) != 0) {
      return refusal{field, row_fault::registered, registration};
    }
    if (registered_here_.count(registration) == 0) return std::nullopt;
    return refusal{field, row_fault::repeated, registration};
  }

  verdict place_in_unit(const company& made, const json& fields) {
    constexpr const char* field = "unidade_responsavel";
    if (!made.unidade_responsavel) {
      if (terms_.by.admin) return std::nullopt;
      return refusal{field, row_fault::no_unit, {}};
    }
    const auto unit = made.unidade_responsavel->value;
    if (!terms_.by.may_see(made.unidade_responsavel)) {
      return refusal{field, row_fault::foreign_unit, std::to_string(unit)};
    }
    if (known_.units.count(unit) != 0) return std::nullopt;
    const auto name = read_text(fields, "unidade_nome");
    if (!terms_.by.admin || !name || name->empty()) {
      return refusal{field, row_fault::unknown_unit, std::to_string(unit)};
    }
    add_unit(unit, *name);
    return std::nullopt;
  }

  stored_keys known_;
  import_terms terms_;
  std::set<std::int64_t> users_;
  std::set<std::string> registered_here_;
  import_reading reading_;
};

json cell_value(const std::string& column, const std::string& text) {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, failure] = std::from_chars(text.data(), end, number);
  if (contains(number_columns, column) && failure == std::errc{} && rest == end) return number;
  return text;
}

json named_cells(const std::vector<std::string>& columns, const std::vector<std::string>& cells) {
  json fields = json::object();
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (!cells[i].empty()) fields[columns[i]] = cell_value(columns[i], cells[i]);
  }
  return fields;
}

template <std::size_t N>
expected<void> check_columns(const std::vector<std::string>& columns,
                             const std::array<std::string_view, N>& allowed) {
  for (const std::string& column : columns) {
    if (!contains(allowed, column)) return fail(errc::unknown_column, column);
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

expected<row_kind> kind_for_job(const std::vector<std::string>& columns) {
  return import_companies::check_columns(columns).map([] { return row_kind::company; });
}

tl::unexpected<error> too_many(const import_terms& terms) {
  return fail(errc::too_many_rows, std::to_string(terms.most_rows));
}

expected<import_reading> read_csv_rows(std::string_view text, const stored_keys& stored,
                                       const import_terms& terms) {
  const auto table = split_csv(text, {.rows = terms.most_rows});
  if (!table) return tl::unexpected(table.error());
  const auto kind = terms.as_job ? kind_for_job(table->columns) : kind_of(table->columns);
  if (!kind) return tl::unexpected(kind.error());
  if (table->rows.size() > terms.most_rows) return too_many(terms);
  row_taker taker(stored, terms);
  for (const auto& row : table->rows) {
    if (row.problem == row_problem::none) {
      taker.take(*kind, {{}, row.line}, named_cells(table->columns, row.cells));
    } else {
      taker.refuse({{}, row.line}, {{}, fault_of(row.problem), {}});
    }
  }
  return taker.finish();
}

// Values beyond are not kept while the rest is read.
expected<json> parse_within_bounds(std::string_view text) {
  if (const auto line = first_line_not_utf8(text)) {
    return fail(errc::invalid_json, "line " + std::to_string(*line) + ": not UTF-8");
  }
  bool too_deep = false;
  std::size_t values = 0;
  const auto within = [&](int depth, json::parse_event_t, const json&) {
    too_deep = too_deep || depth > deepest;
    return !too_deep && ++values <= most_values;
  };
  auto all = json::parse(text, within, false);
  if (too_deep) return fail(errc::invalid_json, "JSON is nested too deep");
  if (values > most_values) return fail(errc::invalid_json, "JSON holds too many values");
  if (all.is_discarded()) return fail(errc::invalid_json, "neither JSON nor CSV");
  return all;
}

expected<import_reading> read_json_rows(std::string_view text, const stored_keys& stored,
                                        const import_terms& terms) {
  const auto all = parse_within_bounds(text);
  if (!all) return tl::unexpected(all.error());
  constexpr std::array<std::pair<const char*, row_kind>, 3> parts{
      {{"unidades", row_kind::unit},
       {"usuarios", row_kind::user},
       {"empresas", row_kind::company}}};
  row_taker taker(stored, terms);
  bool any = false;
  for (const auto& [name, kind] : parts) {
    const auto part = all->find(name);
    if (part == all->end() || part->is_null()) continue;
    if (!part->is_array()) return fail(errc::invalid_field, name);
    any = true;
    std::size_t number = 0;
    for (const json& fields : *part) {
      if (taker.full()) return too_many(terms);
      taker.take(kind, {name, ++number}, fields);
    }
  }
  if (!any) return fail(errc::missing_field, "empresas");
  return taker.finish();
}

}  // namespace

expected<import_reading> read_import(std::string_view text, const stored_keys& stored,
                                     const import_terms& terms) {
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return fail(errc::invalid_csv, "the file is empty");
  return text[first] == '{' && !terms.as_job ? read_json_rows(text.substr(first), stored, terms)
                                             : read_csv_rows(text, stored, terms);
}

import_terms operator_terms() {
  import_terms terms;
  terms.by.admin = true;
  return terms;
}

std::string explain_refusal(const error& why) {
  const auto names = [](const auto& all) {
    std::string text;
    for (const std::string_view name : all) text += (text.empty() ? "" : ", ") + std::string(name);
    return text;
  };
  switch (why.code) {
    case errc::unknown_column:
      return "line 1: unknown column \"" + why.detail + "\"; known are " + names(unit_columns) +
             " of units, " + names(user_columns) + " of users, " + names(company_columns) +
             " of companies";
    case errc::invalid_field:
      return why.detail + " is no array";
    case errc::missing_field:
      return "no unidades, usuarios or empresas in it";
    default:
      return why.detail;
  }
}

}  // namespace mutirao::app
