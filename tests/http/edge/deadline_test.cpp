// Clients and handlers that take too long, by a clock that the tests turn.
#include "tests/http/edge/edge_fixture.hpp"

namespace mutirao::http {
namespace {

class edge_deadline : public edge_test {};

TEST_F(edge_deadline, a_head_that_never_ends_is_cut_however_it_trickles) {
  start();
  auto silent = connect();
  auto partial = connect();
  partial.send("GET / HTTP/1.1\r\n");
  auto trickling = connect();
  trickling.send("GET / HTTP/1.1\r\nX: ");
  ASSERT_TRUE(open_connections(3));
  EXPECT_TRUE(as_time_passes(limits.head_deadline / 8, [&] {
    trickling.send("x");  // each byte is news, but not a head
    return server->counters().cut_deadline == 3;
  }));
  EXPECT_TRUE(silent.closed_by_server());
  EXPECT_TRUE(partial.closed_by_server());
  EXPECT_TRUE(trickling.closed_by_server());
  EXPECT_TRUE(all_closed());
}

TEST_F(edge_deadline, an_idle_connection_is_closed_later_than_a_new_one) {
  start();
  auto client = connect();
  client.send(get("/a"));
  ASSERT_TRUE(client.read_answer());
  auto fresh = connect();
  ASSERT_TRUE(open_connections(2));
  time.advance(limits.head_deadline);
  EXPECT_TRUE(fresh.closed_by_server());
  time.advance(limits.idle_deadline - limits.head_deadline - milliseconds(1));
  client.send(get("/b"));
  ASSERT_TRUE(client.read_answer()) << "idle for less than it may";
  EXPECT_TRUE(as_time_passes(limits.idle_deadline, [&] { return server->counters().open == 0; }));
  EXPECT_EQ(client.read_to_end(), "");
}

TEST_F(edge_deadline, a_body_that_stops_is_cut_and_one_that_comes_is_not) {
  limits.body_bytes_per_second = 1'000;
  start();
  auto stuck = connect();
  stuck.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n1234");
  ASSERT_TRUE(open_connections(1));
  const auto cut = [&](std::size_t count) {
    return as_time_passes(limits.body_deadline,
                          [&, count] { return server->counters().cut_deadline == count; });
  };
  EXPECT_TRUE(cut(1));
  auto coming = connect();
  // 500,000 bytes have earned 500 seconds; the last one comes after more than the deadline.
  coming.send("POST /hold HTTP/1.1\r\nHost: a\r\nContent-Length: 500001\r\n\r\n" +
              std::string(500'000, 'b'));
  auto other = connect();
  other.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n1234");
  ASSERT_TRUE(open_connections(2));
  EXPECT_TRUE(cut(2));
  EXPECT_TRUE(other.closed_by_server());
  coming.send("b");
  auto [wanted, answer] = held().take();
  EXPECT_EQ(wanted.body.size(), 500'001U);
}

TEST_F(edge_deadline, an_answer_that_does_not_come_is_a_504_and_the_late_one_is_ignored) {
  start();
  auto client = connect();
  client.send(get("/hold/1") + get("/hold/2") + get("/3"));
  const auto first = held().take();
  const auto second = held().take();
  second.answer.send({200, "", {}, "second"});
  time.advance(limits.answer_deadline);
  const auto late = client.read_answer();
  ASSERT_TRUE(late);
  EXPECT_EQ(late->status, 504);
  EXPECT_EQ(client.read_answer()->body, "second");
  EXPECT_EQ(client.read_answer()->body, "/3");
  EXPECT_FALSE(first.answer.send({200, "", {}, "too late"}));
  client.send(get("/4"));
  EXPECT_EQ(client.read_answer()->body, "/4");
  EXPECT_TRUE(eventually([&] { return server->counters().late == 1; }));
}

TEST_F(edge_deadline, waiting_for_an_answer_is_not_being_idle) {
  limits.idle_deadline = limits.answer_deadline / 8;
  start();
  auto waiting = connect();
  waiting.send(get("/hold"));
  const auto held_back = held().take();
  auto idle = connect();
  idle.send(get("/a"));
  ASSERT_TRUE(idle.read_answer());
  time.advance(limits.answer_deadline / 2);
  ASSERT_TRUE(idle.closed_by_server());
  EXPECT_TRUE(held_back.answer.send({200, "", {}, "patience"}));
  EXPECT_EQ(waiting.read_answer()->body, "patience");
}

TEST_F(edge_deadline, a_client_that_takes_nothing_is_cut_and_others_do_not_notice) {
  limits.take_deadline = milliseconds(500);
  start();
  std::vector<socket_client> stalled;
  for (int i = 0; i < 5; ++i) {
    stalled.push_back(connect(4096));
    stalled.back().send(get("/size/8000000"));
  }
  auto slow = connect(4096);
  slow.send(get("/size/9000000"));
  auto lively = connect();
  // Time passes as it does, but never while this test was not given the processor.
  auto seen = std::chrono::steady_clock::now();
  milliseconds passed{0};
  int answered = 0;
  while (server->counters().cut_slow < 5) {
    lively.send(get("/quick"));
    ASSERT_TRUE(lively.read_answer());
    ++answered;
    const auto now = std::chrono::steady_clock::now();
    if (now - seen < milliseconds(1)) continue;
    seen = now;
    passed += milliseconds(1);
    time.advance(milliseconds(1));
    // 500 KB/s: less in each 500 ms than what the kernel wants free before it takes more.
    ASSERT_TRUE(slow.read_bytes(static_cast<std::size_t>(passed.count()) * 500));
  }
  EXPECT_GT(answered, 20) << "others waited for the stalled";
  EXPECT_EQ(slow.read_answer()->body.size(), 9'000'000U);
  for (auto& one : stalled) {
    EXPECT_TRUE(one.closed_by_server());
    EXPECT_TRUE(one.was_reset()) << "what waits for it in the kernel is thrown away";
  }
  EXPECT_EQ(server->counters().cut_slow, 5U);
}

TEST_F(edge_deadline, a_stalled_client_costs_no_processor_time) {
  start();
  auto stalled = connect(4096);
  stalled.send(get("/size/20000000"));
  ASSERT_TRUE(stalled.read_bytes(1));
  timespec before{};
  timespec after{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
  auto waiting = connect();  // half a second by the server's own clock
  waiting.send(get("/hold"));
  auto one = held().take();
  EXPECT_FALSE(eventually([&] { return one.answer.client_gone(); }, milliseconds(500)));
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
  const double used = static_cast<double>(after.tv_sec - before.tv_sec) +
                      static_cast<double>(after.tv_nsec - before.tv_nsec) / 1e9;
  EXPECT_LT(used, 0.25) << "seconds of processor time in half a second";
}

}  // namespace
}  // namespace mutirao::http
