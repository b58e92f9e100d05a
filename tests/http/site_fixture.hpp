// The site on fake actors (the notifier is the real one), without sockets: a request goes in, the
// answer comes out.
#pragma once

#include <gtest/gtest.h>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "actors/notifier.hpp"
#include "actors/password_checker.hpp"
#include "domain/jobs/generate_unit_tasks.hpp"
#include "http/site.hpp"
#include "tests/http/fake_actors.hpp"
#include "tests/http/recorded_reply.hpp"
#include "tests/support/fixed_calendar.hpp"
#include "tests/support/fixed_world.hpp"
#include "tests/support/plain_hasher.hpp"

namespace mutirao::http {

inline constexpr std::string_view test_secret = "0123456789abcdef0123456789abcdef";

/// The value of a header, or "(none)".
inline std::string header_of(const response& answer, std::string_view name) {
  for (const auto& [key, value] : answer.headers) {
    if (key == name) return value;
  }
  return "(none)";
}

inline std::string body_of(const response& answer) {
  return std::string(answer.body.view());
}

class site_test : public ::testing::Test {
 protected:
  void TearDown() override {
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

  /// The header of a token for this user.
  std::string bearer(std::int64_t user, std::vector<named_unit> units, bool as_admin = false) {
    token_claims claims;
    claims.user = {user};
    claims.units = std::move(units);
    claims.admin = as_admin;
    claims.issued_at = clock.now();
    return "Bearer " + sign(claims, std::string(test_secret)).value_or("");
  }

  site& at() {
    if (!site_) site_ = std::make_shared<site>(system, build());
    return *site_;
  }

  /// Sends without waiting.
  std::shared_ptr<recorded_reply> send(request what) {
    auto out = sent_.emplace_back(std::make_shared<recorded_reply>());
    at().handle(std::move(what), reply(out));
    return out;
  }

  using extra_headers = std::vector<std::pair<std::string_view, std::string_view>>;
  request make(std::string_view verb, std::string_view target, std::string_view token,
               std::string body = {}, const extra_headers& more = {}) {
    request what;
    what.method = to_method(verb);
    what.method_text = verb;
    what.path = target.substr(0, target.find('?'));
    if (target.find('?') != std::string_view::npos)
      what.query = target.substr(target.find('?') + 1);
    what.body = std::move(body);
    if (!token.empty()) what.headers.set("authorization", token);
    for (const auto& [name, value] : more) what.headers.set(name, value);
    return what;
  }

  /// As user 7 of unit 1 (Matriz), unless told otherwise.
  response ask(std::string_view verb, std::string_view target, std::string body = {},
               const extra_headers& more = {}) {
    return send(make(verb, target, member, std::move(body), more))->wait();
  }
  response ask_as(std::string_view token, std::string_view verb, std::string_view target,
                  std::string body = {}) {
    return send(make(verb, target, token, std::move(body)))->wait();
  }

  service build() {
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

  caf::actor_system_config config_;
  caf::actor_system system{config_};
  std::shared_ptr<script> plays = std::make_shared<script>();
  actors::supervisor_actor supervisor = spawn_supervisor(system, plays);
  actors::store_actor store = spawn_store(system, plays, static_cast<command*>(nullptr));
  actors::reader_actor reader = spawn_reader(system, plays, static_cast<all_reads*>(nullptr));
  job_types types = [] {
    job_types made;
    made.add(std::make_unique<generate_unit_tasks>());
    return made;
  }();
  testing::fixed_clock clock;
  testing::fixed_calendar zones;
  testing::counted_randomness chance;
  testing::recorded_telemetry log;
  actors::notifier_actor notifier =
      system.spawn(actors::run_notifier, &log, actors::notifier_limits{5});
  testing::plain_hasher hasher;
  std::size_t password_checks = 32;  // at a time
  std::vector<account> made_up_users;
  service_options options;
  std::atomic<bool> is_ready = true;
  std::string member = bearer(7, {{{1}, "Matriz"}});
  std::string admin = bearer(1, {}, true);

 private:
  actors::hasher_actor hasher_ = system.spawn(actors::run_hasher, &hasher, &log);
  actors::password_checker_actor passwords_;
  std::shared_ptr<site> site_;
  std::vector<std::shared_ptr<recorded_reply>> sent_;
};

}  // namespace mutirao::http
