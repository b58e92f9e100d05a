// Which pages of other origins may read our answers (Fetch standard, CORS). Without credentials.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/edge/request.hpp"
#include "http/edge/response.hpp"

namespace mutirao::http {

class cors {
 public:
  /// Exact origins, or "*" for any; empty: off.
  explicit cors(std::vector<std::string> origins) : origins_(std::move(origins)) {}

  /// Lets a page of `origin`, the header's value, read `answer` where it is allowed; empty: none.
  void admit(std::string_view origin, response& answer) const;

  /// The answer to an OPTIONS on a path that takes `allow`: 204, and where it is a preflight of an
  /// allowed origin what that page may send.
  response options(const request& what, std::string_view allow) const;

 private:
  std::optional<std::string> allowed(std::string_view origin) const;

  std::vector<std::string> origins_;
};

}  // namespace mutirao::http
