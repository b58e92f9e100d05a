#include "http/sign_in/bodies.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "domain/ports/passwords.hpp"
#include "domain/user.hpp"

namespace mutirao::http {
namespace {

using json_value = nlohmann::json;

constexpr std::size_t most_email_bytes = 254;

bool is_absent(const json_value& in, const char* name) {
  const auto found = in.find(name);
  return found == in.end() || found->is_null();
}

expected<std::string> text_in(const json_value& in, const char* name, std::size_t most_bytes) {
  if (is_absent(in, name)) return fail(errc::missing_field, name);
  const auto& value = in[name];
  if (!value.is_string()) return fail(errc::invalid_field, name);
  const auto& text = value.get_ref<const std::string&>();
  if (text.empty()) return fail(errc::missing_field, name);
  if (text.size() > most_bytes) return fail(errc::invalid_field, name);
  return text;
}

}  // namespace

expected<credentials> read_credentials(std::string_view body) {
  const auto given = json_value::parse(body, nullptr, false);
  if (!given.is_object()) return fail(errc::invalid_json);
  const auto email = text_in(given, "email", most_email_bytes);
  if (!email) return tl::unexpected(email.error());
  const bool english = is_absent(given, "senha") && !is_absent(given, "password");
  auto password = text_in(given, english ? "password" : "senha", most_password_bytes);
  if (!password) return tl::unexpected(std::move(password).error());
  credentials read{normalized_email(*email), *std::move(password)};
  if (read.email.empty()) return fail(errc::missing_field, "email");
  return read;
}

expected<user_id> read_made_up_user(std::string_view body) {
  const auto given = json_value::parse(body, nullptr, false);
  if (!given.is_object()) return fail(errc::invalid_json);
  if (is_absent(given, "id")) return fail(errc::missing_field, "id");
  const auto& id = given["id"];
  if (!id.is_number_unsigned() || id.get<std::uint64_t>() > INT64_MAX) {
    return fail(errc::invalid_field, "id");
  }
  return user_id{id.get<std::int64_t>()};
}

}  // namespace mutirao::http
