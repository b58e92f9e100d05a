#include "app/commands/service_client.hpp"

#include <nlohmann/json.hpp>

namespace mutirao::app {
namespace {

using kind = option_spec::kind;
using nlohmann::json;

}  // namespace

std::vector<option_spec> client_option_table(std::vector<option_spec> own) {
  own.push_back({"url", kind::value, "URL", "where the service is", "http://127.0.0.1:5000"});
  own.push_back({"token", kind::value, "JWT", "who asks; best given as MUTIRAO_TOKEN", ""});
  own.push_back({"timeout", kind::value, "TIME", "of one request", "30s"});
  return own;
}

client_options read_client(option_reader& given) {
  client_options options;
  options.url = given.text("url");
  if (!options.url.starts_with("http://") && !options.url.starts_with("https://")) {
    given.complain("url", "\"" + options.url + "\" is not an http:// or https:// address");
  }
  options.token = given.required("token", "give one from `mutirao token` or `serve --dev`");
  if (options.token.find_first_of("\r\n") != std::string::npos) {
    given.complain("token", "it holds a line end");
  }
  options.timeout = given.duration("timeout", milliseconds(1));
  return options;
}

std::vector<std::string> read_arguments(option_reader& given) {
  auto all = given.texts("argument");
  for (const auto& one : all) {
    if (one.find('=') == std::string::npos) {
      given.complain("argument", "\"" + one.substr(0, 40) + "\" is no NAME=VALUE");
    }
  }
  return all;
}

expected<std::string> body_of(expected<http_answer> answer) {
  if (!answer) return tl::unexpected(answer.error());
  if (answer->status >= 200 && answer->status < 300) return std::move(answer->body);
  const json problem = json::parse(answer->body, nullptr, false);
  const auto has = [&](const char* field) {
    return problem.is_object() && problem.contains(field) && problem[field].is_string();
  };
  std::string why = std::to_string(answer->status);
  for (const char* field : {"title", "message", "error"}) {
    if (!has(field)) continue;
    why += " " + problem[field].get<std::string>();
    break;
  }
  if (has("detail")) why += ": " + problem["detail"].get<std::string>();
  if (answer->status == 401 || answer->status == 403) why += "; --token says who asks";
  return fail(errc::internal, "the service answered " + why);
}

std::string to_text(const json& of) {
  return of.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string text_of(const json& object, const char* field) {
  const auto found = object.find(field);
  if (found == object.end()) return {};
  return found->is_string() ? found->get<std::string>() : to_text(*found);
}

expected<json> list_in(const std::string& body, const char* field, const char* what) {
  json answer = json::parse(body, nullptr, false);
  if (answer.is_object() && answer.contains(field) && answer[field].is_array()) {
    return std::move(answer[field]);
  }
  return fail(errc::invalid_json, "the service answered no list of " + std::string(what));
}

}  // namespace mutirao::app
