#include "http/site.hpp"

#include <array>
#include <chrono>
#include <string>
#include <utility>

#include "http/exchange.hpp"
#include "http/problem.hpp"
#include "http/push/socket_line.hpp"
#include "http/routes/page.hpp"
#include "http/routes/table.hpp"

namespace mutirao::http {
namespace {

constexpr std::string_view every_method = "GET, HEAD, POST, PUT, OPTIONS";

std::string_view name_of(method verb) {
  constexpr std::array<std::string_view, 8> names{"GET",    "HEAD",    "POST",  "PUT",
                                                  "DELETE", "OPTIONS", "PATCH", "other"};
  return names[static_cast<std::size_t>(verb)];
}

}  // namespace

site::site(caf::actor_system& system, service what)
    : shared_(std::make_shared<context>(system, std::move(what))), routes_(routes::table()) {}

void site::handle(request&& what, reply out) const {
  auto at = std::make_shared<exchange>();
  at->site = shared_;
  at->what = std::move(what);
  at->out = std::move(out);
  dispatch(at);
}

void site::dispatch(const std::shared_ptr<exchange>& at) const {
  auto where = routes_.find(at->what.method, at->what.path);
  if (!where.found) return refuse_route(*at, where);
  at->out.set_route(where.found->pattern);
  at->values = std::move(where.values);
  at->asked = query(at->what.query);
  if (where.found->who != access::open) {
    auto known = identify(*at, where.found->who);
    if (!known) return at->refuse(known.error());
    at->who = std::move(known->who);
    at->until = known->expires;
  }
  where.found->run(at);
}

expected<verified_token> site::identify(const exchange& at, access how) const {
  const auto authorization = at.what.header("authorization");
  const auto ticket = at.asked.get("ticket");
  if (how != access::ticket || authorization || !ticket) {
    return shared_->tokens.identify(authorization);
  }
  auto whose = shared_->tickets.take(std::string(*ticket), shared_->given.clock->now());
  if (!whose) return fail(errc::invalid_ticket);
  return *std::move(whose);
}

void site::refuse_route(const exchange& at, const router::match& where) const {
  const bool options = at.what.method == method::options;
  if (options && at.what.path == "*") {
    return at.send(shared_->origins.options(at.what, every_method));
  }
  if (where.malformed) return at.refuse({errc::malformed_request, {}});
  if (where.allow.empty()) {
    return routes::wants_page(at.what) ? routes::page_of_nothing(at)
                                       : at.refuse({errc::unknown_route, {}});
  }
  if (options) return at.send(shared_->origins.options(at.what, where.allow));
  auto answer = at.problem({errc::method_not_allowed, {}});
  answer.headers.emplace_back("Allow", std::string(where.allow));
  at.send(std::move(answer));
}

tl::expected<std::size_t, errc> site::body_limit(method verb, std::string_view path,
                                                 const header_values& headers) const {
  const auto where = routes_.find(verb, path);
  const auto bytes = where.found ? where.found->body_bytes : route{}.body_bytes;
  if (bytes <= route{}.body_bytes) return bytes;
  const auto known = shared_->tokens.identify(headers.get("authorization"));
  if (!known) return tl::unexpected(known.error().code);
  return bytes;
}

response site::problem(errc why, const refused_request& what) const {
  auto answer = render_problem({why, {}}, preferred_language(what.accept_language), what.path);
  shared_->origins.admit(what.origin, answer);
  return answer;
}

void site::name_socket(const std::shared_ptr<socketio::socket>& who,
                       const std::string& token) const {
  const auto line = std::make_shared<push::socket_line>(who);
  auto known = shared_->tokens.identify_token(token);
  if (!known) return line->refuse(known.error());
  shared_->streams.open({shared_, std::move(known->who), known->expires, line},
                        push::socket_stream{who});
}

void site::observe(const observation& seen) const {
  using std::chrono::duration;
  const auto route = seen.route.empty() ? std::string_view("none") : seen.route;
  auto& log = *shared_->given.log;
  log.request_took(route, seen.status, duration<double>(seen.duration));
  log.log(log_level::debug, "request",
          {{"method", name_of(seen.method)},
           {"path", seen.path},
           {"status", std::int64_t{seen.status}},
           {"ms", duration<double, std::milli>(seen.duration).count()}});
}

void site::end_streams() {
  shared_->streams.stop();
}

void site::stop() {
  shared_->carriers.stop();
}

edge_hooks hooks_of(std::shared_ptr<const site> of) {
  edge_hooks hooks;
  hooks.handle = [of](request&& what, reply out) { of->handle(std::move(what), std::move(out)); };
  hooks.body_limit = [of](method verb, std::string_view path, const header_values& headers) {
    return of->body_limit(verb, path, headers);
  };
  hooks.problem = [of](errc why, const refused_request& what) { return of->problem(why, what); };
  hooks.observe = [of](const observation& seen) { of->observe(seen); };
  return hooks;
}

}  // namespace mutirao::http
