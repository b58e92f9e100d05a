#include "http/routes/accounts.hpp"

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>

#include "http/ask.hpp"
#include "http/json/user.hpp"
#include "http/sign_in/bodies.hpp"
#include "http/sign_in/session_cookie.hpp"

namespace mutirao::http::routes {
namespace {

using std::chrono::seconds;

response private_answer(std::string body, int status = 200) {
  auto answer = json_answer(std::move(body), status);
  answer.headers.emplace_back("Cache-Control", "no-store");
  return answer;
}

void refuse(const exchange_ptr& at, const error& why) {
  auto answer = at->problem(why);
  answer.headers.emplace_back("Cache-Control", "no-store");
  at->send(std::move(answer));
}

token_claims claims_of(const account& of, instant now) {
  token_claims claims;
  claims.user = of.who.id;
  claims.name = of.who.name;
  claims.email = of.who.email;
  claims.cargo = of.rights.cargo_id;
  claims.units = of.rights.units;
  if (claims.units.size() > most_units_of_token) claims.units.resize(most_units_of_token);
  claims.sectors = of.rights.sectors;
  claims.admin = of.rights.admin;
  claims.issued_at = now;
  return claims;
}

struct opened_session {
  account whose;  // an admin also where the cargo says so
  std::string token;
  std::string cookie;  // Set-Cookie; empty: none, the page is of another origin
};

expected<opened_session> open_session(const exchange& at, account whose) {
  const auto& tokens = at.site->tokens;
  if (tokens.means_admin(whose.rights.cargo_id)) whose.rights.admin = true;
  const auto claims = claims_of(whose, at.site->given.clock->now());
  opened_session made{std::move(whose), {}, {}};
  auto token = tokens.issue(claims);
  if (!token) return tl::unexpected(std::move(token).error());
  made.token = *token;
  if (is_from_elsewhere(at.what)) return made;
  if (token->size() > most_cookie_token_bytes) {
    // Who it is says enough: rights are read anew whenever the cookie is used.
    token_claims bare;
    bare.user = claims.user;
    bare.issued_at = claims.issued_at;
    token = tokens.issue(bare);
    if (!token) return tl::unexpected(std::move(token).error());
  }
  made.cookie = session_cookie(at.what, *token, claims.lifetime);
  return made;
}

void send_session(const exchange_ptr& at, account whose) {
  const auto session = open_session(*at, std::move(whose));
  if (!session) return at->refuse(session.error());
  json::writer out;
  json::write_session(out, session->token, session->whose);
  auto answer = private_answer(out.take());
  if (!session->cookie.empty()) answer.headers.emplace_back("Set-Cookie", session->cookie);
  at->send(std::move(answer));
}

// ---- by e-mail and password

void count(const exchange& at, counter what) {
  at.site->given.log->add(what, 1);
}

void slow_down(const exchange_ptr& at, seconds wait) {
  count(*at, counter::sign_ins_slowed);
  const auto text = std::to_string(wait.count());
  auto answer = at->problem({errc::sign_in_slowed, text});
  for (auto& [name, value] : answer.headers) {
    if (name == "Retry-After") value = text;
  }
  answer.headers.emplace_back("Cache-Control", "no-store");
  at->send(std::move(answer));
}

// Not what was given as e-mail: people type their passwords there.
void refuse_credentials(const exchange_ptr& at, const std::optional<account>& found) {
  count(*at, counter::sign_ins_refused);
  at->site->given.log->log(log_level::info, "sign_in_refused",
                           {{"user", found ? found->who.id.value : std::int64_t{0}},
                            {"peer", std::string_view(at->what.peer)}});
  refuse(at, {errc::wrong_credentials, {}});
}

void let_in(const exchange_ptr& at, const std::string& email, account whose) {
  at->site->sign_ins.right(email);
  count(*at, counter::sign_ins);
  at->site->given.log->log(
      log_level::info, "signed_in",
      {{"user", whose.who.id.value}, {"peer", std::string_view(at->what.peer)}});
  send_session(at, std::move(whose));
}

void not_tried(const exchange_ptr& at, const std::string& email, const error& why) {
  at->site->sign_ins.not_tried(email);
  at->refuse(why);
}

void check(const exchange_ptr& at, credentials given, std::optional<account> found) {
  const auto& checker = at->site->given.passwords;
  if (!checker) return at->refuse({errc::internal, "nobody checks passwords"});
  actors::check_password question{std::move(given.password), found ? found->password : ""};
  ask(at, checker, std::move(question),
      [at, email = std::move(given.email), found = std::move(found)](expected<bool>&& fits) {
        if (!fits) return not_tried(at, email, fits.error());
        if (!*fits || !found->may_sign_in()) return refuse_credentials(at, found);
        let_in(at, email, *found);
      });
}

// ---- by a token

/// The token of the header, where `with_header`, else the first good one of the cookies.
expected<verified_token> shown_token(const exchange& at, bool with_header) {
  const auto& tokens = at.site->tokens;
  expected<verified_token> known = fail(errc::missing_token);
  if (with_header) known = tokens.identify(at.what.header("authorization"));
  for (const auto token : session_tokens(at.what)) {
    if (known) break;
    known = tokens.identify_token(token);
  }
  return known;
}

const account* made_up(const exchange& at, user_id id) {
  const auto& all = at.site->given.made_up_users;
  const auto found =
      std::find_if(all.begin(), all.end(), [id](const account& each) { return each.who.id == id; });
  return found == all.end() ? nullptr : &*found;
}

/// Whose session `shown` stands for now. Nothing where that user is not stored here, is disabled,
/// or has another password since.
std::optional<account> holder(const exchange& at, const verified_token& shown,
                              std::optional<account>&& stored) {
  if (!stored || stored->password.empty()) {
    const auto* user = made_up(at, shown.who->user);
    return user ? std::optional(*user) : std::nullopt;
  }
  const auto since = std::chrono::floor<seconds>(stored->password_since.value_or(instant()));
  const bool good = stored->may_sign_in() && shown.issued && *shown.issued >= since;
  return good ? std::move(stored) : std::nullopt;
}

bool offers_made_up_users(const exchange& at) {
  return !at.site->given.made_up_users.empty() && is_for_this_machine(at.what) &&
         !is_from_elsewhere(at.what);
}

void send_found(const exchange_ptr& at, std::optional<account> whose) {
  json::writer out;
  out.begin_object();
  std::string cookie;
  if (whose) {
    const auto session = open_session(*at, *std::move(whose));
    if (session) {
      json::write_session(out.key("session"), session->token, session->whose);
      cookie = session->cookie;
    }
  } else if (!session_tokens(at->what).empty()) {
    cookie = cleared_session_cookie(at->what);
  }
  if (offers_made_up_users(*at)) {
    json::write_made_up_users(out.key("devUsers"), at->site->given.made_up_users);
  }
  out.end_object();
  auto answer = private_answer(out.take());
  if (!cookie.empty()) answer.headers.emplace_back("Set-Cookie", cookie);
  at->send(std::move(answer));
}

}  // namespace

void sign_in(const exchange_ptr& at) {
  auto given = read_credentials(at->what.body);
  if (!given) return refuse(at, given.error());
  const auto wait = at->site->sign_ins.begin(given->email, at->site->given.clock->now());
  if (wait) return slow_down(at, *wait);
  find_account question{given->email};
  ask(at, at->site->next_reader(), std::move(question),
      [at, given = *std::move(given)](expected<find_account::answer>&& found) mutable {
        if (!found) return not_tried(at, given.email, found.error());
        check(at, std::move(given), *std::move(found));
      });
}

void renew_session(const exchange_ptr& at) {
  auto shown = shown_token(*at, true);
  if (!shown) return refuse(at, shown.error());
  ask(at, at->site->next_reader(), find_account{shown->who->user},
      [at, shown = *shown](find_account::answer&& stored) {
        auto whose = holder(*at, shown, std::move(stored));
        if (!whose) return refuse(at, {errc::invalid_token, {}});
        send_session(at, *std::move(whose));
      });
}

void find_session(const exchange_ptr& at) {
  auto shown = shown_token(*at, false);
  if (!shown) return send_found(at, std::nullopt);
  ask(at, at->site->next_reader(), find_account{shown->who->user},
      [at, shown = *shown](expected<find_account::answer>&& stored) {
        // The cookie may be good: a store that is away says nothing of it.
        if (!stored) return at->send(private_answer("{}"));
        send_found(at, holder(*at, shown, *std::move(stored)));
      });
}

void sign_in_made_up(const exchange_ptr& at) {
  if (!offers_made_up_users(*at)) return at->refuse({errc::unknown_route, {}});
  const auto id = read_made_up_user(at->what.body);
  if (!id) return refuse(at, id.error());
  const auto* user = made_up(*at, *id);
  if (!user) return refuse(at, {errc::unknown_user, {}});
  send_session(at, *user);
}

void sign_out(const exchange_ptr& at) {
  response answer{204, "", {{"Cache-Control", "no-store"}}, {}};
  if (!is_from_elsewhere(at->what)) {
    answer.headers.emplace_back("Set-Cookie", cleared_session_cookie(at->what));
  }
  at->send(std::move(answer));
}

}  // namespace mutirao::http::routes
