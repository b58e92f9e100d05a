// A job and its company, as several tests want them.
#pragma once

#include <memory>

#include "domain/jobs/generate_unit_tasks.hpp"
#include "domain/ports/reads.hpp"

namespace mutirao::http {

inline constexpr std::string_view sample_id = "6f9619ff-8b86-4011-b42d-00c04fc964ff";

inline instant at_second(int second) {
  return instant(std::chrono::milliseconds(1'795'435'200'000 + second * 1000));
}

/// Of user 7 and unit 1: 2026-11-23T12:00:00Z, 150 companies, two years; pending.
inline job_view sample_job() {
  job_view job;
  job.id = *job_id::parse(sample_id);
  job.kind = generate_unit_tasks::name;
  job.user = {7};
  job.arguments = {unit_id{1}, "today=2026-11-23 futureYears=1", "unit=1 futureYears=1"};
  job.totals.total = 150;
  job.created_at = at_second(0);
  return job;
}

inline job_view running_job() {
  auto job = sample_job();
  job.state = job_state::running;
  job.started_at = at_second(1);
  job.claimed_at = at_second(2);
  job.advanced_at = at_second(6);
  job.done_at_claim = 10;
  job.totals = {150, 50, 120, 1, 2};
  return job;
}

inline job_view completed_job() {
  auto job = running_job();
  job.state = job_state::completed;
  job.completed_at = at_second(9);
  job.totals = {150, 150, 450, 1, 0};
  return job;
}

/// Company 5 of unit 1, with every field.
inline company_row sample_company() {
  company_row row;
  row.data.id = {5};
  row.data.cnpj = "11222333000181";
  row.data.razao_social = "Padaria Sol Ltda";
  row.data.nome_fantasia = "Padaria Sol";
  row.data.cidade = "Campinas";
  row.data.telefone = "(19) 5550-1005";
  row.data.periodicidade = 30;
  row.data.data_renovacao = parse_date("2025-03-10");
  row.data.tecnico_responsavel = user_id{11};
  row.data.unidade_responsavel = unit_id{1};
  row.unit_name = "Matriz";
  row.technician_name = "Bia Reis";
  return row;
}

}  // namespace mutirao::http
