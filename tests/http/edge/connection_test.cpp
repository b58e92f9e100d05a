// A connection without Pistache: on one end of a socket pair, looked at when the test says so.
#include "http/edge/connection.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>

namespace mutirao::http {
namespace {

class counting_waker final : public socket_waker {
 public:
  void wake(int) noexcept override { ++count; }
  int count = 0;
};

class lone_connection : public ::testing::Test {
 protected:
  void SetUp() override {
    std::array<int, 2> ends{};
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
    ours.reset(ends[0]);
    clients.reset(ends[1]);
    core->limits.body_bytes = 1 << 20;
    core->hooks.handle = [this](request&& wanted, const reply& answer) {
      bodies.push_back(wanted.body.size());
      answer.send({200, "", {}, "ok"});
    };
    out = std::make_shared<outlet>(core, core->workers.emplace_back(), waker, ours.get());
    client = std::make_unique<connection>(core, out, "peer");
  }

  std::array<char, 65536> buffer{};
  counting_waker waker;
  owned_fd ours;
  owned_fd clients;
  std::vector<std::size_t> bodies;
  std::shared_ptr<edge_core> core = std::make_shared<edge_core>();
  std::shared_ptr<outlet> out;
  std::unique_ptr<connection> client;
};

TEST_F(lone_connection, that_sends_much_at_once_takes_turns_with_others) {
  const int room = 2'000'000;  // beyond the usual maximum: needs root, else the default may do
  ::setsockopt(clients.get(), SOL_SOCKET, SO_SNDBUFFORCE, &room, sizeof room);
  const std::string text =
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 400000\r\n\r\n" + std::string(400'000, 'b');
  const ssize_t sent = ::send(clients.get(), text.data(), text.size(), MSG_DONTWAIT);
  if (sent != static_cast<ssize_t>(text.size())) GTEST_SKIP() << "the socket pair holds too little";
  ASSERT_TRUE(client->on_ready({}, buffer));
  EXPECT_TRUE(bodies.empty()) << "400,000 bytes are more than one turn";
  EXPECT_EQ(waker.count, 1) << "nothing else would tell that there is more";
  ASSERT_TRUE(client->on_ready({}, buffer));
  EXPECT_EQ(bodies, std::vector<std::size_t>{400'000});
  EXPECT_EQ(waker.count, 1);
}

TEST_F(lone_connection, that_ends_is_to_be_removed_and_not_before) {
  const std::string_view text = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  ASSERT_GT(::send(clients.get(), text.data(), text.size(), 0), 0);
  EXPECT_TRUE(client->on_ready({}, buffer));
  EXPECT_EQ(bodies.size(), 1U);
  clients.reset();
  EXPECT_FALSE(client->on_ready({.hung_up = false, .input_ends = true}, buffer));
  EXPECT_TRUE(out->gone());
  EXPECT_EQ(out->deadline(), steady_time::max());
}

TEST_F(lone_connection, that_hung_up_is_not_read_any_more) {
  const std::string_view text = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  ASSERT_GT(::send(clients.get(), text.data(), text.size(), 0), 0);
  EXPECT_FALSE(client->on_ready({.hung_up = true, .input_ends = true}, buffer));
  EXPECT_TRUE(bodies.empty());
}

TEST_F(lone_connection, that_pipelines_gets_all_answers_by_the_end_of_the_turn) {
  std::string text;
  for (int i = 0; i < 10; ++i) text += "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
  ASSERT_GT(::send(clients.get(), text.data(), text.size(), 0), 0);
  EXPECT_TRUE(client->on_ready({}, buffer));
  std::array<char, 8192> answers{};
  const ssize_t got = ::recv(clients.get(), answers.data(), answers.size(), MSG_DONTWAIT);
  const std::string one = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
  ASSERT_EQ(got, static_cast<ssize_t>(10 * one.size()));
  EXPECT_EQ(std::string_view(answers.data(), one.size()), one);
  EXPECT_EQ(waker.count, 0);
}

}  // namespace
}  // namespace mutirao::http
