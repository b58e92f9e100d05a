#include "http/routes/users.hpp"

#include "http/ask.hpp"
#include "http/json/user.hpp"
#include "http/parameters.hpp"

namespace mutirao::http::routes {
namespace {

void list_users_of(const exchange_ptr& at, std::optional<unit_id> unit) {
  ask(at, at->site->next_reader(), list_users{*at->who, unit},
      [](const list_users::answer& found) { return json_answer(json::render_names(found)); });
}

}  // namespace

void users(const exchange_ptr& at) {
  list_users_of(at, std::nullopt);
}

void users_of_unit(const exchange_ptr& at) {
  const auto unit = path_id<unit_id>(*at);
  if (!unit) return at->refuse(unit.error());
  list_users_of(at, *unit);
}

void user_by_id(const exchange_ptr& at) {
  const auto id = path_id<user_id>(*at);
  if (!id) return at->refuse(id.error());
  ask(at, at->site->next_reader(), find_account{*id}, [at](find_account::answer&& found) {
    if (!found) return at->refuse({errc::unknown_user, {}});
    const bool whole = at->who->admin || at->who->user == found->who.id;
    at->send(json_answer(whole ? json::render_account(*found) : json::render_name(found->who)));
  });
}

}  // namespace mutirao::http::routes
