// What is refused over a real socket: the status, then the end of the connection, never a reset.
#include "http/edge/bare_problem.hpp"
#include "tests/http/edge/bad_heads.hpp"
#include "tests/http/edge/edge_fixture.hpp"

namespace mutirao::http {
namespace {

class edge_framing : public edge_test {
 protected:
  void expect_refused(std::string_view bytes, int status, std::string_view name) {
    auto client = connect();
    client.send(bytes);
    const auto answer = client.read_answer();
    ASSERT_TRUE(answer) << name;
    EXPECT_EQ(answer->status, status) << name;
    EXPECT_EQ(answer->reason, reason_phrase(status)) << name;
    EXPECT_EQ(answer->header("Content-Type"), "application/problem+json") << name;
    EXPECT_EQ(answer->header("Connection"), "close") << name;
    EXPECT_EQ(client.read_to_end(), "") << name;
    EXPECT_FALSE(client.was_reset()) << name;
  }
};

TEST_F(edge_framing, answers_each_bad_head_with_its_status_and_closes) {
  hooks.handle = [](request&&, const reply&) { ADD_FAILURE() << "a handler saw a bad request"; };
  start();
  std::uint64_t count = 0;
  for (const auto& bad : bad_heads()) {
    expect_refused(bad.text, bare_problem(bad.code).status, bad.name);
    ++count;
  }
  expect_refused(std::string("\x16\x03\x01\x02\x00\x01\x00", 7), 400, "TLS");
  expect_refused("GET / HTTP/1.1\nHost: x\n\n", 400, "lines without CR");
  expect_refused("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400,
                 "chunk");
  EXPECT_EQ(server->counters().malformed, count + 3);
  EXPECT_EQ(server->counters().requests, 0U);
  EXPECT_TRUE(all_closed());
}

TEST_F(edge_framing, ten_thousand_headers_and_a_huge_target_are_refused_without_a_reset) {
  start();
  std::string many = "GET / HTTP/1.1\r\nHost: x\r\n";
  for (int i = 0; i < 10'000; ++i) many += "X-" + std::to_string(i) + ": 1\r\n";
  expect_refused(many + "\r\n", 431, "10,000 headers");
  expect_refused(get("/" + std::string(900'000, 'a')), 414, "900 KB target");
  expect_refused(get("/", "Cookie: " + std::string(900'000, 'a') + "\r\n"), 431, "900 KB header");
}

TEST_F(edge_framing, the_problem_hook_gives_the_text) {
  hooks.problem = [](errc code, const refused_request& what) {
    response answer = bare_problem(code);
    answer.body = std::string(what.accept_language) + "|" + std::string(what.path) + "|" +
                  std::string(what.origin);
    return answer;
  };
  hooks.body_limit = [](method, std::string_view path,
                        const header_values&) -> tl::expected<std::size_t, errc> {
    return path == "/small" ? 10 : 1000;
  };
  start();
  const auto large =
      ask("POST /small HTTP/1.1\r\nHost: x\r\nAccept-Language: en\r\nOrigin: http://a\r\n"
          "Content-Length: 11\r\n\r\n");
  ASSERT_TRUE(large);
  EXPECT_EQ(large->status, 413);
  EXPECT_EQ(large->body, "en|/small|http://a");
  const auto bad = ask("GET\r\n\r\n");
  ASSERT_TRUE(bad);
  EXPECT_EQ(bad->body, "||");
  const std::string readable = "GET /a?b HTTP/1.1\r\nHost: x\r\nAccept-Language: en\r\n";
  EXPECT_EQ(ask(readable + "Host: y\r\n\r\n")->body, "en|/a|");
  EXPECT_EQ(ask(readable + "folded\r\n :line\r\n\r\n")->body, "en|/a|");
  EXPECT_EQ(ask(readable + "X: " + std::string(100'000, 'a') + "\r\n\r\n")->body, "en|/a|");
}

TEST_F(edge_framing, a_problem_hook_that_throws_costs_only_the_text) {
  hooks.problem = [](errc, const refused_request&) -> response { throw 1; };
  start();
  EXPECT_EQ(ask("GET\r\n\r\n")->status, 400);
}

TEST_F(edge_framing, too_large_a_body_is_refused_before_it_comes_and_while_it_comes) {
  limits.body_bytes = 1000;
  start();
  expect_refused("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n", 413, "length");
  expect_refused("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n",
                 413, "length beyond 64 bits");
  expect_refused("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3e8\r\n" +
                     std::string(1000, 'a') + "\r\n1\r\n",
                 413, "chunks");
  EXPECT_EQ(ask(post("/echo", std::string(1000, 'a')))->body.size(), 1000U);
}

TEST_F(edge_framing, an_early_413_reaches_a_client_that_sends_its_whole_body_first) {
  start();
  auto client = connect();
  const std::string body(8 * 1024 * 1024, 'b');
  ASSERT_TRUE(client.send(post("/echo", body))) << "the server reads on";
  const auto answer = client.read_answer();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 413);
  EXPECT_TRUE(client.closed_by_server());
  EXPECT_FALSE(client.was_reset());
}

TEST_F(edge_framing, reads_on_only_so_much_behind_a_refusal) {
  limits.linger_bytes = 100'000;
  start();
  auto client = connect();
  client.send("GET\r\n\r\n");
  const std::string noise(64 * 1024, 'n');
  bool broke = false;
  for (int i = 0; i < 1000 && !broke; ++i) broke = !client.send(noise);
  EXPECT_TRUE(broke) << "64 MB were taken";
  EXPECT_TRUE(all_closed());
}

TEST_F(edge_framing, lingers_only_so_long_for_a_client_that_does_not_close) {
  start();
  auto client = connect();
  client.send("GET\r\n\r\n");
  EXPECT_EQ(client.read_answer()->status, 400);
  EXPECT_TRUE(as_time_passes(limits.linger_deadline, [&] { return server->counters().open == 0; }))
      << "the client kept its side open";
}

TEST_F(edge_framing, chunked_bodies_split_at_every_byte_arrive_whole) {
  start();
  const std::string text =
      "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1;x=y\r\n "
      "\r\n"
      "5\r\nworld\r\n0\r\n\r\n";
  auto client = connect();
  for (std::size_t cut = 1; cut < text.size(); ++cut) {
    client.send(text.substr(0, cut));
    client.send(text.substr(cut));
    const auto answer = client.read_answer();
    ASSERT_TRUE(answer) << cut;
    ASSERT_EQ(answer->body, "hello world") << cut;
  }
  for (const char one : text) client.send({&one, 1});
  EXPECT_EQ(client.read_answer()->body, "hello world");
  EXPECT_EQ(server->counters().accepted, 1U);
}

TEST_F(edge_framing, slashes_and_dots_crash_nothing) {
  start();
  EXPECT_EQ(ask(get("//"))->status, 404);
  EXPECT_EQ(ask(get("/a//b"))->status, 404);
  EXPECT_EQ(ask(get(std::string(2000, '/')))->status, 404);
  EXPECT_EQ(ask(get(std::string(16'000, '/')))->status, 414);
  EXPECT_EQ(ask(get("/../../etc/passwd"))->body, "/../../etc/passwd");
  EXPECT_EQ(ask(get("/?a=//"))->status, 200);
  auto client = connect();
  client.send(get("/a//b") + get("/after"));
  EXPECT_EQ(client.read_answer()->status, 404);
  EXPECT_EQ(client.read_answer()->body, "/after") << "a plain 404 ends nothing";
}

TEST_F(edge_framing, tells_to_continue_and_then_answers) {
  start();
  auto client = connect();
  client.send(
      "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  const auto interim = client.read_answer();
  ASSERT_TRUE(interim);
  EXPECT_EQ(interim->status, 100);
  EXPECT_EQ(interim->head, "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("body");
  EXPECT_EQ(client.read_answer()->body, "body");
}

TEST_F(edge_framing, tells_to_continue_only_behind_the_answers_before) {
  start();
  auto client = connect();
  client.send(
      get("/hold") +
      "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  const auto first = held().take();
  first.answer.send({200, "text/plain", {}, "first"});
  EXPECT_EQ(client.read_answer()->body, "first");
  EXPECT_EQ(client.read_answer()->status, 100);
  client.send("body");
  EXPECT_EQ(client.read_answer()->body, "body");
}

TEST_F(edge_framing, tells_to_continue_with_the_least_room) {
  limits.waiting_answers = 1;
  start();
  auto client = connect();
  client.send(
      "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  ASSERT_EQ(client.read_answer()->status, 100);
  client.send("body");
  EXPECT_EQ(client.read_answer()->body, "body");
}

TEST_F(edge_framing, does_not_tell_to_continue_what_it_refuses) {
  start();
  expect_refused(
      "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\nExpect: 100-continue\r\n\r\n",
      413, "expect");
}

}  // namespace
}  // namespace mutirao::http
