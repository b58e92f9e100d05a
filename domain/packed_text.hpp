// Texts behind each other in one string, each with its length before it: what a job keeps of its
// request.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mutirao {

void pack(std::string& out, std::string_view text);
void pack(std::string& out, std::int64_t number);

/// Takes them out again, in order. Nothing at the end, and from the first on that is none.
class unpacker {
 public:
  explicit unpacker(std::string_view packed) : rest_(packed) {}

  /// Lasts as long as what is unpacked.
  std::optional<std::string_view> text();
  std::optional<std::int64_t> number();
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

}  // namespace mutirao
