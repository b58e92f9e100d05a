#include "storage/sqlite/statement.hpp"

namespace mutirao::storage::sqlite {

expected<bool> rows::next() {
  if (!of_ || failure_.code != errc::internal) return tl::unexpected(failure_);
  const int code = sqlite3_step(of_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  return tl::unexpected(error_of(sqlite3_db_handle(of_), code));
}

std::string_view rows::text(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(of_, column));
  return data ? std::string_view(data, static_cast<std::size_t>(sqlite3_column_bytes(of_, column)))
              : std::string_view();
}

bytes rows::blob(int column) const {
  const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(of_, column));
  return {data, data ? static_cast<std::size_t>(sqlite3_column_bytes(of_, column)) : 0};
}

int statement::prepare() {
  if (prepared_) return SQLITE_OK;
  return sqlite3_prepare_v3(on_->handle(), sql_.data(), static_cast<int>(sql_.size()),
                            SQLITE_PREPARE_PERSISTENT, &prepared_, nullptr);
}

int statement::bind(int index, bytes value) {
  const void* data = value.data() ? static_cast<const void*>(value.data()) : "";
  return sqlite3_bind_blob64(prepared_, index, data, value.size(), SQLITE_STATIC);
}

int statement::bind(int index, date value) {
  const std::string text = format_date(value);
  return sqlite3_bind_text64(prepared_, index, text.data(), text.size(), SQLITE_TRANSIENT,
                             SQLITE_UTF8);
}

}  // namespace mutirao::storage::sqlite
