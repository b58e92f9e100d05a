// Units, tasks and the agenda.
#pragma once

#include "http/exchange.hpp"

namespace mutirao::http::routes {

/// GET /api/unidades
void units_of_caller(const exchange_ptr& at);
/// GET /api/tarefas
void tasks_of_caller(const exchange_ptr& at);
/// GET /api/tarefas/empresa/:id
void tasks_of_company(const exchange_ptr& at);
/// PUT /api/tarefas/:id
void change_task(const exchange_ptr& at);
/// GET /api/tarefas/agenda/responsavel/:id
void agenda_of_technician(const exchange_ptr& at);
/// GET /api/agenda
void agenda_of_caller(const exchange_ptr& at);

}  // namespace mutirao::http::routes
