// Every example of http/openapi.json is sent to the real service, which must answer as it says.
#include <algorithm>
#include <cctype>
#include <fstream>
#include <set>

#include "tests/e2e/fixture.hpp"
#include "tests/e2e/json_schema.hpp"
#include "tests/support/event_client.hpp"

namespace mutirao::e2e {
namespace {

struct operation {
  std::string verb;
  std::string path;
  json says;
  std::string id() const { return says.value("operationId", ""); }
};

class openapi : public service_test {
 protected:
  void SetUp() override {
    make_database();
    auto stored = db();
    add_companies(stored, mixed_companies(1, 1, 20));
    add_companies(stored, busy_companies(2, 1001, 2'000));
    start({"--dev"});
    add_user();
    document_ = nobody().get("/api/openapi.json").data();
    ASSERT_TRUE(document_.is_object());
  }

  /// Who the document's examples sign in as.
  void add_user() {
    const auto input = (folder_ / "password").string();
    std::ofstream(input) << "uma senha comprida\n";
    const auto added = run_program({{"users", "add", "--database", url(), "--id", "1", "--email",
                                     "ana@example.com", "--nome", "Ana", "--admin"},
                                    {},
                                    input});
    ASSERT_EQ(added.code, 0) << added.err;
  }

  std::vector<operation> operations() const {
    std::vector<operation> all;
    for (const auto& [path, verbs] : document_["paths"].items()) {
      for (const auto& [verb, says] : verbs.items()) all.push_back({verb, path, says});
    }
    // What changes things comes in an order that makes sense, and behind those that only look.
    static const std::vector<std::string> late{"readAllNotifications",
                                               "changeTask",
                                               "changeCompany",
                                               "addSchedule",
                                               "listSchedules",
                                               "getSchedule",
                                               "removeSchedule",
                                               "pauseJob",
                                               "prioritizeJob",
                                               "resumeJob",
                                               "cancelJob",
                                               "retryJob",
                                               "startJob"};
    std::stable_sort(all.begin(), all.end(), [](const operation& a, const operation& b) {
      const auto rank = [](const operation& of) {
        const auto found = std::find(late.begin(), late.end(), of.id());
        return found == late.end() ? -1 : found - late.begin();
      };
      return rank(a) < rank(b);
    });
    return all;
  }

  /// The path with its examples put in. The document cannot name a job: the test has two.
  std::string target_of(const operation& of, const json_schema& schemas) const {
    static const std::set<std::string> of_long_job{"pauseJob", "prioritizeJob", "resumeJob",
                                                   "cancelJob", "retryJob"};
    std::string path = of.path;
    std::string query;
    for (const auto& each : of.says.value("parameters", json::array())) {
      const auto& one = schemas.resolved(each);
      if (!one.contains("example")) continue;
      const auto& example = one["example"];
      auto value = example.is_string() ? example.get<std::string>() : example.dump();
      const auto name = one["name"].get<std::string>();
      if (name == "jobId") value = of_long_job.contains(of.id()) ? long_job_ : done_job_;
      if (one["in"] == "query") query += (query.empty() ? "?" : "&") + name + "=" + value;
      if (one["in"] != "path") continue;
      path.replace(path.find("{" + name + "}"), name.size() + 2, value);
    }
    return path + query;
  }

  void check_stream(const std::string& target, const std::string& token) {
    tests::event_client client(service_->port(), target, token);
    EXPECT_EQ(client.status(), 200) << target;
    EXPECT_TRUE(client.header("Content-Type").starts_with("text/event-stream")) << target;
  }

  answer send(const operation& of, const std::string& target, const json_schema& schemas) {
    const auto security = of.says.find("security");
    auto by = security != of.says.end() && security->empty() ? nobody() : admin();
    auto verb = of.verb;
    std::transform(verb.begin(), verb.end(), verb.begin(), ::toupper);
    const auto request = of.says.value("requestBody", json::object());
    const auto media = request.value("content", json::object());
    for (const auto& [type, says] : media.items()) {
      if (!says.contains("example")) continue;
      const auto& example = says["example"];
      EXPECT_EQ(schemas.breaches(example, says["schema"]), std::vector<std::string>{}) << of.id();
      return by.ask(verb, target,
                    example.is_string() ? example.get<std::string>() : example.dump());
    }
    return by.ask(verb, target, verb == "GET" ? std::nullopt : std::optional(std::string()));
  }

  void check(const operation& of, const json_schema& schemas) {
    const auto target = target_of(of, schemas);
    const auto name = of.verb + " " + target;
    const auto& responses = of.says["responses"];
    const auto expected = first_of(responses);
    const auto content = responses[expected].value("content", json::object());
    if (content.contains("text/event-stream")) return check_stream(target, token_of({1, {}, true}));
    const auto got = send(of, target, schemas);
    EXPECT_EQ(std::to_string(got.status), expected) << name << "\n" << got.body.substr(0, 500);
    if (content.empty()) {
      EXPECT_EQ(got.body, "") << name;
      return;
    }
    const auto type = content.begin().key();
    EXPECT_TRUE(got.header("Content-Type").value_or("").starts_with(type)) << name;
    if (type != "application/json") return;
    const auto breaches = schemas.breaches(got.data(), content[type]["schema"]);
    for (const auto& each : breaches) ADD_FAILURE() << name << " " << each;
  }

  /// What an example answers: the first that the document says, in its order.
  std::string first_of(const json& responses) const {
    static const std::vector<std::string> good{"202", "201", "200", "204", "400"};
    for (const auto& each : good) {
      if (responses.contains(each)) return each;
    }
    ADD_FAILURE() << "no good answer: " << responses;
    return "200";
  }

  json document_;
  std::string done_job_;
  std::string long_job_;
};

TEST_F(openapi, every_example_answers_as_it_says) {
  const json_schema schemas(document_);
  auto by = admin();
  done_job_ = start_job(by, 1, 1);
  wait_for_end(by, done_job_);
  std::size_t sent = 0;
  for (const auto& each : operations()) {
    SCOPED_TRACE(each.id());
    if (each.id() == "pauseJob") long_job_ = start_job(by, 2, 5);
    if (each.id() == "retryJob") wait_for_end(by, long_job_);
    check(each, schemas);
    ++sent;
  }
  EXPECT_GE(sent, 40U);
  by.post("/api/empresas/jobs/" + long_job_ + "/cancel");
}

TEST_F(openapi, what_is_refused_is_a_problem_as_it_says) {
  const json_schema schemas(document_);
  done_job_ = long_job_ = "3f2b8c1e-9d4a-4c7b-8e21-5a6f0b9c7d10";
  const auto& problem = document_["components"]["schemas"]["Problem"];
  for (const auto& [path, verbs] : document_["paths"].items()) {
    for (const auto& [verb, says] : verbs.items()) {
      if (says.contains("security")) continue;
      auto method = verb;
      std::transform(method.begin(), method.end(), method.begin(), ::toupper);
      const auto got = nobody().ask(method, target_of({verb, path, says}, schemas));
      EXPECT_EQ(got.status, 401) << verb << " " << path;
      EXPECT_TRUE(says["responses"].contains("401")) << verb << " " << path;
      EXPECT_EQ(schemas.breaches(got.data(), problem), std::vector<std::string>{});
    }
  }
}

// The checker itself must be able to refuse.
TEST(json_schema_test, breaches_are_found) {
  const auto document = json::parse(R"({"a":{"type":"object","required":["n"],"properties":{
      "n":{"type":"integer","maximum":3},"t":{"type":"string","format":"date-time"},
      "l":{"type":"array","items":{"enum":["x"]}},"z":{"type":["string","null"]}}}})");
  const json_schema schemas(document);
  const auto count = [&](const char* text) {
    return schemas.breaches(json::parse(text), json::parse(R"({"$ref":"#/a"})")).size();
  };
  EXPECT_EQ(count(R"({"n":1,"t":"2026-11-23T12:00:00.000Z","l":["x"],"z":null})"), 0U);
  EXPECT_EQ(count("{}"), 1U);
  EXPECT_EQ(count("[]"), 1U);
  EXPECT_EQ(count(R"({"n":"1"})"), 1U);
  EXPECT_EQ(count(R"({"n":4})"), 1U);
  EXPECT_EQ(count(R"({"n":1,"t":"today"})"), 1U);
  EXPECT_EQ(count(R"({"n":1,"l":["x","y"]})"), 1U);
  EXPECT_EQ(count(R"({"n":1,"z":2})"), 1U);
  EXPECT_EQ(count(R"({"n":1,"more":2})"), 1U);
}

}  // namespace
}  // namespace mutirao::e2e
