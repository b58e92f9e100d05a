#include "bench/floor_store.hpp"

#include "bench/stopwatch.hpp"

namespace mutirao::bench {
namespace {

constexpr std::int64_t user = 7;
constexpr std::int64_t now = 1'760'000'000'000;

}  // namespace

floor_store::floor_store(const std::string& file)
    : database_(file, sql_database::access::write),
      put_task_(database_,
                "INSERT INTO tarefas (id, empresa_id, finalidade_id, prioridade, status, prazo,"
                " setor_id, responsavel_id, created_by, unidade_id, created_at)"
                " VALUES (?, ?, ?, 'Normal', 'Automático', ?, 2, ?, 1, ?, ?)"),
      put_event_(database_,
                 "INSERT INTO agenda (id, title, description, color, start_date, end_date,"
                 " usuario_id) VALUES (?, ?, ?, ?, ?, ?, ?)"),
      put_item_(database_,
                "INSERT INTO job_items (job_no, item, state, created, attempts, run, ended_at)"
                " VALUES (?, ?, 1, ?, 1, 1, ?)"),
      put_job_(database_,
               "INSERT INTO jobs (no, id, kind, user_id, unidade_id, arguments, request,"
               " dedupe_key, state, run, fence, priority, turn, not_before, total, done, created,"
               " failed, skipped, done_at_claim, crash_count, error, created_at, started_at,"
               " claimed_at, advanced_at, completed_at) VALUES (?1, ?2, 'generate-auto-tasks-unit',"
               " ?3, ?4, ?5, ?5, ?6, 4, 1, 1, 0, 1, 0, ?7, ?7, ?8, 0, 0, 0, 0, '', ?9, ?9, ?9, ?9,"
               " ?9)"),
      put_scope_(database_, "INSERT INTO job_scopes (job_no, items) VALUES (?, ?)"),
      put_job_event_(database_,
                     "INSERT INTO job_events (user_id, seq, job_no, run, kind, at)"
                     " VALUES (?, ?, ?, 1, ?, ?)"),
      put_notice_(database_,
                  "INSERT INTO notificacoes (id, user_id, type, title, body, entity_type,"
                  " entity_id, job_no, job_id, run, processed, created, created_at)"
                  " VALUES (?, ?, 'auto-tasks-generated', 'Tarefas Automáticas Geradas', ?,"
                  " 'unit', ?, ?, ?, 1, ?, ?, ?)") {}

void floor_store::put(const floor_job& what, std::int64_t no) {
  const auto companies = static_cast<std::int64_t>(what.companies->size());
  const auto tasks = static_cast<std::int64_t>(what.tasks.size());
  put_job_.run(no, what.id, user, what.unit, what.request, what.key, companies, tasks, now);
  put_scope_.run(no, what.scope);
  for (const auto& one : what.tasks) {
    put_task_.run(++last_task_, one.of->id, one.purpose, one.due, one.of->technician, one.of->unit,
                  now);
    put_event_.run(last_task_, one.title, one.description, one.color, one.start, one.end,
                   one.of->technician);
  }
  for (const auto& one : *what.companies) put_item_.run(no, one.id, tasks_a_year, now);
  for (const std::int64_t kind : {0, 1, 5}) {
    put_job_event_.run(user, ++last_job_event_, no, kind, now);
  }
  put_notice_.run(1'000'000 + no, user, what.body, what.unit, no, what.id, companies, tasks, now);
}

double floor_store::write(std::span<const std::vector<company>* const> units) {
  std::vector<floor_job> jobs;
  for (const auto* unit : units) {
    jobs.push_back(floor_job_of(*unit, last_job_ + 1 + static_cast<std::int64_t>(jobs.size())));
  }
  const stopwatch watch;
  database_.run("BEGIN IMMEDIATE");
  for (const auto& one : jobs) put(one, ++last_job_);
  database_.run("COMMIT");
  return watch.seconds();
}

}  // namespace mutirao::bench
