// Companies of a file.
#pragma once

#include "http/exchange.hpp"

namespace mutirao::http::routes {

/// POST /api/empresas/import: with `dryRun=true` only what would come; else all rows or none, with
/// `skipBad=true` the good ones. `unidade_id`: of companies that name none.
void import_file(const exchange_ptr& at);
inline constexpr std::size_t bytes_of_import = 16U << 20U;

}  // namespace mutirao::http::routes
