// Several requests on one connection: order, back pressure, dropped and failing handlers.
#include <algorithm>
#include <random>
#include <stdexcept>

#include "tests/http/edge/edge_fixture.hpp"

namespace mutirao::http {
namespace {

class edge_order : public edge_test {};

TEST_F(edge_order, a_burst_in_one_segment_is_answered_in_order) {
  start();
  auto client = connect();
  std::string burst;
  for (int i = 0; i < 1000; ++i) burst += get("/" + std::to_string(i));
  client.send(burst);
  for (int i = 0; i < 1000; ++i) {
    const auto answer = client.read_answer();
    ASSERT_TRUE(answer) << i;
    ASSERT_EQ(answer->body, "/" + std::to_string(i));
  }
}

TEST_F(edge_order, answers_given_in_any_order_leave_in_the_order_of_the_requests) {
  start();
  auto client = connect();
  std::mt19937 random(3);
  for (int round = 0; round < 50; ++round) {
    std::string burst;
    for (int i = 0; i < 10; ++i) burst += get("/hold/" + std::to_string(i));
    client.send(burst);
    std::vector<held_requests::held> all;
    for (int i = 0; i < 10; ++i) all.push_back(held().take());
    std::shuffle(all.begin(), all.end(), random);
    std::thread other([&] {
      for (int i = 0; i < 5; ++i) all[i].answer.send({200, "", {}, all[i].wanted.path});
    });
    for (int i = 5; i < 10; ++i) all[i].answer.send({200, "", {}, all[i].wanted.path});
    other.join();
    for (int i = 0; i < 10; ++i) {
      const auto answer = client.read_answer();
      ASSERT_TRUE(answer);
      ASSERT_EQ(answer->body, "/hold/" + std::to_string(i));
    }
  }
}

TEST_F(edge_order, a_reply_sends_exactly_once) {
  start();
  auto client = connect();
  client.send(get("/hold"));
  const auto [wanted, answer] = held().take();
  const reply copy = answer;
  EXPECT_FALSE(answer.client_gone());
  EXPECT_TRUE(answer.send({200, "", {}, "first"}));
  EXPECT_FALSE(copy.send({200, "", {}, "second"}));
  EXPECT_FALSE(copy.begin_stream({}).write("third"));
  client.send(get("/after"));
  EXPECT_EQ(client.read_answer()->body, "first");
  EXPECT_EQ(client.read_answer()->body, "/after");
}

TEST_F(edge_order, one_of_many_senders_wins) {
  start();
  auto client = connect();
  for (int round = 0; round < 200; ++round) {
    client.send(get("/hold"));
    const auto [wanted, answer] = held().take();
    std::atomic<int> sent{0};
    std::vector<std::thread> senders;
    for (int i = 0; i < 4; ++i) {
      senders.emplace_back([&sent, copy = answer, i] {
        if (copy.send({200, "", {}, std::to_string(i)})) ++sent;
      });
    }
    for (auto& one : senders) one.join();
    EXPECT_EQ(sent, 1);
    ASSERT_EQ(client.read_answer()->body.size(), 1U);
  }
}

TEST_F(edge_order, a_reply_dropped_unsent_answers_503) {
  start();
  auto client = connect();
  client.send(get("/drop") + get("/hold"));
  EXPECT_EQ(client.read_answer()->status, 503);
  auto later = std::make_unique<held_requests::held>(held().take());
  const auto copy = std::make_unique<reply>(later->answer);
  later.reset();
  client.send(get("/after"));
  EXPECT_EQ(server->counters().dropped, 1U) << "a copy is left";
  const_cast<std::unique_ptr<reply>&>(copy).reset();
  EXPECT_EQ(client.read_answer()->status, 503);
  EXPECT_EQ(client.read_answer()->body, "/after") << "the connection goes on";
  EXPECT_EQ(server->counters().dropped, 2U);
}

TEST_F(edge_order, a_handler_that_throws_anything_answers_500_without_its_text) {
  hooks.handle = [](request&& wanted, const reply& answer) {
    if (wanted.path == "/std") throw std::runtime_error("secret");
    if (wanted.path == "/int") throw 7;
    answer.send({200, "", {}, "fine"});
    if (wanted.path == "/late") throw std::runtime_error("secret");
  };
  start();
  auto client = connect();
  client.send(get("/std") + get("/int") + get("/late") + get("/ok"));
  for (const int status : {500, 500, 200, 200}) {
    const auto answer = client.read_answer();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, status);
    EXPECT_EQ((answer->head + answer->body).find("secret"), std::string::npos);
  }
  EXPECT_EQ(server->counters().threw, 3U);
}

TEST_F(edge_order, with_16_answers_outstanding_the_connection_is_not_read_further) {
  start(1);
  auto client = connect();
  std::string burst;
  for (int i = 0; i < 40; ++i) burst += get("/hold/" + std::to_string(i));
  client.send(burst);
  std::vector<held_requests::held> taken;
  for (int i = 0; i < 16; ++i) taken.push_back(held().take());
  // The thread is alive and has dealt with all that it will of that burst.
  ASSERT_EQ(ask(get("/other"))->body, "/other");
  EXPECT_EQ(held().size(), 0U);
  EXPECT_EQ(server->counters().requests, 17U);
  // The kernel's buffers fill, ours do not.
  const std::string flood(64 * 1024, 'z');
  std::size_t accepted = 0;
  ASSERT_TRUE(eventually([&] {
    const auto sent = client.try_send(flood);
    accepted += sent.value_or(0);
    return sent == 0U && ask(get("/still"))->status == 200 && client.try_send(flood) == 0U;
  }));
  EXPECT_EQ(held().size(), 0U);
  for (auto& one : taken) one.answer.send({200, "", {}, one.wanted.path});
  for (int i = 16; i < 40; ++i) {
    auto one = held().take();
    EXPECT_EQ(one.wanted.path, "/hold/" + std::to_string(i));
    one.answer.send({200, "", {}, one.wanted.path});
  }
  for (int i = 0; i < 40; ++i) {
    const auto answer = client.read_answer();
    ASSERT_TRUE(answer) << i;
    ASSERT_EQ(answer->body, "/hold/" + std::to_string(i));
  }
  EXPECT_EQ(client.read_answer()->status, 400) << "the flood of z is no request";
}

TEST_F(edge_order, with_256_kib_unsent_the_connection_is_not_read_further) {
  start(1);
  auto client = connect(4096);
  std::string burst;
  for (int i = 0; i < 12; ++i) burst += get("/size/2000000");
  for (int i = 0; i < 100; ++i) burst += get("/small");
  client.send(burst);
  ASSERT_TRUE(client.read_bytes(1000));
  std::uint64_t handled = 0;
  ASSERT_TRUE(eventually([&] {  // a thread that has handled others since has paused this one
    handled = server->counters().requests;
    return ask(get("/other")) && server->counters().requests == handled + 1;
  }));
  EXPECT_LT(handled, 12U + 10U) << "not all of the large answers may wait in memory";
  for (int i = 0; i < 12; ++i) ASSERT_EQ(client.read_answer()->body.size(), 2'000'000U);
  for (int i = 0; i < 100; ++i) ASSERT_EQ(client.read_answer()->body, "/small");
}

TEST_F(edge_order, a_half_closing_client_still_gets_its_answers) {
  start();
  auto client = connect();
  client.send(get("/hold/1") + get("/hold/2") + get("/3"));
  client.end_sending();
  auto first = held().take();
  auto second = held().take();
  EXPECT_FALSE(first.answer.client_gone());
  EXPECT_TRUE(second.answer.send({200, "", {}, "2"}));
  EXPECT_TRUE(first.answer.send({200, "", {}, "1"}));
  EXPECT_EQ(client.read_answer()->body, "1");
  EXPECT_EQ(client.read_answer()->body, "2");
  EXPECT_EQ(client.read_answer()->body, "/3");
  EXPECT_EQ(client.read_to_end(), "");
  EXPECT_FALSE(client.was_reset());
  EXPECT_TRUE(all_closed());
}

TEST_F(edge_order, a_half_closing_client_that_also_said_close_gets_its_answer) {
  start();
  for (const std::string& text :
       {get("/hold", "Connection: close\r\n"), std::string("GET /hold HTTP/1.0\r\n\r\n")}) {
    auto client = connect();
    client.send(text);
    client.end_sending();
    auto one = held().take();
    one.answer.send({200, "", {}, std::string(3'000'000, 'l')});
    const auto answer = client.read_answer();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->body.size(), 3'000'000U);
    EXPECT_EQ(client.read_to_end(), "");
    EXPECT_FALSE(client.was_reset());
  }
  EXPECT_TRUE(all_closed());
}

TEST_F(edge_order, a_half_closing_client_that_asked_nothing_whole_is_closed) {
  start();
  auto client = connect();
  client.send("GET / HTTP/1.1\r\nHo");
  client.end_sending();
  EXPECT_EQ(client.read_to_end(), "");
  EXPECT_TRUE(all_closed());
}

TEST_F(edge_order, a_reply_learns_that_its_client_hung_up) {
  start();
  auto client = connect();
  client.send(get("/hold"));
  const auto [wanted, answer] = held().take();
  client.reset();
  EXPECT_TRUE(eventually([copy = answer] { return copy.client_gone(); }));
  EXPECT_FALSE(answer.send({}));
  EXPECT_TRUE(all_closed());
}

}  // namespace
}  // namespace mutirao::http
