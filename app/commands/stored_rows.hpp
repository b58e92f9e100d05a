// Puts rows from outside into an opened database, in one transaction.
#pragma once

#include "domain/error.hpp"
#include "domain/ports/store.hpp"
#include "storage/open.hpp"

namespace mutirao::app {

/// Errors as import_rows says.
expected<import_rows::answer> store_rows(storage::database& database, import_rows rows);

}  // namespace mutirao::app
