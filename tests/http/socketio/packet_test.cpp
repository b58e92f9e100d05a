#include "http/socketio/packet.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace mutirao::http::socketio {
namespace {

using kind = packet::kind;

kind kind_of(std::string_view text) {
  const auto found = parse_packet(text);
  EXPECT_TRUE(found) << text;
  return found ? found->what : kind::ignored;
}

TEST(socketio_packet, tells_what_a_client_sends) {
  EXPECT_EQ(kind_of("1"), kind::close);
  EXPECT_EQ(kind_of("3"), kind::pong);
  EXPECT_EQ(kind_of("40"), kind::connect);
  EXPECT_EQ(kind_of(R"(40{"token":"x"})"), kind::connect);
  EXPECT_EQ(kind_of("41"), kind::disconnect);
  EXPECT_EQ(kind_of(R"(42["presence:ping"])"), kind::event);
}

TEST(socketio_packet, passes_over_what_is_nothing_to_us) {
  for (const auto* text : {"0", "2", "2probe", "5", "6", "430[]", "44", R"(451-["x",{}])", "461-",
                           "7", "9x", "47", R"(49["x"])"}) {
    EXPECT_EQ(kind_of(text), kind::ignored) << text;
  }
}

TEST(socketio_packet, refuses_garbage) {
  for (const auto* text : {"", "x", "GET / HTTP/1.1", "4", "4x", "42", "42{}", "42[]", "42[1]",
                           "42[\"a\"", "40[]", "40x", "42[\"a\"]]", "42\xff"}) {
    EXPECT_FALSE(parse_packet(text)) << text;
  }
}

TEST(socketio_packet, an_event_has_a_name_and_an_argument) {
  const auto found = parse_packet(R"(42["auth:init",{"token":"a\"b"},7])");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->name_space, "/");
  EXPECT_EQ(found->name, "auth:init");
  EXPECT_EQ(found->token, "a\"b");
  EXPECT_EQ(parse_packet(R"(42["a"])")->token, "");
}

TEST(socketio_packet, namespaces_and_acknowledgements_stand_before_the_data) {
  EXPECT_EQ(parse_packet("40/admin,")->name_space, "/admin");
  EXPECT_EQ(parse_packet("40/admin?a=1,{}")->name_space, "/admin");
  EXPECT_EQ(parse_packet("41/admin")->name_space, "/admin");
  const auto asked = parse_packet(R"(42/admin,17["a"])");
  EXPECT_EQ(asked->name_space, "/admin");
  EXPECT_EQ(asked->name, "a");
  EXPECT_EQ(parse_packet(R"(4217["a"])")->name, "a");
}

TEST(socketio_packet, a_token_is_a_text_in_an_object) {
  const auto token_in = [](const std::string& argument) {
    return parse_packet("42[\"auth:init\"," + argument + "]").value().token;
  };
  EXPECT_EQ(token_in(R"({"token":"x"})"), "x");
  for (const auto* text : {"null", "7", "[]", "{}", R"({"token":null})", R"({"token":7})"}) {
    EXPECT_EQ(token_in(text), "") << text;
  }
}

TEST(socketio_packet, depth_costs_no_stack) {
  const std::string deep(32'000, '[');
  EXPECT_TRUE(parse_packet("42[\"a\"," + deep + std::string(deep.size(), ']') + "]"));
  EXPECT_FALSE(parse_packet("42[\"a\"," + deep));
}

TEST(socketio_packet, what_we_send_is_as_clients_read_it) {
  using std::chrono::milliseconds;
  const auto open = open_packet("abc", milliseconds(25'000), milliseconds(20'000), 65'536);
  ASSERT_TRUE(open.starts_with('0'));
  EXPECT_EQ(nlohmann::json::parse(open.substr(1)),
            nlohmann::json::parse(R"({"sid":"abc","upgrades":[],"pingInterval":25000,)"
                                  R"("pingTimeout":20000,"maxPayload":65536})"));
  EXPECT_EQ(connected_packet("abc"), R"(40{"sid":"abc"})");
  EXPECT_EQ(connect_error_packet("/x", "no"), R"(44/x,{"message":"no"})");
  EXPECT_EQ(event_packet("job:done", "{}"), R"(42["job:done",{}])");
}

}  // namespace
}  // namespace mutirao::http::socketio
