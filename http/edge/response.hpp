// An answer as handlers make it. The edge adds Content-Length, Connection and the framing.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mutirao::http {

/// The bytes of a body: owned, or shared with others and then never copied.
class payload {
 public:
  payload() = default;
  payload(std::string text) : text_(std::move(text)) {}
  payload(std::string_view text) : text_(text) {}
  payload(const char* text) : text_(text) {}
  payload(std::shared_ptr<const std::string> shared) : shared_(std::move(shared)) {}

  std::string_view view() const { return shared_ ? std::string_view(*shared_) : text_; }
  std::size_t size() const { return view().size(); }
  bool empty() const { return view().empty(); }

  /// Appends `more` if the bytes are owned and stay within `most`; false: nothing was done.
  bool extend(std::string_view more, std::size_t most) {
    if (shared_ || text_.size() + more.size() > most) return false;
    text_.append(more);
    return true;
  }

 private:
  std::string text_;
  std::shared_ptr<const std::string> shared_;
};

struct response {
  int status = 200;
  std::string content_type = "application/json";  // empty: no Content-Type line
  // Never Content-Length, Transfer-Encoding or Connection: those are the edge's.
  std::vector<std::pair<std::string, std::string>> headers;
  payload body;  // left out for HEAD, 204 and 304
};

/// "Not Found" for 404; "Unknown" for a status that has no phrase here.
std::string_view reason_phrase(int status);

}  // namespace mutirao::http
