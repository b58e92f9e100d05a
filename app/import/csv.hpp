// CSV text as rows of named cells.
//
// Taken: UTF-8 with or without a byte order mark, line ends LF or CRLF, a comma or a semicolon
// between cells (whichever the header row has more of), cells in double quotes with "" for a quote,
// line ends within quotes. Blank lines are skipped. Cells without quotes lose the spaces around.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "domain/error.hpp"
#include "domain/text_table.hpp"

namespace mutirao::app {

struct csv_row {
  std::size_t line = 0;                                   // where it begins, from 1
  std::map<std::string, std::string, std::less<>> cells;  // by column; empty cells are not in it
  std::string problem;                                    // why it is no row; empty: it is one
};

struct csv_table {
  std::vector<std::string> columns;
  std::vector<csv_row> rows;
};

/// The rows with their cells in order. errc::invalid_csv where the text is not UTF-8 or has no
/// header row, or a column stands twice. A row with wrong quotes, or with more cells than columns,
/// carries a problem and no cells. The details are in English.
expected<text_table> split_csv(std::string_view text);

/// The same with named cells.
expected<csv_table> read_csv(std::string_view text);

}  // namespace mutirao::app
