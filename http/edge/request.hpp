// A request as handlers see it: already framed and checked, the path still percent-encoded.
// Only the headers that the service uses are kept.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mutirao::http {

enum class method : std::uint8_t { get, head, post, put, del, options, patch, other };

/// `GET` -> get; case matters; an unknown token is `other`.
method to_method(std::string_view text);

/// The headers that the service uses, and no others: authorization, content-type, accept,
/// accept-language, accept-encoding, idempotency-key, last-event-id, origin, x-request-id,
/// if-none-match, access-control-request-method, access-control-request-headers, host, cookie,
/// x-forwarded-proto, sec-fetch-site.
class header_values {
 public:
  enum class kept : std::uint8_t { no, yes, repeated };

  /// Keeps `value` under `name` (case does not matter). `no`: not one of ours, nothing kept.
  /// A repeated header that is a list is joined by ", " (cookie: "; "); of any other the first
  /// value stays and the answer is `repeated`.
  kept set(std::string_view name, std::string_view value);

  /// The value as received, without white space around it. The view lives as long as this object
  /// is neither changed nor moved.
  std::optional<std::string_view> get(std::string_view name) const;

 private:
  struct span {
    std::uint32_t at = 0;
    std::uint32_t length = 0;
    bool present = false;
  };
  std::string text_;
  std::array<span, 16> spans_{};
};

struct request {
  http::method method = http::method::get;  // head stays head: the edge leaves the body out
  std::string method_text = "GET";
  std::string path = "/";  // raw: without query, percent-encoded; "*" for OPTIONS *
  std::string query;       // raw: what follows the first '?'
  std::string body;        // de-chunked, at most the route's limit
  std::string peer;        // the client's address, without port
  header_values headers;

  std::optional<std::string_view> header(std::string_view name) const { return headers.get(name); }
};

}  // namespace mutirao::http
