#include "bench/token.hpp"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <ctime>

#include "bench/failure.hpp"

namespace mutirao::bench {
namespace {

std::string base64url(const unsigned char* bytes, std::size_t size) {
  std::string text(4 * ((size + 2) / 3) + 1, '\0');
  const int length =
      EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes, static_cast<int>(size));
  text.resize(static_cast<std::size_t>(length));
  while (!text.empty() && text.back() == '=') text.pop_back();
  for (char& c : text) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return text;
}

std::string base64url(std::string_view text) {
  return base64url(reinterpret_cast<const unsigned char*>(text.data()), text.size());
}

/// `units` and `permissions` are the insides of JSON arrays.
std::string signed_token(std::int64_t user, const std::string& units,
                         const std::string& permissions) {
  const auto number = std::to_string(user);
  const auto issued = static_cast<std::int64_t>(std::time(nullptr));
  const auto claims =
      R"({"userId":)" + number + R"(,"id":)" + number + R"(,"nome":"Pessoa )" + number +
      R"(","email":"pessoa)" + number + R"(@example.com","cargoId":3,"unidades":[)" + units +
      R"(],"setores":[],"permissions":[)" + permissions + R"(],"iat":)" + std::to_string(issued) +
      R"(,"exp":)" + std::to_string(issued + 8 * 3600) + "}";
  auto text = base64url(R"({"alg":"HS256","typ":"JWT"})") + "." + base64url(claims);
  std::array<unsigned char, EVP_MAX_MD_SIZE> sum{};
  unsigned size = 0;
  const auto* made =
      HMAC(EVP_sha256(), secret.data(), static_cast<int>(secret.size()),
           reinterpret_cast<const unsigned char*>(text.data()), text.size(), sum.data(), &size);
  require(made != nullptr, "a token cannot be signed");
  return text + "." + base64url(sum.data(), size);
}

}  // namespace

std::string token_of(std::int64_t user, std::int64_t first_unit, std::int64_t units) {
  std::string places;
  for (auto unit = first_unit; unit < first_unit + units; ++unit) {
    const auto place = std::to_string(unit);
    places += (places.empty() ? "" : ",") + (R"({"id":)" + place) + R"(,"nome":"Unidade )" + place +
              R"("})";
  }
  return signed_token(user, places, "");
}

std::string admin_token(std::int64_t user) {
  return signed_token(user, "", R"("admin")");
}

}  // namespace mutirao::bench
