// Drain, stop, the cap on connections, and what is left afterwards.
#include <sys/resource.h>

#include <atomic>

#include "tests/http/edge/edge_fixture.hpp"

namespace mutirao::http {
namespace {

#ifdef __SANITIZE_THREAD__
constexpr milliseconds at_once{3000};  // threads end slowly there
#else
constexpr milliseconds at_once{100};
#endif

class edge_life : public edge_test {};

TEST_F(edge_life, draining_refuses_new_requests_and_keeps_its_word_to_old_ones) {
  start();
  auto waiting = connect();
  waiting.send(get("/hold"));
  const auto taken = held().take();
  auto idle = connect();
  idle.send(get("/a"));
  ASSERT_TRUE(idle.read_answer());
  server->drain();
  for (auto* client : {&idle}) {
    client->send(get("/b"));
    const auto refused = client->read_answer();
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->status, 503);
    EXPECT_EQ(refused->header("Retry-After"), "1");
    EXPECT_EQ(refused->header("Connection"), "close");
    EXPECT_TRUE(client->closed_by_server());
  }
  EXPECT_EQ(ask(get("/new"))->status, 503);
  EXPECT_TRUE(taken.answer.send({200, "", {}, "kept"}));
  EXPECT_EQ(waiting.read_answer()->body, "kept");
}

TEST_F(edge_life, stop_waits_for_no_client) {
  start();
  auto stalled = connect(4096);
  stalled.send(get("/size/20000000"));
  ASSERT_TRUE(stalled.read_bytes(1));
  auto half = connect();
  half.send("GET / HT");
  auto waiting = connect();
  waiting.send(get("/hold"));
  const auto taken = held().take();
  // What was accepted and not yet handed to its thread is closed by the end of the process alone.
  ASSERT_TRUE(open_connections(3));
  const auto begun = std::chrono::steady_clock::now();
  server->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, at_once);
  EXPECT_TRUE(taken.answer.client_gone());
  EXPECT_FALSE(taken.answer.send({}));
  EXPECT_TRUE(half.closed_by_server());
  EXPECT_TRUE(waiting.closed_by_server());
  server->stop();
  EXPECT_EQ(server->counters().open, 0U);
}

TEST_F(edge_life, replies_and_streams_outlive_the_server) {
  start();
  auto client = connect();
  client.send(get("/hold/1") + get("/hold/2"));
  auto unanswered = held().take();
  auto streaming = held().take();
  const auto rest = streaming.answer.begin_stream({});
  bool told = false;
  rest.on_room([&] { told = true; });
  server.reset();
  EXPECT_TRUE(told);
  EXPECT_FALSE(rest.write("x"));
  EXPECT_EQ(rest.outstanding(), 0U);
  rest.finish();
}

TEST_F(edge_life, over_the_cap_a_connection_gets_503_and_room_comes_back) {
  limits.max_connections = 3;
  start();
  std::vector<socket_client> served;
  for (int i = 0; i < 3; ++i) {
    served.push_back(connect());
    served.back().send(get("/a"));
    ASSERT_EQ(served.back().read_answer()->status, 200);
  }
  for (int i = 0; i < 3; ++i) {
    auto refused = connect();
    refused.send(get("/b"));
    const auto answer = refused.read_answer();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 503);
    EXPECT_EQ(answer->header("Connection"), "close");
    EXPECT_EQ(refused.read_to_end(), "");
    EXPECT_FALSE(refused.was_reset());
  }
  EXPECT_EQ(server->counters().refused, 3U);
  EXPECT_EQ(server->counters().requests, 3U);
  served.pop_back();
  ASSERT_TRUE(eventually([&] {
    const auto answer = ask(get("/c"));
    return answer && answer->status == 200;
  }));
  served[0].send(get("/d"));
  EXPECT_EQ(served[0].read_answer()->status, 200);
}

TEST_F(edge_life, the_cap_follows_the_soft_descriptor_limit_at_the_start) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit lower = before;
  lower.rlim_cur = open_descriptors() + 100;
  const std::size_t cap = (lower.rlim_cur - 40) / 2;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &lower), 0);
  start();
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  std::vector<socket_client> clients;
  for (std::size_t i = 0; i < cap + 10; ++i) clients.push_back(connect());
  EXPECT_TRUE(eventually([&] { return server->counters().accepted == cap + 10; }));
  EXPECT_TRUE(eventually([&] { return server->counters().refused == 10; }))
      << server->counters().refused << " refused beyond " << cap;
}

TEST_F(edge_life, stopping_amid_clients_that_come_and_go_harms_nothing) {
  for (int round = 0; round < 20; ++round) {
    const auto sockets = open_sockets();
    start();
    std::atomic<bool> over{false};
    std::vector<std::thread> clients;
    std::atomic<int> answers{0};
    for (int t = 0; t < 3; ++t) {
      clients.emplace_back([&, port = server->port()] {
        while (!over) {
          socket_client client(port);
          if (!client.connected()) continue;
          client.send(get("/a") + get("/hold") + get("/b"));
          if (client.read_answer(false, milliseconds(1000))) ++answers;
        }
      });
    }
    EXPECT_TRUE(eventually([&] { return answers > 10; }));
    std::vector<held_requests::held> kept;
    kept.push_back(held().take());
    server->stop();
    EXPECT_FALSE(kept.front().answer.send({}));
    over = true;
    for (auto& one : clients) one.join();
    EXPECT_EQ(server->counters().open, 0U);
    EXPECT_EQ(open_sockets(), sockets) << "also of those accepted in the last instant";
    held().clear();
  }
}

TEST_F(edge_life, refused_connections_cannot_pile_up) {
  limits.max_connections = 1;
  limits.lingering_refusals = 4;
  start();
  auto served = connect();
  served.send(get("/a"));
  ASSERT_TRUE(served.read_answer());
  std::vector<socket_client> refused;
  for (int i = 0; i < 50; ++i) refused.push_back(connect());
  ASSERT_TRUE(eventually([&] { return server->counters().refused == 50; }));
  EXPECT_TRUE(eventually([&] { return server->counters().open <= 5; }));
}

TEST_F(edge_life, many_connections_leave_nothing_behind) {
  start();
  ASSERT_TRUE(ask(get("/warm")));
  ASSERT_TRUE(all_closed());
  const auto before = open_descriptors();
  for (int round = 0; round < 3; ++round) {
    std::vector<socket_client> clients;
    for (int i = 0; i < 400; ++i) {
      clients.push_back(connect());
      clients.back().send(i % 3 == 0 ? "GET / HT" : get("/a"));
    }
    for (std::size_t i = 0; i < clients.size(); ++i) {
      if (i % 3 == 1) {
        EXPECT_TRUE(clients[i].read_answer());
      }
      if (i % 5 == 0) clients[i].reset();
    }
  }
  EXPECT_TRUE(all_closed());
  EXPECT_TRUE(eventually([&] { return open_descriptors() <= before; }))
      << open_descriptors() << " descriptors instead of " << before;
}

}  // namespace
}  // namespace mutirao::http
