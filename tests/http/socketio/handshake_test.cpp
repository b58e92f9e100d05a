#include "http/socketio/handshake.hpp"

#include <gtest/gtest.h>

namespace mutirao::http::socketio {
namespace {

std::string refused(std::string query, bool upgrades = true, method verb = method::get) {
  request what;
  what.path = "/socket.io/";
  what.query = std::move(query);
  what.method = verb;
  const auto why = refuse(what, upgrades);
  return why ? to_json(*why) : "taken";
}

TEST(socketio_handshake, takes_websockets_of_the_fourth_protocol) {
  EXPECT_EQ(refused("EIO=4&transport=websocket"), "taken");
  EXPECT_EQ(refused("transport=websocket&t=x&EIO=4"), "taken");
}

TEST(socketio_handshake, refuses_the_rest_as_clients_understand) {
  EXPECT_EQ(refused("EIO=4&transport=polling", false),
            R"({"code":0,"message":"Transport unknown"})");
  EXPECT_EQ(refused("", false), R"({"code":0,"message":"Transport unknown"})");
  EXPECT_EQ(refused("EIO=4&transport=websocket&sid=x"),
            R"({"code":1,"message":"Session ID unknown"})");
  EXPECT_EQ(refused("EIO=4&transport=websocket", true, method::post),
            R"({"code":2,"message":"Bad handshake method"})");
  EXPECT_EQ(refused("EIO=4&transport=websocket", false), R"({"code":3,"message":"Bad request"})");
  EXPECT_EQ(refused("EIO=3&transport=websocket"),
            R"({"code":5,"message":"Unsupported protocol version"})");
}

TEST(socketio_handshake, knows_its_path) {
  EXPECT_TRUE(is_socket_path("/socket.io/"));
  EXPECT_TRUE(is_socket_path("/socket.io"));
  EXPECT_FALSE(is_socket_path("/socket.io/x"));
  EXPECT_FALSE(is_socket_path("/api"));
}

}  // namespace
}  // namespace mutirao::http::socketio
