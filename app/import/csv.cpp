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
// quotes costs no more than itself. The first row says how many cells the others may have: what
// stands beyond is not kept.
class csv_splitter {
 public:
  csv_splitter(char separator, const csv_limits& limits)
      : separator_(separator), limits_(limits), widest_(limits.columns) {
    begin();
  }
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
      if (enough()) return std::move(rows_);
    }
    if (csv_fini(&parser_, on_cell, on_row, this) != 0) end_row(row_problem::open_quote);
    return std::move(rows_);
  }

 private:
  static void on_cell(void* text, std::size_t size, void* self) {
    static_cast<csv_splitter*>(self)->take_cell({static_cast<const char*>(text), size});
  }

  static void on_row(int /*terminator*/, void* self) {
    static_cast<csv_splitter*>(self)->end_row(row_problem::none);
  }

  void begin() {
    csv_init(&parser_, CSV_STRICT | CSV_STRICT_FINI);
    csv_set_delim(&parser_, static_cast<unsigned char>(separator_));
    // A cell grows by so much at a time; by libcsv's own 128 bytes a long one is copied for ever.
    csv_set_blk_size(&parser_, 64 * 1024);
    csv_set_term_func(&parser_, is_line_end);
    csv_set_space_func(&parser_, is_space);
  }

  // No header, or all rows that may be and one that says that there were more.
  bool enough() const {
    if (!rows_.empty() && rows_.front().problem != row_problem::none) return true;
    return rows_.size() >= 2 && rows_.size() - 2 >= limits_.rows;
  }

  void feed(std::string_view piece, std::size_t line) {
    if (!within_) start_ = line;
    const bool blank = piece.find_first_not_of(" \t\r\n") == piece.npos;
    within_ = within_ || !blank;
    if (csv_parse(&parser_, piece.data(), piece.size(), on_cell, on_row, this) == piece.size()) {
      return;
    }
    end_row(row_problem::stray_quote);
    csv_free(&parser_);
    begin();
  }

  void take_cell(std::string_view cell) {
    if (cells_.size() < widest_) {
      cells_.emplace_back(cell);
    } else {
      too_wide_ = true;
    }
  }

  void end_row(row_problem problem) {
    if (problem == row_problem::none && too_wide_) problem = row_problem::too_wide;
    if (problem != row_problem::none) cells_.clear();
    if (rows_.empty()) widest_ = std::min(widest_, cells_.size());
    rows_.push_back({start_, std::move(cells_), problem});
    cells_ = {};
    within_ = too_wide_ = false;
  }

  char separator_;
  csv_limits limits_;
  std::size_t widest_;  // row that is kept
  csv_parser parser_{};
  std::vector<text_row> rows_;
  std::vector<std::string> cells_;
  std::size_t start_ = 1;
  bool within_ = false;    // a row has begun and not ended
  bool too_wide_ = false;  // it has more cells than are kept
};

// What the header has most of; cells copied out of a spreadsheet have tabs between them.
char separator_of(std::string_view text) {
  const std::string_view header = text.substr(0, text.find('\n'));
  constexpr std::string_view separators = ",;\t";
  const auto fewer = [&](char one, char other) {
    return std::count(header.begin(), header.end(), one) <
           std::count(header.begin(), header.end(), other);
  };
  return *std::max_element(separators.begin(), separators.end(), fewer);
}

// The letter without its accent, of U+00C0 to U+00FF; what has none stays as it is.
char plain_letter(unsigned char last_byte) {
  constexpr std::string_view letters =
      "aaaaaa.ceeeeiiii.nooooo..uuuuy..aaaaaa.ceeeeiiii.nooooo..uuuuy.y";
  const char plain = letters[last_byte & 0x3FU];
  return plain == '.' ? '\0' : plain;
}

// "Data de Renovação" as data_renovacao: people and programs write the same columns.
std::string column_name(std::string_view text) {
  std::string name;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    const bool more = i + 1 < text.size();
    const char plain =
        c == 0xC3 && more ? plain_letter(static_cast<unsigned char>(text[i + 1])) : '\0';
    const bool combining =
        more && (c == 0xCC || (c == 0xCD && static_cast<unsigned char>(text[i + 1]) < 0xB0));
    if (plain != '\0') {
      name += plain;
    } else if (c == ' ' || c == '-' || c == '_') {
      if (!name.empty() && name.back() != '_') name += '_';
    } else if (!combining) {
      name += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : text[i];
    }
    if (plain != '\0' || combining) ++i;
  }
  if (name.ends_with('_')) name.pop_back();
  constexpr std::string_view of = "_de_";
  for (auto at = name.find(of); at != std::string::npos; at = name.find(of)) {
    name.replace(at, of.size(), "_");
  }
  return name;
}

std::string why_no_header(row_problem problem, const csv_limits& limits) {
  switch (problem) {
    case row_problem::too_wide:
      return "more than " + std::to_string(limits.columns) + " columns";
    case row_problem::open_quote:
      return "a quoted cell does not end";
    default:
      return "a quote stands where none may: write \"\" for a quote inside a quoted cell";
  }
}

}  // namespace

expected<text_table> split_csv(std::string_view text, const csv_limits& limits) {
  constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  if (const auto line = first_line_not_utf8(text)) {
    return fail(errc::invalid_csv,
                "line " + std::to_string(*line) + ": not UTF-8; save the file as \"CSV UTF-8\"");
  }
  text_table table{{}, csv_splitter(separator_of(text), limits).split(text)};
  auto& rows = table.rows;
  if (rows.empty()) return fail(errc::invalid_csv, "no header row");
  if (rows.front().problem != row_problem::none) {
    return fail(errc::invalid_csv, "line 1: " + why_no_header(rows.front().problem, limits));
  }
  table.columns = std::move(rows.front().cells);
  rows.erase(rows.begin());
  for (auto& column : table.columns) column = column_name(column);
  std::set<std::string> seen;
  for (const std::string& column : table.columns) {
    if (column.empty() || !seen.insert(column).second) {
      return fail(errc::invalid_csv, "line 1: column \"" + column + "\" " +
                                         (column.empty() ? "has no name" : "stands twice"));
    }
  }
  return table;
}

}  // namespace mutirao::app
