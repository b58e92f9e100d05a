#include <gtest/gtest.h>

#include <map>
#include <nlohmann/json.hpp>

#include "http/cursor.hpp"
#include "tests/http/samples.hpp"
#include "tests/http/site_fixture.hpp"

namespace mutirao::http {
namespace {

using nlohmann::json;

const std::string start = "/api/empresas/unidade/1/auto-tarefas";
const std::string status = "/api/empresas/jobs/" + std::string(sample_id);

class jobs_route_test : public site_test {
 protected:
  void accept(job_view job = sample_job(), insert_job::outcome how = insert_job::outcome::created) {
    plays->on<actors::submit>([job, how](const actors::submit&) {
      return insert_job::answer{how, job, {}};
    });
  }
  void show(const job_view& job) {
    plays->on<find_job>([job](const find_job&) { return job; });
  }
};

TEST_F(jobs_route_test, a_start_is_accepted_with_the_place_of_its_status) {
  accept();
  const auto answer = ask("POST", start + "?futureYears=1");
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(parsed(answer)["jobId"], sample_id);
  EXPECT_EQ(parsed(answer)["totalEmpresas"], 150);
  EXPECT_EQ(header_of(answer, "Location"), status);
  EXPECT_EQ(header_of(answer, "Retry-After"), "2");
  const auto asked = plays->asked<actors::submit>();
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].type->kind(), "generate-auto-tasks-unit");
  EXPECT_EQ(asked[0].user, user_id{7});
  EXPECT_EQ(asked[0].arguments.unit, unit_id{1});
  EXPECT_EQ(asked[0].arguments.text, "today=2026-11-23 futureYears=1");
  EXPECT_FALSE(asked[0].key);
}

TEST_F(jobs_route_test, no_years_are_this_year_alone) {
  accept();
  EXPECT_EQ(ask("POST", start).status, 202);
  EXPECT_EQ(plays->asked<actors::submit>()[0].arguments.text, "today=2026-11-23 futureYears=0");
}

TEST_F(jobs_route_test, joined_and_replayed_are_accepted_alike) {
  for (const auto how : {insert_job::outcome::joined, insert_job::outcome::replayed}) {
    accept(running_job(), how);
    EXPECT_EQ(ask("POST", start).status, 202);
  }
}

TEST_F(jobs_route_test, a_unit_without_active_companies_is_done_at_once) {
  auto job = completed_job();
  job.totals = {};
  accept(job);
  const auto answer = ask("POST", start);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(parsed(answer), (json{{"processed", 0},
                                  {"createdTotal", 0},
                                  {"details", json::array()},
                                  {"jobId", sample_id},
                                  {"message", "Nenhuma empresa ativa nesta unidade."},
                                  {"totalEmpresas", 0}}));
}

TEST_F(jobs_route_test, years_that_are_no_number_from_0_to_5_are_refused) {
  accept();
  for (const std::string years : {"-1", "6", "1.5", "abc", "NaN", "1e21", "1000000000000000000000",
                                  "", "%2B1", "+1", "05", "0x1", "1%00", "%F0%9F%98%80"}) {
    const auto answer = ask("POST", start + "?futureYears=" + years);
    EXPECT_EQ(answer.status, 400) << years;
    EXPECT_EQ(parsed(answer)["type"], "urn:mutirao:problem:invalid-future-years") << years;
  }
  EXPECT_EQ(parsed(ask("POST", start + "?futureYears=abc"))["message"],
            "futureYears deve ser um número inteiro de 0 a 5, e não \"abc\".");
  EXPECT_TRUE(plays->asked<actors::submit>().empty());
}

TEST_F(jobs_route_test, units_that_are_no_ids_are_refused) {
  for (const std::string unit :
       {"0", "-1", "1.5", "abc", "1e3", "99999999999999999999", "%20", "+1"}) {
    const auto answer = ask("POST", "/api/empresas/unidade/" + unit + "/auto-tarefas");
    EXPECT_EQ(answer.status, 400) << unit;
    EXPECT_EQ(parsed(answer)["message"], "ID inválido") << unit;
  }
}

TEST_F(jobs_route_test, another_unit_is_forbidden_and_an_unknown_one_is_an_admins_404) {
  plays->on<actors::submit>([](const actors::submit&) { return fail(errc::unknown_unit); });
  EXPECT_EQ(ask("POST", "/api/empresas/unidade/2/auto-tarefas").status, 403);
  EXPECT_TRUE(plays->asked<actors::submit>().empty());
  EXPECT_EQ(ask_as(admin, "POST", "/api/empresas/unidade/2/auto-tarefas").status, 404);
}

TEST_F(jobs_route_test, a_key_goes_with_the_request) {
  accept();
  EXPECT_EQ(ask("POST", start, "", {{"idempotency-key", "k 1"}}).status, 202);
  ASSERT_TRUE(plays->asked<actors::submit>()[0].key);
  EXPECT_EQ(plays->asked<actors::submit>()[0].key->key, "k 1");
  EXPECT_EQ(ask("POST", start, "", {{"idempotency-key", std::string(255, 'k')}}).status, 202);
}

TEST_F(jobs_route_test, keys_that_are_no_keys_are_refused) {
  for (const std::string& key :
       {std::string(), std::string(256, 'k'), std::string("ç"), std::string("a\tb")}) {
    const auto answer = ask("POST", start, "", {{"idempotency-key", key}});
    EXPECT_EQ(answer.status, 400) << key;
    EXPECT_EQ(parsed(answer)["type"], "urn:mutirao:problem:invalid-idempotency-key");
  }
}

TEST_F(jobs_route_test, refusals_of_the_store_have_their_statuses) {
  const std::vector<std::pair<errc, int>> refusals{{errc::key_reused, 422},
                                                   {errc::user_limit, 429},
                                                   {errc::process_limit, 503},
                                                   {errc::overloaded, 503},
                                                   {errc::disk_full, 507}};
  for (const auto& [code, expected] : refusals) {
    plays->on<actors::submit>([code = code](const actors::submit&) { return fail(code, "x"); });
    const auto answer = ask("POST", start);
    EXPECT_EQ(answer.status, expected);
    EXPECT_EQ(header_of(answer, "Retry-After") == "(none)", expected == 422);
  }
}

TEST_F(jobs_route_test, a_dry_run_asks_a_reader_and_stores_nothing) {
  plays->on<actors::rehearse>([](const actors::rehearse&) {
    return actors::rehearse::answer{2, 3, {{2026, 3}}, {}};
  });
  const auto answer = ask("POST", start + "?dryRun=true&futureYears=2");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(body_of(answer),
            R"({"processed":2,"createdTotal":3,"perYear":[{"year":2026,"count":3}],"sample":[]})");
  EXPECT_EQ(plays->asked<actors::rehearse>()[0].arguments.text, "today=2026-11-23 futureYears=2");
  EXPECT_TRUE(plays->asked<actors::submit>().empty());
  EXPECT_EQ(ask("POST", start + "?dryRun=maybe").status, 400);
}

TEST_F(jobs_route_test, shows_a_job_to_its_owner_its_unit_and_admins) {
  show(running_job());
  EXPECT_EQ(ask("GET", status).status, 200);
  EXPECT_EQ(ask_as(bearer(7, {}), "GET", status).status, 200);
  EXPECT_EQ(ask_as(bearer(8, {{{1}, "Matriz"}}), "GET", status).status, 200);
  EXPECT_EQ(ask_as(admin, "GET", status).status, 200);
}

TEST_F(jobs_route_test, for_anyone_else_a_job_does_not_exist) {
  show(running_job());
  const auto stranger = bearer(8, {{{2}, "Sul"}});
  for (const auto& path : {status, status + "/items"}) {
    const auto answer = ask_as(stranger, "GET", path);
    EXPECT_EQ(answer.status, 404);
    EXPECT_EQ(parsed(answer)["message"], "Job não encontrado");
  }
}

TEST_F(jobs_route_test, an_unknown_job_and_no_uuid_are_the_same_404) {
  plays->on<find_job>([](const find_job&) { return fail(errc::unknown_job); });
  const auto unknown = ask("GET", status);
  EXPECT_EQ(unknown.status, 404);
  EXPECT_EQ(parsed(unknown)["message"], "Job não encontrado");
  for (const std::string id : {"1", "abc", "6f9619ff-8b86-4011-b42d-00c04fc964f", "%00"}) {
    const auto answer = ask("GET", "/api/empresas/jobs/" + id);
    EXPECT_EQ(answer.status, 404) << id;
    EXPECT_EQ(parsed(answer)["message"], "Job não encontrado") << id;
  }
}

TEST_F(jobs_route_test, a_finished_jobs_lines_are_read_once) {
  show(completed_job());
  plays->on<find_result>([](const find_result&) { return std::vector<result_row>{{{1}, 3, ""}}; });
  const auto first = ask("GET", status);
  const auto second = ask_as(admin, "GET", status);
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(parsed(first)["result"]["details"], json::parse(R"([{"empresaId":1,"created":3}])"));
  EXPECT_EQ(body_of(first), body_of(second));
  EXPECT_EQ(plays->asked<find_result>().size(), 1U);
}

TEST_F(jobs_route_test, a_finished_jobs_lines_are_left_out_where_they_are_not_wanted) {
  show(completed_job());
  const auto brief = ask("GET", status + "?details=false");
  EXPECT_EQ(brief.status, 200);
  EXPECT_FALSE(parsed(brief)["result"].contains("details"));
  EXPECT_EQ(parsed(brief)["result"]["processed"], 150);
  EXPECT_TRUE(plays->asked<find_result>().empty());
  EXPECT_EQ(ask("GET", status + "?details=no").status, 400);
  EXPECT_EQ(ask_as(bearer(8, {{{2}, "Sul"}}), "GET", status + "?details=false").status, 404);
}

TEST_F(jobs_route_test, progress_that_was_shown_once_does_not_stay) {
  show(running_job());
  EXPECT_EQ(parsed(ask("GET", status))["progress"]["current"], 50);
  auto later = running_job();
  later.totals.done = 60;
  show(later);
  EXPECT_EQ(parsed(ask("GET", status))["progress"]["current"], 60);
}

TEST_F(jobs_route_test, a_job_that_is_pruned_in_between_is_unknown) {
  show(completed_job());
  plays->on<find_result>([](const find_result&) { return fail(errc::unknown_job); });
  EXPECT_EQ(ask("GET", status).status, 404);
}

TEST_F(jobs_route_test, lists_with_filters) {
  plays->on<list_jobs>([](const list_jobs&) { return list_jobs::answer{{running_job()}, 44}; });
  const auto answer =
      ask("GET",
          "/api/empresas/jobs?state=running&state=paused&type=generate-auto-tasks-unit"
          "&unidade_id=1&limit=10&cursor=" +
              encode_cursor(50) + "&unheard_of=1");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(parsed(answer)["jobs"].size(), 1U);
  EXPECT_EQ(parsed(answer)["nextCursor"], encode_cursor(44));
  const auto asked = plays->asked<list_jobs>().at(0);
  EXPECT_EQ(asked.by.user, user_id{7});
  EXPECT_EQ(asked.states, (std::vector{job_state::running, job_state::paused}));
  EXPECT_EQ(asked.kind, "generate-auto-tasks-unit");
  EXPECT_EQ(asked.unit, unit_id{1});
  EXPECT_EQ(asked.limit, 10);
  EXPECT_EQ(asked.after, 50);
  EXPECT_FALSE(asked.all);
}

TEST_F(jobs_route_test, only_an_admin_lists_everybodys_jobs) {
  plays->on<list_jobs>([](const list_jobs&) { return list_jobs::answer{}; });
  EXPECT_EQ(ask("GET", "/api/empresas/jobs?all=true").status, 200);
  EXPECT_EQ(ask_as(admin, "GET", "/api/empresas/jobs?all=true").status, 200);
  EXPECT_EQ(ask_as(admin, "GET", "/api/empresas/jobs").status, 200);
  const auto asked = plays->asked<list_jobs>();
  EXPECT_FALSE(asked.at(0).all);
  EXPECT_TRUE(asked.at(1).all);
  EXPECT_FALSE(asked.at(2).all);
}

TEST_F(jobs_route_test, filters_that_mean_nothing_are_refused) {
  for (const std::string query :
       {"state=done", "unidade_id=x", "all=1", "limit=0", "limit=501", "limit=-1", "limit=1.5",
        "limit=", "limit=abc", "limit=99999999999999999999", "cursor=", "cursor=5"}) {
    EXPECT_EQ(ask("GET", "/api/empresas/jobs?" + query).status, 400) << query;
  }
  EXPECT_TRUE(plays->asked<list_jobs>().empty());
}

TEST_F(jobs_route_test, items_of_a_visible_job) {
  show(running_job());
  plays->on<list_items>([](const list_items&) { return list_items::answer{}; });
  EXPECT_EQ(body_of(ask("GET", status + "/items?status=failed&limit=5")), R"({"items":[]})");
  const auto asked = plays->asked<list_items>().at(0);
  EXPECT_EQ(asked.job, running_job().id);
  EXPECT_EQ(asked.state, item_state::failed);
  EXPECT_EQ(asked.limit, 5);
  EXPECT_EQ(ask("GET", status + "/items?status=lost").status, 400);
}

class job_control_test : public jobs_route_test {
 protected:
  /// The store says that the job is now in this state.
  void becomes(job_state state, bool changed = true) {
    plays->on<request_change>([=](const request_change&) {
      auto job = running_job();
      job.state = state;
      return request_change::answer{job, changed};
    });
  }
  void refuses(errc code) {
    plays->on<request_change>([code](const request_change&) { return fail(code); });
  }
};

TEST_F(job_control_test, each_verb_asks_for_its_change_in_the_callers_name) {
  const std::map<std::string, job_trigger> verbs{{"cancel", job_trigger::cancel},
                                                 {"retry", job_trigger::retry},
                                                 {"pause", job_trigger::pause},
                                                 {"resume", job_trigger::resume}};
  becomes(job_state::pending);
  for (const auto& [verb, on] : verbs) {
    EXPECT_EQ(ask_as(bearer(9, {{{3}, "Sul"}}), "POST", status + "/" + verb).status, 202) << verb;
    const auto asked = plays->asked<request_change>().back();
    EXPECT_EQ(asked.job, running_job().id);
    EXPECT_EQ(asked.by.user, user_id{9});
    EXPECT_EQ(asked.by.units, std::vector<unit_id>{{3}});
    EXPECT_EQ(asked.on, on) << verb;
    EXPECT_FALSE(asked.priority);
    EXPECT_EQ(asked.now, clock.now());
  }
}

TEST_F(job_control_test, the_answer_is_the_job_as_it_is_now) {
  becomes(job_state::cancelling);
  const auto answer = ask("POST", status + "/cancel");
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(parsed(answer)["id"], sample_id);
  EXPECT_EQ(parsed(answer)["state"], "cancelling");
  EXPECT_EQ(parsed(answer)["status"], "running");
}

TEST_F(job_control_test, what_was_so_already_is_200_but_cancelling_is_on_its_way) {
  becomes(job_state::cancelled, true);
  EXPECT_EQ(ask("POST", status + "/cancel").status, 202);
  becomes(job_state::cancelled, false);
  EXPECT_EQ(ask("POST", status + "/cancel").status, 200);
  becomes(job_state::cancelling, false);
  EXPECT_EQ(ask("POST", status + "/cancel").status, 202);
  becomes(job_state::paused, false);
  EXPECT_EQ(ask("POST", status + "/pause").status, 200);
}

TEST_F(job_control_test, refusals_have_their_statuses) {
  const std::vector<std::pair<errc, int>> refusals{
      {errc::unknown_job, 404},          {errc::forbidden, 403},        {errc::already_ended, 409},
      {errc::equal_job_unfinished, 409}, {errc::nothing_to_retry, 409}, {errc::wrong_state, 409},
      {errc::user_limit, 429},           {errc::process_limit, 503},    {errc::disk_full, 507}};
  for (const auto& [code, expected] : refusals) {
    refuses(code);
    for (const std::string verb : {"cancel", "retry", "pause", "resume"}) {
      EXPECT_EQ(ask("POST", status + "/" + verb).status, expected) << verb << to_string(code);
    }
    EXPECT_EQ(ask("PUT", status + "/priority", R"({"priority":1})").status, expected);
  }
}

TEST_F(job_control_test, a_priority_goes_to_the_store_and_comes_back) {
  plays->on<request_change>([](const request_change& asked) {
    auto job = sample_job();
    job.priority = asked.priority.value_or(0);
    return request_change::answer{job, true};
  });
  const auto answer = ask("PUT", status + "/priority", R"({"priority":-10})");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(parsed(answer)["priority"], -10);
  const auto asked = plays->asked<request_change>().at(0);
  EXPECT_FALSE(asked.on);
  EXPECT_EQ(asked.priority, -10);
}

TEST_F(job_control_test, a_priority_that_is_none_is_a_clear_400) {
  const auto answer = ask("PUT", status + "/priority", R"({"priority":11})");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(parsed(answer)["type"], "urn:mutirao:problem:invalid-priority");
  EXPECT_EQ(parsed(answer)["message"], "priority deve ser um número inteiro no intervalo -10..10.");
  EXPECT_EQ(ask("PUT", status + "/priority").status, 400);
  EXPECT_TRUE(plays->asked<request_change>().empty());
}

TEST_F(job_control_test, an_id_that_is_no_uuid_is_404_whatever_is_asked) {
  for (const std::string verb : {"cancel", "retry", "pause", "resume"}) {
    const auto answer = ask("POST", "/api/empresas/jobs/17/" + verb);
    EXPECT_EQ(answer.status, 404) << verb;
    EXPECT_EQ(parsed(answer)["message"], "Job não encontrado") << verb;
  }
  EXPECT_EQ(ask("PUT", "/api/empresas/jobs/17/priority", "nonsense").status, 404);
  EXPECT_EQ(ask("GET", status + "/cancel").status, 405);
  EXPECT_EQ(ask("POST", status + "/priority").status, 405);
  EXPECT_EQ(ask("POST", status + "/explode").status, 404);
}

}  // namespace
}  // namespace mutirao::http
