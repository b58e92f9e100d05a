#include "domain/jobs/import_rows.hpp"

#include <algorithm>
#include <memory>
#include <string_view>

#include "domain/packed_text.hpp"

namespace mutirao {
namespace {

constexpr std::size_t rows_of_chunk = 250;
constexpr std::size_t most_quoted = 60;  // bytes of a cell in a reason

// A chunk: how many columns, their names, then of each row its line, how many cells, the cells. A
// row that is none has -1 cells.
struct packed_row {
  std::int64_t line = 0;
  std::vector<std::string_view> cells;
  bool broken = false;
};

void pack_row(std::string& out, const text_row& row) {
  pack(out, static_cast<std::int64_t>(row.line));
  if (row.problem != row_problem::none) return pack(out, std::int64_t{-1});
  pack(out, static_cast<std::int64_t>(row.cells.size()));
  for (const auto& cell : row.cells) pack(out, cell);
}

std::optional<std::vector<std::string_view>> take_texts(unpacker& from, std::int64_t count) {
  std::vector<std::string_view> all;
  for (; count > 0; --count) {
    const auto one = from.text();
    if (!one) return std::nullopt;
    all.push_back(*one);
  }
  return all;
}

std::optional<packed_row> take_row(unpacker& from) {
  const auto line = from.number();
  const auto count = from.number();
  if (!line || !count) return std::nullopt;
  auto cells = take_texts(from, *count);
  if (!cells) return std::nullopt;
  return packed_row{*line, *std::move(cells), *count < 0};
}

// At most most_quoted bytes, cut between two characters.
std::string quoted(std::string_view text) {
  if (text.size() <= most_quoted) return std::string(text);
  std::size_t end = most_quoted;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "…";
}

std::string label_of(const std::string& name) {
  const auto* const field = find_company_field(name);
  return field ? std::string(field->label) : name;
}

std::string wanted(const std::string& name) {
  const auto* const field = find_company_field(name);
  return field ? "use " + std::string(field->wants.portuguese) : "valor inválido";
}

std::string reason(const error& why, std::string_view cell) {
  switch (why.code) {
    case errc::invalid_cnpj:
      return "CNPJ inválido: " + quoted(cell);
    case errc::invalid_caepf:
      return "CAEPF inválido: " + quoted(cell);
    case errc::missing_field:
      return label_of(why.detail) + ": campo obrigatório.";
    case errc::one_registration:
      return "Informe CNPJ ou CAEPF, exatamente um dos dois.";
    default:
      return label_of(why.detail) + ": " + wanted(why.detail) + " (" + quoted(cell) + ")";
  }
}

class row_planner {
 public:
  row_planner(const import_order& order, const std::vector<std::string_view>& columns)
      : order_(order) {
    for (const auto column : columns) fields_.push_back(find_company_field(column));
  }

  item_plan plan(const packed_row& row) const {
    item_plan planned{.item = {row.line}, .tasks = {}, .error = {}};
    company data;
    planned.error =
        row.broken ? "Linha ilegível: confira as aspas e o número de colunas." : read(row, data);
    if (!planned.error.empty()) {
      planned.state = item_state::failed;
      return planned;
    }
    if (order_.generates) {
      planned.tasks = render_tasks(
          data, plan_auto_tasks(order_.run, {data.data_renovacao, data.periodicidade}, {}));
    }
    planned.new_company = std::make_shared<const company>(std::move(data));
    return planned;
  }

 private:
  // Why the row is no company; empty: it is one.
  std::string read(const packed_row& row, company& data) const {
    company_patch given;
    const auto count = std::min(row.cells.size(), fields_.size());
    for (std::size_t i = 0; i < count; ++i) {
      if (row.cells[i].empty() || !fields_[i]) continue;
      const auto set = set_company_field(given, *fields_[i], row.cells[i]);
      if (!set) return reason(set.error(), row.cells[i]);
    }
    auto made = company_from(given);
    if (!made) return reason(made.error(), {});
    data = *std::move(made);
    if (!data.unidade_responsavel) data.unidade_responsavel = order_.unit;
    if (order_.by.may_see(data.unidade_responsavel)) return {};
    if (!data.unidade_responsavel) {
      return label_of("unidade_responsavel") +
             ": campo obrigatório; só administradores têm empresas sem unidade.";
    }
    return "Sem acesso à unidade " + std::to_string(data.unidade_responsavel->value) + ".";
  }

  const import_order& order_;
  std::vector<const company_field*> fields_;
};

item_plan lost(item_id item) {
  return {.item = item, .state = item_state::failed, .tasks = {}, .error = "Linha não encontrada."};
}

}  // namespace

job_payload pack_rows(const text_table& table) {
  job_payload all;
  all.items.reserve(table.rows.size());
  for (const auto& row : table.rows) {
    const item_id item{static_cast<std::int64_t>(row.line)};
    if (all.items.size() % rows_of_chunk == 0) {
      auto& chunk = all.chunks.emplace_back(payload_chunk{item, {}});
      pack(chunk.bytes, static_cast<std::int64_t>(table.columns.size()));
      for (const auto& column : table.columns) pack(chunk.bytes, column);
    }
    pack_row(all.chunks.back().bytes, row);
    all.items.push_back(item);
  }
  return all;
}

std::vector<item_plan> plan_rows(const import_order& order, std::span<const payload_chunk> chunks,
                                 std::span<const item_id> items) {
  std::vector<item_plan> planned;
  planned.reserve(items.size());
  auto next = items.begin();
  for (const auto& chunk : chunks) {
    unpacker from(chunk.bytes);
    const auto columns = take_texts(from, from.number().value_or(0));
    if (!columns) continue;
    const row_planner planner(order, *columns);
    while (next != items.end() && !from.at_end()) {
      const auto row = take_row(from);
      if (!row) break;
      for (; next != items.end() && next->value < row->line; ++next) planned.push_back(lost(*next));
      if (next == items.end() || next->value != row->line) continue;
      planned.push_back(planner.plan(*row));
      ++next;
    }
  }
  for (; next != items.end(); ++next) planned.push_back(lost(*next));
  return planned;
}

}  // namespace mutirao
