#include "storage/sqlite/reader.hpp"

#include "storage/sqlite/attempt.hpp"

namespace mutirao::storage::sqlite {

expected<std::unique_ptr<reader>> reader::open(const std::string& file,
                                               const published_revision& published) {
  MUTIRAO_TRY(auto on, connection::open(file, access::read));
  MUTIRAO_CHECK(on.execute("PRAGMA query_only = ON"));
  return std::unique_ptr<reader>(new reader(std::move(on), published));
}

reader::reader(connection on, const published_revision& published)
    : on_(std::move(on)),
      published_(published),
      directory_(on_),
      jobs_(on_, published),
      history_(on_),
      companies_(on_),
      tasks_(on_),
      outbox_(on_),
      schedules_(on_),
      accounts_(on_) {}

expected<std::vector<item_id>> reader::list_items_of(const job_type& type,
                                                     const job_arguments& arguments) {
  MUTIRAO_TRY(const auto now, picture::take(on_));
  return type.list(directory_, arguments);
}

expected<batch_plan> reader::plan(const job_type& type, const job_id& of,
                                  const job_arguments& arguments, std::span<const item_id> items) {
  batch_plan made;
  made.made_at = published_.get();  // before the picture: it may hold more, never less
  MUTIRAO_TRY(const auto now, picture::take(on_));
  directory_.plans_for(of);
  MUTIRAO_TRY(made.items, type.plan(directory_, arguments, items));
  return made;
}

}  // namespace mutirao::storage::sqlite
