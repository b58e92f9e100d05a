// Handing a socket to another protocol's code, without leaking or losing anything.
#include <atomic>

#include "tests/http/edge/edge_fixture.hpp"

namespace mutirao::http {
namespace {

const std::string upgrade_lines =
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: k\r\n";

class edge_upgrade : public edge_test {};

TEST_F(edge_upgrade, hands_over_the_socket_with_all_bytes_read) {
  std::mutex mutex;
  handed_socket taken;
  hooks.upgrade = [&](const request& wanted, handed_socket&& socket) {
    const std::lock_guard guard(mutex);
    EXPECT_EQ(wanted.path, "/socket.io/");
    EXPECT_EQ(wanted.query, "EIO=4");
    taken = std::move(socket);
    return true;
  };
  start();
  auto client = connect();
  client.send(get("/plain"));
  ASSERT_TRUE(client.read_answer());
  const std::string head = get("/socket.io/?EIO=4", upgrade_lines);
  client.send(head + "frame");
  ASSERT_TRUE(eventually([&] { return server->counters().upgraded == 1; }));
  EXPECT_TRUE(all_closed()) << "no longer the edge's";
  const std::lock_guard guard(mutex);
  EXPECT_EQ(taken.first_bytes, head + "frame");
  ASSERT_EQ(::send(taken.fd.get(), "hello", 5, MSG_NOSIGNAL), 5);
  EXPECT_TRUE(client.read_bytes(5));
  client.send("more");
  char buffer[8];
  EXPECT_TRUE(eventually([&] { return ::recv(taken.fd.get(), buffer, 8, MSG_DONTWAIT) == 4; }));
  server->stop();
  EXPECT_EQ(::send(taken.fd.get(), "after", 5, MSG_NOSIGNAL), 5) << "stopping the edge cuts it not";
  EXPECT_TRUE(client.read_bytes(10));
}

TEST_F(edge_upgrade, what_is_not_taken_goes_on_as_a_request) {
  int calls = 0;
  hooks.upgrade = [&calls](const request& wanted, handed_socket&&) {
    ++calls;
    if (wanted.path == "/throws") throw 1;
    return false;
  };
  start(1);
  auto client = connect();
  for (const std::string path : {"/a", "/throws", "/b"}) {
    client.send(get(path, upgrade_lines));
    EXPECT_EQ(client.read_answer()->body, path);
  }
  EXPECT_EQ(calls, 3);
  EXPECT_EQ(server->counters().upgraded, 0U);
}

TEST_F(edge_upgrade, is_not_offered_behind_unanswered_requests_nor_with_a_body) {
  hooks.upgrade = [](const request&, handed_socket&&) {
    ADD_FAILURE() << "offered";
    return false;
  };
  start();
  auto client = connect();
  client.send(get("/hold") + get("/b", upgrade_lines));
  auto one = held().take();
  one.answer.send({200, "", {}, "a"});
  EXPECT_EQ(client.read_answer()->body, "a");
  EXPECT_EQ(client.read_answer()->body, "/b");
  client.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n" + upgrade_lines + "\r\nx");
  EXPECT_EQ(client.read_answer()->body, "x");
}

TEST_F(edge_upgrade, what_was_handed_over_keeps_its_place_while_it_wants_to) {
  std::mutex mutex;
  handed_socket taken;
  hooks.upgrade = [&](const request&, handed_socket&& socket) {
    const std::lock_guard guard(mutex);
    taken = std::move(socket);
    return true;
  };
  limits.max_connections = 1;
  start();
  auto client = connect();
  client.send(get("/socket.io/", upgrade_lines));
  ASSERT_TRUE(eventually([&] { return server->counters().upgraded == 1; }));
  ASSERT_TRUE(all_closed());
  EXPECT_EQ(ask(get("/a"))->status, 503);
  {
    const std::lock_guard guard(mutex);
    taken = {};
  }
  ASSERT_TRUE(all_closed());
  EXPECT_EQ(ask(get("/a"))->status, 200);
}

TEST_F(edge_upgrade, two_thousand_among_plain_requests_leak_no_descriptor) {
  hooks.upgrade = [](const request&, handed_socket&& socket) {
    const owned_fd mine = std::move(socket.fd);
    return ::send(mine.get(), "101\r\n", 5, MSG_NOSIGNAL) >= 0;
  };
  start();
  ASSERT_TRUE(ask(get("/warm")));
  ASSERT_TRUE(all_closed());
  const auto before = open_descriptors();
  std::atomic<int> upgraded{0};
  std::atomic<int> plain{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 500; ++i) {
        auto socket = connect();
        socket.send(get("/socket.io/", upgrade_lines));
        if (socket.read_to_end() == "101\r\n") ++upgraded;
        auto client = connect();
        const std::string path = "/" + std::to_string(t) + "/" + std::to_string(i);
        client.send(get(path));
        const auto answer = client.read_answer();
        if (answer && answer->body == path) ++plain;
      }
    });
  }
  for (auto& one : threads) one.join();
  EXPECT_EQ(upgraded, 2000);
  EXPECT_EQ(plain, 2000);
  EXPECT_EQ(server->counters().upgraded, 2000U);
  EXPECT_TRUE(all_closed());
  EXPECT_TRUE(eventually([&] { return open_descriptors() <= before; }));
}

}  // namespace
}  // namespace mutirao::http
