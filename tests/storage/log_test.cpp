// How long SQLite's log gets: it begins anew, under load too, and never by much work of a commit.
#include "storage/sqlite/writer.hpp"
#include "tests/storage/world.hpp"

namespace mutirao::storage {
namespace {

class write_ahead_log : public world {
 protected:
  std::unique_ptr<sqlite::writer> writer_;
  sqlite::published_revision published_;

  void open_with(sqlite::log_limits limits) {
    writer_ = sqlite::writer::open(file(), types_, published_, "test", nullptr, limits).value();
  }
  void commit_and_trim(int times) {
    for (int i = 0; i < times; ++i) {
      storage::commit(*writer_, read_all_notifications{{i}, noon}).value();
      storage::commit(*writer_, import_rows{{{{0}, "Unidade"}}, {}, {}}).value();
      writer_->trim_log();
    }
  }
  std::uintmax_t log_bytes() const { return std::filesystem::file_size(file() + "-wal"); }
};

TEST_F(write_ahead_log, begins_anew_once_it_is_long_and_little_of_it_is_left_to_move) {
  open_with({.is_long = 20, .little_left = 1'000, .too_long = 1'000});
  commit_and_trim(20);
  const auto after_twenty = log_bytes();
  commit_and_trim(200);
  EXPECT_LT(log_bytes(), 2 * after_twenty);
}

TEST_F(write_ahead_log, is_left_to_the_checkpointing_thread_while_much_of_it_is_not_moved) {
  open_with({.is_long = 20, .little_left = 5, .too_long = 100'000});
  commit_and_trim(100);
  EXPECT_GE(writer_->log_left(), 100);
  writer_->checkpoint();
  EXPECT_EQ(writer_->log_left(), 0);
}

TEST_F(write_ahead_log, is_moved_whatever_is_left_where_it_is_too_long) {
  open_with({.is_long = 20, .little_left = 5, .too_long = 50});
  commit_and_trim(200);
  EXPECT_LT(writer_->log_left(), 100);
}

}  // namespace
}  // namespace mutirao::storage
