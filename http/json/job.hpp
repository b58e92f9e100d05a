// A job as clients see it, and what is answered to its POST.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "actors/messages.hpp"
#include "domain/job.hpp"
#include "domain/job_type.hpp"
#include "domain/ports/reads.hpp"
#include "http/json/writer.hpp"
#include "http/language.hpp"
#include "http/name_book.hpp"

namespace mutirao::http::json {

/// The four words that the front end knows: paused and cancelling are "running", cancelled is
/// "failed". The finer word is mutirao::to_string(state).
std::string_view status_word(job_state state);

/// 100 * current / total, rounded half up; 0 where total is 0.
std::int64_t percentage(std::int64_t current, std::int64_t total);

/// The job object, without `priority` where it is 0. `details`: the lines of a completed job's
/// result; nothing: they are left out, as in lists. Of `names` those that are known are shown.
void write_job(writer& out, const job_view& of, const job_types& types,
               std::optional<std::span<const result_row>> details, const known_names& names = {});

std::string render_job(const job_view& of, const job_types& types,
                       std::optional<std::span<const result_row>> details,
                       const known_names& names = {});

/// The body of a 202.
std::string render_accepted(const job_view& of);
/// The body of a 200: there is nothing to do.
std::string render_empty(const job_view& of, std::string_view nothing);
/// Of a job of any type: with `total` beside `totalEmpresas`.
std::string render_started(const job_view& of);
std::string render_nothing(const job_view& of, std::string_view nothing);
/// The body of a dry run.
std::string render_rehearsal(const actors::rehearse::answer& of);

/// `{jobs:[...], nextCursor}`, without details.
std::string render_jobs(const list_jobs::answer& page, const job_types& types,
                        const known_names& names = {});
/// `{items:[...], nextCursor}`; `item` names an item's number.
std::string render_items(const list_items::answer& page, std::string_view item);
/// `{groups:[{first, items, done, failed, skipped}]}`.
std::string render_groups(const group_items::answer& groups);
/// `{types:[{type, title, description, arguments: JSON Schema}]}`.
std::string render_job_types(const job_types& types, language speaks);

}  // namespace mutirao::http::json
