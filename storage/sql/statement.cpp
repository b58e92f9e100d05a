#include "storage/sql/statement.hpp"

#include "storage/sql/attempt.hpp"

namespace mutirao::storage::sql {

expected<void> statement::prepare() {
  if (prepared_) return {};
  MUTIRAO_TRY(prepared_, on_->prepare(sql_));
  return {};
}

expected<void> row_writer::prepare() {
  if (prepared_) return {};
  MUTIRAO_TRY(prepared_, on_->prepare_rows(sql_, kinds_, returns_));
  return {};
}

}  // namespace mutirao::storage::sql
