#include "http/exchange.hpp"

#include <utility>

#include "http/problem.hpp"

namespace mutirao::http {
namespace {

/// What is the service's own trouble. Limits that are reached are not: they would fill the log when
/// there is least time for it.
bool is_trouble(errc code) {
  return code >= errc::stale_fence || code == errc::disk_full;
}

}  // namespace

void exchange::send(response answer) const {
  site->origins.admit(what.header("origin").value_or(""), answer);
  out.send(std::move(answer));
}

stream exchange::begin_stream(response head) const {
  site->origins.admit(what.header("origin").value_or(""), head);
  return out.begin_stream(std::move(head));
}

response exchange::problem(const error& why) const {
  return render_problem(why, preferred_language(what.header("accept-language").value_or("")),
                        what.path);
}

void exchange::refuse(const error& why) const {
  if (is_trouble(why.code)) {
    site->given.log->log(log_level::warning, "request_failed",
                         {{"path", std::string_view(what.path)},
                          {"code", to_string(why.code)},
                          {"detail", std::string_view(why.detail)}});
  }
  send(problem(why));
}

response json_answer(std::string body, int status) {
  return {status, "application/json", {}, std::move(body)};
}

}  // namespace mutirao::http
