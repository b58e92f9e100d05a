// Takes HTTP/1.1 answers out of a stream of bytes: Content-Length and chunked.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mutirao::bench {

struct response {
  int status = 0;
  std::string_view body;  // valid until the next call
  bool successful() const { return status >= 200 && status < 300; }
};

class response_reader {
 public:
  /// Where the next bytes are to be received: at least `room` of them.
  char* space(std::size_t room);
  void received(std::size_t bytes) { filled_ += bytes; }

  /// True where a whole answer is there; it is then left out of what follows.
  bool next(response& into);

 private:
  bool read_head();
  bool read_chunks();

  std::string buffer_;
  std::size_t filled_ = 0;
  std::size_t begin_ = 0;     // of the answer at hand
  std::size_t body_ = 0;      // where its body begins; 0: the head is not complete yet
  std::size_t length_ = 0;    // of its body, unless chunked
  std::size_t position_ = 0;  // of the next chunk's size line
  bool chunked_ = false;
  int status_ = 0;
  std::string joined_;  // the chunks' data
};

}  // namespace mutirao::bench
