// A user of the API: keeps a connection, sends the token, and holds every error answer to the form
// that all of them have.
#pragma once

#include <cstdint>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/socket_client.hpp"

namespace mutirao::e2e {

using nlohmann::json;

struct answer {
  int status = 0;  // 0: the connection ended first
  std::string head;
  std::string body;

  /// The header's value, its name in any case; nothing where there is none.
  std::optional<std::string> header(std::string_view name) const;
  /// Discarded (see nlohmann) where the body is no JSON.
  json data() const { return json::parse(body, nullptr, false); }
};

using header_list = std::vector<std::pair<std::string, std::string>>;

class http_client {
 public:
  /// No token: no Authorization.
  explicit http_client(std::uint16_t port, std::string token = {})
      : port_(port), token_(std::move(token)) {}

  answer get(const std::string& path, const header_list& more = {}) {
    return ask("GET", path, std::nullopt, more);
  }
  /// Without body, as the front end sends it: `Content-Type: application/json` and length 0.
  answer post(const std::string& path) { return post_with(path, {}); }
  answer post_with(const std::string& path, const header_list& headers) {
    return ask("POST", path, std::string(), headers);
  }
  answer post(const std::string& path, const json& body, const header_list& more = {}) {
    return ask("POST", path, body.dump(), more);
  }
  answer put(const std::string& path, const json& body, const header_list& more = {}) {
    return ask("PUT", path, body.dump(), more);
  }
  /// Every answer of status 400 or more must be a problem in the specified form that says nothing
  /// of the inside; a test fails where it is not.
  answer ask(const std::string& method, const std::string& path,
             const std::optional<std::string>& body = std::nullopt, const header_list& more = {});

 private:
  std::uint16_t port_;
  std::string token_;
  std::unique_ptr<tests::socket_client> connection_;
};

}  // namespace mutirao::e2e
