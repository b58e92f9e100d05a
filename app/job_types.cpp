#include "app/job_types.hpp"

#include <memory>

#include "domain/jobs/generate_unit_tasks.hpp"

namespace mutirao::app {

job_types registered_job_types() {
  job_types types;
  types.add(std::make_unique<generate_unit_tasks>());
  return types;
}

}  // namespace mutirao::app
