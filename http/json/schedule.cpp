#include "http/json/schedule.hpp"

#include <algorithm>
#include <cstdint>

#include "domain/argument_text.hpp"
#include "http/cursor.hpp"
#include "http/problem.hpp"

namespace mutirao::http::json {
namespace {

/// Of one that runs once.
std::optional<instant> run_at(const schedule& of) {
  if (!of.cron.empty()) return std::nullopt;
  return of.next_due ? of.next_due : of.last_due;
}

void write_refusal(writer& out, const schedule_refusal& of) {
  out.key("lastError")
      .begin_object()
      .field("type", problem_type(of.code))
      .field("message", problem_message({of.code, of.detail}));
  if (of.unit) out.field("unidadeId", of.unit->value);
  out.field("at", of.at).end_object();
}

void write_jobs(writer& out, const schedule& of) {
  if (!of.last_due) return;
  out.field("lastDue", *of.last_due).field("jobs", of.jobs).key("jobIds").begin_array();
  for (const auto& job : of.job_ids) out.value(job.to_string());
  out.end_array();
}

const argument_spec* spec_of(const job_type* type, std::string_view name) {
  if (!type) return nullptr;
  const auto& all = type->about().arguments;
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const argument_spec& spec) { return spec.name == name; });
  return found == all.end() ? nullptr : &*found;
}

/// As a number or a truth where the type calls it one.
void write_argument(writer& out, const argument_spec* spec, std::string_view value) {
  const auto form = spec ? spec->form : argument_form::text;
  const auto number =
      form == argument_form::integer ? whole_number(value, INT64_MIN, INT64_MAX) : std::nullopt;
  if (number) {
    out.value(*number);
  } else if (form == argument_form::boolean && (value == "true" || value == "false")) {
    out.value(value == "true");
  } else {
    out.value(value);
  }
}

void write_arguments(writer& out, const schedule& of, const job_types& types) {
  const auto* type = types.find(of.kind);
  out.key("arguments").begin_object();
  for (const auto& [name, value] : of.arguments) {
    write_argument(out.quoted_key(name), spec_of(type, name), value);
  }
  out.end_object();
}

void write_schedule(writer& out, const schedule& of, const job_types& types) {
  out.begin_object().field("id", of.id.value).field("type", of.kind);
  write_arguments(out, of, types);
  out.field("eachUnit", of.each_unit);
  if (!of.cron.empty()) out.field("cron", of.cron);
  out.field("timeZone", of.zone).field("runAt", run_at(of));
  if (!of.callback_url.empty()) out.field("callbackUrl", of.callback_url);
  out.field("state", of.next_due ? "waiting" : "ended").field("nextDue", of.next_due);
  write_jobs(out, of);
  if (of.refusal) write_refusal(out, *of.refusal);
  out.field("createdAt", of.created_at).field("userId", of.owner.user.value).end_object();
}

}  // namespace

std::string render_schedule(const schedule& of, const job_types& types) {
  writer out;
  write_schedule(out, of, types);
  return out.take();
}

std::string render_schedules(const list_schedules::answer& page, const job_types& types) {
  writer out;
  out.begin_object().key("schedules").begin_array();
  for (const auto& one : page.rows) write_schedule(out, one, types);
  out.end_array();
  if (page.next) out.field("nextCursor", encode_cursor(*page.next));
  out.end_object();
  return out.take();
}

std::string render_start_later(const schedule& of) {
  writer out;
  out.begin_object()
      .field("scheduleId", of.id.value)
      .field("runAt", run_at(of))
      .field("message", "Processamento agendado. Use o scheduleId para consultar o agendamento.")
      .end_object();
  return out.take();
}

}  // namespace mutirao::http::json
