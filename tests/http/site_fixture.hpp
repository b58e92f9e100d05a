// The site on fake actors (the notifier is the real one), without sockets: a request goes in, the
// answer comes out.
#pragma once

#include <gtest/gtest.h>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "actors/interfaces.hpp"
#include "http/site.hpp"
#include "tests/http/answers.hpp"
#include "tests/http/fake_actors.hpp"
#include "tests/http/recorded_reply.hpp"
#include "tests/support/fixed_calendar.hpp"
#include "tests/support/fixed_world.hpp"
#include "tests/support/plain_hasher.hpp"

namespace mutirao::http {

inline constexpr std::string_view test_secret = "0123456789abcdef0123456789abcdef";

class site_test : public ::testing::Test {
 protected:
  site_test();
  ~site_test() override;
  void TearDown() override;

  /// The header of a token for this user.
  std::string bearer(std::int64_t user, std::vector<named_unit> units, bool as_admin = false);
  site& at();

  /// Sends without waiting.
  std::shared_ptr<recorded_reply> send(request what);

  using extra_headers = std::vector<std::pair<std::string_view, std::string_view>>;
  request make(std::string_view verb, std::string_view target, std::string_view token,
               std::string body = {}, const extra_headers& more = {});

  /// As user 7 of unit 1 (Matriz), unless told otherwise.
  response ask(std::string_view verb, std::string_view target, std::string body = {},
               const extra_headers& more = {});
  response ask_as(std::string_view token, std::string_view verb, std::string_view target,
                  std::string body = {});

  service build();

  caf::actor_system_config config_;
  caf::actor_system system{config_};
  std::shared_ptr<script> plays;
  actors::supervisor_actor supervisor;
  actors::store_actor store;
  actors::reader_actor reader;
  job_types types;
  testing::fixed_clock clock;
  testing::fixed_calendar zones;
  testing::counted_randomness chance;
  testing::recorded_telemetry log;
  actors::notifier_actor notifier;
  testing::plain_hasher hasher;
  std::size_t password_checks = 32;  // at a time
  std::vector<account> made_up_users;
  service_options options;
  std::atomic<bool> is_ready = true;
  std::string member;
  std::string admin;

 private:
  actors::hasher_actor hasher_;
  actors::password_checker_actor passwords_;
  std::shared_ptr<site> site_;
  std::vector<std::shared_ptr<recorded_reply>> sent_;
};

}  // namespace mutirao::http
