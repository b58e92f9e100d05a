// Rows of cells under named columns, whatever file they came from.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace mutirao {

struct text_row {
  std::size_t line = 0;            // of the file, from 1, where it begins
  std::vector<std::string> cells;  // in the order of the columns; there may be fewer
  std::string problem;             // why it is no row; empty: it is one
};

struct text_table {
  std::vector<std::string> columns;
  std::vector<text_row> rows;
};

}  // namespace mutirao
