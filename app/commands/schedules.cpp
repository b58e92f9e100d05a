#include <nlohmann/json.hpp>
#include <ostream>

#include "app/client/job_request.hpp"
#include "app/commands/commands.hpp"
#include "app/commands/common.hpp"
#include "app/commands/service_client.hpp"

namespace mutirao::app {
namespace {

using kind = option_spec::kind;
using nlohmann::json;

// `12  next 2027-01-02T09:00:00.000Z  0 6 2 1 * (America/Sao_Paulo)  generate-auto-tasks-unit
// {"futureYears":0}, each unit`, with what went wrong at last.
std::string listed(const json& one) {
  std::string line = text_of(one, "id");
  line += one.contains("nextDue") ? "  next " + text_of(one, "nextDue") : "  ended";
  if (one.contains("cron"))
    line += "  " + text_of(one, "cron") + " (" + text_of(one, "timeZone") + ")";
  line += "  " + text_of(one, "type") + " " + text_of(one, "arguments");
  if (one.value("eachUnit", false)) line += ", each unit";
  if (one.contains("lastDue")) {
    line += "  last " + text_of(one, "lastDue") + ": " + text_of(one, "jobs");
    line += text_of(one, "jobs") == "1" ? " job" : " jobs";
  }
  if (one.contains("lastError")) line += ", " + text_of(one["lastError"], "message");
  return line + "\n";
}

int run_list_schedules(option_reader& given, const console& terminal) {
  const client_options options = read_client(given);
  const auto limit = given.integer("limit", 1, 500);
  if (!given.problems().empty()) return exit_wrong_use;
  const auto target =
      "/api/schedules?limit=" + std::to_string(limit) + (given.flag("all") ? "&all=true" : "");
  const auto body = body_of(http_client(options).get(target));
  if (!body) return report_failure(terminal, "schedules list", body.error());
  const auto all = list_in(*body, "schedules", "schedules");
  if (!all) return report_failure(terminal, "schedules list", all.error());
  for (const json& each : *all) {
    if (each.is_object()) terminal.out << listed(each);
  }
  return exit_done;
}

int run_add_schedule(option_reader& given, const console& terminal) {
  const client_options options = read_client(given);
  const auto type = given.required("type", "name the type of job, e.g. generate-auto-tasks-unit");
  if (given.text("cron").empty() == given.text("run-at").empty()) {
    given.complain("cron", "give --cron or --run-at, exactly one of them");
  }
  const auto arguments = read_arguments(given);
  if (!given.problems().empty()) return exit_wrong_use;
  http_client client(options);
  const auto types = body_of(client.get("/api/job-types"));
  if (!types) return report_failure(terminal, "schedules add", types.error());
  const auto job = job_request_body(type, arguments, given.text("callback-url"), *types);
  if (!job) return report_failure(terminal, "schedules add", job.error());
  json asked = json::parse(*job);
  for (const auto& [option, field] :
       {std::pair{"cron", "cron"}, {"run-at", "runAt"}, {"time-zone", "timeZone"}}) {
    if (const auto text = given.text(option); !text.empty()) asked[field] = text;
  }
  if (given.flag("each-unit")) asked["eachUnit"] = true;
  const auto body = body_of(client.post("/api/schedules", to_text(asked)));
  if (!body) return report_failure(terminal, "schedules add", body.error());
  const json made = json::parse(*body, nullptr, false);
  if (!made.is_object() || !made.contains("id")) {
    return report_failure(terminal, "schedules add",
                          {errc::invalid_json, "the service answered no schedule"});
  }
  terminal.out << listed(made);
  return exit_done;
}

int run_delete(option_reader& given, const console& terminal) {
  const client_options options = read_client(given);
  const auto id = given.positional(0);
  if (id.empty() || id.find_first_not_of("0123456789") != std::string::npos) {
    given.complain("ID: \"" + id + "\" is no schedule's id (see `schedules list`)");
  }
  if (!given.problems().empty()) return exit_wrong_use;
  const auto body = body_of(http_client(options).remove("/api/schedules/" + id));
  if (!body) return report_failure(terminal, "schedules delete", body.error());
  return exit_done;
}

}  // namespace

std::vector<command_spec> schedules_commands() {
  return {
      {"schedules list",
       "lists your schedules, newest first",
       "mutirao schedules list",
       client_option_table({
           {"limit", kind::value, "N", "at most so many", "50"},
           {"all", kind::flag, "", "everybody's (admins only)", ""},
       }),
       {},
       run_list_schedules},
      {"schedules add",
       "has jobs started at their time, once or again and again",
       "mutirao schedules add --type generate-auto-tasks-unit --each-unit --cron \"0 6 2 1 *\"",
       client_option_table({
           {"type", kind::value, "TYPE", "of the jobs (GET /api/job-types)", ""},
           {"argument", kind::list, "NAME=VALUE", "of the jobs (repeatable)", ""},
           {"each-unit", kind::flag, "", "a job for each unit there is then", ""},
           {"cron", kind::value, "RULE", "minute hour day-of-month month day-of-week", ""},
           {"run-at", kind::value, "INSTANT", "once, e.g. 2027-01-02T06:00:00-03:00", ""},
           {"time-zone", kind::value, "ZONE", "of --cron; absent: the service's", ""},
           {"callback-url", kind::value, "URL", "is told of each job's end", ""},
       }),
       {},
       run_add_schedule},
      {"schedules delete",
       "ends a schedule; the jobs that it made stay",
       "mutirao schedules delete 12",
       client_option_table({}),
       {{"ID", "the schedule's id"}},
       run_delete},
  };
}

}  // namespace mutirao::app
