#include "app/commands/stored_rows.hpp"

#include <utility>
#include <vector>

namespace mutirao::app {

expected<import_rows::answer> store_rows(storage::database& database, import_rows rows) {
  auto writer = database.writer();
  if (!writer) return tl::unexpected(writer.error());
  const std::vector<command> group{std::move(rows)};
  std::vector<command_answer> answers = (*writer)->commit(group);
  if (answers.size() != 1) return fail(errc::internal, "the store gave no answer");
  return std::get<command_index<import_rows>>(std::move(answers.front()));
}

}  // namespace mutirao::app
