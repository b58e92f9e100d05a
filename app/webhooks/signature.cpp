#include "app/webhooks/signature.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>

#include "domain/web_url.hpp"

namespace mutirao::app {
namespace {

constexpr std::string_view prefix = "whsec_";
constexpr std::size_t least_key = 24;
constexpr std::size_t longest_key = 64;
constexpr std::size_t longest_text = 4 * ((longest_key + 2) / 3);

std::string encode(std::span<const unsigned char> bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3), '\0');
  // Writes a final NUL too, where the string has its own.
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(),
                  static_cast<int>(bytes.size()));
  return text;
}

// Standard base64 with its padding; nothing for another text.
std::string decode(std::string_view text) {
  if (text.empty() || text.size() % 4 != 0 || text.size() > longest_text) return {};
  std::string bytes(text.size() / 4 * 3, '\0');
  const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                     reinterpret_cast<const unsigned char*>(text.data()),
                                     static_cast<int>(text.size()));
  if (length < 0) return {};
  const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  bytes.resize(static_cast<std::size_t>(length) - padding);
  const auto* data = reinterpret_cast<const unsigned char*>(bytes.data());
  return encode({data, bytes.size()}) == text ? bytes : std::string();
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

expected<void> read_line(std::string_view line, webhook_secrets& into) {
  const auto blank = line.find_first_of(" \t");
  const bool for_all = blank == std::string_view::npos;
  auto secret = webhook_secret::parse(for_all ? line : trimmed(line.substr(blank)));
  if (!secret) return tl::unexpected(secret.error());
  if (for_all) {
    into.usual.push_back(*std::move(secret));
    return {};
  }
  const std::string url(line.substr(0, blank));
  if (!parse_web_url(url)) return fail(errc::invalid_field, "\"" + url + "\" is no URL");
  into.of_url[url].push_back(*std::move(secret));
  return {};
}

}  // namespace

expected<webhook_secret> webhook_secret::parse(std::string_view text) {
  auto key = text.starts_with(prefix) ? decode(text.substr(prefix.size())) : std::string();
  if (key.size() < least_key || key.size() > longest_key) {
    return fail(errc::invalid_field,
                "a webhook secret is whsec_ and base64 of 24 to 64 bytes, e.g. from `echo "
                "whsec_$(openssl rand -base64 32)`");
  }
  return webhook_secret(std::move(key));
}

std::string webhook_secret::sign(std::string_view message, std::int64_t seconds,
                                 std::string_view body) const {
  std::string signed_text(message);
  signed_text += '.';
  signed_text += std::to_string(seconds);
  signed_text += '.';
  signed_text += body;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  HMAC(EVP_sha256(), key_.data(), static_cast<int>(key_.size()),
       reinterpret_cast<const unsigned char*>(signed_text.data()), signed_text.size(),
       digest.data(), &size);
  return "v1," + encode({digest.data(), size});
}

std::string sign_all(std::span<const webhook_secret> with, std::string_view message,
                     std::int64_t seconds, std::string_view body) {
  std::string all;
  for (const auto& secret : with) {
    if (!all.empty()) all += ' ';
    all += secret.sign(message, seconds, body);
  }
  return all;
}

std::span<const webhook_secret> webhook_secrets::for_url(std::string_view url) const {
  const auto own = of_url.find(url);
  return own == of_url.end() ? usual : own->second;
}

expected<webhook_secrets> parse_webhook_secrets(std::string_view text) {
  webhook_secrets all;
  for (int number = 1; !text.empty(); ++number) {
    const auto end = text.find('\n');
    const auto line = trimmed(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (line.empty() || line.starts_with('#')) continue;
    if (auto read = read_line(line, all); !read) {
      return fail(errc::invalid_field,
                  "line " + std::to_string(number) + ": " + read.error().detail);
    }
  }
  return all;
}

}  // namespace mutirao::app
