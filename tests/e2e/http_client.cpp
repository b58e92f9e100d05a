#include "tests/e2e/http_client.hpp"

#include <gtest/gtest.h>
#include <strings.h>

#include <algorithm>

namespace mutirao::e2e {
namespace {

// What would tell about the inside.
constexpr std::string_view inside[] = {
    "SELECT ", "INSERT ", "UPDATE ", "UNIQUE ", "sqlite",    "SQLite", "/tmp/",       ".cpp",
    "std::",   "what()",  "caf::",   "no such", "exception", "errno",  "parse error", "basic_str"};

void check_texts(const json& told, const std::string& what) {
  for (const char* field : {"type", "title", "detail", "message"}) {
    EXPECT_TRUE(told.contains(field) && told[field].is_string() &&
                !told[field].get_ref<const std::string&>().empty())
        << what << " lacks " << field;
  }
}

void check_problem(const answer& got, const std::string& request, const std::string& path) {
  const std::string what =
      request + " -> " + got.head.substr(0, got.head.find('\r')) + "\n" + got.body.substr(0, 2000);
  EXPECT_EQ(got.header("Content-Type").value_or("none").substr(0, 24), "application/problem+json")
      << what;
  const auto told = got.data();
  ASSERT_TRUE(told.is_object()) << what;
  check_texts(told, what);
  EXPECT_EQ(told.value("status", 0), got.status) << what;
  // A request that the edge could not read has no path.
  const bool unread = got.status == 414 || got.status == 431 ||
                      told["type"].get<std::string>().ends_with("malformed-request");
  if (!unread) {
    EXPECT_EQ(told.value("instance", ""), path.substr(0, path.find('?'))) << what;
  }
  if (got.status == 401) {
    EXPECT_EQ(told.value("error", ""), told.value("message", "-")) << what;
  }
  if (got.status == 429 || got.status == 503 || got.status == 507) {
    const auto wait = got.header("Retry-After").value_or("none");
    EXPECT_TRUE(std::all_of(wait.begin(), wait.end(), [](char c) { return c >= '0' && c <= '9'; }))
        << what << "\nRetry-After: " << wait;
  }
  for (const auto word : inside) {
    EXPECT_EQ(got.body.find(word), std::string::npos) << what << "\nsays " << word;
  }
}

}  // namespace

std::optional<std::string> answer::header(std::string_view name) const {
  std::size_t at = head.find("\r\n");
  while (at != std::string::npos && at + 2 < head.size()) {
    const auto end = head.find("\r\n", at + 2);
    const auto line = head.substr(at + 2, end - at - 2);
    const auto colon = line.find(':');
    if (colon == name.size() && ::strncasecmp(line.data(), name.data(), colon) == 0) {
      const auto from = line.find_first_not_of(' ', colon + 1);
      return from == std::string::npos ? std::string() : line.substr(from);
    }
    at = end;
  }
  return std::nullopt;
}

answer http_client::ask(const std::string& method, const std::string& path,
                        const std::optional<std::string>& body, const header_list& more) {
  std::string text = method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port_);
  if (!token_.empty()) text += "\r\nAuthorization: Bearer " + token_;
  if (body) {
    text += "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body->size());
  }
  for (const auto& [name, value] : more) text += "\r\n" + name + ": " + value;
  text += "\r\n\r\n" + body.value_or("");

  if (!connection_) connection_ = std::make_unique<tests::socket_client>(port_);
  // A refusal may come before all is sent: read it in any case.
  connection_->send(text);
  auto got = connection_->read_answer(method == "HEAD", std::chrono::seconds(60));
  answer result;
  if (got) result = {got->status, std::move(got->head), std::move(got->body)};
  if (!got || result.header("Connection") == "close") connection_.reset();
  const bool own_form = path.rfind("/health/", 0) == 0 || path.rfind("/socket.io", 0) == 0;
  if (result.status >= 400 && method != "HEAD" && !own_form) {
    check_problem(result, method + " " + path.substr(0, 200), path);
  }
  return result;
}

}  // namespace mutirao::e2e
