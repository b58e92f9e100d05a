#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <ostream>
#include <thread>

#include "app/client/http_client.hpp"
#include "app/client/job_json.hpp"
#include "app/client/job_progress.hpp"
#include "app/client/job_request.hpp"
#include "app/commands/commands.hpp"
#include "app/commands/common.hpp"
#include "app/commands/service_client.hpp"
#include "domain/ids.hpp"
#include "domain/job.hpp"
#include "domain/job_state.hpp"

namespace mutirao::app {
namespace {

using kind = option_spec::kind;
using nlohmann::json;

constexpr milliseconds poll_interval{500};
constexpr milliseconds pause_before_listening{500};
constexpr int usual_columns = 80;
constexpr std::string_view example_id = "3f2b8c1e-9d4a-4c7b-8e21-5a6f0b9c7d10";

positional_spec id_positional() {
  return {"ID", "the job's id"};
}

std::string read_job_id(option_reader& given) {
  const auto id = job_id::parse(given.positional(0));
  if (!id) given.complain("ID: \"" + given.positional(0) + "\" is no job id (see `jobs list`)");
  return id ? id->to_string() : std::string{};
}

int read_priority(option_reader& given) {
  const std::string& text = given.positional(1);
  int priority = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), priority);
  const bool whole = problem == std::errc{} && end == text.data() + text.size();
  if (!whole || priority < lowest_priority || priority > highest_priority) {
    given.complain("N: \"" + text + "\" is not a whole number from -10 to 10");
  }
  return priority;
}

std::string listed(const job_summary& job) {
  return job.id + "  " + job.created_at + "  " + describe(job) + "\n";
}

int run_list_jobs(option_reader& given, const console& terminal) {
  const client_options options = read_client(given);
  std::string target = "/api/empresas/jobs?limit=" + std::to_string(given.integer("limit", 1, 500));
  for (const std::string& state : given.texts("state")) {
    if (!parse_job_state(state)) given.complain("state", "\"" + state + "\" is no state of a job");
    target += "&state=" + state;
  }
  if (given.flag("all")) target += "&all=true";
  if (!given.problems().empty()) return exit_wrong_use;
  const auto body = body_of(http_client(options).get(target));
  if (!body) return report_failure(terminal, "jobs list", body.error());
  const auto all = list_in(*body, "jobs", "jobs");
  if (!all) return report_failure(terminal, "jobs list", all.error());
  for (const json& each : *all) {
    const auto job = summarize_job(each);
    if (!job) return report_failure(terminal, "jobs list", job.error());
    terminal.out << listed(*job);
  }
  return exit_done;
}

int run_show(option_reader& given, const console& terminal) {
  const client_options options = read_client(given);
  const std::string id = read_job_id(given);
  if (!given.problems().empty()) return exit_wrong_use;
  const auto body = body_of(http_client(options).get("/api/empresas/jobs/" + id));
  if (!body) return report_failure(terminal, "jobs show", body.error());
  const json job = json::parse(*body, nullptr, false);
  if (job.is_discarded()) {
    return report_failure(terminal, "jobs show", {errc::invalid_json, "the answer is no JSON"});
  }
  terminal.out << job.dump(2, ' ', false, json::error_handler_t::replace) << '\n';
  return exit_done;
}

// `delivered  2x  job.completed  https://...  status 200`, with what went wrong and what is next.
std::string delivery_line(const json& one) {
  std::string line = text_of(one, "state") + "  " + text_of(one, "attempts") + "x  " +
                     text_of(one, "event") + "  " + text_of(one, "url");
  if (one.contains("lastStatus")) line += "  status " + text_of(one, "lastStatus");
  if (one.contains("lastError")) line += "  " + text_of(one, "lastError");
  if (one.contains("nextAttemptAt")) line += "  next " + text_of(one, "nextAttemptAt");
  return line + "\n";
}

int run_deliveries(option_reader& given, const console& terminal) {
  const client_options options = read_client(given);
  const std::string id = read_job_id(given);
  if (!given.problems().empty()) return exit_wrong_use;
  const auto body =
      body_of(http_client(options).get("/api/empresas/jobs/" + id + "/entregas?limit=500"));
  if (!body) return report_failure(terminal, "jobs deliveries", body.error());
  const auto all = list_in(*body, "entregas", "deliveries");
  if (!all) return report_failure(terminal, "jobs deliveries", all.error());
  for (const json& each : *all) {
    if (each.is_object()) terminal.out << delivery_line(each);
  }
  return exit_done;
}

// Draws over itself on a terminal; elsewhere one line for each change.
class progress_printer {
 public:
  explicit progress_printer(std::ostream& out) : out_(out), terminal_(isatty(STDOUT_FILENO) != 0) {}

  void show(const job_summary& job) {
    if (job == last_) return;
    last_ = job;
    if (terminal_) {
      out_ << "\r\x1b[K" << draw_bar(job, columns()) << (job.ended() ? "\n" : "");
    } else {
      out_ << describe(job) << '\n';
    }
    out_.flush();
  }

 private:
  static int columns() {
    winsize size{};
    const bool known = ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    return known ? size.ws_col : usual_columns;
  }

  std::ostream& out_;
  bool terminal_;
  job_summary last_;
};

bool refused(const http_answer& answer) {
  return answer.status < 200 || answer.status >= 300;
}

// Said by the service while it stops, or by a proxy while it is away.
bool is_passing(const http_answer& answer) {
  return answer.status == 502 || answer.status == 503 || answer.status == 504;
}

/// Shows a job until it ends.
class job_watch {
 public:
  job_watch(const client_options& options, std::string id, const console& terminal)
      : client_(options),
        patience_(options.timeout),
        path_("/api/empresas/jobs/" + std::move(id)),
        terminal_(terminal),
        printer_(terminal.out) {}

  /// The job as it ended.
  expected<job_summary> run() {
    auto heard = steady::now();
    bool found = false;  // somebody answers at this address
    for (;;) {
      const auto before = shown_;
      const auto answer = client_.listen(
          path_ + "/events",
          [this](const rest::server_event& event) { return take(event.data) && !last_.ended(); });
      if (problem_) return tl::unexpected(*problem_);
      if (last_.ended()) return last_;
      if (answer && refused(*answer) && !is_passing(*answer)) return without_stream(*answer);
      // It broke off, or the service stops and starts again: the next stream begins with how the
      // job stands.
      found = found || answer;
      if (shown_ > before) heard = steady::now();
      if (!found || steady::now() - heard > patience_) return broken_off(answer);
      std::this_thread::sleep_for(pause_before_listening);
    }
  }

 private:
  using steady = std::chrono::steady_clock;

  bool take(const std::string& body) {
    const auto job = read_job(body);
    if (!job) {
      problem_ = job.error();
      return false;
    }
    ++shown_;
    last_ = *job;
    printer_.show(last_);
    return true;
  }

  expected<job_summary> broken_off(const expected<http_answer>& answer) {
    if (!answer) return tl::unexpected(answer.error());
    if (refused(*answer)) return tl::unexpected(body_of(answer).error());
    return fail(errc::internal, "the service ended the stream before the job had ended");
  }

  // An older service has no streams, and a user may have only so many.
  expected<job_summary> without_stream(const http_answer& refusal) {
    const auto why = body_of(refusal).error();
    if (refusal.status == 429) {
      terminal_.err << "mutirao jobs watch: no stream, asking every " << poll_interval.count()
                    << " ms instead: " << why.detail << '\n';
    } else if (refusal.status != 404) {
      return tl::unexpected(why);
    }
    for (;;) {
      const auto body = body_of(client_.get(path_));
      if (!body) return tl::unexpected(body.error());
      if (!take(*body)) return tl::unexpected(*problem_);
      if (last_.ended()) return last_;
      std::this_thread::sleep_for(poll_interval);
    }
  }

  http_client client_;
  milliseconds patience_;
  std::string path_;
  const console& terminal_;
  progress_printer printer_;
  job_summary last_;
  std::int64_t shown_ = 0;
  std::optional<error> problem_;
};

int run_watch(option_reader& given, const console& terminal) {
  const client_options options = read_client(given);
  const std::string id = read_job_id(given);
  if (!given.problems().empty()) return exit_wrong_use;
  const auto job = job_watch(options, id, terminal).run();
  if (!job) return report_failure(terminal, "jobs watch", job.error());
  return job->status == "completed" ? exit_done : exit_failed;
}

int report_start(const console& terminal, expected<http_answer> answered) {
  const auto body = body_of(std::move(answered));
  if (!body) return report_failure(terminal, "jobs start", body.error());
  const json answer = json::parse(*body, nullptr, false);
  if (answer.is_object() && answer.contains("jobId") && answer["jobId"].is_string()) {
    terminal.out << answer["jobId"].get<std::string>() << '\n';
    return exit_done;
  }
  if (answer.is_object() && answer.contains("scheduleId")) {
    terminal.out << "schedule " << answer["scheduleId"].dump() << '\n';
    return exit_done;
  }
  return report_failure(terminal, "jobs start",
                        {errc::invalid_json, "the service answered no job"});
}

void add_run_at(json& body, const option_reader& given) {
  if (const auto at = given.text("run-at"); !at.empty()) body["runAt"] = at;
}

int start_generation(option_reader& given, const console& terminal) {
  const client_options options = read_client(given);
  const std::string unit = given.required("unit", "name the unit, e.g. --unit 1");
  if (!unit.empty()) given.integer("unit", 1, std::numeric_limits<std::int64_t>::max());
  const std::int64_t years = given.integer("future-years", 0, 5);
  if (!given.texts("argument").empty()) given.complain("argument", "it goes with --type");
  if (!given.problems().empty()) return exit_wrong_use;
  json body = json::object();
  if (const auto url = given.text("callback-url"); !url.empty()) body["callbackUrl"] = url;
  add_run_at(body, given);
  return report_start(
      terminal, http_client(options).post("/api/empresas/unidade/" + unit +
                                              "/auto-tarefas?futureYears=" + std::to_string(years),
                                          body.empty() ? std::string() : to_text(body)));
}

int start_any(option_reader& given, const console& terminal) {
  const client_options options = read_client(given);
  auto arguments = read_arguments(given);
  for (const auto& [option, argument] :
       {std::pair("unit", "unit="), {"future-years", "futureYears="}}) {
    if (!given.given(option)) continue;
    const bool twice = std::any_of(arguments.begin(), arguments.end(),
                                   [&](const auto& one) { return one.starts_with(argument); });
    if (twice) given.complain(option, "--argument says it too");
    arguments.push_back(argument + given.text(option));
  }
  if (!given.problems().empty()) return exit_wrong_use;
  http_client client(options);
  const auto types = body_of(client.get("/api/job-types"));
  if (!types) return report_failure(terminal, "jobs start", types.error());
  const auto body =
      job_request_body(given.text("type"), arguments, given.text("callback-url"), *types);
  if (!body) return report_failure(terminal, "jobs start", body.error());
  json asked = json::parse(*body);
  add_run_at(asked, given);
  return report_start(terminal, client.post("/api/jobs", to_text(asked)));
}

int run_start(option_reader& given, const console& terminal) {
  return given.text("type").empty() ? start_generation(given, terminal)
                                    : start_any(given, terminal);
}

// Prints the job that a change was answered with, as `jobs list` does.
int report_change(const console& terminal, const std::string& command,
                  expected<http_answer> answer) {
  const auto body = body_of(std::move(answer));
  if (!body) return report_failure(terminal, command, body.error());
  const auto job = read_job(*body);
  if (!job) return report_failure(terminal, command, job.error());
  terminal.out << listed(*job);
  return exit_done;
}

int run_control(const std::string& verb, option_reader& given, const console& terminal) {
  const client_options options = read_client(given);
  const std::string id = read_job_id(given);
  if (!given.problems().empty()) return exit_wrong_use;
  return report_change(terminal, "jobs " + verb,
                       http_client(options).post("/api/empresas/jobs/" + id + "/" + verb));
}

int run_priority(option_reader& given, const console& terminal) {
  const client_options options = read_client(given);
  const std::string id = read_job_id(given);
  const auto priority = read_priority(given);
  if (!given.problems().empty()) return exit_wrong_use;
  const json body{{"priority", priority}};
  return report_change(
      terminal, "jobs priority",
      http_client(options).put("/api/empresas/jobs/" + id + "/priority", body.dump()));
}

command_spec control(const std::string& verb, const std::string& summary) {
  return {"jobs " + verb,
          summary,
          "mutirao jobs " + verb + " " + std::string(example_id),
          client_option_table({}),
          {id_positional()},
          [verb](option_reader& given, const console& terminal) {
            return run_control(verb, given, terminal);
          }};
}

}  // namespace

std::vector<command_spec> jobs_commands() {
  const std::string example(example_id);
  const positional_spec id = id_positional();
  return {
      {"jobs list",
       "lists your jobs, newest first",
       "mutirao jobs list --state running",
       client_option_table({
           {"state", kind::list, "STATE", "only these (repeatable)", ""},
           {"limit", kind::value, "N", "at most so many", "50"},
           {"all", kind::flag, "", "everybody's (admins only)", ""},
       }),
       {},
       run_list_jobs},
      {"jobs show",
       "prints a job as JSON",
       "mutirao jobs show " + example,
       client_option_table({}),
       {id},
       run_show},
      {"jobs watch",
       "follows a job until it ends; fails where it failed",
       "mutirao jobs watch " + example,
       client_option_table({}),
       {id},
       run_watch},
      {"jobs deliveries",
       "lists what became of a job's webhooks, oldest first",
       "mutirao jobs deliveries " + example,
       client_option_table({}),
       {id},
       run_deliveries},
      {"jobs start",
       "starts the generation for a unit, or a job of another type; prints the job's id",
       "mutirao jobs watch $(mutirao jobs start --unit 1 --future-years 2)",
       client_option_table({
           {"unit", kind::value, "ID", "whose companies", ""},
           {"future-years", kind::value, "N", "years beyond this one, 0 to 5", "0"},
           {"type", kind::value, "TYPE", "another type of job (GET /api/job-types)", ""},
           {"argument", kind::list, "NAME=VALUE", "of --type (repeatable); NAME=@FILE reads a file",
            ""},
           {"callback-url", kind::value, "URL", "is told of the job's end", ""},
           {"run-at", kind::value, "INSTANT",
            "starts it then, e.g. 2027-01-02T06:00:00-03:00; prints the schedule's id", ""},
       }),
       {},
       run_start},
      control("cancel", "stops a job: a waiting one at once, a running one at its next batch"),
      control("retry",
              "goes on with a failed or cancelled job, does again what failed in a completed one"),
      control("pause", "lets a job rest, a running one from its next batch on"),
      control("resume", "lets a paused job go on"),
      {"jobs priority",
       "sets a job's priority among those that wait",
       "mutirao jobs priority " + example + " 5",
       client_option_table({}),
       {id, {"N", "-10 to 10, larger first"}},
       run_priority},
  };
}

}  // namespace mutirao::app
