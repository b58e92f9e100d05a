// How connections write the write-ahead log. SQLite writes each page of it by two calls, 24 and
// 4,096 bytes; gathered, a transaction goes to the kernel in one piece (decision 9).
#pragma once

namespace mutirao::storage::sqlite {

/// The name of a file layer (VFS) for sqlite3_open_v2: the system's own, but what is written to a
/// log is kept until it is synced, read or grows past 127 KiB. Only for connections that sync the
/// log at every commit (synchronous FULL): others read no page of the log that was not synced.
/// nullptr, which means the system's own, where it cannot be registered.
const char* gathering_log_writes();

}  // namespace mutirao::storage::sqlite
