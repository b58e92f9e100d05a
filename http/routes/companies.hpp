// Companies: lists, one, create, change.
#pragma once

#include "http/exchange.hpp"

namespace mutirao::http::routes {

/// GET /api/empresas
void companies_of_caller(const exchange_ptr& at);
/// GET /api/empresas/unidade/:id
void companies_of_unit(const exchange_ptr& at);
/// GET /api/empresas/:id
void company_by_id(const exchange_ptr& at);
/// GET /api/empresas/cnpj/:cnpj
void company_by_cnpj(const exchange_ptr& at);
/// POST /api/empresas
void add_company(const exchange_ptr& at);
/// PUT /api/empresas/:id
void change_company(const exchange_ptr& at);

}  // namespace mutirao::http::routes
