// The query of a request: names and values, decoded, in the order received.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace mutirao::http {

class query {
 public:
  query() = default;
  /// `text` is what follows the '?'. `+` is a space; a name without '=' has an empty value; what
  /// is no percent-encoding stays as it is.
  explicit query(std::string_view text);

  /// The first value of `name`, if it is there at all. The view lives as long as this object.
  std::optional<std::string_view> get(std::string_view name) const;
  /// Every value of a name that may be repeated.
  std::vector<std::string_view> all(std::string_view name) const;

 private:
  std::vector<std::pair<std::string, std::string>> values_;
};

}  // namespace mutirao::http
