// Sockets over the network: taken out of the edge, spoken to, cut and closed.
#include <thread>

#include "tests/http/edge/edge_fixture.hpp"
#include "tests/http/samples.hpp"
#include "tests/http/server_fixture.hpp"
#include "tests/support/web_socket_client.hpp"

namespace mutirao::http {
namespace {

using tests::web_socket_client;

class sockets_test : public server_test {
 protected:
  void SetUp() override {
    options.sockets.deadline_check = milliseconds(1);
    plays->on<list_events>([](const list_events&) { return list_events::answer{}; });
    plays->on<list_notifications>(
        [](const list_notifications&) { return list_notifications::answer{}; });
  }
  web_socket_client connect(int receive_bytes = 0) {
    return web_socket_client(running->port(), {}, receive_bytes);
  }
  std::string naming() const { return R"(42["auth:init",{"token":")" + member.substr(7) + "\"}]"; }
  /// Connected, named, and subscribed.
  web_socket_client connect_wholly(int receive_bytes = 0) {
    const auto before = plays->asked<list_notifications>().size();
    auto made = connect(receive_bytes);
    made.say("40");
    made.say(naming());
    EXPECT_TRUE(
        eventually([&] { return plays->asked<list_notifications>().size() == before + 1; }));
    EXPECT_TRUE(made.hears("40{"));
    return made;
  }
  void publish(const job_view& job, std::uint64_t version) {
    auto shown = job;
    shown.version = version;
    const committed what{{}, {}, {shown}};
    caf::anon_send(notifier, actors::committed_news{std::make_shared<const committed>(what)});
  }
  int sockets() const { return static_cast<int>(log.at(gauge::sockets)); }
  bool sockets_are(int count) {
    return eventually([this, count] { return sockets() == count; });
  }
};

TEST_F(sockets_test, open_connect_and_are_told) {
  start();
  auto client = connect();
  ASSERT_EQ(client.status(), 101);
  EXPECT_TRUE(
      client.next().value_or("").starts_with(R"(0{"maxPayload":65536,"pingInterval":25000)"));
  client.say("40");
  EXPECT_TRUE(client.next().value_or("").starts_with(R"(40{"sid":")"));
  client.say(naming());
  ASSERT_TRUE(eventually([&] { return plays->asked<list_notifications>().size() == 1; }));
  publish(running_job(), 2);
  EXPECT_TRUE(client.next().value_or("").starts_with(R"(42["job:progress",{"id":")"));
  EXPECT_TRUE(sockets_are(1));
  client.socket().close();
  EXPECT_TRUE(sockets_are(0));
}

TEST_F(sockets_test, may_carry_as_long_a_head_as_any_request) {
  start();
  auto request = web_socket_client::request();
  request.insert(request.size() - 2, "Cookie: a=" + std::string(12'000, 'x') + "\r\n");
  tests::socket_client client(running->port());
  client.send(request);
  const auto answer = client.read_answer();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 101);
}

TEST_F(sockets_test, that_speak_before_they_are_answered_are_cut) {
  start();
  web_socket_client client(running->port(), web_socket_client::frame("40"));
  EXPECT_EQ(client.status(), 0);
  EXPECT_TRUE(client.ends());
  EXPECT_TRUE(sockets_are(0));
}

TEST_F(sockets_test, other_transports_are_refused_as_clients_understand) {
  start();
  const auto polling = exchange("GET /socket.io/?EIO=4&transport=polling");
  ASSERT_TRUE(polling);
  EXPECT_EQ(polling->status, 400);
  EXPECT_EQ(polling->body, R"({"code":0,"message":"Transport unknown"})");
  tests::socket_client other(running->port());
  other.send(web_socket_client::request("/socket.io/?EIO=3&transport=websocket"));
  EXPECT_EQ(other.read_answer()->body, R"({"code":5,"message":"Unsupported protocol version"})");
}

TEST_F(sockets_test, a_wrong_token_is_told_and_the_transport_closed) {
  start();
  auto client = connect();
  client.say("40");
  client.say(R"(42["auth:init",{"token":"x"}])");
  EXPECT_TRUE(client.hears("auth:error"));
  EXPECT_FALSE(client.next()) << "no DISCONNECT";
  EXPECT_TRUE(client.closed());
}

TEST_F(sockets_test, that_do_not_say_who_they_are_are_closed) {
  options.sockets.auth_deadline = milliseconds(50);
  options.sockets.close_deadline = milliseconds(50);  // it does not close from its side
  start();
  auto client = connect();
  client.say("40");
  EXPECT_TRUE(client.ends());
  EXPECT_TRUE(sockets_are(0));
}

TEST_F(sockets_test, that_never_end_the_handshake_are_cut) {
  options.sockets.handshake_deadline = milliseconds(50);
  start();
  tests::socket_client client(running->port());
  auto request = web_socket_client::request();
  request.replace(request.find("Sec-WebSocket-Key"), 17, "Sec-WebSocket-Koy");
  client.send(request);
  EXPECT_TRUE(client.closed_by_server());
  EXPECT_TRUE(sockets_are(0));
}

TEST_F(sockets_test, that_answer_no_ping_are_closed) {
  options.sockets.ping_interval = milliseconds(20);
  options.sockets.ping_timeout = milliseconds(500);  // enough for the first answer
  start();
  auto client = connect_wholly();
  EXPECT_EQ(client.next(), "2");
  client.say("3");
  EXPECT_EQ(client.next(), "2");
  EXPECT_FALSE(client.next());
  EXPECT_TRUE(client.closed());
}

TEST_F(sockets_test, garbage_and_packets_too_large_close_the_transport) {
  start();
  const auto large = std::string(64 * 1024 + 1, 'x');
  for (const auto& frame :
       {web_socket_client::frame("x"), web_socket_client::frame("42[\"a\""),
        web_socket_client::frame("42[\"a\xff\"]"), web_socket_client::frame("4" + large),
        std::string("\x81\x03"
                    "abc"),
        std::string(14, '\xff'), std::string("GET / HTTP/1.1\r\nHost: a\r\n\r\n")}) {
    auto client = connect();
    client.say("40");
    client.socket().send(frame);
    EXPECT_TRUE(client.ends()) << frame.substr(0, 20);
  }
  EXPECT_TRUE(sockets_are(0));
}

TEST_F(sockets_test, that_speak_garbage_and_stay_are_cut) {
  options.sockets.handshake_deadline = options.sockets.close_deadline = milliseconds(200);
  start();
  for (const auto& frame : {web_socket_client::frame("x"), std::string(14, '\xff')}) {
    auto client = connect();
    client.socket().send(frame);
    EXPECT_TRUE(client.socket().closed_by_server());
  }
  EXPECT_TRUE(sockets_are(0));
}

TEST_F(sockets_test, that_ask_much_and_read_nothing_are_cut) {
  start();
  auto client = connect(2048);
  const auto question = web_socket_client::frame("40/" + std::string(1000, 'x') + ",");
  for (int i = 0; i < 2000 && client.socket().send(question); ++i) {
  }
  EXPECT_TRUE(sockets_are(0)) << "before the deadline for those who take nothing";
  EXPECT_EQ(exchange("GET /version")->status, 200);
}

TEST_F(sockets_test, binary_and_unknown_packets_are_passed_over) {
  start();
  auto client = connect_wholly();
  client.socket().send(web_socket_client::frame("\x01\x02", 2));
  client.say(R"(42["presence:ping"])");
  client.say("6");
  client.socket().send(web_socket_client::frame("ping", 9));
  publish(running_job(), 2);
  EXPECT_TRUE(client.hears("job:progress"));
}

TEST_F(sockets_test, that_do_not_read_are_cut) {
  edge_limits limits;
  limits.take_deadline = milliseconds(200);
  start(limits);
  auto client = connect_wholly(2048);
  auto job = running_job();
  for (std::uint64_t version = 2; sockets() == 1 && version < 200'000; ++version) {
    job.totals.done = static_cast<std::int64_t>(version);
    job.totals.total = 1'000'000;
    publish(job, version);
    if (version % 64 == 0) std::this_thread::yield();
  }
  EXPECT_TRUE(sockets_are(0));
  EXPECT_TRUE(client.socket().closed_by_server());
  EXPECT_TRUE(eventually([this] { return log.at(gauge::listeners) == 0; }));
}

TEST_F(sockets_test, count_as_connections) {
  edge_limits limits;
  limits.max_connections = 1;
  start(limits);
  auto client = connect_wholly();
  EXPECT_EQ(exchange("GET /version")->status, 503);
  client.socket().close();
  ASSERT_TRUE(sockets_are(0));
  EXPECT_EQ(exchange("GET /version")->status, 200);
}

TEST_F(sockets_test, a_stop_closes_them_all_in_order) {
  start();
  auto named = connect_wholly();
  auto nameless = connect();
  ASSERT_TRUE(nameless.next());
  std::thread stopping([this] { running->stop(); });
  EXPECT_FALSE(named.next());
  EXPECT_TRUE(named.closed());
  EXPECT_FALSE(nameless.next());
  EXPECT_TRUE(nameless.closed());
  named.socket().close();
  nameless.socket().close();
  stopping.join();
  EXPECT_EQ(sockets(), 0);
}

TEST_F(sockets_test, a_stop_waits_for_nobody_for_ever) {
  options.sockets.stop_deadline = milliseconds(50);
  start();
  auto silent = connect_wholly();
  running->stop();
  EXPECT_EQ(sockets(), 0);
}

TEST_F(sockets_test, two_thousand_among_plain_requests_leak_no_descriptor) {
  start();
  ASSERT_EQ(exchange("GET /version")->status, 200);
  ASSERT_TRUE(eventually([this] { return running->counters().open == 0; }));
  const auto before = open_descriptors();
  std::atomic<int> opened{0};
  std::atomic<int> plain{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 500; ++i) {
        auto client = connect();
        if (i % 3 != 0 && client.next()) ++opened;
        if (i % 3 == 0 && client.status() == 101) ++opened;
        if (i % 2 == t % 2) client.socket().reset();
        if (exchange("GET /version")->status == 200) ++plain;
      }
    });
  }
  for (auto& one : threads) one.join();
  EXPECT_EQ(opened, 2000);
  EXPECT_EQ(plain, 2000);
  EXPECT_EQ(running->counters().upgraded, 2000U);
  EXPECT_TRUE(sockets_are(0));
  EXPECT_TRUE(eventually([&] { return open_descriptors() <= before; }));
}

}  // namespace
}  // namespace mutirao::http
