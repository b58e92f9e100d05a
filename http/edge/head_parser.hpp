// Reads the head of a request, strictly: what two readers could take differently is refused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "domain/error.hpp"
#include "http/edge/limits.hpp"
#include "http/edge/request.hpp"

namespace mutirao::http {

/// A longer one is malformed_request.
inline constexpr std::size_t max_method_bytes = 32;

struct request_head {
  http::method method = http::method::other;
  std::string method_text;
  std::string path;
  std::string query;
  header_values headers;
  std::optional<std::uint64_t> content_length;
  bool chunked = false;
  bool http10 = false;
  bool keep_alive = true;
  bool upgrade = false;  // Connection: upgrade, and an Upgrade header
  bool expects_continue = false;
};

/// `head`: request line and headers, each ended by CRLF, without the empty line. Fails with
/// malformed_request, target_too_long, head_too_large (too many headers),
/// unsupported_transfer_coding or unsupported_version.
tl::expected<request_head, errc> parse_head(std::string_view head, const edge_limits& limits);

/// What the answer to a refused head needs and can be read of it: method, path, version and
/// Accept-Language; the rest is empty. `head` may be cut off anywhere.
request_head parse_refused_head(std::string_view head, const edge_limits& limits);

/// Finds the end of a head in bytes that arrive little by little; each byte is seen once.
class head_scanner {
 public:
  enum class step : std::uint8_t { more, found, bad };

  /// `bytes`: all that has arrived of the head so far. `bad`: a line that ends without CR.
  step scan(std::string_view bytes);

  std::size_t begin() const { return begin_; }   // behind the one empty line that may come first
  std::size_t end() const { return end_; }       // behind the last header's CRLF
  std::size_t size() const { return end_ + 2; }  // with the empty line
  std::size_t lines() const { return lines_; }

 private:
  std::size_t begin_ = 0;
  std::size_t end_ = 0;  // start of the line being read
  std::size_t seen_ = 0;
  std::size_t lines_ = 0;
};

}  // namespace mutirao::http
