#include "app/import/csv.hpp"

#include <csv.h>

#include <algorithm>
#include <set>

#include "app/import/utf8.hpp"

namespace mutirao::app {
namespace {

// A lone CR is no line end, but one before LF is nothing: so it counts as a space around a cell.
int is_line_end(unsigned char c) {
  return c == '\n' ? 1 : 0;
}
int is_space(unsigned char c) {
  return c == ' ' || c == '\t' || c == '\r' ? 1 : 0;
}

// libcsv told line by line, so that each row knows where it begins, and so that one row with wrong
// quotes costs no more than itself.
class csv_splitter {
 public:
  explicit csv_splitter(char separator) : separator_(separator) { begin(); }
  ~csv_splitter() { csv_free(&parser_); }
  csv_splitter(const csv_splitter&) = delete;
  csv_splitter& operator=(const csv_splitter&) = delete;

  std::vector<text_row> split(std::string_view text) {
    std::size_t line = 0;
    while (!text.empty()) {
      const std::size_t end = text.find('\n');
      const std::string_view piece = text.substr(0, end == text.npos ? end : end + 1);
      text.remove_prefix(piece.size());
      feed(piece, ++line);
    }
    if (csv_fini(&parser_, on_cell, on_row, this) != 0) refuse("a quoted cell does not end");
    return std::move(rows_);
  }

 private:
  static void on_cell(void* text, std::size_t size, void* self) {
    static_cast<csv_splitter*>(self)->cells_.emplace_back(static_cast<const char*>(text), size);
  }

  static void on_row(int /*terminator*/, void* self) {
    static_cast<csv_splitter*>(self)->end_row({});
  }

  void begin() {
    csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI);
    csv_set_delim(&parser_, static_cast<unsigned char>(separator_));
    csv_set_term_func(&parser_, is_line_end);
    csv_set_space_func(&parser_, is_space);
  }

  void feed(std::string_view piece, std::size_t line) {
    if (!within_) start_ = line;
    const bool blank = piece.find_first_not_of(" \t\r\n") == piece.npos;
    within_ = within_ || !blank;
    if (csv_parse(&parser_, piece.data(), piece.size(), on_cell, on_row, this) == piece.size()) {
      return;
    }
    refuse("a quote stands where none may: write \"\" for a quote inside a quoted cell");
    csv_free(&parser_);
    begin();
  }

  void refuse(std::string why) { end_row(std::move(why)); }

  void end_row(std::string problem) {
    rows_.push_back({start_, std::move(cells_), std::move(problem)});
    cells_.clear();
    within_ = false;
  }

  char separator_;
  csv_parser parser_{};
  std::vector<text_row> rows_;
  std::vector<std::string> cells_;
  std::size_t start_ = 1;
  bool within_ = false;  // a row has begun and not ended
};

char separator_of(std::string_view text) {
  const std::string_view header = text.substr(0, text.find('\n'));
  const auto commas = std::count(header.begin(), header.end(), ',');
  return std::count(header.begin(), header.end(), ';') > commas ? ';' : ',';
}

void check_width(text_row& row, std::size_t columns) {
  if (!row.problem.empty() || row.cells.size() <= columns) return;
  row.problem = std::to_string(row.cells.size()) + " cells in a row of " + std::to_string(columns) +
                " columns";
}

csv_row name_cells(text_row raw, const std::vector<std::string>& columns) {
  csv_row row{raw.line, {}, std::move(raw.problem)};
  if (!row.problem.empty()) return row;
  for (std::size_t i = 0; i < raw.cells.size(); ++i) {
    if (!raw.cells[i].empty()) row.cells.emplace(columns[i], std::move(raw.cells[i]));
  }
  return row;
}

}  // namespace

expected<text_table> split_csv(std::string_view text) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  if (const auto line = first_line_not_utf8(text)) {
    return fail(errc::invalid_csv,
                "line " + std::to_string(*line) + ": not UTF-8; save the file as \"CSV UTF-8\"");
  }
  text_table table{{}, csv_splitter(separator_of(text)).split(text)};
  auto& rows = table.rows;
  if (rows.empty()) return fail(errc::invalid_csv, "no header row");
  if (!rows.front().problem.empty()) {
    return fail(errc::invalid_csv, "line 1: " + rows.front().problem);
  }
  table.columns = std::move(rows.front().cells);
  rows.erase(rows.begin());
  std::set<std::string> seen;
  for (const std::string& column : table.columns) {
    if (column.empty() || !seen.insert(column).second) {
      return fail(errc::invalid_csv, "line 1: column \"" + column + "\" " +
                                         (column.empty() ? "has no name" : "stands twice"));
    }
  }
  for (auto& row : rows) check_width(row, table.columns.size());
  return table;
}

expected<csv_table> read_csv(std::string_view text) {
  auto split = split_csv(text);
  if (!split) return tl::unexpected(std::move(split.error()));
  csv_table table{std::move(split->columns), {}};
  for (auto& row : split->rows) table.rows.push_back(name_cells(std::move(row), table.columns));
  return table;
}

}  // namespace mutirao::app
