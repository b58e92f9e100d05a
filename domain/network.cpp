#include "domain/network.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace mutirao {
namespace {

constexpr std::array<std::uint8_t, 12> v4_prefix{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
constexpr int v4_prefix_bits = 96;

std::vector<ip_range> ranges(std::initializer_list<std::string_view> texts) {
  std::vector<ip_range> all;
  for (const auto text : texts) all.push_back(*parse_ip_range(text));
  return all;
}

// All but these is public.
const std::vector<ip_range>& special_v4() {
  static const auto all =
      ranges({"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
              "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16",
              "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/3"});
  return all;
}

const ip_range& global_unicast() {
  static const ip_range range = *parse_ip_range("2000::/3");
  return range;
}

// Of the global unicast addresses, those that are special.
const std::vector<ip_range>& special_v6() {
  static const auto all =
      ranges({"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "3ffe::/16"});
  return all;
}

const ip_range& nat64() {
  static const ip_range range = *parse_ip_range("64:ff9b::/96");
  return range;
}

// An interface identifier that stands for an IPv4 address (ISATAP, RFC 5214).
bool is_isatap(const ip_address& address) {
  const auto* id = address.bytes.data() + 8;
  return (id[0] & ~2) == 0 && id[1] == 0 && id[2] == 0x5e && id[3] == 0xfe;
}

ip_address embedded_v4(const ip_address& in) {
  ip_address out = in;
  std::copy(v4_prefix.begin(), v4_prefix.end(), out.bytes.begin());
  return out;
}

bool in_any(const std::vector<ip_range>& of, const ip_address& address) {
  return std::any_of(of.begin(), of.end(), [&](const auto& x) { return x.contains(address); });
}

}  // namespace

bool ip_address::is_v4() const {
  return std::equal(v4_prefix.begin(), v4_prefix.end(), bytes.begin());
}

std::optional<ip_address> parse_ip(std::string_view text) {
  const std::string terminated(text);
  if (terminated.size() != std::strlen(terminated.c_str())) return std::nullopt;
  ip_address address;
  if (inet_pton(AF_INET, terminated.c_str(), address.bytes.data() + v4_prefix.size()) == 1) {
    return embedded_v4(address);
  }
  if (inet_pton(AF_INET6, terminated.c_str(), address.bytes.data()) == 1) return address;
  return std::nullopt;
}

bool ip_range::contains(const ip_address& address) const {
  int left = bits;
  for (std::size_t i = 0; i < address.bytes.size() && left > 0; ++i, left -= 8) {
    const int differs = address.bytes[i] ^ first.bytes[i];
    if (differs >> std::max(0, 8 - left) != 0) return false;
  }
  return true;
}

std::optional<ip_range> parse_ip_range(std::string_view text) {
  const auto slash = text.find('/');
  const auto address = parse_ip(text.substr(0, slash));
  if (!address) return std::nullopt;
  ip_range range{*address, 128};
  if (slash == std::string_view::npos) return range;
  const auto digits = text.substr(slash + 1);
  const int offset = text.find(':') == std::string_view::npos ? v4_prefix_bits : 0;
  const auto [end, problem] =
      std::from_chars(digits.data(), digits.data() + digits.size(), range.bits);
  range.bits += offset;
  if (problem != std::errc{} || end != digits.data() + digits.size() || range.bits < offset ||
      range.bits > 128) {
    return std::nullopt;
  }
  for (int bit = range.bits; bit < 128; ++bit) {
    const auto byte = static_cast<std::size_t>(bit / 8);
    if (range.first.bytes[byte] >> (7 - bit % 8) & 1) return std::nullopt;
  }
  return range;
}

bool is_public(const ip_address& address) {
  if (address.is_v4()) return !in_any(special_v4(), address);
  if (is_isatap(address) && !is_public(embedded_v4(address))) return false;
  if (nat64().contains(address)) return is_public(embedded_v4(address));
  return global_unicast().contains(address) && !in_any(special_v6(), address);
}

bool address_policy::allows(const ip_address& address) const {
  return everything || in_any(also, address) || is_public(address);
}

}  // namespace mutirao
