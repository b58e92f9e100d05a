// A company as clients see it.
#pragma once

#include <string>

#include "domain/ports/reads.hpp"
#include "http/json/writer.hpp"

namespace mutirao::http::json {

/// The stored fields and the names beside them; what is absent is left out, and an id that
/// is 0: not stored yet.
void write_company(writer& out, const company_row& of);

std::string render_company(const company_row& of);

/// `{companies:[...], total, nextCursor}`: one page. `counted`: the answer holds the total of all.
std::string render_companies(const list_companies::answer& of, bool counted);

}  // namespace mutirao::http::json
