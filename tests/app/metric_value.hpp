// One value of a Prometheus text.
#pragma once

#include <string>

namespace mutirao::app {

/// Behind `name` (with its labels) and a space; "none" where there is no such line.
inline std::string metric_value(const std::string& text, const std::string& name) {
  const std::size_t begin = text.find("\n" + name + " ");
  if (begin == std::string::npos) return "none";
  const std::size_t value = begin + name.size() + 2;
  return text.substr(value, text.find('\n', value) - value);
}

}  // namespace mutirao::app
