// What an error looks like outside: one table from errc to status, type and texts, and the body of
// RFC 9457 made from it. Nothing else decides a status.
#pragma once

#include <string>
#include <string_view>

#include "domain/error.hpp"
#include "http/edge/response.hpp"
#include "http/language.hpp"

namespace mutirao::http {

/// The texts of one language. In `detail`, {} stands for error::detail: only rows whose detail is
/// the caller's own input, the name of a field, a range or a number have it; every other detail
/// stays inside. "one|many" is chosen by that number.
struct problem_texts {
  std::string_view title;
  std::string_view detail;
};

struct problem {
  errc code;
  int status;
  int retry_after;        // seconds; 0: no such header
  std::string_view slug;  // the type is "urn:mutirao:problem:" and this
  problem_texts portuguese;
  problem_texts english;
};

const problem& problem_of(errc code);

/// What `type` and `message` are in the answer for an error.
std::string problem_type(errc code);
std::string problem_message(const error& why);

/// The answer for `why`: application/problem+json with type, title, status, detail and instance,
/// and `message`, always Portuguese (the front end shows it): the detail where that says what was
/// wrong, else the title. A 401 has `error` too. `path` is the request's, still
/// encoded; empty: not known. `more`: further members of the object, as JSON.
response render_problem(const error& why, language speaks, std::string_view path,
                        std::string_view more = {});

}  // namespace mutirao::http
