// Tokens put together by hand: any header, any payload, signed by HMAC-SHA256 with any secret.
#pragma once

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <string>
#include <string_view>

namespace mutirao::http {

inline std::string base64url(std::string_view bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                                     reinterpret_cast<const unsigned char*>(bytes.data()),
                                     static_cast<int>(bytes.size()));
  text.resize(static_cast<std::size_t>(length));
  while (!text.empty() && text.back() == '=') text.pop_back();
  for (auto& c : text) {
    if (c == '+') c = '-';
    if (c == '/') c = '_';
  }
  return text;
}

/// The third part of a token whose first two, with the dot between, are `text`.
inline std::string signature_of(std::string_view text, std::string_view secret) {
  std::array<unsigned char, 32> mac{};
  unsigned length = 0;
  HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
       reinterpret_cast<const unsigned char*>(text.data()), text.size(), mac.data(), &length);
  return base64url({reinterpret_cast<const char*>(mac.data()), length});
}

inline std::string make_token(std::string_view header, std::string_view payload,
                              std::string_view secret) {
  const std::string text = base64url(header) + "." + base64url(payload);
  return text + "." + signature_of(text, secret);
}

}  // namespace mutirao::http
