#include "http/json/job.hpp"

#include <algorithm>
#include <chrono>

#include "domain/argument_text.hpp"
#include "http/cursor.hpp"

namespace mutirao::http::json {
namespace {

constexpr std::string_view cancelled_text = "Processamento cancelado.";
constexpr std::string_view failed_text = "O processamento falhou.";

void write_progress(writer& out, const job_totals& totals) {
  out.key("progress")
      .begin_object()
      .field("current", totals.done)
      .field("total", totals.total)
      .field("percentage", percentage(totals.done, totals.total))
      .end_object();
}

std::string_view item_name(const job_type* type) {
  return type ? type->about().item : job_description{}.item;
}

void write_details(writer& out, std::span<const result_row> details, std::string_view item) {
  out.key("details").begin_array();
  for (const auto& row : details) {
    out.begin_object().field(item, row.item.value).field("created", row.created);
    if (!row.error.empty()) out.field("error", row.error);
    out.end_object();
  }
  out.end_array();
}

void write_result(writer& out, const job_view& of, const job_types& types,
                  std::optional<std::span<const result_row>> details) {
  if (of.state != job_state::completed) return;
  out.key("result").begin_object();
  out.field("processed", of.totals.done).field("createdTotal", of.totals.created);
  const auto* type = types.find(of.kind);
  if (details) write_details(out, *details, item_name(type));
  if (type) {
    for (const auto& more : type->result(of.arguments, of.totals)) {
      out.field(more.name, more.value);
    }
  }
  out.end_object();
}

void write_error(writer& out, const job_view& of) {
  if (of.state == job_state::cancelled) out.field("error", cancelled_text);
  if (of.state != job_state::failed) return;
  out.field("error", of.error.empty() ? failed_text : std::string_view(of.error));
}

/// From committed counts alone, so that it says the same until the next commit.
void write_pace(writer& out, const job_view& of) {
  if (of.state != job_state::running || !of.advanced_at || !of.claimed_at) return;
  const auto handled = of.totals.done - of.done_at_claim;
  const auto took = std::max(*of.advanced_at - *of.claimed_at, std::chrono::milliseconds(1));
  if (handled > 0) {
    const auto per_second =
        1000.0 * static_cast<double>(handled) / static_cast<double>(took.count());
    const auto left =
        static_cast<double>(std::max<std::int64_t>(of.totals.total - of.totals.done, 0));
    out.key("companiesPerSecond").tenths(per_second);
    out.key("secondsLeft").tenths(left / per_second);
  }
  out.field("lastAdvanceAt", *of.advanced_at);
}

/// The other clock: does the process that has the job still say that it lives?
void write_lease(writer& out, const job_view& of) {
  const bool at_work = of.state == job_state::running || of.state == job_state::cancelling;
  if (at_work && of.lease_until) out.field("leaseUntil", *of.lease_until);
}

/// What was asked for, as far as its type describes it.
void write_arguments(writer& out, const job_view& of, const job_types& types) {
  const auto* type = types.find(of.kind);
  if (!type) return;
  out.key("arguments").begin_object();
  for (const auto& spec : type->about().arguments) {
    const auto given = stored_argument(of.arguments.text, spec.name);
    if (!given) continue;
    if (spec.form == argument_form::boolean) {
      out.field(spec.name, *given == "true");
    } else if (spec.form == argument_form::integer) {
      out.field(spec.name, whole_number(*given, INT64_MIN, INT64_MAX));
    } else {
      out.field(spec.name, *given);
    }
  }
  out.end_object();
}

/// Whose it is, by number and by name.
void write_owners(writer& out, const job_view& of, const known_names& names) {
  out.field("userId", of.user.value);
  if (const auto* name = names.user(of.user)) out.field("usuario_nome", *name);
  if (!of.arguments.unit) return;
  out.field("unidade_id", of.arguments.unit->value);
  if (const auto* name = names.unit(*of.arguments.unit)) out.field("unidade_nome", *name);
}

void write_next(writer& out, std::optional<std::int64_t> next) {
  if (next) out.field("nextCursor", encode_cursor(*next));
}

}  // namespace

std::string_view status_word(job_state state) {
  switch (state) {
    case job_state::pending:
      return "pending";
    case job_state::running:
    case job_state::paused:
    case job_state::cancelling:
      return "running";
    case job_state::completed:
      return "completed";
    case job_state::failed:
    case job_state::cancelled:
      return "failed";
  }
  return "failed";
}

std::int64_t percentage(std::int64_t current, std::int64_t total) {
  return total <= 0 ? 0 : (200 * current + total) / (2 * total);
}

void write_job(writer& out, const job_view& of, const job_types& types,
               std::optional<std::span<const result_row>> details, const known_names& names) {
  out.begin_object()
      .field("id", of.id.to_string())
      .field("type", of.kind)
      .field("status", status_word(of.state))
      .field("state", to_string(of.state));
  write_progress(out, of.totals);
  write_result(out, of, types, details);
  write_error(out, of);
  out.field("createdAt", of.created_at)
      .field("startedAt", of.started_at)
      .field("completedAt", of.completed_at);
  write_owners(out, of, names);
  out.field("createdSoFar", of.totals.created)
      .field("failedItems", of.totals.failed)
      .field("run", of.run);
  if (of.priority != 0) out.field("priority", of.priority);
  write_pace(out, of);
  write_lease(out, of);
  write_arguments(out, of, types);
  out.end_object();
}

std::string render_job(const job_view& of, const job_types& types,
                       std::optional<std::span<const result_row>> details,
                       const known_names& names) {
  writer out;
  write_job(out, of, types, details, names);
  return out.take();
}

namespace {

void write_accepted(writer& out, const job_view& of) {
  out.begin_object()
      .field("jobId", of.id.to_string())
      .field("message", "Processamento iniciado. Use o jobId para consultar o progresso.")
      .field("totalEmpresas", of.totals.total);
}

void write_empty(writer& out, const job_view& of, std::string_view nothing) {
  out.begin_object().field("processed", 0).field("createdTotal", 0);
  out.key("details").begin_array().end_array();
  out.field("jobId", of.id.to_string()).field("message", nothing).field("totalEmpresas", 0);
}

}  // namespace

std::string render_accepted(const job_view& of) {
  writer out;
  write_accepted(out, of);
  out.end_object();
  return out.take();
}

std::string render_started(const job_view& of) {
  writer out;
  write_accepted(out, of);
  out.field("total", of.totals.total).end_object();
  return out.take();
}

std::string render_empty(const job_view& of, std::string_view nothing) {
  writer out;
  write_empty(out, of, nothing);
  out.end_object();
  return out.take();
}

std::string render_nothing(const job_view& of, std::string_view nothing) {
  writer out;
  write_empty(out, of, nothing);
  out.field("total", 0).end_object();
  return out.take();
}

std::string render_rehearsal(const actors::rehearse::answer& of) {
  writer out;
  out.begin_object().field("processed", of.processed).field("createdTotal", of.created);
  out.key("perYear").begin_array();
  for (const auto& [year, count] : of.per_year) {
    out.begin_object().field("year", year).field("count", count).end_object();
  }
  out.end_array().key("sample").begin_array();
  for (const auto& task : of.sample) {
    out.begin_object()
        .field("empresa_id", task.company.value)
        .field("finalidade_id", static_cast<int>(task.kind))
        .field("finalidade", purpose_text(task.kind))
        .field("prazo", task.due)
        .field("prioridade", automatic_priority)
        .field("status", automatic_status)
        .field("setor_id", automatic_sector);
    if (task.technician) out.field("responsavel_id", task.technician->value);
    if (task.unit) out.field("unidade_id", task.unit->value);
    out.end_object();
  }
  out.end_array().end_object();
  return out.take();
}

std::string render_jobs(const list_jobs::answer& page, const job_types& types,
                        const known_names& names) {
  writer out;
  out.begin_object().key("jobs").begin_array();
  for (const auto& job : page.rows) write_job(out, job, types, std::nullopt, names);
  out.end_array();
  write_next(out, page.next);
  out.end_object();
  return out.take();
}

std::string render_items(const list_items::answer& page, std::string_view item) {
  writer out;
  out.begin_object().key("items").begin_array();
  for (const auto& row : page.rows) {
    out.begin_object()
        .field(item, row.item.value)
        .field("status", to_string(row.state))
        .field("created", row.created)
        .field("attempts", row.attempts);
    if (!row.error.empty()) out.field("error", row.error);
    if (row.ended_at) out.field("endedAt", *row.ended_at);
    out.end_object();
  }
  out.end_array();
  write_next(out, page.next);
  out.end_object();
  return out.take();
}

std::string render_groups(const group_items::answer& groups) {
  writer out;
  out.begin_object().key("groups").begin_array();
  for (const auto& group : groups) {
    out.begin_object()
        .field("first", group.first.value)
        .field("items", group.items)
        .field("done", group.done)
        .field("failed", group.failed)
        .field("skipped", group.skipped)
        .end_object();
  }
  out.end_array().end_object();
  return out.take();
}

}  // namespace mutirao::http::json
