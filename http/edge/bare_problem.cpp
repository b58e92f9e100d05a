#include "http/edge/bare_problem.hpp"

#include <string>

namespace mutirao::http {
namespace {

int status_of(errc code) {
  switch (code) {
    case errc::malformed_request:
      return 400;
    case errc::unknown_route:
      return 404;
    case errc::body_too_large:
      return 413;
    case errc::target_too_long:
      return 414;
    case errc::head_too_large:
      return 431;
    case errc::unsupported_transfer_coding:
      return 501;
    case errc::overloaded:
    case errc::draining:
      return 503;
    case errc::deadline:
      return 504;
    case errc::unsupported_version:
      return 505;
    default:
      return 500;
  }
}

}  // namespace

response bare_problem(errc code) {
  const int status = status_of(code);
  std::string text = R"({"type":"about:blank","title":")";
  text.append(reason_phrase(status)).append(R"(","status":)").append(std::to_string(status));
  text.append("}");
  return {status, "application/problem+json", {}, std::move(text)};
}

}  // namespace mutirao::http
