// Reads the bodies of requests. Every error names the field; fields that are not ours are ignored.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/company.hpp"
#include "domain/error.hpp"
#include "domain/job_type.hpp"

namespace mutirao::http {

/// Of POST /api/empresas, by the rules of domain/company_fields.hpp. `razao_social` and
/// `nome_fantasia` are required and not blank, and one of cnpj and caepf, which are normalized.
/// Texts that are empty stand for null, as forms send them. Numbers are JSON numbers without
/// fraction. errc::invalid_json, missing_field, invalid_field, invalid_cnpj, invalid_caepf,
/// one_registration.
expected<company> read_new_company(std::string_view body);

/// Of PUT /api/empresas/:id: what is absent stays, null clears (not razao_social, nome_fantasia and
/// status). Whether one registration is left only the store can tell. Errors as above.
expected<company_patch> read_company_patch(std::string_view body);

/// Null or absent: as it is.
struct task_patch {
  std::optional<std::string> status;
  std::optional<user_id> technician;
  std::optional<std::int64_t> sector;
};

/// Of PUT /api/tarefas/:id: `status` ("Automático", "pendente", "progress", "concluída"),
/// `usuarioId`, `setorId`. errc::invalid_json, invalid_field.
expected<task_patch> read_task_patch(std::string_view body);

/// Of POST /api/jobs.
struct asked_job {
  const job_type* type = nullptr;
  argument_reader given;     // as its type describes them, with what stands for absent ones
  std::string callback_url;  // empty: none
};

/// `type`, `arguments` (an object; absent: empty) and `callbackUrl` as below. Each argument is
/// checked as its type describes it. errc::invalid_json, missing_field and invalid_field with the
/// name, unknown_job_type, invalid_callback_url.
expected<asked_job> read_job(std::string_view body, const job_types& types);

/// Of a POST that starts a job: `callbackUrl`, as it was given; empty where it is absent, null, or
/// there is no body. errc::invalid_json, invalid_callback_url with what was received; not whether
/// it may be called.
expected<std::string> read_callback_url(std::string_view body);

/// Of PUT /api/empresas/jobs/:jobId/priority: `priority`, a whole number from -10 to 10.
/// errc::invalid_json, missing_field, invalid_priority with the range.
expected<int> read_priority(std::string_view body);

}  // namespace mutirao::http
