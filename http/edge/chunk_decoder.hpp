// Takes the chunked transfer coding apart, any number of bytes at a time; each byte is seen once.
// RFC 9112 7.1, strictly: no space around sizes, every line ends in CRLF.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mutirao::http {

class chunk_decoder {
 public:
  enum class step : std::uint8_t { more, done, bad, too_large };

  /// `limit`: bytes that the decoded body may have.
  explicit chunk_decoder(std::size_t limit) : limit_(limit) {}

  /// Takes bytes from the front of `bytes` and appends what they hold to `body`. `done`: the
  /// coding ended, what follows it is left in `bytes`. Not to be called again after done, bad or
  /// too_large.
  step feed(std::string_view& bytes, std::string& body);

 private:
  enum class state : std::uint8_t {
    size_first,  // a digit must follow
    size,
    extension,
    size_lf,
    data,
    data_cr,
    data_lf,
    trailer_first,  // the first character of a trailer line, or the CR of the last, empty one
    trailer,
    trailer_lf,
    last_lf,
  };
  step take(char c);
  step take_digit(char c);
  void take_data(std::string_view& bytes, std::string& body);

  std::size_t limit_;
  std::size_t total_ = 0;
  std::size_t size_ = 0;
  std::size_t left_ = 0;
  std::size_t line_ = 0;  // digits, extension or trailer bytes so far
  state state_ = state::size_first;
};

}  // namespace mutirao::http
