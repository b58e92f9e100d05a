// Rows of cells under named columns, whatever file they came from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace mutirao {

/// Why a row is none.
enum class row_problem : std::uint8_t {
  none,
  stray_quote,  // a quote within a cell that does not begin with one
  open_quote,   // a quoted cell does not end
  too_wide,     // more cells than columns
};

struct text_row {
  std::size_t line = 0;                     // of the file, from 1, where it begins
  std::vector<std::string> cells;           // in the order of the columns; there may be fewer
  row_problem problem = row_problem::none;  // with one there are no cells
};

struct text_table {
  std::vector<std::string> columns;
  std::vector<text_row> rows;
};

}  // namespace mutirao
