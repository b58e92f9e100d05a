// The sender alone, to a real server of the loopback.
#include "app/webhooks/sender.hpp"

#include <gtest/gtest.h>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "tests/app/webhooks/made_up_secret.hpp"
#include "tests/support/socket_client.hpp"
#include "tests/support/web_receiver.hpp"

namespace mutirao::app {
namespace {

using testing::web_receiver;
using testing::webhook_reply;

class sender : public ::testing::Test {
 protected:
  void TearDown() override {
    if (sender_) caf::anon_send_exit(sender_, caf::exit_reason::user_shutdown);
  }
  delivery_response post(const std::string& url) {
    if (!sender_) {
      sender_ = system_.spawn<caf::detached>(run_sender,
                                             std::make_shared<const sender_options>(options_));
    }
    delivery_response response{0, "no answer", std::nullopt};
    caf::scoped_actor self{system_};
    const instant now{std::chrono::milliseconds(1'614'265'330'999)};
    self->request(sender_, std::chrono::seconds(60),
                  actors::post_webhook{url, "msg_p5jXN8AQM9LWM0D4loKWxJek",
                                       R"({"test": 2432232314})", now})
        .receive([&](actors::answer_to<actors::post_webhook>& answer) { response = *answer.value; },
                 [](const caf::error&) {});
    return response;
  }

  sender() {
    options_.secrets.usual = {*webhook_secret::parse(made_up_secret)};
    options_.allowed.everything = true;
  }

  caf::actor_system_config config_;
  caf::actor_system system_{config_};
  sender_options options_;
  actors::sender_actor sender_;
};

TEST_F(sender, signs_by_the_second_and_says_what_came_back) {
  web_receiver receiver([](const auto&) {
    return webhook_reply{.status = 429, .headers = {{"Retry-After", "17"}}};
  });
  const auto response = post(receiver.url());
  EXPECT_EQ(response.status, 429);
  EXPECT_EQ(response.error, "");
  EXPECT_EQ(response.retry_after, std::chrono::seconds(17));
  const auto got = receiver.received().at(0);
  EXPECT_EQ(got.headers.at("webhook-timestamp"), "1614265330");
  EXPECT_EQ(got.headers.at("webhook-signature"), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  EXPECT_EQ(got.body, R"({"test": 2432232314})");
}

TEST_F(sender, judges_the_address_that_a_name_leads_to) {
  options_.allowed.everything = false;
  web_receiver receiver;
  const auto port = std::to_string(receiver.port());
  EXPECT_EQ(post("http://localhost:" + port + "/").error, "private-address");
  EXPECT_EQ(post("http://127.0.0.1:" + port + "/").error, "private-address");
  EXPECT_EQ(post("http://0x7f000001:" + port + "/").error, "private-address");
  EXPECT_EQ(post("http://[::ffff:127.0.0.1]:" + port + "/").error, "private-address");
  EXPECT_EQ(post("http://[::1]:" + port + "/").error, "private-address");
  EXPECT_EQ(receiver.connections(), 0);
}

TEST_F(sender, tells_one_kind_of_trouble_from_another) {
  web_receiver receiver([](const auto& asked) -> webhook_reply {
    if (asked.path == "/cuts") return {.cuts = true};
    return {.hangs = true};
  });
  options_.timeout = std::chrono::milliseconds(300);
  EXPECT_EQ(post(receiver.url("/cuts")).error, "connection");
  EXPECT_EQ(post(receiver.url("/hangs")).error, "timeout");
  EXPECT_EQ(post("https://127.0.0.1:" + std::to_string(receiver.port()) + "/").error, "timeout")
      << "it waits for more of the handshake";
  EXPECT_EQ(post("http://no-such-host.invalid/").error, "dns");
}

TEST_F(sender, sends_nothing_that_it_cannot_sign) {
  options_.secrets.usual.clear();
  web_receiver receiver;
  EXPECT_EQ(post(receiver.url()).error, "no-secret");
  EXPECT_EQ(receiver.connections(), 0);
}

TEST_F(sender, leaves_no_descriptor_behind) {
  web_receiver receiver;
  post(receiver.url());
  const auto open = [] {
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
  };
  const auto before = open();
  for (int i = 0; i < 50; ++i) EXPECT_EQ(post(receiver.url()).status, 200);
  EXPECT_TRUE(tests::eventually([&] { return open() <= before; })) << open() << " " << before;
}

}  // namespace
}  // namespace mutirao::app
