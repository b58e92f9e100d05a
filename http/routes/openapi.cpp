#include "http/routes/openapi.hpp"

#include <cstdint>
#include <embedded/openapi.hpp>
#include <embedded/openapi_portuguese.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "http/language.hpp"

namespace mutirao::http::routes {
namespace {

using nlohmann::ordered_json;

/// FNV-1a of the text: it changes with a build, not with a request.
std::string tag_of(std::string_view text) {
  std::uint64_t sum = 0xcbf29ce484222325U;
  for (const char c : text) sum = (sum ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return "\"" + std::to_string(sum) + "\"";
}

void say(ordered_json& text, const ordered_json& words) {
  if (!text.is_string()) return;
  const auto found = words.find(text.get_ref<const std::string&>());
  if (found != words.end()) text = *found;
}

/// Puts `words` in the place of all that is for people: summaries, descriptions, names of tags.
void translate(ordered_json& part, const ordered_json& words) {
  for (auto& [name, within] : part.items()) {
    if (name == "example") continue;
    if (name == "summary" || name == "description") say(within, words);
    if (name == "tags") {
      for (auto& tag : within) say(tag.is_object() ? tag["name"] : tag, words);
    }
    if (within.is_structured()) translate(within, words);
  }
}

std::string in_portuguese() {
  auto document = ordered_json::parse(embedded::openapi);
  translate(document, ordered_json::parse(embedded::openapi_portuguese));
  return document.dump(2);
}

struct edition {
  std::shared_ptr<const std::string> body;
  std::string tag;

  explicit edition(std::string text)
      : body(std::make_shared<const std::string>(std::move(text))), tag(tag_of(*body)) {}
};

const edition& edition_in(language speaks) {
  static const edition portuguese(in_portuguese());
  static const edition english{std::string(embedded::openapi)};
  return speaks == language::english ? english : portuguese;
}

}  // namespace

std::string_view openapi_text(language speaks) {
  return *edition_in(speaks).body;
}

void openapi(const exchange_ptr& at) {
  const auto& [body, tag] =
      edition_in(preferred_language(at->what.header("accept-language").value_or("")));
  const auto known = at->what.header("if-none-match").value_or("");
  response answer{200,
                  "application/json",
                  {{"ETag", tag}, {"Cache-Control", "no-cache"}, {"Vary", "Accept-Language"}},
                  body};
  if (known == "*" || known.find(tag) != std::string_view::npos) {
    answer.status = 304;
    answer.content_type.clear();
    answer.body = {};
  }
  at->send(std::move(answer));
}

}  // namespace mutirao::http::routes
