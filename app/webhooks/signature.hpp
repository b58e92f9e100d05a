// How webhooks are signed: the Standard Webhooks convention (standardwebhooks.com), symmetric.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/error.hpp"

namespace mutirao::app {

/// A key, the bytes behind `whsec_`.
class webhook_secret {
 public:
  /// `whsec_` and base64 of 24 to 64 bytes. errc::invalid_field; the detail does not repeat it.
  static expected<webhook_secret> parse(std::string_view text);

  /// `v1,` and base64 of HMAC-SHA256 over "message.seconds.body".
  std::string sign(std::string_view message, std::int64_t seconds, std::string_view body) const;

 private:
  explicit webhook_secret(std::string key) : key_(std::move(key)) {}
  std::string key_;
};

/// One signature a secret, divided by spaces: while a secret is replaced, receivers may know
/// either.
std::string sign_all(std::span<const webhook_secret> with, std::string_view message,
                     std::int64_t seconds, std::string_view body);

/// What is signed with what.
struct webhook_secrets {
  std::vector<webhook_secret> usual;
  std::map<std::string, std::vector<webhook_secret>, std::less<>> of_url;  // instead of the usual

  std::span<const webhook_secret> for_url(std::string_view url) const;
};

/// The lines of a file of secrets: `whsec_...` (usual), or `URL whsec_...`; several for one URL
/// all sign. Empty lines and lines that begin with # say nothing. errc::invalid_field with the
/// line's number.
expected<webhook_secrets> parse_webhook_secrets(std::string_view text);

}  // namespace mutirao::app
