// Addresses of the internet, and which of them a request of somebody else's choosing may reach.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mutirao {

/// In its 16 bytes of IPv6; an IPv4 address as ::ffff:a.b.c.d.
struct ip_address {
  std::array<std::uint8_t, 16> bytes{};

  bool is_v4() const;
  friend constexpr auto operator<=>(const ip_address&, const ip_address&) = default;
};

/// "192.0.2.1" (four decimal numbers) or "2001:db8::1", without brackets. Nothing for another text.
std::optional<ip_address> parse_ip(std::string_view text);

struct ip_range {
  ip_address first;
  int bits = 128;  // that an address shares with `first`; of IPv4 96 more than are written

  bool contains(const ip_address&) const;
};

/// "10.0.0.0/8", "fd00::/8", or one address. Nothing for another text, nor where bits behind the
/// prefix are set.
std::optional<ip_range> parse_ip_range(std::string_view text);

/// Whether the address is one of the public internet: by the special-purpose registries of IANA
/// (RFC 6890) not loopback, private, shared (CGNAT), link-local (metadata services), multicast,
/// documentation or reserved. An IPv4 address inside an IPv6 one (mapped, NAT64) is judged as
/// itself; 6to4 and Teredo are refused.
bool is_public(const ip_address&);

/// Which addresses may be connected to.
struct address_policy {
  bool everything = false;
  std::vector<ip_range> also;  // beside the public ones

  bool allows(const ip_address&) const;
};

}  // namespace mutirao
