#include "http/edge/request_reader.hpp"

#include <algorithm>
#include <utility>

#include "http/edge/ascii.hpp"

namespace mutirao::http {
namespace {

constexpr std::size_t version_bytes = 16;                // with the spaces around the target
constexpr std::size_t max_reserved_bytes = 1024 * 1024;  // a promised length is not yet memory

/// False: no method and space can come of these bytes any more.
bool may_be_request(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size() && i <= max_method_bytes; ++i) {
    if (bytes[i] == ' ') return i > 0;
    if (!ascii::is_token(bytes[i])) return false;
  }
  return bytes.size() <= max_method_bytes;
}

}  // namespace

request_reader::step request_reader::fail(errc code) {
  error_ = code;
  return step::failed;
}

void request_reader::next() {
  phase_ = phase::idle;
  partial_.clear();
  partial_.shrink_to_fit();
  scanner_ = {};
  head_ = {};
  raw_head_ = {};
  body_ = {};
  chunks_.reset();
  wants_continue_ = false;
}

bool request_reader::take_wants_continue() {
  return std::exchange(wants_continue_, false);
}

request_reader::step request_reader::feed(std::string_view& bytes) {
  if (phase_ != phase::body) {
    if (const step outcome = feed_head(bytes); outcome != step::complete) return outcome;
    if (const step outcome = begin_body(); outcome != step::complete) return outcome;
  }
  return feed_body(bytes);
}

// A head that lies whole in `bytes`, as most do, is parsed there; else it is gathered in partial_.
request_reader::step request_reader::feed_head(std::string_view& bytes) {
  phase_ = phase::head;
  const std::size_t before = partial_.size();
  if (before > 0) partial_.append(bytes);
  const std::string_view all = before > 0 ? std::string_view(partial_) : bytes;
  switch (scanner_.scan(all)) {
    case head_scanner::step::bad:
      return refuse_head(all, errc::malformed_request);
    case head_scanner::step::found:
      bytes.remove_prefix(scanner_.size() - before);
      return end_head(all);
    case head_scanner::step::more:
      break;
  }
  if (const step outcome = unfinished_head(all); outcome != step::more) return outcome;
  if (before == 0) partial_.assign(bytes);
  bytes = {};
  return step::more;
}

// What is wrong already is refused now, not at the deadline.
request_reader::step request_reader::unfinished_head(std::string_view bytes) {
  const auto begun = bytes.substr(scanner_.begin());
  if (begun != "\r" && !may_be_request(begun)) return refuse_head(bytes, errc::malformed_request);
  const std::size_t longest_line = max_method_bytes + limits_.target_bytes + version_bytes;
  if (scanner_.lines() == 0 && begun.size() > longest_line) {
    return refuse_head(bytes, errc::target_too_long);
  }
  const bool too_large =
      scanner_.lines() > limits_.headers + 1 || bytes.size() > limits_.head_bytes;
  return too_large ? refuse_head(bytes, errc::head_too_large) : step::more;
}

request_reader::step request_reader::refuse_head(std::string_view bytes, errc code) {
  head_ = parse_refused_head(bytes.substr(scanner_.begin()), limits_);
  return fail(code);
}

request_reader::step request_reader::end_head(std::string_view bytes) {
  const auto text = bytes.substr(scanner_.begin(), scanner_.end() - scanner_.begin());
  auto head = parse_head(text, limits_);
  if (!head) return refuse_head(bytes.substr(0, scanner_.end()), head.error());
  head_ = std::move(*head);
  if (scanner_.size() > limits_.head_bytes) return fail(errc::head_too_large);
  if (head_.upgrade) raw_head_ = bytes.substr(scanner_.begin(), scanner_.size() - scanner_.begin());
  return step::complete;
}

request_reader::step request_reader::begin_body() {
  phase_ = phase::body;
  body_left_ = 0;
  const bool has_body = head_.chunked || head_.content_length.value_or(0) > 0;
  if (!has_body) return step::complete;
  const auto allowed = body_limit_ ? body_limit_(head_.method, head_.path, head_.headers)
                                   : tl::expected<std::size_t, errc>(limits_.body_bytes);
  if (!allowed) return fail(allowed.error());
  const auto limit = *allowed;
  if (head_.chunked) {
    chunks_.emplace(limit);
  } else {
    if (*head_.content_length > limit) return fail(errc::body_too_large);
    body_left_ = static_cast<std::size_t>(*head_.content_length);
    body_.reserve(std::min(body_left_, max_reserved_bytes));
  }
  wants_continue_ = head_.expects_continue;
  return step::complete;
}

request_reader::step request_reader::feed_body(std::string_view& bytes) {
  if (!bytes.empty()) wants_continue_ = false;
  if (chunks_) {
    switch (chunks_->feed(bytes, body_)) {
      case chunk_decoder::step::more:
        return step::more;
      case chunk_decoder::step::done:
        return step::complete;
      case chunk_decoder::step::bad:
        return fail(errc::malformed_request);
      case chunk_decoder::step::too_large:
        return fail(errc::body_too_large);
    }
  }
  const std::size_t count = std::min(body_left_, bytes.size());
  body_.append(bytes.substr(0, count));
  bytes.remove_prefix(count);
  body_left_ -= count;
  return body_left_ == 0 ? step::complete : step::more;
}

}  // namespace mutirao::http
