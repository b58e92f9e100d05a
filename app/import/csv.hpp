// CSV text as rows of named cells.
//
// Taken: UTF-8 with or without a byte order mark, line ends LF or CRLF, a comma or a semicolon
// between cells (whichever the header row has more of), cells in double quotes with "" for a quote,
// line ends within quotes. Blank lines are skipped. Cells without quotes lose the spaces around.
#pragma once

#include <cstddef>
#include <limits>
#include <string_view>

#include "domain/error.hpp"
#include "domain/text_table.hpp"

namespace mutirao::app {

/// What is taken apart at most, however long a text is and however wide its rows: reading one costs
/// no more memory than its good rows.
struct csv_limits {
  std::size_t rows = std::numeric_limits<std::size_t>::max();
  std::size_t columns = 256;
};

/// The rows with their cells in order; of a text with more rows than the limit that many and one.
/// errc::invalid_csv where the text is not UTF-8 or has no header row, too many columns, or one
/// twice. The details are in English.
expected<text_table> split_csv(std::string_view text, const csv_limits& limits = {});

}  // namespace mutirao::app
