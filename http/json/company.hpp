// A company as clients see it.
#pragma once

#include <string>

#include "domain/ports/reads.hpp"
#include "domain/ports/store.hpp"
#include "http/json/writer.hpp"

namespace mutirao::http::json {

/// The stored fields and the names beside them; what is absent is left out, and an id that
/// is 0: not stored yet.
void write_company(writer& out, const company_row& of);

std::string render_company(const company_row& of);
/// With `tasksRemoved` and `tasksCreated`: what the change did to its tasks.
std::string render_changed_company(const company_row& of, const edit_company::answer& change);

/// `{companies:[...], total, nextCursor}`: one page. `counted`: the answer holds the total of all.
std::string render_companies(const list_companies::answer& of, bool counted);

}  // namespace mutirao::http::json
