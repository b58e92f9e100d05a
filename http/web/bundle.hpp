// The page as it was embedded at build time: every file of web/, plain and compressed. Made by
// cmake/EmbedWeb.cmake.
#pragma once

#include <span>
#include <string_view>

namespace mutirao::http::web {

struct file {
  std::string_view path;  // of the URL: "/" for the page, else "/assets/<hash of all>/<name>"
  std::string_view type;  // its content type
  std::string_view plain;
  std::string_view gzip;
  std::string_view hash;  // of `plain`
};

/// The page itself comes first.
std::span<const file> bundle();

}  // namespace mutirao::http::web
