#include "storage/sql/connection.hpp"

#include "domain/ports/store.hpp"
#include "storage/sql/attempt.hpp"

namespace mutirao::storage::sql {

bool is_store_failure(errc code) {
  return store_is_away(code) || code == errc::store_failed || code == errc::store_corrupt;
}

expected<picture> picture::take(connection& of) {
  MUTIRAO_CHECK(of.begin_reading());
  return picture(of);
}

picture::~picture() {
  // Nothing was written, so nothing is lost where this fails; the next BEGIN would say so.
  if (of_ && of_->in_transaction()) (void)of_->rollback();
}

}  // namespace mutirao::storage::sql
