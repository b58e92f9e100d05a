#include "http/socketio/conversation.hpp"

#include <gtest/gtest.h>

namespace mutirao::http::socketio {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using texts = std::vector<std::string>;

class socketio_conversation : public ::testing::Test {
 protected:
  conversation::reaction take(std::string_view text) { return talk.take(text, now); }
  conversation::reaction after(milliseconds passed) {
    now += passed;
    return talk.wait(now);
  }
  void name() {
    take("40");
    take(R"(42["auth:init",{"token":"x"}])");
  }

  conversation::time now{};
  conversation talk{{}, "transport", "socket", now};
};

TEST_F(socketio_conversation, opens_connects_and_is_named_once) {
  EXPECT_NE(talk.opening().find("transport"), std::string::npos);
  EXPECT_EQ(take("40").packets, texts{R"(40{"sid":"socket"})"});
  EXPECT_EQ(take(R"(42["auth:init",{"token":"x"}])").token, "x");
  const auto again = take(R"(42["auth:init",{"token":"x"}])");
  EXPECT_FALSE(again.token);
  EXPECT_FALSE(again.close);
}

TEST_F(socketio_conversation, ends_where_it_is_somebody_else_from_now_on) {
  name();
  const auto other = take(R"(42["auth:init",{"token":"y"}])");
  EXPECT_FALSE(other.token);
  EXPECT_TRUE(other.close) << "it connects again, and says who it is";
}

TEST_F(socketio_conversation, passes_over_events_that_are_nothing_to_it) {
  take("40");
  for (const auto* text : {R"(42["presence:ping"])", R"(42["x",{"token":"y"}])", "2probe", "6",
                           R"(451-["auth:init",{"_placeholder":true,"num":0}])"}) {
    const auto what = take(text);
    EXPECT_TRUE(what.packets.empty() && !what.token && !what.close) << text;
  }
}

TEST_F(socketio_conversation, other_namespaces_are_refused_and_the_own_goes_on) {
  EXPECT_EQ(take("40/admin,").packets, texts{R"(44/admin,{"message":"Invalid namespace"})"});
  EXPECT_FALSE(take("41/admin,").close);
  EXPECT_EQ(take("40").packets.size(), 1U);
}

TEST_F(socketio_conversation, ends_by_what_breaks_the_protocol_or_leaves) {
  EXPECT_TRUE(take("x").close);
  EXPECT_TRUE(take(R"(42["a"])").close) << "not connected yet";
  take("40");
  EXPECT_TRUE(take("40").close) << "connected already";
  EXPECT_TRUE(take(R"(42/admin,["a"])").close);
  EXPECT_TRUE(take("41").close);
  EXPECT_TRUE(take("1").close);
}

TEST_F(socketio_conversation, ends_where_nobody_says_who_it_is) {
  take("40");
  EXPECT_FALSE(after(milliseconds(9'999)).close);
  EXPECT_TRUE(after(milliseconds(1)).close);
}

TEST_F(socketio_conversation, pings_and_ends_where_no_pong_comes) {
  name();
  EXPECT_TRUE(after(milliseconds(24'999)).packets.empty());
  EXPECT_EQ(after(milliseconds(1)).packets, texts{"2"});
  EXPECT_TRUE(after(seconds(19)).packets.empty());
  take("3");
  EXPECT_TRUE(after(milliseconds(24'999)).packets.empty());
  EXPECT_EQ(after(milliseconds(1)).packets, texts{"2"});
  EXPECT_FALSE(after(milliseconds(19'999)).close);
  EXPECT_TRUE(after(milliseconds(1)).close);
}

TEST_F(socketio_conversation, a_pong_that_nobody_asked_for_puts_nothing_off) {
  name();
  now += seconds(24);
  take("3");
  EXPECT_EQ(after(seconds(1)).packets, texts{"2"});
}

}  // namespace
}  // namespace mutirao::http::socketio
