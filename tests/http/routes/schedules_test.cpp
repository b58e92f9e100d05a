// Schedules over HTTP: what is stored of what was asked, what is refused and why, what is shown.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "domain/jobs/import_companies.hpp"
#include "tests/http/samples.hpp"
#include "tests/http/site_fixture.hpp"

namespace mutirao::http {
namespace {

using nlohmann::json;

instant utc(const std::string& text) {
  return parse_instant(text).value();
}

class schedule_routes : public site_test {
 protected:
  schedule_routes() {
    options.time_zone = "America/Sao_Paulo";
    plays->on<create_schedule>([](const create_schedule& asked) {
      create_schedule::answer made{asked.what, false};
      made.what.id = {12};
      return made;
    });
  }
  response post(const json& body, const extra_headers& more = {}) {
    return ask("POST", "/api/schedules", body.dump(), more);
  }
  create_schedule stored() {
    const auto all = plays->asked<create_schedule>();
    return all.empty() ? create_schedule{} : all.back();
  }
  json refused(const json& body, int status = 400) {
    const auto answer = post(body);
    EXPECT_EQ(answer.status, status) << body;
    EXPECT_TRUE(plays->asked<create_schedule>().empty()) << body;
    return parsed(answer);
  }
  static json yearly() {
    return {{"type", "generate-auto-tasks-unit"},
            {"arguments", {{"unit", 1}, {"futureYears", 1}}},
            {"cron", "0 6 2 1 *"}};
  }
};

TEST_F(schedule_routes, store_what_was_asked_with_its_first_due_time) {
  const auto answer = post(yearly(), {{"idempotency-key", "k"}});
  EXPECT_EQ(answer.status, 201) << answer.body.view();
  EXPECT_EQ(header_of(answer, "Location"), "/api/schedules/12");
  const auto asked = stored();
  EXPECT_EQ(asked.what.kind, "generate-auto-tasks-unit");
  EXPECT_EQ(asked.what.arguments, (argument_reader{{"unit", "1"}, {"futureYears", "1"}}));
  EXPECT_EQ(asked.what.cron, "0 6 2 1 *");
  EXPECT_EQ(asked.what.zone, "America/Sao_Paulo") << "the service's";
  EXPECT_EQ(asked.what.next_due, utc("2027-01-02T09:00:00Z"));
  EXPECT_EQ(asked.what.owner.user, user_id{7});
  EXPECT_EQ(asked.what.owner.units, std::vector<unit_id>{{1}});
  EXPECT_FALSE(asked.what.owner.admin);
  EXPECT_EQ(asked.unit, unit_id{1});
  EXPECT_EQ(asked.key, "k");
  EXPECT_EQ(asked.run_at, "");
  EXPECT_EQ(asked.now, clock.now());
  const auto shown = parsed(answer);
  EXPECT_EQ(shown["id"], 12);
  EXPECT_EQ(shown["nextDue"], "2027-01-02T09:00:00.000Z");
  EXPECT_EQ(shown["timeZone"], "America/Sao_Paulo");
  EXPECT_EQ(shown["state"], "waiting");
  EXPECT_EQ(shown["arguments"], (json{{"unit", 1}, {"futureYears", 1}})) << "numbers are numbers";
  EXPECT_FALSE(shown.contains("runAt"));
  EXPECT_FALSE(shown.contains("lastDue"));
}

TEST_F(schedule_routes, take_a_zone_and_a_single_instant) {
  auto body = yearly();
  body["timeZone"] = "UTC";
  EXPECT_EQ(post(body).status, 201);
  EXPECT_EQ(stored().what.next_due, utc("2027-01-02T06:00:00Z"));
  body.erase("cron");
  body["runAt"] = "2027-03-04T05:06:07-03:00";
  const auto answer = post(body);
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(stored().what.next_due, utc("2027-03-04T08:06:07Z"));
  EXPECT_EQ(stored().what.cron, "");
  EXPECT_EQ(stored().run_at, "2027-03-04T05:06:07-03:00");
  EXPECT_EQ(parsed(answer)["runAt"], "2027-03-04T08:06:07.000Z");
}

TEST_F(schedule_routes, are_for_each_unit_without_naming_one) {
  auto body = yearly();
  body["arguments"].erase("unit");
  body["eachUnit"] = true;
  EXPECT_EQ(post(body).status, 201);
  EXPECT_TRUE(stored().what.each_unit);
  EXPECT_FALSE(stored().unit);
  EXPECT_FALSE(stored().what.arguments.contains("unit"));
  const auto by_admin = ask_as(admin, "POST", "/api/schedules", body.dump());
  EXPECT_EQ(by_admin.status, 201);
  EXPECT_TRUE(stored().what.owner.admin);
  const auto nobodys = ask_as(bearer(9, {}), "POST", "/api/schedules", body.dump());
  EXPECT_EQ(nobodys.status, 403);
}

TEST_F(schedule_routes, refuse_for_each_unit_what_brings_the_rows_of_one) {
  types.add(std::make_unique<import_companies>([](std::string_view) {
    return text_table{{"razao_social", "nome_fantasia"}, {{2, {"A", "B"}}}};
  }));
  const auto import = [](json each_unit, json arguments) {
    arguments["csv"] = "razao_social,nome_fantasia\nA,B";
    return json{{"type", "import-companies"},
                {"arguments", std::move(arguments)},
                {"cron", "0 6 2 1 *"},
                {"eachUnit", std::move(each_unit)}};
  };
  const auto why = refused(import(true, json::object()));
  EXPECT_EQ(why["type"].get<std::string>().substr(20), "invalid-field");
  EXPECT_NE(why["message"].get<std::string>().find("eachUnit"), std::string::npos);
  EXPECT_EQ(post(import(false, {{"unit", 1}})).status, 201);
}

TEST_F(schedule_routes, refuse_and_say_what_was_wrong) {
  const auto with = [](const char* field, json value) {
    auto body = yearly();
    body[field] = std::move(value);
    return body;
  };
  const auto type = [&](const json& body, int status = 400) {
    return refused(body, status)["type"].get<std::string>().substr(20);
  };
  EXPECT_EQ(type(json::array()), "invalid-json");
  EXPECT_EQ(type({{"cron", "@daily"}}), "missing-field");
  EXPECT_EQ(type(with("type", "no-such")), "unknown-job-type");
  EXPECT_EQ(type(with("type", 7)), "invalid-field");
  EXPECT_EQ(type(with("cron", nullptr)), "cron-or-run-at");
  EXPECT_EQ(type(with("runAt", "2027-01-01T00:00:00Z")), "cron-or-run-at");
  EXPECT_EQ(type(with("cron", "61 * * * *")), "invalid-cron");
  EXPECT_EQ(type(with("cron", "0 0 30 2 *")), "cron-never-comes");
  EXPECT_EQ(type(with("timeZone", "Mars/Olympus")), "invalid-time-zone");
  EXPECT_EQ(type(with("eachUnit", "yes")), "invalid-field");
  EXPECT_EQ(type(with("eachUnit", true)), "invalid-field") << "and names a unit";
  EXPECT_EQ(type(with("arguments", "unit=1")), "invalid-field");
  EXPECT_EQ(type(with("arguments", {{"unit", {1}}})), "invalid-field");
  EXPECT_EQ(type(with("arguments", {{"unit", 1}, {"futureYears", 9}})), "invalid-field");
  EXPECT_EQ(type(with("arguments", {{"unit", 2}}), 403), "forbidden-unit");
  const auto minute = refused(with("cron", "61 * * * *"));
  EXPECT_NE(minute["message"].get<std::string>().find("minute \"61\""), std::string::npos);
  auto once = with("runAt", "2027-01-01T00:00:00");
  once.erase("cron");
  EXPECT_NE(refused(once)["message"].get<std::string>().find("\"2027-01-01T00:00:00\""),
            std::string::npos);
  EXPECT_EQ(ask("POST", "/api/schedules").status, 400);
  EXPECT_EQ(ask_as("", "POST", "/api/schedules", yearly().dump()).status, 401);
  EXPECT_EQ(post(yearly(), {{"idempotency-key", ""}}).status, 400);
}

TEST_F(schedule_routes, pass_on_what_the_store_refuses) {
  plays->on<create_schedule>([](const create_schedule&) { return fail(errc::schedule_limit); });
  const auto answer = post(yearly());
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(header_of(answer, "Retry-After"), "60");
}

schedule fired() {
  schedule what;
  what.id = {3};
  what.owner.user = {7};
  what.kind = "generate-auto-tasks-unit";
  what.arguments = {{"odd \"name\"", "1"}};
  what.each_unit = true;
  what.zone = "UTC";
  what.created_at = utc("2026-01-01T00:00:00Z");
  what.last_due = utc("2026-02-01T00:00:00Z");
  what.jobs = 2;
  what.job_ids = {job_id::from_random(1, 2), job_id::from_random(3, 4)};
  what.refusal = {errc::invalid_future_years, "9", unit_id{5}, utc("2026-02-01T00:00:01Z")};
  return what;
}

TEST_F(schedule_routes, show_what_became_of_one) {
  plays->on<find_schedule>([](const find_schedule&) { return fired(); });
  const auto shown = parsed(ask("GET", "/api/schedules/3"));
  EXPECT_EQ(plays->asked<find_schedule>().at(0).id, schedule_id{3});
  EXPECT_EQ(plays->asked<find_schedule>().at(0).by.user, user_id{7});
  EXPECT_EQ(shown["state"], "ended");
  EXPECT_EQ(shown["runAt"], "2026-02-01T00:00:00.000Z");
  EXPECT_EQ(shown["lastDue"], shown["runAt"]);
  EXPECT_EQ(shown["jobs"], 2);
  EXPECT_EQ(shown["jobIds"][0], job_id::from_random(1, 2).to_string());
  EXPECT_EQ(shown["arguments"]["odd \"name\""], "1");
  EXPECT_EQ(shown["lastError"]["type"], "urn:mutirao:problem:invalid-future-years");
  EXPECT_EQ(shown["lastError"]["message"],
            "futureYears deve ser um número inteiro de 0 a 5, e não \"9\".");
  EXPECT_EQ(shown["lastError"]["unidadeId"], 5);
  EXPECT_FALSE(shown.contains("nextDue"));
  plays->on<find_schedule>([](const find_schedule&) { return fail(errc::unknown_schedule); });
  EXPECT_EQ(ask("GET", "/api/schedules/4").status, 404);
  EXPECT_EQ(ask("GET", "/api/schedules/x").status, 400);
}

TEST_F(schedule_routes, list_the_callers_and_all_for_admins) {
  plays->on<list_schedules>([](const list_schedules&) {
    return list_schedules::answer{{fired()}, 3};
  });
  const auto page = parsed(ask("GET", "/api/schedules?limit=1&all=true"));
  EXPECT_EQ(page["schedules"].size(), 1U);
  EXPECT_TRUE(page.contains("nextCursor"));
  EXPECT_FALSE(plays->asked<list_schedules>().at(0).all) << "not for members";
  EXPECT_EQ(plays->asked<list_schedules>().at(0).limit, 1);
  ask_as(admin, "GET", "/api/schedules?all=true&cursor=" + page["nextCursor"].get<std::string>());
  EXPECT_TRUE(plays->asked<list_schedules>().at(1).all);
  EXPECT_EQ(plays->asked<list_schedules>().at(1).after, 3);
  EXPECT_EQ(ask("GET", "/api/schedules?limit=0").status, 400);
  EXPECT_EQ(ask("GET", "/api/schedules?cursor=x").status, 400);
}

TEST_F(schedule_routes, are_deleted) {
  plays->on<delete_schedule>([](const delete_schedule& asked) { return asked.id; });
  const auto gone = ask("DELETE", "/api/schedules/3");
  EXPECT_EQ(gone.status, 204);
  EXPECT_EQ(gone.body.view(), "");
  EXPECT_EQ(plays->asked<delete_schedule>().at(0).id, schedule_id{3});
  EXPECT_EQ(plays->asked<delete_schedule>().at(0).by.user, user_id{7});
  plays->on<delete_schedule>([](const delete_schedule&) { return fail(errc::unknown_schedule); });
  EXPECT_EQ(ask("DELETE", "/api/schedules/3").status, 404);
  EXPECT_EQ(ask_as("", "DELETE", "/api/schedules/3").status, 401);
}

TEST_F(schedule_routes, say_which_methods_they_take) {
  options.cors_origins = {"https://app.example"};
  const auto refused = ask("PUT", "/api/schedules/3");
  EXPECT_EQ(refused.status, 405);
  EXPECT_EQ(header_of(refused, "Allow"), "GET, HEAD, DELETE, OPTIONS");
  const auto preflight =
      ask("OPTIONS", "/api/schedules/3", "",
          {{"origin", "https://app.example"}, {"access-control-request-method", "DELETE"}});
  EXPECT_EQ(preflight.status, 204);
  EXPECT_EQ(header_of(preflight, "Access-Control-Allow-Methods"), "GET, HEAD, DELETE, OPTIONS");
}

class run_at_test : public schedule_routes {
 protected:
  static constexpr auto generation = "/api/empresas/unidade/1/auto-tarefas";
  static constexpr auto later = "2027-01-02T06:00:00-03:00";

  void expect_accepted(const response& answer) {
    EXPECT_EQ(answer.status, 202) << answer.body.view();
    EXPECT_EQ(header_of(answer, "Location"), "/api/schedules/12");
    const auto body = parsed(answer);
    EXPECT_EQ(body["scheduleId"], 12);
    EXPECT_EQ(body["runAt"], "2027-01-02T09:00:00.000Z");
    EXPECT_NE(body["message"].get<std::string>().find("agendado"), std::string::npos);
    EXPECT_FALSE(body.contains("jobId"));
    EXPECT_TRUE(plays->asked<actors::submit>().empty()) << "no job yet";
  }
};

TEST_F(run_at_test, makes_a_schedule_of_a_generation) {
  options.callbacks.on = true;
  expect_accepted(ask("POST", std::string(generation) + "?futureYears=2",
                      json{{"runAt", later}, {"callbackUrl", "https://example.com/"}}.dump(),
                      {{"idempotency-key", "k"}}));
  const auto asked = stored();
  EXPECT_EQ(asked.what.kind, "generate-auto-tasks-unit");
  EXPECT_EQ(asked.what.arguments, (argument_reader{{"unit", "1"}, {"futureYears", "2"}}));
  EXPECT_EQ(asked.what.next_due, utc("2027-01-02T09:00:00Z"));
  EXPECT_EQ(asked.what.zone, "America/Sao_Paulo");
  EXPECT_EQ(asked.what.cron, "");
  EXPECT_EQ(asked.what.callback_url, "https://example.com/");
  EXPECT_EQ(asked.run_at, later);
  EXPECT_EQ(asked.unit, unit_id{1});
  EXPECT_EQ(asked.key, "k");
}

TEST_F(run_at_test, is_taken_from_the_query_with_or_without_escapes) {
  for (const auto* text : {"2027-01-02T06:00:00-03:00", "2027-01-02T09:00:00%2B00:00",
                           "2027-01-02T09:00:00+00:00", "2027-01-02T09:00Z"}) {
    expect_accepted(ask("POST", std::string(generation) + "?runAt=" + text));
  }
}

TEST_F(run_at_test, makes_a_schedule_of_any_job) {
  const json body{
      {"type", "generate-auto-tasks-unit"}, {"arguments", {{"unit", 1}}}, {"runAt", later}};
  expect_accepted(ask("POST", "/api/jobs", body.dump()));
  EXPECT_EQ(stored().what.arguments, (argument_reader{{"unit", "1"}, {"futureYears", "0"}}));
}

TEST_F(run_at_test, that_is_wrong_is_refused_with_what_was_received) {
  const auto refused = [&](const std::string& target, const std::string& body) {
    const auto answer = ask("POST", target, body);
    EXPECT_EQ(answer.status, 400) << body;
    EXPECT_TRUE(plays->asked<create_schedule>().empty()) << body;
    EXPECT_TRUE(plays->asked<actors::submit>().empty()) << body;
    return parsed(answer)["message"].get<std::string>();
  };
  const auto names = [](const std::string& message, const std::string& what) {
    return message.starts_with("runAt") && message.find("\"" + what + "\"") != std::string::npos;
  };
  EXPECT_TRUE(names(refused(generation, R"({"runAt":"amanhã"})"), "amanhã"));
  EXPECT_TRUE(names(refused(generation, R"({"runAt":7})"), "7"));
  EXPECT_TRUE(names(refused(generation, R"({"runAt":""})"), "\"\""));
  EXPECT_TRUE(names(refused(generation, R"({"\u0072unAt":"x"})"), "x")) << "spelled otherwise";
  EXPECT_TRUE(names(refused(std::string(generation) + "?runAt=", ""), ""));
  EXPECT_TRUE(names(refused(std::string(generation) + "?runAt=2027-01-02", ""), "2027-01-02"));
  EXPECT_EQ(
      ask("POST", std::string(generation) + "?futureYears=9", json{{"runAt", later}}.dump()).status,
      400)
      << "arguments are checked at once";
  EXPECT_EQ(
      ask("POST", "/api/empresas/unidade/2/auto-tarefas", json{{"runAt", later}}.dump()).status,
      403);
}

TEST_F(run_at_test, of_null_and_in_a_dry_run_changes_nothing) {
  plays->on<actors::submit>([](const actors::submit&) {
    return insert_job::answer{insert_job::outcome::created, sample_job(), {}};
  });
  EXPECT_EQ(ask("POST", generation, R"({"runAt":null})").status, 202);
  EXPECT_EQ(plays->asked<actors::submit>().size(), 1U);
  plays->on<actors::rehearse>([](const actors::rehearse&) { return actors::rehearse::answer{}; });
  EXPECT_EQ(
      ask("POST", std::string(generation) + "?dryRun=true", json{{"runAt", later}}.dump()).status,
      200);
  EXPECT_TRUE(plays->asked<create_schedule>().empty());
}

TEST_F(run_at_test, keeps_no_more_arguments_than_there_is_room_for) {
  types.add(std::make_unique<import_companies>([](std::string_view) {
    return text_table{{"razao_social", "nome_fantasia"}, {}};
  }));
  const auto asked = [&](std::size_t bytes) {
    return json{{"type", "import-companies"},
                {"arguments", {{"csv", std::string(bytes, 'x')}}},
                {"runAt", later}}
        .dump();
  };
  EXPECT_EQ(ask("POST", "/api/jobs", asked(most_argument_bytes + 1)).status, 413);
  EXPECT_EQ(ask("POST", "/api/jobs", asked(most_argument_bytes / 2)).status, 202);
  EXPECT_EQ(stored().what.arguments.at("csv").size(), most_argument_bytes / 2);
}

}  // namespace
}  // namespace mutirao::http
