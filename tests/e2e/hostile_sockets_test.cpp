// Bytes that are no WebSocket, or none as it should be, or no Socket.IO, to the real program.
#include <random>

#include "tests/e2e/hostile.hpp"
#include "tests/e2e/measure.hpp"
#include "tests/support/web_socket_client.hpp"

namespace mutirao::e2e {
namespace {

using namespace std::string_literals;
using tests::eventually;
using tests::socket_client;
using tests::web_socket_client;

class hostile_sockets : public hostile_test {
 protected:
  void SetUp() override {
    hostile_test::SetUp();
    listening_.emplace(service_->port());
    listening_->name(token_);
    ASSERT_TRUE(listening_->hears("40{"));
    ASSERT_TRUE(eventually([this] { return open("mutirao_listeners") == 1; }));
    beside_ = others();
  }
  /// Whoever behaved was served throughout; of the others nothing is left.
  void expect_nothing_left(std::string_view of) {
    EXPECT_TRUE(eventually([this] { return beside_->served() > 300; }, std::chrono::seconds(30)));
    expect_unharmed(*beside_, of);
    auto user = as();
    const auto job = start_job(user);
    EXPECT_TRUE(listening_->hears(R"(42["job:done",{"id":")" + job));
    EXPECT_TRUE(eventually([this] { return open("mutirao_sockets") == 1; }));
    EXPECT_EQ(open("mutirao_listeners"), 1);
    listening_.reset();
    EXPECT_TRUE(eventually([this] { return open("mutirao_sockets") == 0; }));
    EXPECT_TRUE(eventually([this] { return open("mutirao_listeners") == 0; }));
  }
  std::int64_t open(const std::string& what) {
    auto asking = nobody();
    return measure(asking, what);
  }
  /// One that has said who it is, or has not.
  web_socket_client connect(bool named) {
    web_socket_client made(service_->port());
    EXPECT_EQ(made.status(), 101);
    if (named) made.name(token_);
    return made;
  }

  const std::string token_ = token_of({});

 private:
  std::optional<web_socket_client> listening_;
  std::unique_ptr<bystanders> beside_;
};

std::string framed(std::string_view text) {
  return web_socket_client::frame(text);
}

// What each server must end a WebSocket for (RFC 6455), or we a conversation.
std::vector<std::string> wrongs() {
  return {
      "\x81\x02"
      "40"s,                                  // not masked
      "\xc1\x80\0\0\0\0"s,                    // a reserved bit
      "\x83\x80\0\0\0\0"s,                    // no such kind of frame
      "\x80\x80\0\0\0\0"s,                    // goes on with what never began
      "\x09\x80\0\0\0\0"s,                    // a ping in pieces
      "\x89\xfe\0\x7e\0\0\0\0"s,              // a ping too long
      "\x81\xff\xff\0\0\0\0\0\0\0\0\0\0\0"s,  // a length beyond 63 bits
      "\x81\xff\0\0\0\0\xff\0\0\0\0\0\0\0"s,  // 4 GB to come
      framed("4"s + std::string(64 * 1024, 'x')),
      framed("\xff\xfe"),
      framed("42[\"a\xc3\"]"),
      framed(""),
      framed("4"),
      framed("42"),
      framed("42[]"),
      framed("42{\"a\":1}"),
      framed("42[\"auth:init\""),
      framed("40{"),
      framed("42/,") + framed("42[1]"),
      framed("GET / HTTP/1.1\r\nHost: a\r\n\r\n"),
      "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
      "\x88\x81\0\0\0\0\x03"s,      // a close with half a reason
      "\x88\x82\0\0\0\0\x03\xec"s,  // a close for a reason that is never sent
      framed("41"),
      framed("1"),
  };
}

TEST_F(hostile_sockets, that_speak_garbage_are_ended_and_harm_nobody) {
  for (int round = 0; round < 6; ++round) {
    for (const auto& bytes : wrongs()) {
      auto client = connect(round % 2 == 1);
      client.socket().send(bytes);
      if (round / 2 == 0) {
        EXPECT_TRUE(client.ends()) << ::testing::PrintToString(bytes);
      } else if (round / 2 == 1) {
        client.socket().reset();
      }
    }
  }
  expect_nothing_left("sockets that speak garbage");
}

TEST_F(hostile_sockets, that_hang_up_amid_a_frame_or_make_noise_harm_nobody) {
  std::mt19937 random(7);
  const auto frame = framed(R"(42["auth:init",{"token":")" + token_ + "\"}]");
  for (int i = 0; i < 400; ++i) {
    auto client = connect(i % 2 == 1);
    std::string bytes = frame.substr(0, random() % frame.size());
    if (i % 4 >= 2) {
      for (auto& byte : bytes) byte = static_cast<char>(random());
    }
    client.socket().send(bytes);
    if (i % 3 == 0) client.socket().reset();
    if (i % 3 == 1) client.socket().end_sending();
  }
  expect_nothing_left("sockets that hang up and make noise");
}

TEST_F(hostile_sockets, that_do_not_ask_as_they_should_get_none) {
  const auto request = web_socket_client::request();
  const auto with = [&](const std::string& what, const std::string& instead) {
    auto text = request;
    return text.replace(text.find(what), what.size(), instead);
  };
  const std::vector<std::string> bad{
      with("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 12"),
      with("Sec-WebSocket-Version: 13\r\n", ""),
      with("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", ""),
      with("dGhlIHNhbXBsZSBub25jZQ==", "YWJj"),
      with("dGhlIHNhbXBsZSBub25jZQ==", "!!!!!!!!!!!!!!!!!!!!!!=="),
      with("Upgrade: websocket", "Upgrade: h2c"),
      with("Connection: Upgrade", "Connection: close"),
      with("GET ", "POST "),
      with("HTTP/1.1", "HTTP/1.0"),
      with("EIO=4", "EIO=3"),
      with("transport=websocket", "transport=polling"),
      with("transport=websocket", "transport=websocket&sid=x"),
      request + web_socket_client::frame("40"),
      request + request,
  };
  for (int round = 0; round < 10; ++round) {
    for (const auto& text : bad) {
      socket_client client(service_->port());
      client.send(text);
      if (round == 1) client.reset();
      if (round > 1) continue;
      const auto answer = client.read_answer(false, std::chrono::seconds(5));
      EXPECT_NE(answer ? answer->status : 0, 101) << text;
    }
    for (std::size_t size = static_cast<std::size_t>(round); size < request.size(); size += 10) {
      socket_client half(service_->port());
      half.send(request.substr(0, size));
      if (size % 2 == 0) half.reset();
    }
  }
  expect_nothing_left("sockets that do not ask as they should");
}

}  // namespace
}  // namespace mutirao::e2e
