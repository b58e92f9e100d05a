#include "http/routes/page.hpp"

#include <algorithm>
#include <string>

#include "http/web/bundle.hpp"
#include "http/web/negotiation.hpp"

namespace mutirao::http::routes {
namespace {

constexpr std::string_view content_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";
constexpr std::string_view ask_each_time = "no-cache";
constexpr std::string_view never_changes = "public, max-age=31536000, immutable";

void answer_with(const exchange& at, const web::file& file, std::string_view caching,
                 int status = 200) {
  const bool zipped = web::takes_gzip(at.what.header("accept-encoding").value_or(""));
  const auto tag = '"' + std::string(file.hash) + (zipped ? "-gz\"" : "\"");
  response answer{status,
                  std::string(file.type),
                  {{"Cache-Control", std::string(caching)},
                   {"ETag", tag},
                   {"Vary", "Accept-Encoding"},
                   {"Content-Security-Policy", std::string(content_policy)},
                   {"X-Content-Type-Options", "nosniff"},
                   {"Referrer-Policy", "no-referrer"},
                   {"Cross-Origin-Opener-Policy", "same-origin"}},
                  {}};
  if (status == 200 && web::has_already(at.what.header("if-none-match").value_or(""), tag)) {
    answer.status = 304;
    answer.content_type.clear();
    return at.send(std::move(answer));
  }
  if (zipped) answer.headers.emplace_back("Content-Encoding", "gzip");
  answer.body = zipped ? file.gzip : file.plain;
  at.send(std::move(answer));
}

}  // namespace

bool wants_page(const request& what) {
  const bool reads = what.method == method::get || what.method == method::head;
  return reads && !what.path.starts_with("/api/") &&
         what.header("accept").value_or("").find("text/html") != std::string_view::npos;
}

void page_of_nothing(const exchange& at) {
  answer_with(at, web::bundle().front(), ask_each_time, 404);
}

void page(const exchange_ptr& at) {
  answer_with(*at, web::bundle().front(), ask_each_time);
}

void page_asset(const exchange_ptr& at) {
  const auto files = web::bundle().subspan(1);
  const auto found = std::find_if(files.begin(), files.end(), [&at](const web::file& file) {
    return file.path == at->what.path;
  });
  if (found == files.end()) return at->refuse({errc::unknown_route, {}});
  answer_with(*at, *found, never_changes);
}

void page_icon(const exchange_ptr& at) {
  const auto files = web::bundle();
  const auto found = std::find_if(files.begin(), files.end(), [](const web::file& file) {
    return file.path.ends_with("/favicon.svg");
  });
  if (found == files.end()) return at->refuse({errc::unknown_route, {}});
  answer_with(*at, *found, ask_each_time);
}

}  // namespace mutirao::http::routes
