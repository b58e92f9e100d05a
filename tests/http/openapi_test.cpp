// http/openapi.json and the routes: each is in it, and nothing else; it holds together.
#include "http/routes/openapi.hpp"

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "http/routes/table.hpp"
#include "tests/http/page_routes.hpp"
#include "tests/http/site_fixture.hpp"
#include "tests/support/places.hpp"

namespace mutirao::http {
namespace {

using nlohmann::json;

json document(language speaks = language::english) {
  return json::parse(routes::openapi_text(speaks));
}

/// Every summary, description and name of a tag, by where it stands.
void each_text(const json& from, const std::string& at,
               const std::function<void(const std::string&, const std::string&)>& see) {
  for (const auto& [name, part] : from.items()) {
    const auto here = (json::json_pointer(at) / name).to_string();
    if (name == "example") continue;
    if (name == "tags" && at != "") {
      for (const auto& tag : part) see(here, tag);
    } else if (part.is_string() && (name == "summary" || name == "description" ||
                                    (name == "name" && at.starts_with("/tags/")))) {
      see(here, part);
    }
    if (part.is_structured()) each_text(part, here, see);
  }
}

/// "get /api/empresas/{id}"
std::string name_of(const route& one) {
  constexpr std::array<const char*, 8> verbs{"get",    "head",    "post",  "put",
                                             "delete", "options", "patch", "other"};
  std::string path(one.pattern);
  for (auto at = path.find(':'); at != std::string::npos; at = path.find(':')) {
    const auto end = std::min(path.find('/', at), path.size());
    path.replace(at, end - at, "{" + path.substr(at + 1, end - at - 1) + "}");
  }
  return std::string(verbs.at(static_cast<std::size_t>(one.verb))) + " " + path;
}

void each_operation(const json& all,
                    const std::function<void(const std::string&, const json&)>& see) {
  for (const auto& [path, verbs] : all["paths"].items()) {
    for (const auto& [verb, operation] : verbs.items()) see(verb + " " + path, operation);
  }
}

const json& resolved(const json& all, const json& what) {
  if (!what.contains("$ref")) return what;
  return all.at(json::json_pointer(what["$ref"].get<std::string>().substr(1)));
}

void each_reference(const json& from, const std::function<void(const std::string&)>& see) {
  if (from.is_object() && from.contains("$ref")) see(from["$ref"].get<std::string>());
  if (!from.is_structured()) return;
  for (const auto& each : from) each_reference(each, see);
}

TEST(openapi, every_route_is_in_it_and_nothing_else) {
  std::set<std::string> said;
  each_operation(document(), [&](const std::string& name, const json&) { said.insert(name); });
  for (const auto& one : routes::table()) {
    if (is_of_page(one)) continue;
    EXPECT_EQ(said.erase(name_of(one)), 1U) << "http/openapi.json lacks: " << name_of(one);
  }
  for (const auto& name : said) ADD_FAILURE() << "http/openapi.json has no route for: " << name;
}

TEST(openapi, it_says_which_routes_need_a_token) {
  const auto all = document();
  for (const auto& one : routes::table()) {
    const auto name = name_of(one);
    const auto at = name.find(' ');
    const auto& paths = all["paths"];
    if (!paths.contains(name.substr(at + 1))) continue;
    const auto operation = paths[name.substr(at + 1)].value(name.substr(0, at), json::object());
    EXPECT_EQ(operation.contains("security"), one.who == access::open) << name;
  }
}

TEST(openapi, it_holds_together) {
  const auto all = document();
  EXPECT_EQ(all["openapi"], "3.1.0");
  each_reference(all, [&](const std::string& to) {
    EXPECT_TRUE(all.contains(json::json_pointer(to.substr(1)))) << to;
  });
  std::set<std::string> ids;
  std::set<std::string> used;
  each_reference(all, [&](const std::string& to) { used.insert(to); });
  for (const auto& [kind, parts] : all["components"].items()) {
    if (kind == "securitySchemes") continue;
    for (const auto& [name, part] : parts.items()) {
      EXPECT_TRUE(used.contains("#/components/" + kind + "/" + name)) << name << " is not used";
    }
  }
  each_operation(all, [&](const std::string& name, const json& operation) {
    EXPECT_TRUE(ids.insert(operation.value("operationId", "")).second) << name;
    EXPECT_NE(operation.value("summary", ""), "") << name;
    std::set<std::string> in_path;
    for (const auto& each : operation.value("parameters", json::array())) {
      const auto& one = resolved(all, each);
      if (one["in"] != "path") continue;
      in_path.insert(one["name"]);
      EXPECT_TRUE(one.contains("example")) << name << " " << one["name"];
    }
    for (const auto& each : in_path) {
      EXPECT_NE(name.find("{" + each + "}"), std::string::npos) << name << " " << each;
    }
    EXPECT_EQ(std::count(name.begin(), name.end(), '{'), std::ssize(in_path)) << name;
  });
}

TEST(openapi, each_text_stands_in_both_languages) {
  std::ifstream file(testing::in_source("http/openapi.pt.json"));
  const auto words = json::parse(file);
  std::map<std::string, std::string> portuguese;
  each_text(document(language::portuguese), "",
            [&](const std::string& at, const std::string& text) { portuguese[at] = text; });
  std::set<std::string> used;
  each_text(document(), "", [&](const std::string& at, const std::string& text) {
    used.insert(text);
    EXPECT_TRUE(words.contains(text)) << "http/openapi.pt.json lacks: " << text;
    EXPECT_EQ(portuguese[at], words.value(text, std::string())) << at;
  });
  EXPECT_GT(used.size(), 150U);
  for (const auto& [text, translated] : words.items()) {
    EXPECT_TRUE(used.contains(text)) << "not in http/openapi.json: " << text;
    EXPECT_NE(translated, "") << text;
  }
}

TEST(openapi, the_languages_differ_in_their_texts_alone) {
  const auto marked = [](json all) {
    std::vector<std::string> places;
    each_text(all, "", [&](const std::string& at, const std::string&) { places.push_back(at); });
    for (const auto& at : places) {
      auto& text = all[json::json_pointer(at)];
      text = text.is_array() ? json(text.size()) : json();
    }
    return all;
  };
  EXPECT_EQ(marked(document(language::portuguese)), marked(document()));
}

class openapi_route : public site_test {};

TEST_F(openapi_route, it_is_for_everybody_and_is_sent_once) {
  const auto got = ask_as("", "GET", "/api/openapi.json");
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.content_type, "application/json");
  EXPECT_EQ(body_of(got), routes::openapi_text(language::portuguese));
  EXPECT_EQ(header_of(got, "Vary"), "Accept-Language");
  const auto tag = header_of(got, "ETag");
  EXPECT_EQ(tag.front(), '"');
  const auto again = ask("GET", "/api/openapi.json", {}, {{"if-none-match", tag}});
  EXPECT_EQ(again.status, 304);
  EXPECT_EQ(body_of(again), "");
  EXPECT_EQ(header_of(again, "ETag"), tag);
  EXPECT_EQ(ask("GET", "/api/openapi.json", {}, {{"if-none-match", "\"1\""}}).status, 200);
}

TEST_F(openapi_route, it_is_in_english_where_that_is_read) {
  const auto got = ask("GET", "/api/openapi.json", {}, {{"accept-language", "en-GB,en;q=0.9"}});
  EXPECT_EQ(body_of(got), routes::openapi_text(language::english));
  const auto tag = header_of(got, "ETag");
  EXPECT_EQ(ask("GET", "/api/openapi.json", {}, {{"if-none-match", tag}}).status, 200)
      << "the other language's tag";
}

}  // namespace
}  // namespace mutirao::http
