// Bytes that are no HTTP, or HTTP of the wrong kind, or HTTP of a rare kind, to the real program.
#include <random>

#include "http/edge/bare_problem.hpp"
#include "tests/e2e/hostile.hpp"
#include "tests/http/edge/bad_heads.hpp"

namespace mutirao::e2e {
namespace {

class hostile_bytes : public hostile_test {
 protected:
  /// A problem that says nothing of the inside, then the orderly end of the connection.
  void expect_refused(std::string_view bytes, int status, const std::string& name) {
    auto client = connect();
    client.send(bytes);
    const auto got = client.read_answer();
    ASSERT_TRUE(got) << name;
    EXPECT_EQ(got->status, status) << name;
    EXPECT_EQ(got->header("Content-Type"), "application/problem+json") << name;
    EXPECT_EQ(got->header("Connection"), "close") << name;
    const auto told = json::parse(got->body, nullptr, false);
    ASSERT_TRUE(told.is_object()) << name << ": " << got->body;
    EXPECT_EQ(told.value("status", 0), status) << name;
    EXPECT_NE(told.value("message", ""), "") << name;
    EXPECT_EQ(client.read_to_end(), "") << name;
    EXPECT_FALSE(client.was_reset()) << name;
  }
  /// Whatever it is taken for, it is answered by whole answers, none of them ours to be sorry for.
  void expect_survived(const std::string& bytes, const std::string& name) {
    auto client = connect();
    client.send(bytes);
    client.end_sending();
    while (const auto got = client.read_answer()) {
      EXPECT_TRUE(got->status >= 200 && got->status != 500 && got->status <= 505)
          << name << ": " << got->head;
    }
    EXPECT_EQ(client.unread(), "") << name << ": half an answer";
    EXPECT_TRUE(client.closed_by_server()) << name;
  }
};

TEST_F(hostile_bytes, each_bad_head_gets_its_status_and_the_end) {
  for (const auto& bad : http::bad_heads()) {
    expect_refused(bad.text, http::bare_problem(bad.code).status, bad.name);
  }
  expect_refused("GET / HTTP/1.1\nHost: a\n\n", 400, "lines without CR");
  std::string many = "GET / HTTP/1.1\r\nHost: a\r\n";
  for (int i = 0; i < 10'000; ++i) many += "X-" + std::to_string(i) + ": 1\r\n";
  expect_refused(many + "\r\n", 431, "10,000 headers");
  expect_refused(request("/" + std::string(900'000, 'a')), 414, "900 KB target");
  expect_refused(request(std::string(16'000, '/')), 414, "16,000 slashes");
}

TEST_F(hostile_bytes, each_bad_body_gets_its_status_and_the_end) {
  const std::string head = "POST /api/empresas HTTP/1.1\r\nHost: a\r\n";
  const std::string chunked = head + "Transfer-Encoding: chunked\r\n\r\n";
  for (const char* bad :
       {"zz\r\n", "-1\r\n", "+5\r\n", " 5\r\n", "5 \r\n", "0x5\r\n", "\r\n", "5\nhello\r\n",
        "5\r\nhelloX\r\n", "5\r\nhello0\r\n\r\n", "123456789\r\n", "5\rhello\r\n",
        "0\r\n folded: 1\r\n\r\n", "0\r\nno-name\x01\r\n\r\n", "5;\x01\r\nhello\r\n"}) {
    expect_refused(chunked + bad, 400, bad);
  }
  expect_refused(head + "Content-Length: 1048577\r\n\r\n", 413, "a byte over the limit");
  expect_refused(head + "Content-Length: 99999999999999999999999\r\n\r\n", 413, "beyond 64 bits");
  expect_refused(chunked + "100001\r\n", 413, "a chunk over the limit");
  expect_refused(head + "Content-Length: 9000000\r\nExpect: 100-continue\r\n\r\n", 413, "expect");
}

TEST_F(hostile_bytes, other_protocols_and_noise_are_survived) {
  const std::vector<std::string> greetings{
      std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 11),
      "SSH-2.0-OpenSSH_9.2\r\n",
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
      "*1\r\n$4\r\nPING\r\n",
      "EHLO mail.example\r\n",
      std::string("\x00\x00\x00\x85\xffSMBr", 9),
      std::string(4, '\0'),
      "\r\n\r\n\r\n",
      "GET",
      "\r"};
  for (const auto& greeting : greetings) expect_survived(greeting, greeting);
  std::mt19937 random(4);
  for (int i = 0; i < 150; ++i) {
    std::string noise(1 + random() % 3000, '\0');
    for (auto& c : noise) c = static_cast<char>(random());
    expect_survived(noise, "noise " + std::to_string(i));
  }
}

TEST_F(hostile_bytes, requests_with_bytes_changed_at_random_are_survived) {
  const std::string good = request("/api/empresas/7?futureYears=1") +
                           "POST /api/empresas HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: "
                           "chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n" +
                           request("/api/empresas/unidade/1/auto-tarefas", "POST");
  std::mt19937 random(5);
  for (int i = 0; i < 300; ++i) {
    std::string text = good;
    for (auto changes = 1 + random() % 4; changes > 0; --changes) {
      text[random() % text.size()] = static_cast<char>(random());
    }
    expect_survived(text, "change " + std::to_string(i));
  }
}

TEST_F(hostile_bytes, rare_but_right_requests_are_served) {
  auto client = connect();
  const auto ask = [&](const std::string& bytes) {
    client.send(bytes);
    auto got = client.read_answer();
    EXPECT_TRUE(got) << bytes;
    return got.value_or(tests::received_answer{});
  };
  const auto with = [&](const std::string& headers) {
    auto text = request("/api/empresas/7");
    return text.insert(text.size() - 2, headers);
  };
  for (const char* odd : {"Cookie: ;;=\"\\\x80,,\r\n", "Date: yesterday\r\n", "Cookie:\r\n",
                          "If-Modified-Since: 32 Feb\r\n", "X: \xff\xfe\r\n"}) {
    EXPECT_EQ(ask(with(odd)).status, 200) << odd;
  }
  for (const auto& path :
       {std::string("//"), std::string("/api//empresas"), std::string(2000, '/')}) {
    EXPECT_EQ(ask(request(path)).status, 404) << path;
  }
  EXPECT_EQ(ask(request("/../../etc/passwd")).status, 404);
  const std::string chunked =
      "POST /api/empresas HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
      "2\r\n{}\r\n0\r\n\r\n";
  for (std::size_t cut = 1; cut < chunked.size(); ++cut) {
    client.send(chunked.substr(0, cut));
    EXPECT_EQ(ask(chunked.substr(cut)).status, 401) << cut;
  }
}

TEST_F(hostile_bytes, a_burst_of_pipelined_requests_is_answered_in_order) {
  auto client = connect();
  std::string burst;
  for (std::int64_t turn = 0; turn < 400; ++turn) {
    burst += request("/api/empresas/" + std::to_string(1 + turn % companies));
  }
  std::thread sender([&] { client.send(burst); });
  for (std::int64_t turn = 0; turn < 400; ++turn) {
    const auto got = client.read_answer();
    ASSERT_TRUE(got) << turn;
    EXPECT_EQ(json::parse(got->body, nullptr, false)["id"], 1 + turn % companies) << turn;
  }
  sender.join();
}

}  // namespace
}  // namespace mutirao::e2e
