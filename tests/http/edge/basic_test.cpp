// One request, one answer: methods, versions, bodies, what the answer's head says.
#include "tests/http/edge/edge_fixture.hpp"

namespace mutirao::http {
namespace {

class edge_basic : public edge_test {};

TEST_F(edge_basic, answers_on_a_connection_that_stays_open) {
  start();
  auto client = connect();
  for (const std::string path : {"/one", "/two", "/three"}) {
    client.send(get(path));
    const auto answer = client.read_answer();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200);
    EXPECT_EQ(answer->reason, "OK");
    EXPECT_EQ(answer->body, path);
    EXPECT_EQ(answer->header("Content-Type"), "text/plain");
    EXPECT_EQ(answer->header("Content-Length"), std::to_string(path.size()));
    EXPECT_EQ(answer->header("Connection"), "");
  }
  EXPECT_EQ(server->counters().accepted, 1U);
  EXPECT_EQ(server->counters().requests, 3U);
}

TEST_F(edge_basic, hands_on_what_the_client_sent) {
  start();
  auto client = connect();
  client.send(
      "PATCH /hold/a%2Fb?x=1&y=%20 HTTP/1.1\r\nhost: a\r\nAUTHORIZATION:  Bearer t \r\nCookie: "
      "c=1\r\n"
      "Accept: a/b\r\nAccept: c/d\r\nDate: x\r\nContent-Length: 2\r\n\r\nhi");
  const auto [wanted, answer] = held().take();
  EXPECT_EQ(wanted.method, method::patch);
  EXPECT_EQ(wanted.method_text, "PATCH");
  EXPECT_EQ(wanted.path, "/hold/a%2Fb");
  EXPECT_EQ(wanted.query, "x=1&y=%20");
  EXPECT_EQ(wanted.body, "hi");
  EXPECT_EQ(wanted.peer, "127.0.0.1");
  EXPECT_EQ(wanted.header("authorization"), "Bearer t");
  EXPECT_EQ(wanted.header("Accept"), "a/b, c/d");
  EXPECT_EQ(wanted.header("cookie"), "c=1");
  EXPECT_EQ(wanted.header("host"), "a");
  EXPECT_FALSE(wanted.header("date"));
  EXPECT_FALSE(wanted.header("origin"));
}

TEST_F(edge_basic, head_gets_the_length_without_the_body) {
  start();
  auto client = connect();
  client.send("HEAD /size/1000 HTTP/1.1\r\nHost: a\r\n\r\n" + get("/after"));
  const auto head = client.read_answer(true);
  ASSERT_TRUE(head);
  EXPECT_EQ(head->status, 200);
  EXPECT_EQ(head->header("Content-Length"), "1000");
  const auto after = client.read_answer();
  ASSERT_TRUE(after);
  EXPECT_EQ(after->body, "/after");
}

TEST_F(edge_basic, answers_without_body_say_no_length) {
  hooks.handle = [](request&& wanted, const reply& answer) {
    answer.send({std::stoi(wanted.path.substr(1)), "text/plain", {{"ETag", "\"1\""}}, "never"});
  };
  start();
  auto client = connect();
  client.send(get("/204") + get("/304") + get("/200"));
  for (const int status : {204, 304}) {
    const auto answer = client.read_answer();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, status);
    EXPECT_EQ(answer->header("Content-Length"), "");
    EXPECT_EQ(answer->header("ETag"), "\"1\"");
  }
  const auto last = client.read_answer();
  ASSERT_TRUE(last);
  EXPECT_EQ(last->body, "never");
}

TEST_F(edge_basic, options_reach_the_handler_also_with_a_star) {
  start();
  auto client = connect();
  client.send("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\nOPTIONS /x HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(client.read_answer()->body, "*");
  EXPECT_EQ(client.read_answer()->body, "/x");
}

TEST_F(edge_basic, http10_closes_unless_asked_to_stay) {
  start();
  auto closing = connect();
  closing.send("GET /a HTTP/1.0\r\n\r\n");
  const auto closed = closing.read_answer();
  ASSERT_TRUE(closed);
  EXPECT_EQ(closed->body, "/a");
  EXPECT_EQ(closed->header("Connection"), "close");
  EXPECT_TRUE(closing.closed_by_server());

  auto staying = connect();
  for (int i = 0; i < 2; ++i) {
    staying.send("GET /b HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n");
    const auto stays = staying.read_answer();
    ASSERT_TRUE(stays);
    EXPECT_EQ(stays->header("Connection"), "keep-alive");
  }
}

TEST_F(edge_basic, connection_close_ends_it_behind_the_answer) {
  start();
  auto client = connect();
  client.send(get("/a", "Connection: foo, close\r\n") + get("/never"));
  const auto answer = client.read_answer();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->header("Connection"), "close");
  EXPECT_EQ(client.read_to_end(), "");
  EXPECT_EQ(server->counters().requests, 1U);
  client.close();
  EXPECT_TRUE(all_closed());
}

TEST_F(edge_basic, takes_an_absolute_target_apart) {
  start();
  EXPECT_EQ(ask("GET http://x.example:80/p/q?z HTTP/1.1\r\nHost: a\r\n\r\n")->body, "/p/q");
  EXPECT_EQ(ask("GET http://x.example HTTP/1.1\r\nHost: a\r\n\r\n")->body, "/");
}

TEST_F(edge_basic, one_empty_line_before_a_request_is_nothing) {
  start();
  EXPECT_EQ(ask("\r\n" + get("/a"))->body, "/a");
}

TEST_F(edge_basic, a_handler_cannot_break_the_head) {
  hooks.handle = [](request&&, const reply& answer) {
    answer.send({200, "text/plain", {{"Location", "/a\r\nSet-Cookie: x=1"}}, "ok"});
  };
  start();
  const auto answer = ask(get("/"));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->header("Location"), "/a  Set-Cookie: x=1");
  EXPECT_EQ(answer->header("Set-Cookie"), "");
}

TEST_F(edge_basic, a_shared_body_goes_out_as_it_is) {
  const auto shared = std::make_shared<const std::string>(5'000'000, 'y');
  hooks.handle = [shared](request&&, const reply& answer) {
    answer.send({200, "text/plain", {}, shared});
  };
  start();
  EXPECT_EQ(ask(get("/"))->body, *shared);
  EXPECT_TRUE(eventually([&] { return shared.use_count() == 3; })) << "test, handler, its copy";
}

TEST_F(edge_basic, listens_on_ipv6) {
  auto started = edge_server::start({"::1", 0}, 1, limits, hooks);
  if (!started) GTEST_SKIP() << "no IPv6 here: " << started.error().detail;
  EXPECT_NE((*started)->port(), 0);
}

TEST_F(edge_basic, says_why_it_cannot_listen) {
  start();
  const auto again = edge_server::start({"127.0.0.1", server->port()}, 1, limits, {});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().code, errc::internal);
  EXPECT_NE(again.error().detail.find("cannot listen on 127.0.0.1:"), std::string::npos);
  EXPECT_FALSE(edge_server::start({"no such host.", 0}, 1, limits, {}));
}

TEST_F(edge_basic, every_answer_is_observed) {
  std::mutex mutex;
  std::vector<std::string> seen;
  hooks.observe = [&](const observation& one) {
    const std::lock_guard guard(mutex);
    seen.push_back(std::string(one.route) + " " + std::string(one.path) + " " +
                   std::to_string(one.status));
  };
  hooks.handle = [](request&&, const reply& answer) {
    answer.set_route("/x/:id");
    answer.send({201, "", {}, ""});
  };
  start();
  auto client = connect();
  client.send(get("/x/1"));
  ASSERT_TRUE(client.read_answer());
  client.send("bad\r\n\r\n");
  ASSERT_TRUE(client.read_answer());
  ASSERT_TRUE(eventually([&] {
    const std::lock_guard guard(mutex);
    return seen.size() == 2;
  }));
  EXPECT_EQ(seen[0], "/x/:id /x/1 201");
  EXPECT_EQ(seen[1], "  400");
}

}  // namespace
}  // namespace mutirao::http
