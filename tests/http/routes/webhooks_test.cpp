// A job's callbackUrl, and the entregas of what became of its webhooks.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/http/samples.hpp"
#include "tests/http/site_fixture.hpp"

namespace mutirao::http {
namespace {

using nlohmann::json;

const std::string start_of_matriz = "/api/empresas/unidade/1/auto-tarefas";
const std::string entregas = "/api/empresas/jobs/" + std::string(sample_id) + "/entregas";

class callback_test : public site_test {
 protected:
  callback_test() {
    options.callbacks.on = true;
    plays->on<actors::submit>([](const actors::submit&) {
      return insert_job::answer{insert_job::outcome::created, sample_job(), {}};
    });
  }
  std::string refused(const std::string& body) {
    const auto answer = ask("POST", start_of_matriz, body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_TRUE(plays->asked<actors::submit>().empty()) << body;
    return parsed(answer)["type"];
  }
};

TEST_F(callback_test, goes_to_the_job_as_it_was_given) {
  EXPECT_EQ(ask("POST", start_of_matriz, R"({"callbackUrl":"https://Example.com/a?b=%20"})").status,
            202);
  EXPECT_EQ(plays->asked<actors::submit>().at(0).callback_url, "https://Example.com/a?b=%20");
}

TEST_F(callback_test, is_absent_where_nothing_names_it) {
  for (const auto* body : {"", " \r\n", "null", "{}", R"({"callbackUrl":null})", R"({"x":1})"}) {
    EXPECT_EQ(ask("POST", start_of_matriz, body).status, 202) << body;
    EXPECT_EQ(plays->asked<actors::submit>().back().callback_url, "") << body;
  }
}

TEST_F(callback_test, that_is_no_url_is_refused) {
  for (const auto* url : {R"("")", "7", R"({"x":1})", R"("example.com")", R"("ftp://example.com")",
                          R"("https://user:pw@example.com")", R"("https://example.com#x")"}) {
    EXPECT_EQ(refused(std::string(R"({"callbackUrl":)") + url + "}"),
              "urn:mutirao:problem:invalid-callback-url");
  }
  EXPECT_EQ(refused(R"({"callbackUrl":"https://example.com/)" + std::string(2048, 'x') + "\"}"),
            "urn:mutirao:problem:invalid-callback-url");
  EXPECT_EQ(refused("{"), "urn:mutirao:problem:invalid-json");
  EXPECT_EQ(refused("[]"), "urn:mutirao:problem:invalid-json");
}

TEST_F(callback_test, to_a_private_address_is_refused_unless_it_is_allowed) {
  options.callbacks.allowed.also = {*parse_ip_range("10.0.0.0/8")};
  for (const auto* url : {"http://127.0.0.1:80/", "http://localhost/", "http://169.254.169.254/x",
                          "http://[::1]/", "http://2130706433/", "http://192.168.0.1/"}) {
    EXPECT_EQ(refused(json{{"callbackUrl", url}}.dump()),
              "urn:mutirao:problem:private-callback-url");
  }
  EXPECT_EQ(ask("POST", start_of_matriz, R"({"callbackUrl":"http://10.1.2.3/"})").status, 202);
}

TEST_F(callback_test, is_refused_where_there_is_nothing_to_sign_it_with) {
  options.callbacks.on = false;
  EXPECT_EQ(refused(R"({"callbackUrl":"https://example.com"})"),
            "urn:mutirao:problem:callbacks-off");
  EXPECT_EQ(ask("POST", start_of_matriz).status, 202) << "without one all is well";
}

class deliveries_test : public site_test {
 protected:
  deliveries_test() {
    plays->on<find_job>([](const find_job&) { return completed_job(); });
    plays->on<list_deliveries>([](const list_deliveries&) {
      delivery_row row;
      row.id = 3;
      row.message = "msg_1";
      row.type = "job.completed";
      row.url = "https://example.com/hook";
      row.callback = true;
      row.run = 2;
      row.attempts = 4;
      row.event_at = at_second(0);
      row.last_try = at_second(5);
      row.last_error = "timeout";
      row.next_try = at_second(25);
      return list_deliveries::answer{{row}, 3};
    });
  }
  list_deliveries asked() { return plays->asked<list_deliveries>().at(0); }
};

TEST_F(deliveries_test, are_shown_to_the_owner_without_the_operators) {
  const auto answer = ask("GET", entregas + "?limit=1");
  ASSERT_EQ(answer.status, 200) << body_of(answer);
  auto shown = parsed(answer);
  EXPECT_TRUE(shown.contains("nextCursor"));
  EXPECT_EQ(shown["entregas"], json::array({{{"id", 3},
                                             {"webhookId", "msg_1"},
                                             {"event", "job.completed"},
                                             {"url", "https://example.com/hook"},
                                             {"origin", "callbackUrl"},
                                             {"run", 2},
                                             {"state", "pending"},
                                             {"attempts", 4},
                                             {"createdAt", "2026-11-23T12:00:00.000Z"},
                                             {"lastAttemptAt", "2026-11-23T12:00:05.000Z"},
                                             {"lastError", "timeout"},
                                             {"nextAttemptAt", "2026-11-23T12:00:25.000Z"}}}));
  EXPECT_TRUE(asked().callbacks_only);
  EXPECT_EQ(asked().limit, 1);
}

TEST_F(deliveries_test, are_shown_to_admins_all) {
  EXPECT_EQ(ask_as(admin, "GET", entregas).status, 200);
  EXPECT_FALSE(asked().callbacks_only);
  EXPECT_EQ(asked().limit, 100);
}

TEST_F(deliveries_test, are_not_for_others) {
  EXPECT_EQ(ask_as(bearer(8, {{{1}, "Matriz"}}), "GET", entregas).status, 403) << "of its unit";
  EXPECT_EQ(ask_as(bearer(8, {{{2}, "Filial"}}), "GET", entregas).status, 404);
  EXPECT_EQ(ask_as("", "GET", entregas).status, 401);
  EXPECT_TRUE(plays->asked<list_deliveries>().empty());
}

TEST_F(deliveries_test, are_asked_for_by_a_known_job_in_pages) {
  EXPECT_EQ(ask("GET", "/api/empresas/jobs/7/entregas").status, 404);
  EXPECT_EQ(ask("GET", entregas + "?limit=501").status, 400);
  EXPECT_EQ(ask("GET", entregas + "?cursor=x").status, 400);
}

}  // namespace
}  // namespace mutirao::http
