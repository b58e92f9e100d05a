#include "storage/sqlite/writer.hpp"

#include "storage/sql/attempt.hpp"

namespace mutirao::storage::sqlite {
namespace {

// Another program that holds the file holds up everybody who waits for this thread: they are told
// soon, and ask again.
constexpr auto writer_settings =
    "PRAGMA wal_autocheckpoint = 0; PRAGMA secure_delete = OFF; PRAGMA recursive_triggers = OFF;"
    " PRAGMA busy_timeout = 250";

}  // namespace

expected<std::unique_ptr<writer>> writer::open(const std::string& file, const job_types& types,
                                               published_revision& published, std::string owner,
                                               const webhook_rules* webhooks, log_limits limits) {
  MUTIRAO_TRY(auto writing, connection::open(file, access::write));
  MUTIRAO_CHECK(writing.execute(writer_settings));
  MUTIRAO_TRY(auto checkpointing, connection::open(file, access::write));
  MUTIRAO_CHECK(checkpointing.execute("PRAGMA wal_autocheckpoint = 0"));
  std::unique_ptr<writer> opened(new writer(std::move(writing), std::move(checkpointing), types,
                                            published, std::move(owner), webhooks, limits));
  MUTIRAO_CHECK(opened->book_.load());
  return opened;
}

writer::writer(connection writing, connection checkpointing, const job_types& types,
               published_revision& published, std::string owner, const webhook_rules* webhooks,
               log_limits limits)
    : limits_(limits),
      writing_(std::move(writing)),
      checkpointing_(std::move(checkpointing)),
      book_(writing_, published),
      commands_(writing_, types, book_, std::move(owner), webhooks),
      group_(writing_, book_, commands_) {
  const auto note_length = [](void* into, sqlite3*, const char*, int pages) {
    static_cast<log_pages*>(into)->length = pages;
    return SQLITE_OK;
  };
  sqlite3_wal_hook(writing_.handle(), note_length, &log_);
}

// A log that could not be moved now is moved later: here, or by the next checkpoint.
void writer::move_log(connection& by) {
  const auto moved = by.checkpoint();
  if (moved && *moved) log_.moved = **moved;
}

committed writer::take_committed() {
  return commands_.take();
}

void writer::trim_log() {
  if (log_.length < log_.moved) log_.moved = 0;  // it has begun anew
  if (log_.length < limits_.is_long) return;
  if (log_left() <= limits_.little_left || log_.length >= limits_.too_long) move_log(writing_);
}

void writer::checkpoint() {
  move_log(checkpointing_);
}

}  // namespace mutirao::storage::sqlite
