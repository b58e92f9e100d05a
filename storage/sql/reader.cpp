#include "storage/sql/reader.hpp"

#include "storage/sql/attempt.hpp"

namespace mutirao::storage::sql {

reader::reader(std::unique_ptr<connection> on, const revisions& of)
    : owned_(std::move(on)),
      on_(*owned_),
      revisions_(of),
      directory_(on_),
      jobs_(on_, of),
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
  MUTIRAO_TRY(made.made_at, revisions_.of_next_picture(on_));
  MUTIRAO_TRY(const auto now, picture::take(on_));
  directory_.plans_for(of);
  MUTIRAO_TRY(made.items, type.plan(directory_, arguments, items));
  return made;
}

}  // namespace mutirao::storage::sql
