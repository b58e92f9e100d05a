#include "http/routes/jobs.hpp"

#include <memory>
#include <string>
#include <utility>

#include "domain/jobs/generate_unit_tasks.hpp"
#include "http/ask.hpp"
#include "http/bodies.hpp"
#include "http/json/job.hpp"
#include "http/language.hpp"
#include "http/names.hpp"
#include "http/parameters.hpp"
#include "http/routes/schedules.hpp"

namespace mutirao::http::routes {
namespace {

constexpr page_sizes job_pages{.usual = 50, .most = 500};
constexpr page_sizes item_pages{.usual = 100, .most = 500};
constexpr const char* poll_seconds = "2";
constexpr std::size_t quickly_read = 64U << 10U;  // bytes of a body

/// A job that is asked for, and its arguments as they were given.
struct submission {
  actors::submit what;
  argument_reader given;
};

/// Checked: by whom, of what, and whether that is allowed.
expected<submission> read_submission(const exchange& at, const job_type& type,
                                     argument_reader given) {
  auto made = type.validate(given, *at.who, at.site->given.clock->today());
  if (!made) return tl::unexpected(std::move(made.error()));
  const auto unit = made->arguments.unit;
  if (unit && !at.who->may_see(unit)) return fail(errc::forbidden_unit);
  auto key = read_idempotency_key(at.what);
  if (!key) return tl::unexpected(std::move(key.error()));
  return submission{{&type,
                     at.who->user,
                     std::move(made->arguments),
                     *std::move(key),
                     {},
                     std::move(made->payload)},
                    std::move(given)};
}

expected<submission> read_generation(const exchange& at) {
  const auto unit = path_id<unit_id>(at);
  if (!unit) return tl::unexpected(unit.error());
  const auto* type = at.site->given.types->find(generate_unit_tasks::name);
  if (!type) return fail(errc::internal, "no such type of job");
  argument_reader given{{"unit", at.values[0]}};
  if (const auto years = at.asked.get("futureYears")) given["futureYears"] = std::string(*years);
  auto made = read_submission(at, *type, std::move(given));
  if (!made) return made;
  auto url = read_callback_url(at.what.body);
  if (!url) return tl::unexpected(std::move(url.error()));
  made->what.callback_url = *std::move(url);
  return made;
}

expected<submission> read_any_job(const exchange& at) {
  auto asked = read_job(at.what.body, *at.site->given.types);
  if (!asked) return tl::unexpected(std::move(asked.error()));
  auto made = read_submission(at, *asked->type, std::move(asked->given));
  if (made) made->what.callback_url = std::move(asked->callback_url);
  return made;
}

/// How an answer to a POST is written: what the front end reads, or with more beside it.
struct submission_texts {
  std::string (*accepted)(const job_view&);
  std::string (*empty)(const job_view&, std::string_view nothing);
};
constexpr submission_texts as_before{json::render_accepted, json::render_empty};
constexpr submission_texts of_any_type{json::render_started, json::render_nothing};

response accepted(const job_view& job, const job_type& type, const submission_texts& texts) {
  if (job.totals.total == 0) return json_answer(texts.empty(job, type.about().nothing));
  auto answer = json_answer(texts.accepted(job), 202);
  answer.headers.emplace_back("Location", "/api/empresas/jobs/" + job.id.to_string());
  answer.headers.emplace_back("Retry-After", poll_seconds);
  return answer;
}

void submit(const exchange_ptr& at, expected<submission> read, const submission_texts& texts) {
  if (!read) return at->refuse(read.error());
  auto& asked = read->what;
  if (const auto may = check_callback(*at, asked.callback_url); !may) {
    return at->refuse(may.error());
  }
  const auto dry = read_flag(at->asked, "dryRun");
  if (!dry) return at->refuse(dry.error());
  const auto* type = asked.type;
  if (*dry) {
    using actors::rehearse;
    if (!type->about().rehearses) return at->refuse({errc::no_rehearsal, {}});
    return ask(
        at, at->site->next_reader(), rehearse{type, std::move(asked.arguments)},
        [](const rehearse::answer& sum) { return json_answer(json::render_rehearsal(sum)); });
  }
  auto run_at = read_run_at(at->asked, at->what.body);
  if (!run_at) return at->refuse(run_at.error());
  if (!run_at->empty()) {
    return start_later(at, {type,
                            std::move(read->given),
                            {},
                            *std::move(run_at),
                            {},
                            false,
                            std::move(asked.callback_url)});
  }
  ask(at, at->site->given.supervisor, std::move(asked),
      [type, texts](const insert_job::answer& stored) {
        return accepted(stored.job, *type, texts);
      });
}

/// Renders `job`, keeps the text for the next who asks, and sends it.
void send_rendered(const exchange_ptr& at, const job_view& job,
                   std::span<const result_row> details) {
  const auto names = names_for(*at->site);
  auto body = std::make_shared<const std::string>(
      json::render_job(job, *at->site->given.types, details, *names));
  at->site->bodies.put(job, body, names->version());
  at->send({200, "application/json", {}, std::move(body)});
}

void show_job(const exchange_ptr& at, const job_view& job) {
  if (!job.visible_to(*at->who)) return at->refuse({errc::unknown_job, {}});
  if (auto known = at->site->bodies.find(job, names_for(*at->site)->version())) {
    return at->send({200, "application/json", {}, std::move(known)});
  }
  if (job.state != job_state::completed) return send_rendered(at, job, {});
  ask(at, at->site->next_reader(), find_result{job.id},
      [at, job](const find_result::answer& details) { send_rendered(at, job, details); });
}

/// As the streams show it, without the lines of its result: those may be a hundred thousand.
std::string object_of(const exchange& at, const job_view& job) {
  return json::render_job(job, *at.site->given.types, std::nullopt, *names_for(*at.site));
}

void show_briefly(const exchange_ptr& at, const job_view& job) {
  if (!job.visible_to(*at->who)) return at->refuse({errc::unknown_job, {}});
  at->send(json_answer(object_of(*at, job)));
}

void show_items(const exchange_ptr& at, const job_view& job, const list_items& question) {
  if (!job.visible_to(*at->who)) return at->refuse({errc::unknown_job, {}});
  const auto* type = at->site->given.types->find(job.kind);
  const auto item = type ? type->about().item : job_description{}.item;
  ask(at, at->site->next_reader(), question, [item](const list_items::answer& page) {
    return json_answer(json::render_items(page, item));
  });
}

void show_groups(const exchange_ptr& at, const job_view& job, std::int64_t most) {
  if (!job.visible_to(*at->who)) return at->refuse({errc::unknown_job, {}});
  ask(at, at->site->next_reader(), group_items{job.id, most},
      [](const group_items::answer& groups) { return json_answer(json::render_groups(groups)); });
}

/// What was asked for has happened; a cancel is on its way until no batch is out any more.
response changed(const exchange_ptr& at, const request_change::answer& now) {
  const bool was_so = !now.changed && now.job.state != job_state::cancelling;
  return json_answer(object_of(*at, now.job), was_so ? 200 : 202);
}

void change_job(const exchange_ptr& at, job_trigger on) {
  const auto id = path_job(*at);
  if (!id) return at->refuse(id.error());
  const auto& site = at->site->given;
  ask(at, site.supervisor, request_change{*id, *at->who, on, std::nullopt, site.clock->now()},
      [at](const request_change::answer& now) { return changed(at, now); });
}

}  // namespace

void generate_for_unit(const exchange_ptr& at) {
  submit(at, read_generation(*at), as_before);
}

void start_job(const exchange_ptr& at) {
  const auto start = [at] { submit(at, read_any_job(*at), of_any_type); };
  if (at->what.body.size() <= quickly_read) return start();
  at->site->carriers.run_aside([at, start] { detail::guarded(at, start); });
}

void types_of_jobs(const exchange_ptr& at) {
  const auto speaks = preferred_language(at->what.header("accept-language").value_or(""));
  at->send(json_answer(json::render_job_types(*at->site->given.types, speaks)));
}

void job_status(const exchange_ptr& at) {
  const auto id = path_job(*at);
  if (!id) return at->refuse(id.error());
  const auto details = read_flag(at->asked, "details", true);
  if (!details) return at->refuse(details.error());
  ask(at, at->site->given.supervisor, find_job{*id},
      [at, show = *details ? show_job : show_briefly](const job_view& job) { show(at, job); });
}

void jobs_of_caller(const exchange_ptr& at) {
  auto question = read_job_filter(at->asked, *at->who);
  if (!question) return at->refuse(question.error());
  const auto window = read_window(at->asked, job_pages);
  if (!window) return at->refuse(window.error());
  question->limit = window->limit;
  question->after = window->after;
  ask(at, at->site->next_reader(), *std::move(question), [at](const list_jobs::answer& page) {
    return json_answer(json::render_jobs(page, *at->site->given.types, *names_for(*at->site)));
  });
}

void job_items(const exchange_ptr& at) {
  const auto id = path_job(*at);
  if (!id) return at->refuse(id.error());
  const auto groups = read_groups(at->asked);
  if (!groups) return at->refuse(groups.error());
  if (*groups) {
    return ask(at, at->site->given.supervisor, find_job{*id},
               [at, most = **groups](const job_view& job) { show_groups(at, job, most); });
  }
  const auto state = read_item_state(at->asked);
  if (!state) return at->refuse(state.error());
  const auto window = read_window(at->asked, item_pages);
  if (!window) return at->refuse(window.error());
  list_items question{*id, *state, window->limit, window->after};
  ask(at, at->site->given.supervisor, find_job{*id},
      [at, question](const job_view& job) { show_items(at, job, question); });
}

void cancel_job(const exchange_ptr& at) {
  change_job(at, job_trigger::cancel);
}

void retry_job(const exchange_ptr& at) {
  change_job(at, job_trigger::retry);
}

void pause_job(const exchange_ptr& at) {
  change_job(at, job_trigger::pause);
}

void resume_job(const exchange_ptr& at) {
  change_job(at, job_trigger::resume);
}

void prioritize_job(const exchange_ptr& at) {
  const auto id = path_job(*at);
  if (!id) return at->refuse(id.error());
  const auto priority = read_priority(at->what.body);
  if (!priority) return at->refuse(priority.error());
  const auto& site = at->site->given;
  ask(at, site.supervisor,
      request_change{*id, *at->who, std::nullopt, *priority, site.clock->now()},
      [at](const request_change::answer& now) { return json_answer(object_of(*at, now.job)); });
}

}  // namespace mutirao::http::routes
