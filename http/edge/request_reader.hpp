// Bytes of a connection in, requests out: framing and limits, without sockets, threads or clock.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "domain/error.hpp"
#include "http/edge/chunk_decoder.hpp"
#include "http/edge/head_parser.hpp"
#include "http/edge/limits.hpp"

namespace mutirao::http {

class request_reader {
 public:
  using body_limit_function = std::function<tl::expected<std::size_t, errc>(
      method, std::string_view path, const header_values&)>;
  enum class step : std::uint8_t { more, complete, failed };
  enum class phase : std::uint8_t { idle, head, body };

  /// Both must outlive the reader. An empty `body_limit` means limits.body_bytes.
  request_reader(const edge_limits& limits, const body_limit_function& body_limit)
      : limits_(limits), body_limit_(body_limit) {}

  /// Takes bytes from the front of `bytes`. `more`: all were taken. `complete`: head() and body()
  /// hold a request, what follows it is left in `bytes`; call next() before feeding again.
  /// `failed`: error() says why; nothing more can be read from this connection.
  step feed(std::string_view& bytes);

  /// Forgets the request and waits for another.
  void next();

  phase at() const { return phase_; }
  errc error() const { return error_; }

  /// The head, from the phase `body` on (also while failed there); of one that was refused what
  /// its answer needs (parse_refused_head); else an empty one.
  request_head& head() { return head_; }
  std::string& body() { return body_; }
  /// The head as it came, with its empty line; kept only where it asks to upgrade.
  std::string& raw_head() { return raw_head_; }

  /// True once a request: the head is there, it has a body of which nothing came yet, and the
  /// client waits to be told to send it.
  bool take_wants_continue();

 private:
  step feed_head(std::string_view& bytes);
  step end_head(std::string_view bytes);
  step begin_body();
  step feed_body(std::string_view& bytes);
  step unfinished_head(std::string_view bytes);
  step refuse_head(std::string_view bytes, errc code);
  step fail(errc code);

  const edge_limits& limits_;
  const body_limit_function& body_limit_;
  phase phase_ = phase::idle;
  errc error_ = errc::internal;
  std::string partial_;  // of a head that came in pieces
  head_scanner scanner_;
  request_head head_;
  std::string raw_head_;
  std::string body_;
  std::size_t body_left_ = 0;
  std::optional<chunk_decoder> chunks_;
  bool wants_continue_ = false;
};

}  // namespace mutirao::http
