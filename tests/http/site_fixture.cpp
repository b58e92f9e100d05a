#include "tests/http/site_fixture.hpp"

#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/notifier.hpp"
#include "actors/password_checker.hpp"
#include "domain/jobs/generate_unit_tasks.hpp"

namespace mutirao::http {

site_test::site_test()
    : plays(std::make_shared<script>()),
      supervisor(spawn_supervisor(system, plays)),
      store(spawn_store(system, plays)),
      reader(spawn_reader(system, plays)),
      notifier(system.spawn(actors::run_notifier, &log, actors::notifier_limits{5})),
      member(bearer(7, {{{1}, "Matriz"}})),
      admin(bearer(1, {}, true)),
      hasher_(system.spawn(actors::run_hasher, &hasher, &log)) {
  types.add(std::make_unique<generate_unit_tasks>());
}

site_test::~site_test() = default;

void site_test::TearDown() {
  if (site_) {
    site_->end_streams();
    site_->stop();
  }
  site_.reset();
  for (const auto& out : sent_) {
    if (const auto stream = out->streamed()) stream->forget();
  }
  caf::anon_send_exit(supervisor, caf::exit_reason::kill);
  caf::anon_send_exit(store, caf::exit_reason::kill);
  caf::anon_send_exit(reader, caf::exit_reason::kill);
  caf::anon_send_exit(notifier, caf::exit_reason::kill);
  caf::anon_send_exit(passwords_, caf::exit_reason::kill);
  caf::anon_send_exit(hasher_, caf::exit_reason::kill);
  caf::scoped_actor(system)->wait_for(notifier, hasher_);  // they may be writing to the log
}

std::string site_test::bearer(std::int64_t user, std::vector<named_unit> units, bool as_admin) {
  token_claims claims;
  claims.user = {user};
  claims.units = std::move(units);
  claims.admin = as_admin;
  claims.issued_at = clock.now();
  return "Bearer " + sign(claims, std::string(test_secret)).value_or("");
}

site& site_test::at() {
  if (!site_) site_ = std::make_shared<site>(system, build());
  return *site_;
}

std::shared_ptr<recorded_reply> site_test::send(request what) {
  auto out = sent_.emplace_back(std::make_shared<recorded_reply>());
  at().handle(std::move(what), reply(out));
  return out;
}

request site_test::make(std::string_view verb, std::string_view target, std::string_view token,
                        std::string body, const extra_headers& more) {
  request what;
  what.method = to_method(verb);
  what.method_text = verb;
  what.path = target.substr(0, target.find('?'));
  if (target.find('?') != std::string_view::npos) what.query = target.substr(target.find('?') + 1);
  what.body = std::move(body);
  if (!token.empty()) what.headers.set("authorization", token);
  for (const auto& [name, value] : more) what.headers.set(name, value);
  return what;
}

response site_test::ask(std::string_view verb, std::string_view target, std::string body,
                        const extra_headers& more) {
  return send(make(verb, target, member, std::move(body), more))->wait();
}

response site_test::ask_as(std::string_view token, std::string_view verb, std::string_view target,
                           std::string body) {
  return send(make(verb, target, token, std::move(body)))->wait();
}

service site_test::build() {
  service what;
  what.supervisor = supervisor;
  what.store = store;
  what.readers = {reader};
  what.notifier = notifier;
  what.types = &types;
  what.clock = &clock;
  what.zones = &zones;
  what.log = &log;
  what.chance = &chance;
  what.auth.secret = test_secret;
  what.auth.admin_cargos = {2};
  what.options = options;
  passwords_ = system.spawn(actors::run_password_checker, hasher_, password_checks);
  what.passwords = passwords_;
  what.made_up_users = made_up_users;
  what.metrics_text = [] { return std::string("up 1\n"); };
  what.ready = [this] { return is_ready.load(); };
  what.build = {"mutirao", "0.1.0", "abc1234"};
  return what;
}

}  // namespace mutirao::http
