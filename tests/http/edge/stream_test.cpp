// Answers written bit by bit: framing, back pressure, clients that go, writers that go.
#include <algorithm>
#include <atomic>

#include "tests/http/edge/edge_fixture.hpp"

namespace mutirao::http {
namespace {

class edge_stream : public edge_test {
 protected:
  stream begin(socket_client& client, std::string_view request_text) {
    client.send(request_text);
    return held().take().answer.begin_stream({200, "text/event-stream", {}, {}});
  }
};

TEST_F(edge_stream, is_chunked_and_leaves_the_connection_open) {
  start();
  auto client = connect();
  const auto out = begin(client, get("/hold") + get("/after"));
  EXPECT_TRUE(out.write("hello "));
  EXPECT_TRUE(out.write(""));
  EXPECT_TRUE(out.write(std::make_shared<const std::string>(100'000, 'w')));
  EXPECT_TRUE(out.write("!"));
  out.finish();
  EXPECT_FALSE(out.write("late"));
  const auto answer = client.read_answer();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->header("Transfer-Encoding"), "chunked");
  EXPECT_EQ(answer->header("Content-Length"), "");
  EXPECT_EQ(answer->body, "hello " + std::string(100'000, 'w') + "!");
  EXPECT_EQ(client.read_answer()->body, "/after");
}

TEST_F(edge_stream, each_write_reaches_the_client_without_waiting_for_the_next) {
  start();
  auto client = connect();
  const auto out = begin(client, get("/hold"));
  ASSERT_TRUE(eventually([&] { return client.read_bytes(1); }));
  const auto head_end = client.unread().find("\r\n\r\n") + 4;
  for (int i = 1; i <= 3; ++i) {
    out.write("tick");
    EXPECT_TRUE(client.read_bytes(head_end + static_cast<std::size_t>(i) * 9));
  }
}

TEST_F(edge_stream, ends_with_the_connection_in_http10) {
  start();
  auto client = connect();
  const auto out = begin(client, "GET /hold HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  out.write("a");
  out.write("b");
  out.finish();
  const auto answer = client.read_answer();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->header("Connection"), "close");
  EXPECT_EQ(answer->header("Transfer-Encoding"), "");
  EXPECT_EQ(answer->body, "ab");
}

TEST_F(edge_stream, head_gets_no_body_and_its_writer_learns_so) {
  start();
  auto client = connect();
  const auto out = begin(client, "HEAD /hold HTTP/1.1\r\nHost: a\r\n\r\n" + get("/after"));
  EXPECT_FALSE(out.write("never"));
  EXPECT_EQ(client.read_answer(true)->status, 200);
  EXPECT_EQ(client.read_answer()->body, "/after");
}

TEST_F(edge_stream, waits_behind_the_answer_before_it) {
  start();
  auto client = connect();
  client.send(get("/hold/1") + get("/hold/2"));
  const auto first = held().take();
  const auto second = held().take().answer.begin_stream({});
  EXPECT_TRUE(second.write("second"));
  EXPECT_GT(second.outstanding(), 6U);
  first.answer.send({200, "", {}, "first"});
  EXPECT_TRUE(eventually([&] { return second.outstanding() == 0; }));
  second.finish();
  EXPECT_EQ(client.read_answer()->body, "first");
  EXPECT_EQ(client.read_answer()->body, "second");
}

TEST_F(edge_stream, a_writer_that_waits_for_room_gets_everything_through_with_little_memory) {
  start();
  auto client = connect(4096);
  const auto out = begin(client, get("/hold"));
  constexpr std::size_t total = 30'000'000;
  const auto piece = std::make_shared<const std::string>(50'000, 'p');
  std::atomic<std::size_t> written{0};
  std::atomic<std::size_t> most{0};
  std::function<void()> go_on = [&] {
    while (written < total && out.outstanding() < limits.low_water) {
      if (!out.write(piece)) return;
      written += piece->size();
      most = std::max(most.load(), out.outstanding());
    }
    if (written < total) {
      out.on_room(go_on);
    } else {
      out.finish();
    }
  };
  go_on();
  EXPECT_LT(written, total) << "the client has not read yet";
  EXPECT_EQ(client.read_answer()->body.size(), total);
  EXPECT_LT(most, limits.low_water + piece->size() + 100);
  EXPECT_EQ(server->counters().cut_slow, 0U);
}

TEST_F(edge_stream, a_writer_that_does_not_wait_loses_its_client) {
  start();
  auto client = connect(4096);
  const auto out = begin(client, get("/hold"));
  const std::string piece(10'000, 'p');
  std::size_t written = 0;
  while (out.write(piece) && written < 100'000'000) written += piece.size();
  EXPECT_LT(written, 100'000'000U);
  EXPECT_FALSE(out.write("more"));
  EXPECT_EQ(out.outstanding(), 0U);
  EXPECT_EQ(server->counters().cut_slow, 1U);
  EXPECT_TRUE(client.closed_by_server());
  EXPECT_TRUE(all_closed());
}

TEST_F(edge_stream, many_tiny_writes_to_a_stalled_client_end_at_the_limit) {
  start();
  auto client = connect(4096);
  const auto out = begin(client, get("/hold"));
  const std::string filler(100'000, 'f');
  while (out.outstanding() == 0) ASSERT_TRUE(out.write(filler));
  std::size_t most = 0;
  while (out.write("x")) most = std::max(most, out.outstanding());
  EXPECT_GT(most, limits.waiting_bytes / 2);
  EXPECT_LT(most, limits.waiting_bytes + 10);
  EXPECT_EQ(server->counters().cut_slow, 1U);
}

TEST_F(edge_stream, on_room_comes_at_once_where_there_is_room_but_not_from_inside_the_call) {
  start();
  auto client = connect();
  const auto out = begin(client, get("/hold"));
  std::mutex held_by_caller;
  std::atomic<bool> called{false};
  {
    const std::lock_guard guard(held_by_caller);
    out.on_room([&] {
      { const std::lock_guard inner(held_by_caller); }  // would deadlock from inside on_room
      called = true;                                    // the mutex may be gone now
    });
  }
  EXPECT_TRUE(eventually([&] { return called.load(); }));
}

TEST_F(edge_stream, on_room_tells_that_the_client_is_gone) {
  start();
  auto client = connect(4096);
  const auto out = begin(client, get("/hold"));
  const std::string filler(100'000, 'f');
  while (out.outstanding() < limits.low_water) ASSERT_TRUE(out.write(filler));
  std::atomic<int> called{0};
  out.on_room([&] { ++called; });
  client.reset();
  EXPECT_TRUE(eventually([&] { return called == 1; }));
  EXPECT_FALSE(out.write("x"));
  out.on_room([&] { ++called; });
  EXPECT_EQ(called, 2) << "gone: at once";
}

TEST_F(edge_stream, on_gone_tells_of_a_client_that_left_however_it_did) {
  start();
  for (const auto how : {0, 1, 2}) {
    auto client = connect();
    const auto out = begin(client, get("/hold"));
    std::atomic<int> called{0};
    out.on_gone([&] { called += 10; });
    out.on_gone([&] { ++called; });  // in the place of the first
    out.write("still here");
    EXPECT_EQ(called, 0);
    if (how == 0) client.reset();
    if (how == 1) client.close();
    if (how == 2) client.end_sending();
    EXPECT_TRUE(eventually([&] { return called == 1; })) << how;
    out.on_gone([&] { ++called; });
    EXPECT_EQ(called, 2) << "gone: at once";
    out.finish();
    if (how == 2) {
      EXPECT_EQ(client.read_answer()->body, "still here");
      EXPECT_TRUE(client.closed_by_server());
    }
    EXPECT_TRUE(all_closed());
  }
}

TEST_F(edge_stream, on_gone_tells_of_a_client_that_was_cut_and_of_none_after_the_end) {
  start();
  auto client = connect(4096);
  const auto out = begin(client, get("/hold"));
  std::atomic<int> called{0};
  out.on_gone([&] { ++called; });
  // Until the worker is done with the request all is only queued.
  EXPECT_TRUE(eventually([&] { return out.outstanding() == 0; }));
  const std::string filler(100'000, 'f');
  while (out.outstanding() < limits.low_water) ASSERT_TRUE(out.write(filler));
  EXPECT_TRUE(as_time_passes(limits.take_deadline / 4, [&] { return called == 1; }));
  EXPECT_EQ(server->counters().cut_slow, 1U);

  auto other = connect();
  const auto ended = begin(other, get("/hold"));
  ended.on_gone([&] { ++called; });
  ended.finish();
  other.close();
  EXPECT_TRUE(all_closed());
  EXPECT_EQ(called, 1);
}

TEST_F(edge_stream, on_gone_is_called_when_the_edge_stops) {
  start();
  auto client = connect();
  const auto out = begin(client, get("/hold"));
  std::atomic<int> called{0};
  out.on_gone([&] { ++called; });
  server->stop();
  EXPECT_EQ(called, 1);
}

TEST_F(edge_stream, a_bounded_kernel_queue_shows_soon_that_nobody_reads) {
  start();
  const auto taken_by_the_kernel = [this](int bound) {
    auto client = connect(4096);
    const auto out = begin(client, get("/hold"));
    if (bound > 0) out.bound_kernel_queue(bound);
    // Until the worker is done with the request all is only queued.
    EXPECT_TRUE(eventually([&] { return out.outstanding() == 0; }));
    std::size_t written = 0;
    while (out.outstanding() == 0 && out.write(std::string(1000, 'f'))) written += 1000;
    out.finish();
    return written;
  };
  EXPECT_LT(taken_by_the_kernel(32 * 1024), 128U * 1024);
  EXPECT_GT(taken_by_the_kernel(0), 512U * 1024) << "else the bound would be for nothing";
}

TEST_F(edge_stream, dropped_before_its_end_the_client_sees_that_it_is_not_whole) {
  start();
  auto client = connect();
  {
    const auto out = begin(client, get("/hold"));
    out.write("partial");
  }
  const auto all = client.read_to_end();
  ASSERT_TRUE(all);
  EXPECT_TRUE(all->ends_with("7\r\npartial\r\n")) << *all;
  auto old = connect();
  begin(old, "GET /hold HTTP/1.0\r\n\r\n").write("partial");
  ASSERT_TRUE(old.read_to_end());
  EXPECT_TRUE(old.was_reset()) << "only a reset can tell";
}

TEST_F(edge_stream, a_callback_that_holds_the_last_copy_frees_it) {
  start();
  auto client = connect();
  {
    auto out = begin(client, get("/hold"));
    out.on_room([copy = out] {});
  }
  EXPECT_TRUE(client.closed_by_server());
  client.close();
  EXPECT_TRUE(all_closed());
}

TEST_F(edge_stream, an_open_stream_is_neither_idle_nor_late) {
  start();
  auto client = connect();
  const auto out = begin(client, get("/hold"));
  auto idle = connect();
  ASSERT_TRUE(open_connections(2));
  auto late = connect();
  late.send(get("/hold"));
  const auto unanswered = held().take();
  time.advance(std::max(limits.idle_deadline, limits.answer_deadline));
  ASSERT_TRUE(idle.closed_by_server());
  ASSERT_EQ(late.read_answer()->status, 504);
  EXPECT_TRUE(out.write("still here"));
  out.finish();
  EXPECT_EQ(client.read_answer()->body, "still here");
}

TEST_F(edge_stream, several_threads_may_write_one_stream) {
  start();
  auto client = connect();
  const auto out = begin(client, get("/hold"));
  std::vector<std::thread> writers;
  for (int t = 0; t < 4; ++t) {
    writers.emplace_back([out, t] {
      for (int i = 0; i < 500; ++i) out.write(std::string(10, static_cast<char>('a' + t)));
    });
  }
  for (auto& one : writers) one.join();
  out.finish();
  const auto answer = client.read_answer();
  ASSERT_TRUE(answer);
  ASSERT_EQ(answer->body.size(), 4U * 500U * 10U);
  for (std::size_t i = 0; i < answer->body.size(); i += 10) {
    ASSERT_EQ(answer->body.substr(i, 10), std::string(10, answer->body[i]));
  }
}

}  // namespace
}  // namespace mutirao::http
