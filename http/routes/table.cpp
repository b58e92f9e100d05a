#include "http/routes/table.hpp"

#include "http/routes/accounts.hpp"
#include "http/routes/companies.hpp"
#include "http/routes/deliveries.hpp"
#include "http/routes/history.hpp"
#include "http/routes/imports.hpp"
#include "http/routes/jobs.hpp"
#include "http/routes/notifications.hpp"
#include "http/routes/openapi.hpp"
#include "http/routes/page.hpp"
#include "http/routes/schedules.hpp"
#include "http/routes/sockets.hpp"
#include "http/routes/streams.hpp"
#include "http/routes/system.hpp"
#include "http/routes/tasks.hpp"
#include "http/routes/users.hpp"

namespace mutirao::http::routes {

std::vector<route> table() {
  using enum method;
  return {
      {post, "/api/empresas/unidade/:unidade_id/auto-tarefas", generate_for_unit},
      {post, "/api/jobs", start_job, access::token, bytes_of_new_job},
      {get, "/api/job-types", types_of_jobs},
      {get, "/api/empresas/jobs", jobs_of_caller},
      {get, "/api/empresas/jobs/:jobId", job_status},
      {get, "/api/empresas/jobs/:jobId/items", job_items},
      {get, "/api/empresas/jobs/:jobId/timeline", timeline_of_job},
      {get, "/api/empresas/jobs/:jobId/entregas", deliveries_of_job},
      {post, "/api/empresas/jobs/:jobId/cancel", cancel_job},
      {post, "/api/empresas/jobs/:jobId/retry", retry_job},
      {post, "/api/empresas/jobs/:jobId/pause", pause_job},
      {post, "/api/empresas/jobs/:jobId/resume", resume_job},
      {put, "/api/empresas/jobs/:jobId/priority", prioritize_job},

      {get, "/api/empresas/jobs/:jobId/events", job_events, access::ticket},

      {get, "/api/schedules", schedules_of_caller},
      {post, "/api/schedules", add_schedule},
      {get, "/api/schedules/:id", schedule_by_id},
      {del, "/api/schedules/:id", remove_schedule},

      {get, "/api/notificacoes", notifications_of_caller},
      {get, "/api/notificacoes/stream", events_of_caller, access::ticket},
      {post, "/api/stream-tickets", issue_ticket},
      {get, "/socket.io", refuse_socket, access::open},
      {post, "/socket.io", refuse_socket, access::open},
      {post, "/api/notificacoes/read-all", read_all},
      {post, "/api/notificacoes/:id/read", read_one},

      {get, "/api/empresas", companies_of_caller},
      {post, "/api/empresas", add_company},
      {post, "/api/empresas/import", import_file, access::token, bytes_of_import},
      {get, "/api/empresas/unidade/:id", companies_of_unit},
      {get, "/api/empresas/cnpj/:cnpj", company_by_cnpj},
      {get, "/api/empresas/:id", company_by_id},
      {put, "/api/empresas/:id", change_company},

      {get, "/api/unidades", units_of_caller},
      {get, "/api/tarefas", tasks_of_caller},
      {get, "/api/tarefas/empresa/:id", tasks_of_company},
      {get, "/api/tarefas/agenda/responsavel/:id", agenda_of_technician},
      {put, "/api/tarefas/:id", change_task},
      {get, "/api/agenda", agenda_of_caller},

      {post, "/api/auth/login", sign_in, access::open, bytes_of_sign_in},
      {post, "/api/auth/renew", renew_session, access::open, bytes_of_sign_in},
      {post, "/api/auth/session", find_session, access::open, bytes_of_sign_in},
      {post, "/api/auth/dev", sign_in_made_up, access::open, bytes_of_sign_in},
      {post, "/api/auth/logout", sign_out, access::open, bytes_of_sign_in},

      {get, "/api/usuarios", users},
      {get, "/api/usuarios/unidade/:id", users_of_unit},
      {get, "/api/usuarios/:id", user_by_id},

      {get, "/api/stats", recent_stats},
      {get, "/api/openapi.json", openapi, access::open},

      {get, "/health/live", alive, access::open},
      {get, "/health/ready", ready, access::open},
      {get, "/version", version, access::open},
      {get, "/metrics", metrics, access::open},

      // Behind all others, so that these are still found at the first look.
      {get, "/", page, access::open},
      {get, "/entrar", page, access::open},
      {get, "/empresas", page, access::open},
      {get, "/empresas/:id", page, access::open},
      {get, "/jobs", page, access::open},
      {get, "/jobs/:id", page, access::open},
      {get, "/sobre", page, access::open},
      {get, "/sobre/:operacao", page, access::open},
      {get, "/favicon.ico", page_icon, access::open},
      {get, "/assets/:hash/:name", page_asset, access::open},
      {get, "/assets/:hash/:folder/:name", page_asset, access::open},
      {get, "/assets/:hash/:folder/:part/:name", page_asset, access::open},
  };
}

}  // namespace mutirao::http::routes
