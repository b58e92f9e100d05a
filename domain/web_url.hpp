// Addresses of the web that somebody else gives us to call.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/network.hpp"

namespace mutirao {

inline constexpr std::size_t longest_url = 2048;  // bytes

/// Where a URL leads; what is asked there (path, query) is passed on as it was given.
struct web_url {
  std::string scheme;  // http or https
  std::string host;    // lower case; an IPv6 address without brackets
  std::uint16_t port = 0;

  /// `https://example.com:443`: whom a request goes to.
  std::string origin() const;
};

/// An absolute http or https URL of at most longest_url bytes: a host (letters, digits, '-', '.',
/// '_', or an IP address), perhaps a port. No user info, fragment, white space, control characters
/// or bytes beyond ASCII. Nothing for another text.
std::optional<web_url> parse_web_url(std::string_view text);

/// The address that the host is, where it needs no look-up: also in the spellings that resolvers
/// take (127.1, 0x7f000001), and of localhost.
std::optional<ip_address> literal_address(const web_url&);

}  // namespace mutirao
