// What an import found in a file, and what it stored of it.
#pragma once

#include <string>

#include "domain/import_reading.hpp"
#include "http/language.hpp"
#include "http/name_book.hpp"

namespace mutirao::http::json {

/// Bad rows that an answer shows at most; their number is `total` less `good`.
inline constexpr std::size_t most_bad_rows = 1'000;

/// `{total, good, bad:[...], sample:[the first ten companies]}`.
std::string render_import_preview(const import_reading& of, const known_names& names,
                                  language speaks);
/// `{imported, total, good, bad:[...]}`; `imported` counts companies.
std::string render_imported(std::int64_t imported, const import_reading& of, language speaks);
/// The members of a refusal beside those of its problem: `"total":…,"good":…,"bad":[...]`.
std::string render_bad_rows(const import_reading& of, language speaks);

}  // namespace mutirao::http::json
