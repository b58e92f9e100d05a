#include "app/job_types.hpp"

#include <memory>
#include <thread>

#include "app/import/csv.hpp"
#include "domain/jobs/generate_unit_tasks.hpp"
#include "domain/jobs/import_companies.hpp"
#include "domain/jobs/noop.hpp"
#include "domain/jobs/remove_unit_tasks.hpp"

namespace mutirao::app {
namespace {

void wait(std::chrono::microseconds time) {
  std::this_thread::sleep_for(time);
}

}  // namespace

job_types registered_job_types(bool dev) {
  job_types types;
  types.add(std::make_unique<generate_unit_tasks>());
  types.add(std::make_unique<remove_unit_tasks>());
  types.add(std::make_unique<import_companies>([](std::string_view text) {
    return split_csv(text, {.rows = import_companies::most_rows});
  }));
  if (dev) types.add(std::make_unique<noop>(wait));
  return types;
}

}  // namespace mutirao::app
