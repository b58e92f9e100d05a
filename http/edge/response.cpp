#include "http/edge/response.hpp"

#include <algorithm>
#include <array>

namespace mutirao::http {
namespace {

struct phrase {
  int status;
  std::string_view text;
};

// RFC 9110 15 and, for 507, RFC 4918.
constexpr std::array<phrase, 34> phrases{{
    {100, "Continue"},
    {101, "Switching Protocols"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {413, "Content Too Large"},
    {414, "URI Too Long"},
    {415, "Unsupported Media Type"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
}};

}  // namespace

std::string_view reason_phrase(int status) {
  const auto found =
      std::lower_bound(phrases.begin(), phrases.end(), status,
                       [](const phrase& p, int wanted) { return p.status < wanted; });
  return found != phrases.end() && found->status == status ? found->text : "Unknown";
}

}  // namespace mutirao::http
