#include "http/json/import.hpp"

#include <algorithm>
#include <set>

#include "http/import_texts.hpp"
#include "http/json/company.hpp"
#include "http/json/writer.hpp"

namespace mutirao::http::json {
namespace {

constexpr std::size_t sample_size = 10;

/// As a sentence.
std::string sentence(std::string text) {
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') {
    text.front() = static_cast<char>(text.front() - 'a' + 'A');
  }
  return text + ".";
}

void write_counts(writer& out, const import_reading& of, language speaks) {
  out.field("total", of.total).field("good", of.total - of.bad.size());
  out.key("bad").begin_array();
  for (std::size_t i = 0; i < std::min(of.bad.size(), most_bad_rows); ++i) {
    const auto& row = of.bad[i];
    out.begin_object().field("line", row.number);
    if (!row.part.empty()) out.field("part", row.part);
    if (!row.field.empty()) out.field("field", row.field);
    if (!row.value.empty()) out.field("value", row.value);
    out.field("message", sentence(row_message(row, speaks))).end_object();
  }
  out.end_array();
}

}  // namespace

std::string render_import_preview(const import_reading& of, const known_names& names,
                                  language speaks) {
  writer out;
  out.begin_object();
  write_counts(out, of, speaks);
  out.key("sample").begin_array();
  const auto& companies = of.rows.companies;
  for (std::size_t i = 0; i < std::min(companies.size(), sample_size); ++i) {
    company_row row{companies[i], {}, {}};
    if (const auto unit = row.data.unidade_responsavel) {
      if (const auto* name = names.unit(*unit)) row.unit_name = *name;
    }
    write_company(out, row);
  }
  out.end_array().key("units").begin_array();
  std::set<std::int64_t> units;
  for (const auto& each : companies) {
    if (each.unidade_responsavel) units.insert(each.unidade_responsavel->value);
  }
  for (const auto unit : units) out.value(unit);
  out.end_array().end_object();
  return out.take();
}

std::string render_imported(std::int64_t imported, const import_reading& of, language speaks) {
  writer out;
  out.begin_object().field("imported", imported);
  write_counts(out, of, speaks);
  out.end_object();
  return out.take();
}

std::string render_bad_rows(const import_reading& of, language speaks) {
  writer out;
  out.begin_object();
  write_counts(out, of, speaks);
  out.end_object();
  auto object = out.take();
  return object.substr(1, object.size() - 2);
}

}  // namespace mutirao::http::json
