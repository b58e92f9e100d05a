// The edge's framing gives the same requests, and the same end, however the bytes are cut.
//
// Input: a character whose value modulo 8 is the number of cuts, one byte for each piece's length,
// then the stream. So a seed that begins with '0' is the stream as it is.
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "fuzz/property.hpp"
#include "http/edge/request_reader.hpp"

namespace mutirao::http {
namespace {

using fuzz::require;
using step = request_reader::step;

/// Small ones, so that a few bytes reach them.
edge_limits small_limits() {
  edge_limits limits;
  limits.head_bytes = 256;
  limits.headers = 5;
  limits.target_bytes = 48;
  limits.body_bytes = 40;
  return limits;
}

const edge_limits limits = small_limits();
std::size_t most_bytes(method how, std::string_view path) {
  return how == method::post && path == "/import" ? std::size_t{80} : limits.body_bytes;
}

const request_reader::body_limit_function body_limit =
    [](method how, std::string_view path, const header_values&) { return most_bytes(how, path); };

struct framed {
  std::string method;
  std::string path;
  std::string query;
  std::string body;
  std::string raw_head;
  std::vector<std::optional<std::string>> headers;
  bool http10 = false;
  bool keep_alive = false;

  friend bool operator==(const framed&, const framed&) = default;
};

framed take(request_reader& from) {
  constexpr std::array<const char*, 4> names{"authorization", "accept", "content-type",
                                             "idempotency-key"};
  const auto& head = from.head();
  framed taken{head.method_text, head.path, head.query,  from.body(),
               from.raw_head(),  {},        head.http10, head.keep_alive};
  for (const auto* name : names) {
    const auto value = head.headers.get(name);
    taken.headers.push_back(value ? std::optional<std::string>(*value) : std::nullopt);
  }
  return taken;
}

void check_request(const request_reader& from, const framed& one) {
  require(one.path == "*" || one.path.starts_with('/'), "a path begins with a slash");
  require(one.path.size() + one.query.size() <= limits.target_bytes, "the target's limit");
  require(one.body.size() <= most_bytes(to_method(one.method), one.path), "the body's limit");
  require(from.at() == request_reader::phase::body, "a request has its head");
  for (const auto& value : one.headers) {
    if (value) require(value->find_first_of(std::string_view("\0\r\n", 3)) == value->npos, "plain");
  }
}

class reading {
 public:
  void feed(std::string_view bytes) {
    while (!bytes.empty() && !failed_) {
      const auto before = bytes.size();
      const step outcome = reader_.feed(bytes);
      require(bytes.size() <= before, "bytes are taken, not given");
      if (outcome == step::more) require(bytes.empty(), "more: all were taken");
      if (outcome == step::failed) fail();
      if (outcome != step::complete) continue;
      requests_.push_back(take(reader_));
      check_request(reader_, requests_.back());
      reader_.next();
    }
  }
  /// What is refused early must be what would be refused anyway: so a head that is under way ends.
  void end_head() {
    if (reader_.at() == request_reader::phase::head) feed("\r\n\r\n");
  }
  /// Which error is named is not compared: it may be another where less was seen.
  bool same_as(const reading& other) const {
    return requests_ == other.requests_ && failed_ == other.failed_ &&
           (failed_ || reader_.at() == other.reader_.at());
  }

 private:
  void fail() {
    failed_ = true;
    switch (reader_.error()) {
      case errc::malformed_request:
      case errc::body_too_large:
      case errc::target_too_long:
      case errc::head_too_large:
      case errc::unsupported_transfer_coding:
      case errc::unsupported_version:
        return;
      default:
        require(false, "an error of the edge's");
    }
  }

  request_reader reader_{limits, body_limit};
  std::vector<framed> requests_;
  bool failed_ = false;
};

void read_every_way(std::string_view lengths, std::string_view stream) {
  reading whole;
  whole.feed(stream);
  reading in_pieces;
  auto rest = stream;
  for (const char length : lengths) {
    in_pieces.feed(rest.substr(0, static_cast<unsigned char>(length)));
    rest.remove_prefix(std::min<std::size_t>(rest.size(), static_cast<unsigned char>(length)));
  }
  in_pieces.feed(rest);
  reading by_bytes;
  for (std::size_t i = 0; i < stream.size(); ++i) by_bytes.feed(stream.substr(i, 1));
  for (auto* one : {&whole, &in_pieces, &by_bytes}) one->end_head();
  require(whole.same_as(in_pieces), "pieces give what the whole gives");
  require(whole.same_as(by_bytes), "single bytes give what the whole gives");
}

}  // namespace
}  // namespace mutirao::http

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto input = mutirao::fuzz::text_of(data, size);
  if (input.empty()) return 0;
  const auto cuts = static_cast<unsigned char>(input.front()) % 8U;
  if (input.size() < 1 + cuts) return 0;
  mutirao::http::read_every_way(input.substr(1, cuts), input.substr(1 + cuts));
  return 0;
}
